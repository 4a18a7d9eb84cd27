"""Compositions that a site changed: numbered files over the shipped ones, the newest counts.

`<folder>/<scene>/0003.toml` holds the [[grid]] blocks of the families that differ. Undoing renames
it to `0003.undone`, so that the one before counts again; numbers are never used twice. Who saved
it and when stands at its head.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from layouts.errors import LayoutError
from layouts.grid import read_toml
from layouts.wall import WallScene, parse_wall_grid

_NAME = re.compile(r"(\d{4})\.(toml|undone)")


def newest(folder: Path, scene: str) -> Path | None:
    """The file that counts; None where a scene stands as shipped."""
    files = [file for file in _numbered(folder, scene) if file.suffix == ".toml"]
    return max(files, default=None)


def save(folder: Path, scene: str, text: str) -> int:
    """Keep a new version, which counts from now on; gives its number."""
    where = folder / scene
    where.mkdir(parents=True, exist_ok=True)
    part = where / f".part-{os.getpid()}"
    part.write_text(text, encoding="utf-8")
    while True:
        number = 1 + max((int(file.stem) for file in _numbered(folder, scene)), default=0)
        try:
            os.link(part, where / f"{number:04}.toml")  # fails where another one was quicker
        except FileExistsError:
            continue
        part.unlink()
        return number


def before(folder: Path, scene: str, file: Path) -> Path | None:
    """The version that counts once this one is taken back; None for the shipped scene."""
    older = [one for one in _numbered(folder, scene) if one.suffix == ".toml" and one < file]
    return max(older, default=None)


def undo(folder: Path, scene: str) -> int | None:
    """Take the newest version back; gives its number, None where there is none."""
    file = newest(folder, scene)
    if file is None:
        return None
    file.rename(file.with_suffix(".undone"))
    return int(file.stem)


def signature(file: Path) -> tuple[str, datetime | None]:
    """Who saved a version and when, as far as its file says."""
    try:
        told = read_toml(file)
        return str(told.get("by", "")), datetime.fromisoformat(told["at"])
    except (KeyError, TypeError, ValueError):  # saved by an older program, or no layout at all
        return "", None


def blocks(file: Path | None) -> list[dict[str, Any]]:
    """The [[grid]] blocks of a version; LayoutError for a file that is none."""
    if file is None:
        return []
    found: Any = read_toml(file).get("grid", [])
    if not isinstance(found, list) or not all(isinstance(block, dict) for block in found):
        raise LayoutError(file, "grid", found, "[[grid]] blocks")
    return found


def over(scene: WallScene, file: Path) -> WallScene:
    """A scene with a version's compositions in place of the shipped ones."""
    grids = dict(scene.grids)
    for block in blocks(file):
        grid = parse_wall_grid(file, block)
        if grid.family not in scene.grids:
            raise LayoutError(file, "family", grid.family, " | ".join(scene.grids))
        grids[grid.family] = grid
    return replace(scene, grids=grids, stamp=f"{file.stem}-{file.stat().st_mtime_ns}")


def merged(
    before: list[dict[str, Any]], block: Mapping[str, Any], *, is_shipped: bool
) -> list[dict[str, Any]]:
    """The blocks of a version after the one before, with one family changed or as shipped."""
    rest = [one for one in before if one.get("family") != block["family"]]
    return rest if is_shipped else [*rest, dict(block)]


def _numbered(folder: Path, scene: str) -> list[Path]:
    try:
        return [file for file in (folder / scene).iterdir() if _NAME.fullmatch(file.name)]
    except FileNotFoundError:
        return []
