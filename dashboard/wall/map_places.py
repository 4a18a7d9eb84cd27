"""Where every word of the map stands on one card: computed once for a terrain and a room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from config.outlines import Shape
from dashboard.wall.label_places import (
    Obstacles,
    Rect,
    place_in,
    place_stations,
    points_along,
    text_width,
)
from dashboard.wall.parts import Room
from dashboard.wall.terrain import Point, Projection, Terrain, fit, path

HEAD, FOOT, SIDE = 2.75, 2.55, 1.0  # rem of the card that the drawing leaves free
SPACED = 1.14  # letter spacing of water names
Ground = Mapping[str, tuple[tuple[Shape, str], ...]]
NAME, COUNT, STATION, WATER = 1.2, 1.65, 1.05, 1.2  # type sizes in rem


@dataclass(frozen=True, slots=True)
class Places:
    """Where words stand on a card: communities and stations by code, waters by name."""

    communities: dict[str, Rect]
    stations: dict[str, Rect]
    waters: dict[str, Rect]


def projection(terrain: Terrain, room: Room) -> Projection:
    """The street fitted into a card's room."""
    return fit(terrain, SIDE, HEAD, room.width - 2 * SIDE, room.height - HEAD - FOOT)


def short_name(name: str) -> str:
    """A community's name without 社区 or 村, as the map and the lists write it."""
    return name.removesuffix("社区").removesuffix("村") or name


@lru_cache(maxsize=64)
def ground(terrain: Terrain, room: Room, unit: float) -> Ground:
    """The shapes by kind, each as an SVG path: written once, new figures do not move the ground."""
    project = projection(terrain, room)
    return {
        kind: tuple(
            (shape, path([project.ring(r) for r in shape.rings], unit, closed=kind != "river"))
            for shape in terrain.of(kind)
        )
        for kind in ("lake", "community", "pond", "river")
    }


@lru_cache(maxsize=32)
def places(
    terrain: Terrain,
    room: Room,
    words: tuple[tuple[str, str], ...],
    dots: tuple[tuple[str, Point], ...],
) -> Places:
    """The words' places; `words` are codes with labels, `dots` codes with their places."""
    project = projection(terrain, room)
    rivers = tuple(project.ring(r) for shape in terrain.of("river") for r in shape.rings)
    high = room.height - HEAD - FOOT + 0.6
    frame = Rect(room.width / 2, HEAD - 0.3 + high / 2, room.width - 1.2, high)
    obstacles = Obstacles(frame, room.across, room.down, points_along(rivers))
    where = dict(dots)
    taken: list[Rect] = []
    communities = {}
    for shape in terrain.of("community"):
        size = (text_width(short_name(shape.name), NAME) + 0.2, NAME + COUNT + 0.15)
        ring = project.ring(shape.rings[0])
        communities[shape.code] = place_in(ring, size, obstacles, taken, list(where.values()))
        taken.append(communities[shape.code])
    sizes = {code: (text_width(label, STATION) + 0.9, STATION + 0.62) for code, label in words}
    stations = place_stations(where, sizes, obstacles, taken)
    taken.extend(stations.values())
    waters = {}
    for shape in terrain.of("lake"):
        ring = tuple(p for p in project.ring(shape.rings[0]))
        size = (text_width(shape.name, WATER) * SPACED, WATER + 0.05)
        waters[shape.name] = place_in(
            _within(ring, frame), size, obstacles, taken, list(where.values())
        )
        taken.append(waters[shape.name])
    return Places(communities, stations, waters)


def _within(ring: tuple[Point, ...], frame: Rect) -> tuple[Point, ...]:
    right, bottom = frame.left + frame.width, frame.top + frame.height
    return tuple((min(max(x, frame.left), right), min(max(y, frame.top), bottom)) for x, y in ring)
