"""The index of the wall's pictures: docs/wall/README.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import PurePosixPath

from layouts.wall import WallProfile, load_scene

TAKEOVER = "takeover"


@dataclass(frozen=True, slots=True)
class Kept:
    """One picture: whose wall, which scene, as drawn, and what can be measured to be wrong."""

    profile: WallProfile
    scene: str
    png: bytes
    faults: list[str]

    @property
    def file(self) -> PurePosixPath:
        """Where it lies in docs/wall."""
        return PurePosixPath(self.scene) / f"{self.profile.key}.webp"


def canvas(wall: WallProfile) -> tuple[int, int]:
    """What a wall's composition follows from: walls of one canvas show the same picture."""
    return round(wall.columns), wall.rems


def one_each(walls: Sequence[WallProfile]) -> list[WallProfile]:
    """The first wall of each canvas."""
    first: dict[tuple[int, int], WallProfile] = {}
    for wall in walls:
        first.setdefault(canvas(wall), wall)
    return list(first.values())


def title(scene: str) -> str:
    """A scene's name as people read it."""
    return "告警接管" if scene == TAKEOVER else load_scene(scene).title


def index(kept: Sequence[Kept], walls: Sequence[WallProfile], moment: datetime) -> str:
    """All pictures, scene by scene; walls that share a canvas are named together."""
    parts = [
        "# The wall, every scene on every profile\n\n"
        f"Written by `make pictures` with the demo town at {moment:%Y-%m-%d %H:%M}; look at them "
        "before a change of the wall is called done. Walls of one canvas show the same picture, "
        "whatever their signal; each is measured by `python -m tests.pictures --every`.\n\n"
    ]
    parts += ["| picture | wall |\n|---|---|\n"]
    for one in one_each(walls):
        names = "<br>".join(each.name for each in walls if canvas(each) == canvas(one))
        parts.append(f"| `{one.key}` | {names} |\n")
    for scene, group in groupby(kept, key=lambda one: one.scene):
        parts.append(f"\n## {title(scene)} (`{scene}`)\n")
        parts += [f"\n`{one.profile.key}`\n\n![{title(scene)}]({one.file})\n" for one in group]
    return "".join(parts)
