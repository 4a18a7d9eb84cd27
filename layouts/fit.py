"""Which panels of a scene a wall can carry: what would stand too small is dropped, not shrunk.

Type has a smallest size (layouts/profile.py), so a low or narrow wall, or one seen from further
away, has fewer rem, and cards that need theirs. While one is smaller than its panel can be drawn,
the least weighty of it and the neighbours that could make room for it goes, and its place goes to
the panels along one of its sides. A scene may have compositions with fewer panels of its own; the
one that keeps the weightiest panels is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from layouts.grid import Cells
from layouts.wall import Box, Least, WallGrid, WallProfile, WallScene

LOW, NARROW = "low", "narrow"
NEAR = 0.01  # rem by which a card may miss its least size


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the panels of a scene stand on a wall, and which ones it cannot carry."""

    boxes: Mapping[str, Box]
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Move:
    """A panel that would go, the neighbours that take its place, and what these then cover."""

    victim: str
    heirs: Mapping[str, Cells]
    is_upright: bool  # the neighbours stand above or below it


def fit(scene: WallScene, profile: WallProfile, least: Least) -> Fit:
    """A scene on a wall, with the panels of the lowest priority left out until the rest fits."""
    found = [_fit(scene, grid, profile, least) for grid in scene.compositions(profile)]
    if not found[0].dropped:
        return found[0]
    ordered = sorted(scene.panels, key=scene.weight)
    best = max(found, key=lambda one: [panel in one.boxes for panel in ordered])
    gone = tuple(panel for panel in reversed(ordered) if panel not in best.boxes)
    return Fit(best.boxes, gone)


def _fit(scene: WallScene, grid: WallGrid, profile: WallProfile, least: Least) -> Fit:
    places = {panel: grid.grid.cells(panel) for panel in grid.grid.panels}
    dropped: list[str] = []
    while True:
        across, down = grid.edges(profile, places.values())
        boxes = {panel: grid.box(cells, across, down) for panel, cells in places.items()}
        lacks = {panel: _lacks(box, least(panel)) for panel, box in boxes.items()}
        small = {panel: lack for panel, lack in lacks.items() if lack}
        if not small:
            return Fit(boxes, tuple(dropped))
        moves = [move for move in _moves(grid, places) if _helps(move, small)]
        if moves:
            best = max(moves, key=lambda move: (scene.weight(move.victim), _cured(move, small)))
            victim, heirs = best.victim, best.heirs
        else:  # nobody can take its place: better a gap than a card that cannot be read
            victim, heirs = max(small, key=scene.weight), {}
        del places[victim]
        places.update(heirs)
        dropped.append(victim)


def _lacks(box: Box, least: tuple[float, float]) -> frozenset[str]:
    found = set()
    if box.width < least[0] - NEAR:
        found.add(NARROW)
    if box.height < least[1] - NEAR:
        found.add(LOW)
    return frozenset(found)


def _helps(move: _Move, small: Mapping[str, frozenset[str]]) -> bool:
    """Whether a move takes a card away that is too small, or gives one what it lacks."""
    return move.victim in small or _cured(move, small) > 0


def _cured(move: _Move, small: Mapping[str, frozenset[str]]) -> int:
    """How many neighbours would get what they lack."""
    lack = LOW if move.is_upright else NARROW
    return sum(lack in small.get(heir, ()) for heir in move.heirs)


def _moves(grid: WallGrid, places: Mapping[str, Cells]) -> Iterator[_Move]:
    """Every way in which one panel's place could go to those along one of its sides."""
    for victim, gone in places.items():
        for is_upright in (True, False):
            for before in (True, False):
                heirs = {
                    panel: _grown(cells, gone, is_upright=is_upright)
                    for panel, cells in places.items()
                    if panel != victim and _beside(cells, gone, is_upright, before)
                }
                if heirs and _tile(heirs, gone, is_upright) and _one_strip(grid, heirs):
                    yield _Move(victim, heirs, is_upright)


def _beside(cells: Cells, gone: Cells, is_upright: bool, before: bool) -> bool:
    """Whether a panel lies along the upper (left) or lower (right) side of what goes."""
    if is_upright:
        touches = cells.bottom == gone.top if before else cells.top == gone.bottom
        return touches and cells.left < gone.right and cells.right > gone.left
    touches = cells.right == gone.left if before else cells.left == gone.right
    return touches and cells.top < gone.bottom and cells.bottom > gone.top


def _grown(cells: Cells, gone: Cells, *, is_upright: bool) -> Cells:
    if is_upright:
        return replace(cells, top=min(cells.top, gone.top), bottom=max(cells.bottom, gone.bottom))
    return replace(cells, left=min(cells.left, gone.left), right=max(cells.right, gone.right))


def _tile(heirs: Mapping[str, Cells], gone: Cells, is_upright: bool) -> bool:
    """Whether the heirs end where the side ends and leave no gap along it."""
    if is_upright:
        spans = sorted((cells.left, cells.right) for cells in heirs.values())
        side = gone.left, gone.right
    else:
        spans = sorted((cells.top, cells.bottom) for cells in heirs.values())
        side = gone.top, gone.bottom
    at = side[0]
    for first, last in spans:
        if first != at:
            return False
        at = last
    return at == side[1]


def _one_strip(grid: WallGrid, heirs: Mapping[str, Cells]) -> bool:
    """Whether nobody would reach from a strip of fixed height, such as the header, out of it."""
    return all(
        len({isinstance(track, str) for track in tracks}) == 1
        for cells in heirs.values()
        for tracks in (grid.rows[cells.top : cells.bottom], grid.columns[cells.left : cells.right])
    )
