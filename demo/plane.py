"""Plane geometry for drawing the map: cutting a region into cells, curves, room for a label."""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]


def ellipse(half_axes: Point, parts: int = 144) -> list[Point]:
    """The corners of an ellipse around the origin."""
    turns = [2 * math.pi * n / parts for n in range(parts)]
    return [(half_axes[0] * math.cos(t), half_axes[1] * math.sin(t)) for t in turns]


def cells(region: list[Point], seeds: Sequence[Point]) -> list[list[Point]]:
    """For each seed the part of a convex region that is nearer to it than to any other."""
    found = []
    for seed in seeds:
        cell = region
        for other in seeds:
            if other != seed:
                cell = _nearer_half(cell, seed, other)
        # a millimetre's grid: neighbours that were cut along the same line meet in the same points
        found.append([(round(x, 6), round(y, 6)) for x, y in cell])
    return found


def _nearer_half(cell: list[Point], seed: Point, other: Point) -> list[Point]:
    normal = (other[0] - seed[0], other[1] - seed[1])
    limit = (other[0] ** 2 + other[1] ** 2 - seed[0] ** 2 - seed[1] ** 2) / 2

    def beyond(p: Point) -> float:
        return normal[0] * p[0] + normal[1] * p[1] - limit

    kept: list[Point] = []
    for a, b in zip(cell, cell[1:] + cell[:1], strict=True):
        da, db = beyond(a), beyond(b)
        if da <= 0:
            kept.append(a)
        if (da < 0 < db) or (db < 0 < da):
            share = da / (da - db)
            kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
    return kept


def settled(
    region: list[Point], seeds: list[Point], rounds: int = 8, share: float = 0.6
) -> list[Point]:
    """Seeds moved towards the middles of their cells, so that sizes come out balanced."""
    for _ in range(rounds):
        middles = [centroid(cell) for cell in cells(region, seeds)]
        seeds = [
            (s[0] + share * (m[0] - s[0]), s[1] + share * (m[1] - s[1]))
            for s, m in zip(seeds, middles, strict=True)
        ]
    return seeds


def centroid(ring: Sequence[Point]) -> Point:
    """The middle of a ring's area."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        area += cross
        x += (x0 + x1) * cross
        y += (y0 + y1) * cross
    return x / (3 * area), y / (3 * area)


def dense(ring: Sequence[Point], step: float) -> list[Point]:
    """The ring with points every `step`; the same ones whichever way round an edge is walked."""
    full: list[Point] = []
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        parts = max(1, math.ceil(math.dist(a, b) / step - 1e-9))
        low, high = min(a, b), max(a, b)
        inner = [
            (low[0] + (high[0] - low[0]) * n / parts, low[1] + (high[1] - low[1]) * n / parts)
            for n in range(1, parts)
        ]
        full += [a, *(inner if a == low else reversed(inner))]
    return full


def spline(points: Sequence[Point], parts: int = 10) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    padded = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for n in range(parts):
            t = n / parts
            curve.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    return [*curve, points[-1]]


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )


def inside(ring: Sequence[Point], point: Point) -> bool:
    """Whether a point lies in a ring."""
    x, y = point
    odd = False
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (x1 - x0) * (y - y0) / (y1 - y0):
            odd = not odd
    return odd


def roomiest(ring: list[Point], avoid: list[Point]) -> Point:
    """Where a label twice as wide as high has the most room, away from the rivers."""
    near = [*ring, *avoid]
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    best, room = centroid(ring), -1.0
    for i in range(1, 40):
        for j in range(1, 40):
            p = (min(xs) + (max(xs) - min(xs)) * i / 40, min(ys) + (max(ys) - min(ys)) * j / 40)
            if inside(ring, p):
                free = min(((p[0] - q[0]) / 1.6) ** 2 + (p[1] - q[1]) ** 2 for q in near)
                if free > room:
                    best, room = p, free
    return best
