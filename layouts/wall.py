"""The wall: a profile says how big and how far, a scene says which panel stands where.

Everything is measured in canvas units (rem). How many of them the height holds follows from the
smallest glyph that can be read: a Han glyph is 0.92 em high, and 1 rem of it seen from the viewing
distance must be at least 25 minutes of arc: N <= 0.92 H / (2 d tan 12.5').
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from layouts.errors import LayoutError
from layouts.grid import Grid, edges, is_rising, parse_grid, read_toml

SCENES = Path(__file__).parent / "scenes"
PROFILES = Path(__file__).parent / "walls"
GLYPH_EM = 0.92
ARC_MINUTES = 25.0
ROOM = 0.975  # a little room below the limit, since glyphs differ
MOST_REM = 60  # a low wall seen from near needs no smaller type than this
SQUARE = 0.02  # pixels this near to square count as square


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the canvas in rem."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class WallProfile:
    """One physical wall: size, physical panels, pixels, viewing distance, aspect family."""

    key: str
    name: str
    family: str
    width_mm: float
    height_mm: float
    panels: tuple[int, int]
    pixels: tuple[int, int]
    distance_m: float

    @property
    def rems(self) -> int:
        """How many rem the canvas is high."""
        arc = math.tan(math.radians(ARC_MINUTES / 2 / 60))
        limit = GLYPH_EM * self.height_mm / 1000 / (2 * self.distance_m * arc)
        return min(MOST_REM, math.floor(ROOM * limit))

    @property
    def stretch(self) -> float:
        """How much wider than high a pixel is on the wall; 1 for square ones."""
        wide = self.width_mm / self.height_mm
        ratio = wide / (self.pixels[0] / self.pixels[1])
        return 1.0 if abs(ratio - 1) <= SQUARE else ratio

    @property
    def columns(self) -> float:
        """How many rem the canvas is wide."""
        return self.rems * self.pixels[0] / self.pixels[1] * self.stretch

    @property
    def aspect(self) -> float:
        """Width over height of the browser's window on this wall."""
        return self.pixels[0] / self.pixels[1]

    @property
    def glyph_arc(self) -> float:
        """Minutes of arc of a 1 rem glyph at the viewing distance."""
        glyph = GLYPH_EM * self.height_mm / 1000 / self.rems
        return math.degrees(2 * math.atan(glyph / 2 / self.distance_m)) * 60

    @property
    def seams(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Where physical panels meet, in rem: places across, places down."""
        across, down = self.panels
        return (
            tuple(self.columns * k / across for k in range(1, across)),
            tuple(self.rems * k / down for k in range(1, down)),
        )


@dataclass(frozen=True, slots=True)
class WallGrid:
    """A scene's grid for one aspect family: tracks as shares, gap and outer margin in rem."""

    family: str
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    gap: float
    margin: float
    grid: Grid

    def boxes(self, profile: WallProfile) -> dict[str, Box]:
        """Where each panel's card stands on a profile's canvas; gaps are centred on the tracks."""
        across = edges(self.columns, profile.columns)
        down = edges(self.rows, profile.rems)
        return {panel: self._box(panel, across, down) for panel in self.grid.panels}

    def _box(self, panel: str, across: tuple[float, ...], down: tuple[float, ...]) -> Box:
        cells = self.grid.cells(panel)
        left = across[cells.left] + (self.margin if cells.left == 0 else self.gap / 2)
        top = down[cells.top] + (self.margin if cells.top == 0 else self.gap / 2)
        last = cells.right == self.grid.columns
        right = across[cells.right] - (self.margin if last else self.gap / 2)
        lowest = cells.bottom == self.grid.rows
        bottom = down[cells.bottom] - (self.margin if lowest else self.gap / 2)
        return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class WallScene:
    """One scene: a title and a grid for each aspect family."""

    name: str
    title: str
    grids: Mapping[str, WallGrid]

    @property
    def panels(self) -> tuple[str, ...]:
        """All panels of the scene in reading order, each once."""
        return tuple(dict.fromkeys(p for grid in self.grids.values() for p in grid.grid.panels))


@cache
def load_profiles(folder: Path = PROFILES) -> Mapping[str, WallProfile]:
    """All wall profiles by key; LayoutError names what is wrong in which file."""
    return {file.stem: _profile(file) for file in sorted(folder.glob("*.toml"))}


@cache
def load_scene(name: str, folder: Path = SCENES) -> WallScene:
    """One scene of the wall; LayoutError names what is wrong in its file."""
    file = folder / f"{name}.toml"
    raw = read_toml(file)
    blocks = raw.get("grid")
    if not isinstance(raw.get("title"), str):
        raise LayoutError(file, "title", raw.get("title"), "a text")
    if not isinstance(blocks, list) or not blocks:
        raise LayoutError(file, "grid", blocks, "one [[grid]] block for each aspect family")
    grids = {str(block.get("family")): _wall_grid(file, block) for block in blocks}
    return WallScene(name, raw["title"], grids)


def nearest_profile(
    aspect: float, profiles: Mapping[str, WallProfile] | None = None
) -> WallProfile:
    """The profile whose window comes nearest to this width over height."""
    known = load_profiles() if profiles is None else profiles
    return min(known.values(), key=lambda one: abs(math.log(one.aspect / aspect)))


def _profile(file: Path) -> WallProfile:
    raw = read_toml(file)
    numbers = {"width_mm": 1, "height_mm": 1, "distance_m": 1}
    for key in numbers:
        if not isinstance(raw.get(key), int | float) or raw[key] <= 0:
            raise LayoutError(file, key, raw.get(key), "a number above 0")
    for key in ("panels", "pixels"):
        pair = raw.get(key)
        if not isinstance(pair, list) or len(pair) != 2 or not all(_is_count(v) for v in pair):
            raise LayoutError(file, key, pair, "two whole numbers: across, down")
    for key in ("name", "family"):
        if not isinstance(raw.get(key), str):
            raise LayoutError(file, key, raw.get(key), "a text")
    return WallProfile(
        key=file.stem,
        name=raw["name"],
        family=raw["family"],
        width_mm=raw["width_mm"],
        height_mm=raw["height_mm"],
        panels=(raw["panels"][0], raw["panels"][1]),
        pixels=(raw["pixels"][0], raw["pixels"][1]),
        distance_m=raw["distance_m"],
    )


def _wall_grid(file: Path, block: Mapping[str, Any]) -> WallGrid:
    family = str(block.get("family"))
    grid = parse_grid(file, block.get("areas"), f"grid {family} areas")
    for key, tracks in (("columns", grid.columns), ("rows", grid.rows)):
        shares = block.get(key)
        if (
            not isinstance(shares, list)
            or len(shares) != tracks
            or not is_rising([0, *_sums(shares)])
        ):
            raise LayoutError(file, f"grid {family} {key}", shares, f"{tracks} numbers above 0")
    return WallGrid(
        family=family,
        columns=tuple(block["columns"]),
        rows=tuple(block["rows"]),
        gap=float(block.get("gap", 0.5)),
        margin=float(block.get("margin", 0.5)),
        grid=grid,
    )


def _sums(shares: list[Any]) -> list[float]:
    total, sums = 0.0, []
    for share in shares:
        total += float(share)
        sums.append(total)
    return sums


def _is_count(value: object) -> bool:
    return isinstance(value, int) and value > 0
