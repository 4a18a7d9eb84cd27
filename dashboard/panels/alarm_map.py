"""The map around an alarm's station: a ring, the numbered places at risk, the team and its way."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dash import html
from dash_svg import Circle, ClipPath, Defs, G, Line, Path, Svg, Text
from dash_svg import Rect as Box

from dashboard import wording
from dashboard.wall.label_places import (
    Obstacles,
    Rect,
    place_in,
    place_stations,
    points_along,
    text_width,
)
from dashboard.wall.map_places import short_name
from dashboard.wall.parts import Room, View, fitting, line, placed, text
from dashboard.wall.rank_shape import numeral, numeral_stroke, outline
from dashboard.wall.terrain import Point, Projection, Terrain, path, rem, ring_path

TITLE = "位置与受影响点"
READS = ()
LEAST = (18.0, 12.0)
UNIT = 20  # drawing units of outlines in 1 rem
HEAD, FOOT, SIDE = 2.75, 2.3, 0.8
SIGN, SPOT, NAME = 2.4, 0.78, 1.2
KM = 111.32
_FIGURE = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Facts:
    """The alarm's place in degrees with its rank and label, the ring, places, the team."""

    terrain: Terrain
    at: Point | None
    label: str
    rank: int
    places: tuple[Point, ...] = ()
    team: Point | None = None
    team_name: str = ""
    ring_km: float = 1.5


def view(facts: Facts, room: Room) -> View:
    """The drawing, and below it what the signs are."""
    if facts.at is None:
        return View(body=placed(2.9, [text("此类告警没有地点", "muted")]))
    wide = room.width - 2.4
    told = [("○ 受影响点", 1.0)] if facts.places else []
    if facts.team is not None:
        away = f"直线 {_km(facts.at, facts.team)} km"
        told = [(f"■ {facts.team_name}", 1.0), (away, 1.0), *told]
    words = [text(said) for said in fitting(told, wide, 1.5)]
    return View(
        basis=f"{wording.fixed(facts.ring_km, 1)} km 环",
        body=html.Div(_drawing(facts, facts.at, room), className="map alarm-map"),
        foot=line(*words, cls="facts") if words else None,
    )


def _km(one: Point, other: Point) -> str:
    shrink = math.cos(math.radians((one[1] + other[1]) / 2))
    east, north = (one[0] - other[0]) * shrink * KM, (one[1] - other[1]) * KM
    return wording.fixed(math.hypot(east, north), 1)


def around(at: Point, ring_km: float, room: Room) -> Projection:
    """The projection that centres the station and gives the ring most of the smaller side."""
    high, wide = room.height - HEAD - FOOT, room.width - 2 * SIDE
    scale = 0.44 * min(high, wide) / ring_km
    shrink = math.cos(math.radians(at[1]))
    return Projection(at, shrink, scale, room.width / 2, HEAD + high / 2)


def _drawing(facts: Facts, at: Point, room: Room) -> list[Any]:
    project = around(at, facts.ring_km, room)
    centre = project(at)
    high = room.height - HEAD - FOOT
    frame = Rect(room.width / 2, HEAD + high / 2, room.width - 2 * SIDE, high)
    shown = [(n, p) for n, p in enumerate(map(project, facts.places), 1) if _within(p, frame)]
    team = project(facts.team) if facts.team else None
    rivers = tuple(project.ring(r) for s in facts.terrain.of("river") for r in s.rings)
    under = Svg(
        [
            _window(frame),
            G(
                [
                    *_shapes(facts.terrain, project, "lake", "lake"),
                    *_shapes(facts.terrain, project, "community", "border"),
                    *_shapes(facts.terrain, project, "pond", "pond"),
                    *[Path(d=ring_path(r, UNIT), className="casing") for r in rivers],
                    *[Path(d=ring_path(r, UNIT), className="river") for r in rivers],
                ],
                clipPath="url(#alarm-window)",
            ),
        ],
        viewBox=f"0 0 {room.width * UNIT:.0f} {room.height * UNIT:.0f}",
    )
    radius = facts.ring_km * project.scale
    over = [Circle(cx=rem(centre[0]), cy=rem(centre[1]), r=rem(radius), className="ring")]
    signs = [Rect(*point, 2, 2) for _, point in shown]
    if team is not None and _within(team, frame):
        over.append(_way(team, centre))
        signs.append(Rect(*team, 1.4, 1.4))
    masked = _FIGURE.sub("0", facts.label)  # a new level does not move the words
    label, names = _places(facts.terrain, at, facts.ring_km, room, masked, tuple(signs))
    over += [_name(name, place) for name, place in names]
    over += [_spot(n, p) for n, p in shown]
    if team is not None and _within(team, frame):
        over.append(_team(team))
    over += [_label(label, facts), _sign(facts.rank, centre)]
    return [under, Svg(over)]


def _within(point: Point, frame: Rect) -> bool:
    wide, high = frame.width / 2 - 1, frame.height / 2 - 1
    return abs(point[0] - frame.x) <= wide and abs(point[1] - frame.y) <= high


def _window(frame: Rect) -> Any:
    box = Box(
        x=f"{frame.left * UNIT:.0f}",
        y=f"{frame.top * UNIT:.0f}",
        width=f"{frame.width * UNIT:.0f}",
        height=f"{frame.height * UNIT:.0f}",
    )
    return Defs(ClipPath(box, id="alarm-window"))


def _shapes(terrain: Terrain, project: Projection, kind: str, cls: str) -> list[Any]:
    return [
        Path(d=path([project.ring(r) for r in shape.rings], UNIT), className=cls)
        for shape in terrain.of(kind)
    ]


def _way(start: Point, end: Point) -> Any:
    ends = {"x1": rem(start[0]), "y1": rem(start[1]), "x2": rem(end[0]), "y2": rem(end[1])}
    return Line(**ends, className="way")


def _spot(number: int, at: Point) -> Any:
    return G(
        [
            Circle(cx=rem(at[0]), cy=rem(at[1]), r=rem(SPOT), className="spot"),
            Text(str(number), x=rem(at[0]), y=rem(at[1] + 0.38), className="spot-number"),
        ]
    )


def _team(at: Point) -> Any:
    side = 1.1
    return Box(
        x=rem(at[0] - side / 2), y=rem(at[1] - side / 2), width=rem(side), height=rem(side),
        className="team",
    )  # fmt: skip


def _label(place: Rect, facts: Facts) -> Any:
    box = Box(
        x=rem(place.left), y=rem(place.top), width=rem(place.width), height=rem(place.height),
        rx=rem(0.22), className=f"label rank-edge-{facts.rank}",
    )  # fmt: skip
    words = Text(facts.label, x=rem(place.x), y=rem(place.y + NAME * 0.37), className="alarm-name")
    return G([box, words])


def _sign(rank: int, at: Point) -> Any:
    return Svg(
        [
            Path(d=outline(rank), className=f"rank rank-{rank}"),
            Path(d=numeral(rank), className="numeral", strokeWidth=numeral_stroke(rank)),
        ],
        x=rem(at[0] - SIGN / 2), y=rem(at[1] - SIGN / 2), width=rem(SIGN), height=rem(SIGN),
        viewBox="0 0 100 100",
    )  # fmt: skip


@lru_cache(maxsize=512)
def _places(
    terrain: Terrain, at: Point, ring_km: float, room: Room, label: str, signs: tuple[Rect, ...]
) -> tuple[Rect, tuple[tuple[str, Rect], ...]]:
    """Where the station's label stands, and the names of the communities that find a free place.

    Searched once for a place and a room: an alarm may not wait for it.
    """
    project = around(at, ring_km, room)
    centre = project(at)
    high = room.height - HEAD - FOOT
    frame = Rect(room.width / 2, HEAD + high / 2, room.width - 2 * SIDE, high)
    rivers = tuple(project.ring(r) for s in terrain.of("river") for r in s.rings)
    obstacles = Obstacles(frame, room.across, room.down, points_along(rivers))
    size = (text_width(label, NAME) + 0.9, NAME + 0.7)
    own = place_stations({"s": centre}, {"s": size}, obstacles, signs)["s"]
    taken = [Rect(*centre, SIGN + 0.4, SIGN + 0.4), *signs, own]
    return own, tuple(_names(terrain, project, frame, obstacles, taken))


def _name(name: str, place: Rect) -> Any:
    return Text(name, x=rem(place.x), y=rem(place.y + NAME * 0.36), className="area-name")


def _names(
    terrain: Terrain, project: Projection, frame: Rect, obstacles: Obstacles, taken: list[Rect]
) -> list[tuple[str, Rect]]:
    """The names of the communities that reach into the window, where one finds a free place."""
    drawn: list[tuple[str, Rect]] = []
    right, bottom = frame.left + frame.width, frame.top + frame.height
    for shape in terrain.of("community"):
        ring = tuple(
            (min(max(x, frame.left), right), min(max(y, frame.top), bottom))
            for x, y in project.ring(shape.rings[0])
        )
        wide = max(x for x, _ in ring) - min(x for x, _ in ring)
        tall = max(y for _, y in ring) - min(y for _, y in ring)
        size = (text_width(short_name(shape.name), NAME) + 0.2, NAME + 0.2)
        if wide < size[0] + 1 or tall < size[1] + 1:
            continue
        place = place_in(ring, size, obstacles, taken, ())
        if obstacles.cost(place, 1.0) >= 4 or any(place.overlap(other) > 0 for other in taken):
            continue
        taken.append(place)
        drawn.append((short_name(shape.name), place))
    return drawn
