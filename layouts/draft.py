"""A composition while it is being changed: panels by cells, checked before any wall takes it."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from layouts.grid import EMPTY, Cells
from layouts.profile import FEW, family_ratio
from layouts.wall import (
    FAR,
    Least,
    Track,
    WallGrid,
    WallProfile,
    WallScene,
    nearest_family,
    parse_wall_grid,
)

UNKNOWN, OVERLAP, OUTSIDE, TRACKS, SMALL, TYPE, INNER = (
    "unknown", "overlap", "outside", "tracks", "small", "type", "inner",
)  # fmt: skip
UNDRAWABLE: Final = {UNKNOWN, OVERLAP, OUTSIDE, TRACKS}  # no wall can draw such a draft
MOST_TRACKS: Final = 24
NEAR: Final = 0.01  # rem by which a card may miss its least size
_FILE: Final = Path("draft.toml")


@dataclass(frozen=True, slots=True)
class Draft:
    """One composition of one scene with the cells of each panel; these may overlap yet."""

    scene: str
    family: str
    columns: tuple[Track, ...]
    rows: tuple[Track, ...]
    gap: float
    margin: float
    cells: Mapping[str, Cells]

    def put(self, panel: str, cells: Cells) -> Draft:
        """The same with a panel at other cells; a panel that was not there comes last."""
        return replace(self, cells={**self.cells, panel: cells})

    def without(self, panel: str) -> Draft:
        """The same without a panel."""
        return replace(self, cells={k: v for k, v in self.cells.items() if k != panel})

    def areas(self) -> list[str]:
        """The grid as a layout file draws it; of panels on one cell the later one is seen."""
        table = [[EMPTY] * len(self.columns) for _ in self.rows]
        for panel, cells in self.cells.items():
            for y in range(max(cells.top, 0), min(cells.bottom, len(self.rows))):
                for x in range(max(cells.left, 0), min(cells.right, len(self.columns))):
                    table[y][x] = panel
        return [" ".join(row) for row in table]

    def block(self) -> dict[str, Any]:
        """The [[grid]] block of a layout file."""
        return {
            "family": self.family,
            "gap": self.gap,
            "margin": self.margin,
            "columns": list(self.columns),
            "rows": list(self.rows),
            "areas": self.areas(),
        }

    def grid(self) -> WallGrid:
        """The composition as walls draw it; LayoutError for one that no wall can draw."""
        return parse_wall_grid(_FILE, self.block())


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: kind, panel, the other panel or the wall, sizes in rem.

    Of an `inner` panel it tells what visitors see in its place, which is nothing wrong.
    """

    kind: str
    panel: str = ""
    other: str = ""
    has: tuple[float, float] = (0.0, 0.0)
    least: tuple[float, float] = (0.0, 0.0)

    @property
    def is_wrong(self) -> bool:
        """Whether the draft cannot be used as it is."""
        return self.kind != INNER


def draft_of(scene: WallScene, family: str) -> Draft:
    """A composition of a scene as something to change."""
    grid = scene.grids[family]
    cells = {panel: grid.grid.cells(panel) for panel in grid.grid.panels}
    return Draft(scene.name, family, grid.columns, grid.rows, grid.gap, grid.margin, cells)


def served(
    scene: WallScene, family: str, profiles: Mapping[str, WallProfile]
) -> dict[str, WallProfile]:
    """The walls that take a composition of a scene."""
    whole = [key for key in scene.grids if not key.endswith(FEW)]
    if family.endswith(FEW):  # taken where the whole one finds no room
        ratio = family_ratio(family)
        return {k: one for k, one in profiles.items() if abs(math.log(ratio / one.shape)) < FAR}
    return {key: one for key, one in profiles.items() if nearest_family(whole, one.shape) == family}


def check(
    draft: Draft,
    known: Collection[str],
    profiles: Mapping[str, WallProfile],
    least: Least,
) -> list[Finding]:
    """Everything that is wrong with a draft on the walls that would take it."""
    found = [Finding(UNKNOWN, panel) for panel in draft.cells if panel not in known]
    found += [Finding(OUTSIDE, panel) for panel, cells in draft.cells.items() if _out(draft, cells)]
    pairs = combinations(draft.cells.items(), 2)
    found += [Finding(OVERLAP, one, two) for (one, a), (two, b) in pairs if _meet(a, b)]
    if found:
        return found
    coarse = list(_coarse(profiles))
    readable = {key: one for key, one in profiles.items() if one.is_legible}
    try:
        grid = draft.grid()
        for one in readable.values():
            grid.edges(one)
    except ValueError as error:  # a LayoutError is one
        return [*coarse, Finding(TRACKS, other=str(error))]
    return [*coarse, *_small(draft, grid, readable, least)]


def _small(
    draft: Draft, grid: WallGrid, profiles: Mapping[str, WallProfile], least: Least
) -> Iterator[Finding]:
    for key, profile in profiles.items():
        across, down = grid.edges(profile)
        for panel, cells in draft.cells.items():
            box, wants = grid.box(cells, across, down), least(panel)
            if box.width < wants[0] - NEAR or box.height < wants[1] - NEAR:
                yield Finding(SMALL, panel, key, (box.width, box.height), wants)


def _coarse(profiles: Mapping[str, WallProfile]) -> Iterator[Finding]:
    """Walls whose type could not be read, whatever stands on them."""
    for key, profile in profiles.items():
        if not profile.is_legible:
            yield Finding(TYPE, other=key, has=(profile.glyph_arc, profile.rems))


def pack(draft: Draft) -> str:
    """A draft as a word of an address."""
    places = {p: [c.left, c.top, c.right, c.bottom] for p, c in draft.cells.items()}
    said = [draft.scene, draft.family, draft.columns, draft.rows, draft.gap, draft.margin, places]
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unpack(text: str) -> Draft:
    """The draft of an address; ValueError for anything else."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        scene, family, columns, rows, gap, margin, places = json.loads(raw)
        cells = {str(p): Cells(*(int(v) for v in four)) for p, four in places.items()}
        size = _tracks(columns), _tracks(rows), float(gap), float(margin)
    except (binascii.Error, AttributeError, TypeError, RecursionError, UnicodeError) as error:
        raise ValueError(f"no draft of a layout: {error}") from None
    return Draft(str(scene), str(family), *size, cells)


def written(blocks: list[dict[str, Any]]) -> str:
    """[[grid]] blocks as a layout file."""
    parts = []
    for block in blocks:
        lines = ["[[grid]]"]
        for key, value in block.items():
            if key == "areas":
                rows = "".join(f"  {json.dumps(row)},\n" for row in value)
                lines.append(f"areas = [\n{rows}]")
            else:
                lines.append(f"{key} = {json.dumps(value)}")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _tracks(given: Any) -> tuple[Track, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_TRACKS:
        raise ValueError(f"{given!r} are no tracks")
    return tuple(one if isinstance(one, str) else float(one) for one in given)


def _out(draft: Draft, cells: Cells) -> bool:
    inside = 0 <= cells.left < cells.right <= len(draft.columns)
    return not (inside and 0 <= cells.top < cells.bottom <= len(draft.rows))


def _meet(one: Cells, other: Cells) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide > 0 and high > 0
