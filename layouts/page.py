"""Browser pages: which panel stands where, for a wide, a medium and a narrow window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from layouts.errors import LayoutError
from layouts.grid import Grid, parse_grid, read_toml

FOLDER = Path(__file__).parent / "pages"
WIDTHS = ("wide", "medium", "narrow")


@dataclass(frozen=True, slots=True)
class Page:
    """One page's layout: its path and title, its grids by width, everything else as written."""

    name: str
    path: str
    title: str
    grids: Mapping[str, Grid]
    settings: Mapping[str, Any]

    @property
    def panels(self) -> tuple[str, ...]:
        """All panels of the page in reading order, each once."""
        return tuple(dict.fromkeys(name for grid in self.grids.values() for name in grid.panels))


@cache
def load_page(name: str, folder: Path = FOLDER) -> Page:
    """The layout of one page; LayoutError names what is wrong in its file."""
    file = folder / f"{name}.toml"
    raw = read_toml(file)
    for key in ("path", "title"):
        if not isinstance(raw.get(key), str):
            raise LayoutError(file, key, raw.get(key), "a text")
    grids = {
        width: parse_grid(file, raw[width], width) for width in WIDTHS if raw.get(width) is not None
    }
    if "wide" not in grids:
        raise LayoutError(file, "wide", None, "a list of strings, one a row")
    settings = {key: raw[key] for key in raw if key not in {"path", "title", *WIDTHS}}
    return Page(name, raw["path"], raw["title"], grids, settings)


def page_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """The names of all pages that have a layout file."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))
