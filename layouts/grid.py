"""A grid of named areas, as drawn in a layout file: one string a row, a dot for an empty cell."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
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


def edges(shares: Sequence[float], length: float) -> tuple[float, ...]:
    """Where the tracks of a length begin and end: shares of any size, scaled to the length."""
    total = sum(shares)
    marks = [0.0]
    for share in shares:
        marks.append(marks[-1] + share * length / total)
    return tuple(marks)


def is_rising(marks: Sequence[float]) -> bool:
    """Whether every track has a positive size."""
    return all(later > earlier for earlier, later in pairwise(marks))
