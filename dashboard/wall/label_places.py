"""Where the map's words stand: off the seams, off the water, off each other, once per profile.

Communities come first, each inside its own outline; then the stations, which try sixteen
directions at several distances around their dot. A word that finds no free place takes the least
bad one. Costs are in rem of distance: a place that costs 1 is as bad as standing 1 rem further off.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboard.wall.terrain import Point, Ring, inside

CLEAR = 0.32  # rem between words, and between a word and a seam
STEP = 0.55  # rem between the places that are tried inside an outline
DISTANCES = (1.05, 1.8, 2.7, 3.8, 5.2)
ANGLES = (0, 180, 40, -40, 140, -140, 90, -90, 20, -20, 160, -160, 65, -65, 115, -115)
ORDERS, ROUNDS = 8, 3
NEVER = 1000.0  # across a seam, out of the frame
RING, WET, OUTSIDE, OVERLAP, DOT, CROSSING, FOREIGN = 1.1, 0.8, 14.0, 60.0, 25.0, 6.0, 10.0


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle by its middle and size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.y - self.height / 2

    def overlap(self, other: Rect, clear: float = CLEAR) -> float:
        """The area that both cover when each keeps its distance."""
        wide = (self.width + other.width) / 2 + clear - abs(self.x - other.x)
        if wide <= 0:
            return 0.0
        high = (self.height + other.height) / 2 + clear - abs(self.y - other.y)
        return wide * high if high > 0 else 0.0

    def distance(self, point: Point) -> float:
        """How far a point is from its edge; 0 inside."""
        return math.hypot(
            max(abs(point[0] - self.x) - self.width / 2, 0.0),
            max(abs(point[1] - self.y) - self.height / 2, 0.0),
        )

    def outline(self) -> tuple[Point, ...]:
        """Points along its edges and middle, to find what it lies on."""
        across = [self.left + self.width * k / 4 for k in range(5)]
        return tuple((x, self.top + self.height * k / 2) for x in across for k in range(3))


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What words keep off: seams, points along the water, and the frame they stay in."""

    frame: Rect
    across: tuple[float, ...] = ()
    down: tuple[float, ...] = ()
    water: tuple[Point, ...] = ()

    def cost(self, rect: Rect, wet: float) -> float:
        """0 for a free place; seams and the frame cost so much that nothing else is taken."""
        cost = 0.0
        for seam in self.across:
            cost += max(0.0, rect.width / 2 + CLEAR - abs(seam - rect.x))
        for seam in self.down:
            cost += max(0.0, rect.height / 2 + CLEAR - abs(seam - rect.y))
        over_x = abs(rect.x - self.frame.x) + rect.width / 2 - self.frame.width / 2
        over_y = abs(rect.y - self.frame.y) + rect.height / 2 - self.frame.height / 2
        cost = NEVER * (cost + max(0.0, over_x) + max(0.0, over_y))
        if cost == 0.0:
            cost += wet * sum(rect.distance(point) < CLEAR for point in self.water)
        return cost


@dataclass(frozen=True, slots=True)
class _Try:
    """One place around a dot: what it costs by itself, and the line from the dot to it."""

    cost: float
    rect: Rect
    leader: tuple[Rect, ...]


def text_width(words: str, size: float) -> float:
    """The width of a text in rem: a Han glyph is 1 em, a figure 0.56 em, a point 0.28 em."""
    ems = {".": 0.28, " ": 0.23, "·": 0.5, "%": 0.92, "m": 0.87}
    return size * sum(ems.get(c, 0.56 if c.isascii() else 1.0) for c in words)


def points_along(lines: Iterable[Ring], step: float = 0.7) -> tuple[Point, ...]:
    """Points on polylines, at most `step` apart."""
    points: list[Point] = []
    for line in lines:
        for (x1, y1), (x2, y2) in pairwise(line):
            parts = max(1, math.ceil(math.hypot(x2 - x1, y2 - y1) / step))
            points += [
                (x1 + (x2 - x1) * k / parts, y1 + (y2 - y1) * k / parts) for k in range(parts)
            ]
    kept: list[Point] = []
    for point in points:
        if not kept or math.dist(point, kept[-1]) > step / 2:
            kept.append(point)
    return tuple(kept)


def place_in(
    ring: Ring, size: Point, obstacles: Obstacles, taken: Sequence[Rect], keep: Sequence[Point]
) -> Rect:
    """The place for a community's words: inside its outline, as near its middle as is free."""
    lattice = list(_lattice(ring))
    middle = _middle(ring, lattice)
    dots = [Rect(*dot, 1.3, 1.3) for dot in keep]
    best: tuple[float, Rect] = math.inf, Rect(*middle, *size)
    for point in sorted(lattice, key=lambda p: math.dist(p, middle)):
        cost = math.dist(point, middle)
        if cost >= best[0]:
            break  # all others are further away still
        rect = Rect(*point, *size)
        cost += sum(OVERLAP * rect.overlap(other) for other in taken)
        cost += sum(DOT * rect.overlap(dot) for dot in dots)
        cost += obstacles.cost(rect, 4 * WET) if cost < best[0] else 0.0
        if cost < best[0]:
            cost += OUTSIDE * sum(not inside(corner, ring) for corner in rect.outline())
        if cost < best[0]:
            best = cost, rect
    return best[1]


def place_stations(
    dots: Mapping[str, Point],
    sizes: Mapping[str, Point],
    obstacles: Obstacles,
    taken: Sequence[Rect],
) -> dict[str, Rect]:
    """The places of all stations' words: the best of several orders, each settled in rounds."""
    tries = {code: _tries(code, dots, sizes[code], obstacles, taken) for code in sizes}
    best: tuple[float, dict[str, Rect]] = math.inf, {}
    order = list(sizes)
    for _ in range(ORDERS):
        total, places = _settle(order, tries)
        if total < best[0]:
            best = total, places
        order = [*order[2:][::-1], *order[:2]]
    return best[1]


def _settle(
    order: Sequence[str], tries: Mapping[str, Sequence[_Try]]
) -> tuple[float, dict[str, Rect]]:
    """Place in one order; the first ones choose again once they know where the others stand."""
    chosen: dict[str, _Try] = {}
    total = 0.0
    for _ in range(ROUNDS):
        total = 0.0
        for code in order:
            rest = [one for other, one in chosen.items() if other != code]
            cost, chosen[code] = _choose(tries[code], rest)
            total += cost
    return total, {code: one.rect for code, one in chosen.items()}


def _choose(tries: Sequence[_Try], rest: Sequence[_Try]) -> tuple[float, _Try]:
    best: tuple[float, _Try] = math.inf, tries[0]
    for one in tries:  # cheapest first
        if one.cost >= best[0]:
            break
        cost = one.cost + sum(OVERLAP * one.rect.overlap(other.rect) for other in rest)
        if cost < best[0]:
            cost += CROSSING * sum(_meets(one.leader, other.rect) for other in rest)
            cost += CROSSING * sum(_meets(other.leader, one.rect) for other in rest)
        if cost < best[0]:
            best = cost, one
    return best


def _tries(
    code: str,
    dots: Mapping[str, Point],
    size: Point,
    obstacles: Obstacles,
    taken: Sequence[Rect],
) -> list[_Try]:
    """Every place around a dot with what it costs by itself, cheapest first."""
    dot = dots[code]
    others = [place for other, place in dots.items() if other != code]
    squares = [Rect(x, y, 1.1, 1.1) for x, y in others]
    found = []
    for number, rect in enumerate(_around(dot, size)):
        cost = RING * number / len(ANGLES) + obstacles.cost(rect, WET)
        leader = _leader(dot, rect)
        if cost < NEVER:
            cost += sum(OVERLAP * rect.overlap(other) for other in taken)
            cost += sum(DOT * rect.overlap(other, 0.1) for other in squares)
            own = rect.distance(dot)
            cost += FOREIGN * sum(rect.distance(other) < own + 0.2 for other in others)
            cost += CROSSING * sum(_meets(leader, other) for other in (*taken, *squares))
        found.append(_Try(cost, rect, leader))
    return sorted(found, key=lambda one: one.cost)


def _leader(dot: Point, rect: Rect) -> tuple[Rect, ...]:
    """The line from a dot to its words, as small squares."""
    end_x = min(max(dot[0], rect.left), rect.left + rect.width)
    end_y = min(max(dot[1], rect.top), rect.top + rect.height)
    return tuple(
        Rect(dot[0] + (end_x - dot[0]) * k / 6, dot[1] + (end_y - dot[1]) * k / 6, 0.1, 0.1)
        for k in range(1, 6)
    )


def _meets(leader: Sequence[Rect], other: Rect) -> bool:
    return any(step.overlap(other, 0.1) for step in leader)


def _around(dot: Point, size: Point) -> Iterable[Rect]:
    for distance in DISTANCES:
        for angle in ANGLES:
            sin, cos = math.sin(math.radians(angle)), math.cos(math.radians(angle))
            x = dot[0] + cos * distance + _side(cos) * size[0] / 2
            y = dot[1] - sin * distance - _side(sin) * size[1] / 2
            yield Rect(x, y, *size)


def _side(part: float) -> int:
    return 0 if abs(part) < 0.1 else 1 if part > 0 else -1


def _lattice(ring: Ring) -> Iterable[Point]:
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    y = min(ys) + STEP
    while y < max(ys):
        x = min(xs) + STEP
        while x < max(xs):
            if inside((x, y), ring):
                yield (x, y)
            x += STEP
        y += STEP


def _middle(ring: Ring, lattice: Sequence[Point]) -> Point:
    """The point furthest from the outline, by the lattice."""
    if not lattice:
        return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    corners = ring[::2]  # outlines are drawn in short steps: their corners stand for their lines
    return max(lattice[::2], key=lambda p: min(math.dist(p, corner) for corner in corners))
