"""Where the map's words stand: off the seams, off the water, off each other, once per profile.

Communities come first, each inside its own outline; then the stations, which try eight directions
at several distances around their dot. A word that finds no free place takes the least bad one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.wall.terrain import Point, Ring, distance_to_line, inside

CLEAR = 0.32  # rem between words, and between a word and a seam
STEP = 0.55
DISTANCES = (1.05, 1.8, 2.7, 3.8, 5.2)


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
        high = (self.height + other.height) / 2 + clear - abs(self.y - other.y)
        return wide * high if wide > 0 and high > 0 else 0.0

    def outline(self) -> tuple[Point, ...]:
        """Points along its edges, close enough together to find what it lies on."""
        across = [self.left + self.width * k / 6 for k in range(7)]
        down = [self.top + self.height * k / 2 for k in range(3)]
        return tuple((x, y) for x in across for y in down)


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What words keep off: seams, lines of water, and the frame they stay in."""

    frame: Rect
    across: tuple[float, ...] = ()
    down: tuple[float, ...] = ()
    water: tuple[Ring, ...] = ()

    def cost(self, rect: Rect, *, water: float) -> float:
        """0 for a free place; seams and the frame cost so much that nothing else is taken."""
        cost = 0.0
        for seam in self.across:
            cost += 1000.0 * max(0.0, rect.width / 2 + CLEAR - abs(seam - rect.x))
        for seam in self.down:
            cost += 1000.0 * max(0.0, rect.height / 2 + CLEAR - abs(seam - rect.y))
        over_x = abs(rect.x - self.frame.x) + rect.width / 2 - self.frame.width / 2
        over_y = abs(rect.y - self.frame.y) + rect.height / 2 - self.frame.height / 2
        cost += 1000.0 * (max(0.0, over_x) + max(0.0, over_y))
        if cost == 0.0 and water:
            near = [p for p in rect.outline() for line in self.water if _near(p, line)]
            cost += water * len(near)
        return cost


def text_width(words: str, size: float) -> float:
    """The width of a text in rem: a Han glyph is 1 em, a figure 0.56 em, a point 0.28 em."""
    ems = {".": 0.28, " ": 0.23, "·": 0.5}
    return size * sum(ems.get(c, 0.56 if c.isascii() else 1.0) for c in words)


def place_in(
    ring: Ring, size: Point, obstacles: Obstacles, taken: Sequence[Rect], keep: Sequence[Point]
) -> Rect:
    """The place for a community's words: inside its outline, as near its middle as is free."""
    middle = _middle(ring)
    best: tuple[float, Rect] | None = None
    for point in _lattice(ring):
        rect = Rect(point[0], point[1], *size)
        outside = sum(not inside(corner, ring) for corner in rect.outline())
        cost = 14.0 * outside + obstacles.cost(rect, water=6.0)
        cost += sum(60 * rect.overlap(other) for other in taken)
        cost += sum(30 * rect.overlap(Rect(*dot, 1.3, 1.3)) for dot in keep)
        cost += 0.9 * math.dist(point, middle)
        if best is None or cost < best[0]:
            best = cost, rect
    return best[1] if best else Rect(middle[0], middle[1], *size)


def place_beside(
    dot: Point, size: Point, obstacles: Obstacles, taken: Sequence[Rect], dots: Iterable[Point]
) -> Rect:
    """The place for a station's words: around its dot, free of everything placed before."""
    others = [Rect(x, y, 1.1, 1.1) for x, y in dots]
    best: tuple[float, Rect] | None = None
    for number, rect in enumerate(_around(dot, size)):
        cost = obstacles.cost(rect, water=0.35)
        cost += sum(60 * rect.overlap(other) for other in taken)
        cost += sum(25 * rect.overlap(other, 0.1) for other in others)
        cost += 0.28 * number / 8
        if best is None or cost < best[0]:
            best = cost, rect
    assert best is not None
    return best[1]


def _around(dot: Point, size: Point) -> Iterable[Rect]:
    for distance in DISTANCES:
        for angle in (0, 180, 40, -40, 140, -140, 90, -90):
            sin, cos = math.sin(math.radians(angle)), math.cos(math.radians(angle))
            x = dot[0] + cos * (distance + (size[0] / 2 if abs(cos) > 0.1 else 0.0))
            y = dot[1] - sin * (distance + (size[1] / 2 if abs(sin) > 0.9 else 0.0))
            yield Rect(x, y, *size)


def _near(point: Point, line: Ring) -> bool:
    return distance_to_line(point, line) < 0.45


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


def _middle(ring: Ring) -> Point:
    """The point furthest from the outline, by the lattice."""
    closed = (*ring, ring[0])
    points = list(_lattice(ring))
    if not points:
        return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    return max(points, key=lambda p: distance_to_line(p, closed))
