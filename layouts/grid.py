"""A grid of named areas, as drawn in a layout file: one string a row, a dot for an empty cell."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layouts.errors import LayoutError

EMPTY = "."


@dataclass(frozen=True, slots=True)
class Cells:
    """The rectangle of cells that one panel covers; `right` and `bottom` are exclusive."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of area names; `panels` are the names in reading order, each once."""

    columns: int
    areas: tuple[tuple[str, ...], ...]
    panels: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows of cells there are."""
        return len(self.areas)

    def cells(self, panel: str) -> Cells:
        """The rectangle a panel covers; KeyError for a name that is not in the grid."""
        spots = [
            (x, y)
            for y, row in enumerate(self.areas)
            for x, name in enumerate(row)
            if name == panel
        ]
        if not spots:
            raise KeyError(panel)
        columns, rows = [x for x, _ in spots], [y for _, y in spots]
        return Cells(min(columns), min(rows), max(columns) + 1, max(rows) + 1)

    def renamed(self, names: Mapping[str, str]) -> Grid:
        """The same rectangles with other panels in some of them, or with none."""
        areas = tuple(tuple(names.get(name, name) for name in row) for row in self.areas)
        panels = tuple(new for name in self.panels if (new := names.get(name, name)) != EMPTY)
        return Grid(self.columns, areas, panels)

    def template(self) -> str:
        """The grid as the value of CSS grid-template-areas."""
        return " ".join(f'"{" ".join(row)}"' for row in self.areas)


def read_toml(file: Path) -> dict[str, Any]:
    """A layout file's content; LayoutError when it is missing or not TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(sorted(path.stem for path in file.parent.glob("*.toml"))) or "none"
        raise LayoutError(file, "file", file.stem, known) from None
    except tomllib.TOMLDecodeError as error:
        raise LayoutError(file, "file", str(error), "TOML") from None


def parse_grid(file: Path, rows: object, key: str = "areas") -> Grid:
    """The grid drawn by a list of strings; every area is a full rectangle."""
    if not isinstance(rows, list) or not rows or not all(isinstance(row, str) for row in rows):
        raise LayoutError(file, key, rows, "a list of strings, one a row")
    areas = tuple(tuple(row.split()) for row in rows)
    columns = len(areas[0])
    for number, row in enumerate(areas, start=1):
        if len(row) != columns:
            raise LayoutError(file, f"{key} row {number}", " ".join(row), f"{columns} cells")
    names = [name for row in areas for name in row if name != EMPTY]
    grid = Grid(columns, areas, tuple(dict.fromkeys(names)))
    for panel in grid.panels:
        cells = grid.cells(panel)
        size = (cells.right - cells.left) * (cells.bottom - cells.top)
        if names.count(panel) != size:
            raise LayoutError(file, key, panel, "an area that is one full rectangle")
    return grid


def spread(tracks: Sequence[float | str], length: float) -> tuple[float, ...]:
    """Where the tracks of a length begin and end.

    A text such as "4 rem" is a track of that length, a number is a share of what these leave.
    ValueError for a track without size.
    """
    fixed = [_rem(track) if isinstance(track, str) else 0.0 for track in tracks]
    shares = [0.0 if isinstance(track, str) else float(track) for track in tracks]
    left, whole = length - sum(fixed), sum(shares)
    if left <= 0 or any(f + s <= 0 for f, s in zip(fixed, shares, strict=True)) or whole <= 0:
        raise ValueError(f"{list(tracks)} do not share {length:g} rem")
    marks = [0.0]
    for given, share in zip(fixed, shares, strict=True):
        marks.append(marks[-1] + (given or share * left / whole))
    return tuple(marks)


def _rem(text: str) -> float:
    number, unit = text.split() if len(text.split()) == 2 else ("", "")
    if unit != "rem":
        raise ValueError(f"{text!r} is no length such as '4 rem'")
    return float(number)
