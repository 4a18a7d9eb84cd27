"""The wall: a profile says how big and how far, a scene says which panel stands where.

A scene has a composition for each aspect family. Its tracks are shares of the canvas, or rem for a
header that is as high on every wall; its edges go to the seams of the wall they come near to, and
what would stand too small is left to a neighbour (layouts/fit.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from layouts.errors import LayoutError
from layouts.grid import EMPTY, Cells, Grid, parse_grid, read_toml, spread
from layouts.profile import (
    FAMILIES,
    FEW,
    Output,
    WallProfile,
    family_ratio,
    load_profiles,
    nearest_family,
    nearest_profile,
)

__all__ = [
    "FAMILIES",
    "FAR",
    "SCENES",
    "VISITORS",
    "Box",
    "Least",
    "Output",
    "Track",
    "WallGrid",
    "WallProfile",
    "WallScene",
    "load_profiles",
    "load_scene",
    "nearest_family",
    "nearest_profile",
    "parse_scene",
    "parse_wall_grid",
    "scene_names",
]

SCENES = Path(__file__).parent / "scenes"
FAR = 0.25  # log of the ratio of two shapes, from which a composition is none for a wall
SNAP = 2.0  # rem within which an edge goes to a seam
TIGHT = 2.0  # rem that are left of a track at least when its edge goes to a seam
VISITORS = "-visitors"  # ends the key of a scene as visitors see it

Track = float | str  # a share of what is left, or a length such as "4 rem"
Least = Callable[[str], tuple[float, float]]  # the smallest box of a panel in rem


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
class WallGrid:
    """A scene's grid for one aspect family: tracks, gap and outer margin in rem."""

    family: str
    columns: tuple[Track, ...]
    rows: tuple[Track, ...]
    gap: float
    margin: float
    grid: Grid

    def edges(
        self, profile: WallProfile, used: Iterable[Cells] = ()
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Where the tracks end on a profile's canvas, across and down, gone to its seams.

        `used` are the cells of the panels that are left where some were dropped: on a wall
        without seams the tracks that nobody parts any more are one.
        """
        across, down = profile.seams
        columns, rows = _ends(used)
        if columns:  # an edge that nobody used before is no edge that was given up
            before = _ends(self.grid.cells(panel) for panel in self.grid.panels)
            columns |= set(range(self.grid.columns)) - before[0]
            rows |= set(range(self.grid.rows)) - before[1]
        return (
            _snapped(_spread(self.columns, profile.columns, columns, across), across),
            _snapped(_spread(self.rows, profile.rems, rows, down), down),
        )

    def boxes(self, profile: WallProfile) -> dict[str, Box]:
        """Where each panel's card stands on a profile's canvas; gaps are centred on the edges."""
        across, down = self.edges(profile)
        return {panel: self.box(self.grid.cells(panel), across, down) for panel in self.grid.panels}

    def box(self, cells: Cells, across: Sequence[float], down: Sequence[float]) -> Box:
        """The card that covers some cells of the grid."""
        half = self.gap / 2
        left = across[cells.left] + (self.margin if cells.left == 0 else half)
        top = down[cells.top] + (self.margin if cells.top == 0 else half)
        right = across[cells.right] - (self.margin if cells.right == self.grid.columns else half)
        bottom = down[cells.bottom] - (self.margin if cells.bottom == self.grid.rows else half)
        return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class WallScene:
    """One scene: a title, a grid for each aspect family, its panels with the weightiest first.

    `instead` says what stands in the place of panels that visitors do not see.
    """

    name: str
    title: str
    grids: Mapping[str, WallGrid]
    priority: tuple[str, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)
    stamp: str = ""  # which version of a changed one; none as shipped

    @property
    def panels(self) -> tuple[str, ...]:
        """All panels of the scene in reading order, each once."""
        return tuple(dict.fromkeys(p for grid in self.grids.values() for p in grid.grid.panels))

    def grid_for(self, profile: WallProfile) -> WallGrid:
        """The composition made for the shape that comes nearest to a wall's."""
        return self.compositions(profile)[0]

    def compositions(self, profile: WallProfile) -> list[WallGrid]:
        """The compositions a wall may take: the one with all panels, then those with fewer.

        Ones of a shape too far from the wall's are none: they would be stretched.
        """
        whole = nearest_family([key for key in self.grids if not key.endswith(FEW)], profile.shape)
        fewer = [
            key
            for key in self.grids
            if key.endswith(FEW) and abs(math.log(family_ratio(key) / profile.shape)) < FAR
        ]
        return [self.grids[key] for key in (whole, *fewer)]

    def with_others(self, name: str, instead: Mapping[str, str]) -> WallScene:
        """The same boxes under another name, with other panels in some of them, or with none."""
        grids = {
            family: replace(grid, grid=grid.grid.renamed(instead))
            for family, grid in self.grids.items()
        }
        priority = [instead.get(panel, panel) for panel in self.priority]
        shown = tuple(panel for panel in priority if panel != EMPTY)
        return WallScene(name, self.title, grids, shown, stamp=self.stamp)

    def weight(self, panel: str) -> int:
        """The place of a panel in the order of dropping: the highest goes first."""
        if panel in self.priority:
            return self.priority.index(panel)
        return len(self.priority) + self.panels.index(panel)


@cache
def load_scene(name: str, folder: Path = SCENES) -> WallScene:
    """One scene of the wall as it is shipped; LayoutError names what is wrong in its file."""
    file = folder / f"{name}.toml"
    return parse_scene(name, read_toml(file), file)


def parse_scene(name: str, raw: Mapping[str, Any], file: Path) -> WallScene:
    """A scene from what its file holds."""
    blocks = raw.get("grid")
    if not isinstance(raw.get("title"), str):
        raise LayoutError(file, "title", raw.get("title"), "a text")
    if not isinstance(blocks, list) or not blocks:
        raise LayoutError(file, "grid", blocks, "one [[grid]] block for each aspect family")
    grids = {str(block.get("family")): parse_wall_grid(file, block) for block in blocks}
    instead = _instead(file, raw.get("visitors", {}))
    scene = WallScene(name, raw["title"], grids, tuple(raw.get("priority", ())), instead)
    stray = [panel for panel in scene.priority if panel not in scene.panels]
    if stray:
        raise LayoutError(file, "priority", stray, "panels of this scene, the weightiest first")
    for hidden, other in instead.items():
        if hidden not in scene.panels:
            raise LayoutError(file, "visitors", hidden, ", ".join(scene.panels))
        if other in scene.panels or list(instead.values()).count(other) > 1:
            raise LayoutError(file, f"visitors {hidden}", other, "a panel that stands nowhere else")
    return scene


def scene_names(folder: Path = SCENES) -> tuple[str, ...]:
    """Every scene there is a file for."""
    return tuple(sorted(file.stem for file in folder.glob("*.toml")))


def _instead(file: Path, raw: object) -> Mapping[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(other, str) for other in raw.values()):
        raise LayoutError(file, "visitors", raw, "panel = the panel that stands in its place")
    return dict(raw)


def parse_wall_grid(file: Path, block: Mapping[str, Any]) -> WallGrid:
    """One [[grid]] block of a scene."""
    family = str(block.get("family"))
    try:
        family_ratio(family)
    except ValueError:
        raise LayoutError(file, "grid family", family, 'width over height as "16:9"') from None
    grid = parse_grid(file, block.get("areas"), f"grid {family} areas")
    for key, tracks in (("columns", grid.columns), ("rows", grid.rows)):
        given = block.get(key)
        if not isinstance(given, list) or len(given) != tracks or not _are_tracks(given):
            allowed = f'{tracks} numbers above 0, or lengths such as "4 rem"'
            raise LayoutError(file, f"grid {family} {key}", given, allowed)
    for key in ("gap", "margin"):
        given = block.get(key, 0.5)
        if not isinstance(given, int | float) or not 0 <= given <= 4:
            raise LayoutError(file, f"grid {family} {key}", given, "0 to 4 rem")
    return WallGrid(
        family=family,
        columns=tuple(block["columns"]),
        rows=tuple(block["rows"]),
        gap=float(block.get("gap", 0.5)),
        margin=float(block.get("margin", 0.5)),
        grid=grid,
    )


def _are_tracks(given: Sequence[Any]) -> bool:
    try:
        return spread(given, 1000.0)[-1] > 0
    except (ValueError, TypeError):
        return False


def _ends(cells: Iterable[Cells]) -> tuple[set[int], set[int]]:
    """The edges of the grid that cards end at, across and down."""
    columns: set[int] = set()
    rows: set[int] = set()
    for one in cells:
        columns |= {one.left, one.right}
        rows |= {one.top, one.bottom}
    return columns, rows


def _spread(
    tracks: Sequence[Track], length: float, used: set[int], seams: Sequence[float]
) -> tuple[float, ...]:
    """Track edges; several tracks that no edge in use parts are as large as their largest."""
    ends = sorted(used | {0, len(tracks)})
    if not used or seams or len(ends) == len(tracks) + 1:
        return spread(tracks, length)
    groups = [tracks[first:last] for first, last in pairwise(ends)]
    sizes = [max(shares) if (shares := _shares(group)) else group[0] for group in groups]
    try:
        at = dict(zip(ends, spread(sizes, length), strict=True))
    except ValueError:  # nothing but the header is left
        return spread(tracks, length)
    marks = [0.0]
    for index in range(1, len(tracks) + 1):  # an edge nobody uses lies on the one before
        marks.append(at.get(index, marks[-1]))
    return tuple(marks)


def _shares(group: Sequence[Track]) -> list[float]:
    return [track for track in group if not isinstance(track, str)]


def _snapped(marks: Sequence[float], seams: Sequence[float]) -> tuple[float, ...]:
    """Track edges, each gone to the seam it comes near to, the nearest first."""
    made = list(marks)
    near = sorted(
        (abs(mark - seam), index, seam)
        for index, mark in enumerate(marks[1:-1], start=1)
        for seam in seams
        if abs(mark - seam) <= SNAP
    )
    gone: set[int] = set()
    for _, index, seam in near:
        fits = made[index - 1] + TIGHT <= seam <= made[index + 1] - TIGHT
        if index not in gone and seam not in {made[i] for i in gone} and fits:
            made[index] = seam
            gone.add(index)
    return tuple(made)
