"""The street: hotline orders of the month by community, water above the fills, gauge stations."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dash import html
from dash_svg import Circle, ClipPath, Defs, G, Line, Path, Rect, Svg, Text

from dashboard import wording
from dashboard.wall.label_places import (
    Obstacles,
    place_in,
    place_stations,
    points_along,
    text_width,
)
from dashboard.wall.label_places import Rect as Place
from dashboard.wall.parts import Room, View, line, text
from dashboard.wall.rank_shape import numeral, numeral_stroke, outline
from dashboard.wall.terrain import Point, Projection, Terrain, fit, path
from dashboard.wall.water import StationNow

TITLE = "辖区态势"
READS = ("hotline_received", "gauge_latest")
UNIT = 20  # drawing units of the SVG in 1 rem
HEAD, FOOT, SIDE = 2.75, 2.55, 1.0
NAME, COUNT, STATION, WATER = 1.2, 1.65, 1.05, 1.2  # type sizes in rem
CLASSES = 4
_FIGURE = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class CommunityCount:
    """One community with its orders of the month."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class StationPlace:
    """A station with its place in degrees and its latest reading."""

    station: StationNow
    at: Point


@dataclass(frozen=True, slots=True)
class Facts:
    """Terrain, counts by community, stations, orders without a community, whether schematic."""

    terrain: Terrain
    counts: tuple[CommunityCount, ...]
    stations: tuple[StationPlace, ...]
    unplaced: int
    schematic: bool
    bands: tuple[float, ...] = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where words stand on this card."""

    communities: dict[str, Place]
    stations: dict[str, Place]
    waters: dict[str, Place]


def view(facts: Facts, room: Room) -> View:
    """Fills by class, water, stations, words; the legend below."""
    bounds = classes_of([one.count for one in facts.counts], facts.bands)
    total = sum(one.count for one in facts.counts) + facts.unplaced
    basis = f"本月热线 {total} 件"
    drawing = _drawing(facts, room, bounds)
    return View(body=html.Div(drawing, className="map"), foot=_legend(facts, bounds), basis=basis)


def classes_of(counts: list[int], bands: tuple[float, ...]) -> tuple[int, ...]:
    """Lower bounds of the classes: shares of the largest count, the first one from zero."""
    largest = max(counts, default=0)
    bounds = {0} | {math.ceil(band * largest) for band in bands if largest}
    return tuple(sorted(bounds))[:CLASSES]


def class_of(count: int, bounds: tuple[int, ...]) -> int:
    """Which class a count belongs to, 1 to 4; with fewer classes the darker ones are left out."""
    return max(1, sum(1 for bound in bounds if count >= bound))


def _projection(facts: Facts, room: Room) -> Projection:
    width, height = room.width - 2 * SIDE, room.height - HEAD - FOOT
    return fit(facts.terrain, SIDE, HEAD, width, height)


def _drawing(facts: Facts, room: Room, bounds: tuple[int, ...]) -> Any:
    project = _projection(facts, room)
    dots = {place.station.code: project(place.at) for place in facts.stations}
    # figures are equally wide, so that a new level does not move the words
    words = tuple((p.station.code, _FIGURE.sub("0", _label(p.station))) for p in facts.stations)
    places = _places(facts.terrain, room, words, tuple(dots.items()))
    counts = {one.code: one for one in facts.counts}
    size = f"0 0 {room.width * UNIT:.0f} {room.height * UNIT:.0f}"
    return Svg(
        [
            _window(room),
            *_lakes(facts.terrain, project),
            *_fills(facts.terrain, project, counts, bounds),
            *_waters(facts.terrain, project),
            *_leaders(dots, places.stations),
            *_water_names(places.waters),
            *_community_words(places.communities, counts, bounds),
            *[
                _station(place.station, dots[place.station.code], places.stations)
                for place in sorted(facts.stations, key=lambda one: -(one.station.rank or 9))
            ],
        ],
        viewBox=size,
    )


def _lakes(terrain: Terrain, project: Projection) -> list[Any]:
    return [
        Path(
            d=path([project.ring(r) for r in shape.rings], UNIT),
            className="lake",
            clipPath="url(#map-window)",
        )
        for shape in terrain.of("lake")
    ]


def _window(room: Room) -> Any:
    bottom = (room.height - FOOT + 0.35) * UNIT
    box = Rect(x="0", y="0", width=f"{room.width * UNIT:.0f}", height=f"{bottom:.0f}")
    return Defs(ClipPath(box, id="map-window"))


def _fills(
    terrain: Terrain,
    project: Projection,
    counts: dict[str, CommunityCount],
    bounds: tuple[int, ...],
) -> list[Any]:
    drawn = []
    for shape in terrain.of("community"):
        one = counts.get(shape.code)
        level = class_of(one.count, bounds) if one else 1
        outline = path([project.ring(r) for r in shape.rings], UNIT)
        drawn.append(Path(d=outline, className=f"area class-{level}"))
    return drawn


def _waters(terrain: Terrain, project: Projection) -> list[Any]:
    ponds = [
        Path(d=path([project.ring(r) for r in shape.rings], UNIT), className="pond")
        for shape in terrain.of("pond")
    ]
    rivers = sorted(terrain.of("river"), key=lambda s: -sum(len(r) for r in s.rings))
    lines = [
        (path([project.ring(r) for r in shape.rings], UNIT, closed=False), number == 0)
        for number, shape in enumerate(rivers)
    ]
    casing = [Path(d=d, className=f"casing{'' if main else ' small'}") for d, main in lines]
    flow = [Path(d=d, className=f"river{'' if main else ' small'}") for d, main in lines]
    return [*casing, *ponds, *flow]


def _leaders(dots: dict[str, Point], places: dict[str, Place]) -> list[Any]:
    drawn = []
    for code, place in places.items():
        x, y = dots[code]
        near_x = min(max(x, place.left), place.left + place.width)
        near_y = min(max(y, place.top), place.top + place.height)
        drawn.append(
            Line(
                x1=f"{x * UNIT:.1f}",
                y1=f"{y * UNIT:.1f}",
                x2=f"{near_x * UNIT:.1f}",
                y2=f"{near_y * UNIT:.1f}",
                className="leader",
            )
        )
    return drawn


def _community_words(
    places: dict[str, Place], counts: dict[str, CommunityCount], bounds: tuple[int, ...]
) -> list[Any]:
    drawn = []
    for code, place in places.items():
        one = counts.get(code)
        if one is None:
            continue
        level = class_of(one.count, bounds)
        x = f"{place.x * UNIT:.1f}"
        name_y = (place.top + NAME * 0.95) * UNIT
        count_y = (place.top + place.height - 0.22) * UNIT
        drawn.append(
            G(
                [
                    Text(short_name(one.name), x=x, y=f"{name_y:.1f}", className="place-name"),
                    Text(
                        wording.count(one.count), x=x, y=f"{count_y:.1f}", className="place-count"
                    ),
                ],
                className=f"words on-{level}",
            )
        )
    return drawn


def _water_names(places: dict[str, Place]) -> list[Any]:
    return [
        Text(
            name,
            x=f"{place.x * UNIT:.1f}",
            y=f"{(place.y + WATER * 0.36) * UNIT:.1f}",
            className="water-name",
        )
        for name, place in places.items()
    ]


def _station(station: StationNow, dot: Point, places: dict[str, Place]) -> Any:
    place = places[station.code]
    x, y = dot[0] * UNIT, dot[1] * UNIT
    if station.rank:
        sign: Any = _rank_sign(station.rank, x, y)
    else:
        silent = " silent" if station.silent else ""
        sign = Circle(
            cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{0.42 * UNIT:.1f}", className=f"gauge{silent}"
        )
    edge = f" rank-edge-{station.rank}" if station.rank else ""
    away = " silent" if station.silent else ""
    return G(
        [
            Rect(
                x=f"{place.left * UNIT:.1f}",
                y=f"{place.top * UNIT:.1f}",
                width=f"{place.width * UNIT:.1f}",
                height=f"{place.height * UNIT:.1f}",
                rx=f"{0.22 * UNIT:.1f}",
                className=f"label{edge}",
            ),
            Text(
                _label(station),
                x=f"{place.x * UNIT:.1f}",
                y=f"{(place.y + STATION * 0.37) * UNIT:.1f}",
                className=f"station-name{away}",
            ),
            sign,
        ]
    )


def _rank_sign(rank: int, x: float, y: float) -> Any:
    size = 1.75 * UNIT
    return G(
        [
            Path(d=outline(rank), className=f"rank rank-{rank}"),
            Path(d=numeral(rank), className="numeral", strokeWidth=numeral_stroke(rank)),
        ],
        transform=f"translate({x - size / 2:.1f} {y - size / 2:.1f}) scale({size / 100:.4f})",
    )


def _label(station: StationNow) -> str:
    level = wording.NONE if station.level_m is None else wording.fixed(station.level_m, 2)
    return f"{station.name} {level}"


def short_name(name: str) -> str:
    """A community's name without 社区 or 村, as the map and the lists write it."""
    return name.removesuffix("社区").removesuffix("村") or name


@lru_cache(maxsize=32)
def _places(
    terrain: Terrain,
    room: Room,
    words: tuple[tuple[str, str], ...],
    dots: tuple[tuple[str, Point], ...],
) -> _Places:
    project = fit(terrain, SIDE, HEAD, room.width - 2 * SIDE, room.height - HEAD - FOOT)
    rivers = tuple(project.ring(r) for shape in terrain.of("river") for r in shape.rings)
    high = room.height - HEAD - FOOT + 0.6
    frame = Place(room.width / 2, HEAD - 0.3 + high / 2, room.width - 1.2, high)
    obstacles = Obstacles(frame, room.across, room.down, points_along(rivers))
    where = dict(dots)
    taken: list[Place] = []
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
        size = (text_width(shape.name, WATER) + 0.6, WATER + 0.3)
        waters[shape.name] = place_in(_within(ring, frame), size, obstacles, taken, ())
        taken.append(waters[shape.name])
    return _Places(communities, stations, waters)


def _within(ring: tuple[Point, ...], frame: Place) -> tuple[Point, ...]:
    right, bottom = frame.left + frame.width, frame.top + frame.height
    return tuple((min(max(x, frame.left), right), min(max(y, frame.top), bottom)) for x, y in ring)


def _legend(facts: Facts, bounds: tuple[int, ...]) -> Any:
    keys = []
    for number, low in enumerate(bounds, start=1):
        top = bounds[number] - 1 if number < len(bounds) else None
        if top is None:
            words = f"{low} 件以上" if number > 1 else f"{low} 件起"
        else:
            words = f"{low}" if top == low else f"{low}—{top}"
        keys.append(
            html.Span([html.Span(className=f"swatch class-{number}"), text(words)], className="key")
        )
    notes = ["○ 水位站 m", f"未定到村 {facts.unplaced} 件"]
    if facts.schematic:
        notes.append("边界示意")
    return line(
        html.Span(keys, className="keys"), text(" · ".join(notes), "muted"), cls="facts spread"
    )
