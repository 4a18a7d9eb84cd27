"""The street: hotline orders of the month by community, water above the fills, gauge stations."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from dash import html
from dash_svg import Circle, ClipPath, Defs, G, Line, Path, Rect, Svg, Text

from dashboard import wording
from dashboard.wall.label_places import CLEAR, text_width
from dashboard.wall.label_places import Rect as Place
from dashboard.wall.map_places import (
    FOOT,
    NAME,
    STATION,
    WATER,
    Ground,
    Places,
    ground,
    places,
    projection,
    short_name,
)
from dashboard.wall.parts import Room, View, line, text
from dashboard.wall.rank_shape import numeral, numeral_stroke, outline
from dashboard.wall.terrain import Point, Terrain
from dashboard.wall.water import StationNow

TITLE = "辖区态势"
READS = ("hotline_received", "gauge_latest")
LEAST = (38.0, 26.0)
UNIT = 20  # drawing units of outlines in 1 rem; words and signs are placed in rem
SIGN, DOT = 1.75, 0.42  # rem: a rank's sign, a station's dot
CLASSES = 4
EDGE, SWATCH, KEY_GAP = 1.1, 1.6, 0.7  # rem: the card's edge, a key's colour with its gap, between
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
    what: str = "本月热线"  # what is counted; empty where the map counts nothing
    unit: str = "件"


def view(facts: Facts, room: Room) -> View:
    """Fills by class, water, stations, words; the legend below."""
    bounds = classes_of([one.count for one in facts.counts], facts.bands)
    total = sum(one.count for one in facts.counts) + facts.unplaced
    basis = f"{facts.what} {total} {facts.unit}" if facts.what else ""
    drawing = _drawing(facts, room, bounds)
    return View(
        body=html.Div(drawing, className="map"), foot=_legend(facts, bounds, room), basis=basis
    )


def classes_of(counts: list[int], bands: tuple[float, ...]) -> tuple[int, ...]:
    """Lower bounds of the classes: shares of the largest count, the first one from zero."""
    largest = max(counts, default=0)
    bounds = {0} | {math.ceil(band * largest) for band in bands if largest}
    return tuple(sorted(bounds))[:CLASSES]


def class_of(count: int, bounds: tuple[int, ...]) -> int:
    """Which class a count belongs to, 1 to 4; with fewer classes the darker ones are left out."""
    return max(1, sum(1 for bound in bounds if count >= bound))


def _drawing(facts: Facts, room: Room, bounds: tuple[int, ...]) -> Any:
    project = projection(facts.terrain, room)
    dots = {place.station.code: project(place.at) for place in facts.stations}
    # figures are equally wide, so that a new level does not move the words
    words = tuple((p.station.code, _FIGURE.sub("0", _label(p.station))) for p in facts.stations)
    found: Places = places(facts.terrain, room, words, tuple(dots.items()))
    here = ground(facts.terrain, room, UNIT)
    counts = {one.code: one for one in facts.counts}
    names = {shape.code: shape.name for shape in facts.terrain.of("community")}
    outlines = Svg(
        [
            _window(room),
            *_lakes(here),
            *_fills(here, counts, bounds),
            *_waters(here),
        ],
        viewBox=f"0 0 {room.width * UNIT:.0f} {room.height * UNIT:.0f}",
    )
    gravest_last = sorted(facts.stations, key=lambda one: -(one.station.rank or 9))
    signs = Svg(
        [
            *_leaders(dots, found.stations),
            *_water_names(found.waters),
            *_community_words(found.communities, counts, bounds, names),
            *[
                _station(one.station, dots[one.station.code], found.stations[one.station.code])
                for one in gravest_last
            ],
        ]
    )
    return [outlines, signs]


def _lakes(of: Ground) -> list[Any]:
    return [Path(d=d, className="lake", clipPath="url(#map-window)") for _, d in of["lake"]]


def _window(room: Room) -> Any:
    bottom = (room.height - FOOT + 0.35) * UNIT
    box = Rect(x="0", y="0", width=f"{room.width * UNIT:.0f}", height=f"{bottom:.0f}")
    return Defs(ClipPath(box, id="map-window"))


def _fills(of: Ground, counts: dict[str, CommunityCount], bounds: tuple[int, ...]) -> list[Any]:
    drawn = []
    for shape, d in of["community"]:
        one = counts.get(shape.code)
        level = class_of(one.count, bounds) if one else 1
        drawn.append(Path(d=d, className=f"area class-{level}"))
    return drawn


def _waters(of: Ground) -> list[Any]:
    ponds = [Path(d=d, className="pond") for _, d in of["pond"]]
    rivers = sorted(of["river"], key=lambda one: -sum(len(r) for r in one[0].rings))
    lines = [(d, number == 0) for number, (_, d) in enumerate(rivers)]
    casing = [Path(d=d, className=f"casing{'' if main else ' small'}") for d, main in lines]
    flow = [Path(d=d, className=f"river{'' if main else ' small'}") for d, main in lines]
    return [*casing, *ponds, *flow]


def _rem(length: float) -> str:
    return f"{length:.3f}rem"


def _leaders(dots: dict[str, Point], places: dict[str, Place]) -> list[Any]:
    drawn = []
    for code, place in places.items():
        x, y = dots[code]
        near_x = min(max(x, place.left), place.left + place.width)
        near_y = min(max(y, place.top), place.top + place.height)
        ends = {"x1": _rem(x), "y1": _rem(y), "x2": _rem(near_x), "y2": _rem(near_y)}
        drawn.append(Line(className="leader", **ends))
    return drawn


def _community_words(
    places: dict[str, Place],
    counts: dict[str, CommunityCount],
    bounds: tuple[int, ...],
    names: dict[str, str],
) -> list[Any]:
    drawn = []
    for code, place in places.items():
        one = counts.get(code)
        if one is None:
            words = short_name(names[code])
            drawn.append(G(_text(words, place.x, place.y + 0.4, "place-name"), className="words"))
            continue
        name_y, count_y = place.top + NAME * 0.95, place.top + place.height - 0.22
        drawn.append(
            G(
                [
                    _text(short_name(one.name), place.x, name_y, "place-name"),
                    _text(wording.count(one.count), place.x, count_y, "place-count"),
                ],
                className=f"words on-{class_of(one.count, bounds)}",
            )
        )
    return drawn


def _text(words: str, x: float, y: float, cls: str) -> Any:
    return Text(words, x=_rem(x), y=_rem(y), className=cls)


def _water_names(places: dict[str, Place]) -> list[Any]:
    return [
        _text(name, place.x, place.y + WATER * 0.36, "water-name") for name, place in places.items()
    ]


def _station(station: StationNow, dot: Point, place: Place) -> Any:
    silent = " silent" if station.silent else ""
    edge = f" rank-edge-{station.rank}" if station.rank else ""
    box = Rect(
        x=_rem(place.left),
        y=_rem(place.top),
        width=_rem(place.width),
        height=_rem(place.height),
        rx=_rem(0.22),
        className=f"label{edge}",
    )
    words = _text(_label(station), place.x, place.y + STATION * 0.37, f"station-name{silent}")
    if station.rank:
        sign = _rank_sign(station.rank, dot)
    else:
        sign = Circle(cx=_rem(dot[0]), cy=_rem(dot[1]), r=_rem(DOT), className=f"gauge{silent}")
    return G([box, words, sign])


def _rank_sign(rank: int, dot: Point) -> Any:
    return Svg(
        [
            Path(d=outline(rank), className=f"rank rank-{rank}"),
            Path(d=numeral(rank), className="numeral", strokeWidth=numeral_stroke(rank)),
        ],
        x=_rem(dot[0] - SIGN / 2),
        y=_rem(dot[1] - SIGN / 2),
        width=_rem(SIGN),
        height=_rem(SIGN),
        viewBox="0 0 100 100",
    )


def _label(station: StationNow) -> str:
    level = wording.NONE if station.level_m is None else wording.fixed(station.level_m, 2)
    return f"{station.name} {level}"


def _legend(facts: Facts, bounds: tuple[int, ...], room: Room) -> Any:
    classes = len(bounds) if facts.what else 0
    words = [_class_words(bounds, number) for number in range(1, classes + 1)]
    gaps = _gaps(words, room)
    keys = [
        html.Span(
            [html.Span(className=f"swatch class-{number}"), text(said)],
            className="key",
            style={"marginLeft": _rem_of(gap)},
        )
        for number, (said, gap) in enumerate(zip(words, gaps, strict=True), start=1)
    ]
    notes = _notes(facts)
    taken = sum(gaps) + sum(SWATCH + text_width(said, 1.0) for said in words)
    while len(notes) > 1 and taken + text_width(" · ".join(notes), 1.0) > room.width - 2 * EDGE - 1:
        notes.pop(0)  # what a circle is can be seen from its label; the others cannot be seen
    return line(
        html.Span(keys, className="keys"), text(" · ".join(notes), "muted"), cls="facts spread"
    )


def _notes(facts: Facts) -> list[str]:
    notes = ["○ 水位 m"] if facts.stations else []
    if facts.what:
        notes.append(f"未定到村 {facts.unplaced} {facts.unit}")
    return [*notes, "边界示意"] if facts.schematic else notes


def _class_words(bounds: tuple[int, ...], number: int) -> str:
    low = bounds[number - 1]
    if number == len(bounds):
        return f"{low} 以上" if number > 1 else f"{low} 起"
    top = bounds[number] - 1
    return f"{low}" if top == low else f"{low}—{top}"


def _gaps(words: list[str], room: Room) -> list[float]:
    """How far each key of the legend stands from the one before, so that none crosses a seam."""
    gaps, right = [], EDGE
    for number, said in enumerate(words):
        left = right + (KEY_GAP if number else 0.0)
        width = SWATCH + text_width(said, 1.0)
        for seam in room.across:
            if left - CLEAR < seam < left + width + CLEAR:
                left = seam + CLEAR
        gaps.append(left - right)
        right = left + width
    return gaps


def _rem_of(length: float) -> str:
    return f"{length:.2f}rem" if length else "0"
