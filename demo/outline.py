"""The town's map, drawn by the program: outlines, grids, a river, a lake; all of it schematic.

Cells are cut from an ellipse with straight cuts, in kilometres around the town's middle, then one
smooth, seeded warp bends everything alike. Neighbours were cut along the same line, so after the
warp they still share every vertex, and the river keeps to its side.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config.site import Site, load_site

Point = tuple[float, float]

SEED = 6
CENTRE = (119.00, 31.55)
KM_PER_DEGREE = (94.87, 110.87)  # at this latitude, east and north
HALF_AXES = (6.95, 5.05)
STEP_KM = 0.12

# where each community lies before the warp, kilometres east and north of the middle
PLACES: dict[str, Point] = {
    "松涧村": (-3.7, 3.2),
    "梅岗社区": (-0.7, 3.6),
    "桑榆村": (2.6, 3.3),
    "禾丰村": (-5.2, 0.9),
    "清泉社区": (-1.9, 1.0),
    "兰台社区": (1.5, 0.8),
    "丰乐社区": (5.0, 1.4),
    "渔浦村": (-4.4, -1.9),
    "苇荡社区": (-1.4, -1.6),
    "春和社区": (1.7, -1.9),
    "仙桥社区": (4.7, -1.7),
    "鹭汀社区": (0.1, -4.1),
}
RIVERS: dict[str, tuple[Point, ...]] = {
    "胭脂河": (
        (1.2, 5.5),
        (0.95, 4.6),
        (0.6, 3.6),
        (0.95, 2.3),
        (0.2, 1.2),
        (-0.1, 0.0),
        (0.35, -1.2),
        (0.0, -2.2),
        (-0.9, -2.9),
        (-2.1, -3.15),
        (-3.1, -3.75),
        (-3.9, -4.6),
    ),
    "梅溪": ((4.3, 2.6), (3.8, 2.2), (3.2, 2.05), (2.3, 1.9), (1.5, 2.0), (0.8, 1.95)),
}
LAKE = (
    (-7.15, -1.15),
    (-8.3, -1.7),
    (-8.95, -3.0),
    (-8.6, -4.5),
    (-7.2, -5.6),
    (-5.2, -6.05),
    (-3.5, -5.75),
    (-2.75, -5.1),
)
LAKE_ARC = (195.0, 245.0)  # degrees of the ellipse that are its shore
PONDS: dict[str, tuple[Point, float]] = {
    "荷叶塘": ((4.45, 2.65), 0.38),
    "松涧水库": ((-3.3, 3.55), 0.34),
    "三岔塘": ((2.9, -3.5), 0.32),
}


def draw(site: Site | None = None) -> dict[str, Any]:
    """The whole map as GeoJSON in WGS-84, five decimals, the same on every run."""
    site = site or load_site()
    codes = {c.name: c.code for c in site.communities}
    rim = _ellipse(HALF_AXES)
    cells = _cells(rim, _settled(rim, list(PLACES.values())))
    rivers = {name: _bent(_spline(points)) for name, points in RIVERS.items()}
    ponds = {name: _bent(_blob(name, *place)) for name, place in PONDS.items()}
    waters = [p for line in (*rivers.values(), *ponds.values()) for p in line]
    features = [_lake()]
    for name, cell in zip(PLACES, cells, strict=True):
        outline = _bent(_dense(cell))
        label = _roomiest(outline, waters)
        extra = {"code": codes[name], "label": _degrees(label)}
        features.append(_feature("community", name, [outline], extra))
    features += [_feature("river", name, line, {}) for name, line in rivers.items()]
    features += [_feature("pond", name, [ring], {}) for name, ring in ponds.items()]
    for name, cell in zip(PLACES, cells, strict=True):
        features += _grids(site, codes[name], cell)
    return {"type": "FeatureCollection", "features": features}


def text(area: dict[str, Any]) -> str:
    """The file's text: one feature a line, so that a change reads well in a diff."""
    lines = ",\n".join(
        json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in area["features"]
    )
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def write(path: Path) -> None:
    """Draw the map into this file."""
    part = path.with_suffix(".part")
    part.write_text(text(draw()), encoding="utf-8")
    part.replace(path)


def on_river(name: str, share: float) -> Point:
    """The place (longitude, latitude) at this share of a river's length, for setting a gauge."""
    line = _bent(_spline(RIVERS[name]))
    steps = [math.dist(a, b) for a, b in zip(line, line[1:], strict=False)]
    wanted = share * sum(steps)
    for point, step in zip(line, steps, strict=False):
        if wanted <= step:
            break
        wanted -= step
    lng, lat = _degrees(point)
    return lng, lat


def _lake() -> dict[str, Any]:
    """石臼湖: the rim itself is its inner shore, a spline its outer one."""
    start, end = LAKE_ARC
    rim = _ellipse(HALF_AXES)
    shore = [p for p in rim if start <= math.degrees(math.atan2(p[1], p[0])) % 360 <= end]
    outer = _spline((shore[0], *LAKE, shore[-1]))[1:-1]
    ring = _dense([*shore, *reversed(outer)])
    label = _roomiest(_bent(ring), [])
    return _feature("lake", "石臼湖", [_bent(ring)], {"label": _degrees(label)})


def _grids(site: Site, community: str, cell: list[Point]) -> list[dict[str, Any]]:
    grids = [g for g in site.grids if g.community == community]
    rng = random.Random(f"{SEED} grids {community}")
    middle = _centroid(cell)
    seeds = [
        (middle[0] + 1.2 * (rng.random() - 0.5), middle[1] + 1.2 * (rng.random() - 0.5))
        for _ in grids
    ]
    seeds = _settled(cell, seeds, rounds=12, share=1.0)
    seeds.sort(key=lambda p: (-round(p[1], 1), p[0]))
    shapes = _cells(cell, seeds)
    return [
        _feature(
            "grid",
            grid.name,
            [_bent(_dense(shape))],
            {"code": grid.code, "community": community, "label": _degrees(_bent([seed])[0])},
        )
        for grid, shape, seed in zip(grids, shapes, seeds, strict=True)
    ]


# ------------------------------------------------------------------ cutting
def _ellipse(half_axes: Point, parts: int = 144) -> list[Point]:
    turns = [2 * math.pi * n / parts for n in range(parts)]
    return [(half_axes[0] * math.cos(t), half_axes[1] * math.sin(t)) for t in turns]


def _cells(region: list[Point], seeds: Sequence[Point]) -> list[list[Point]]:
    """For each seed the part of a convex region that is nearer to it than to any other."""
    cells = []
    for seed in seeds:
        cell = region
        for other in seeds:
            if other != seed:
                cell = _nearer_half(cell, seed, other)
        cells.append(cell)
    return cells


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


def _settled(
    region: list[Point], seeds: list[Point], rounds: int = 8, share: float = 0.6
) -> list[Point]:
    """Seeds moved towards the middles of their cells, so that sizes come out balanced."""
    for _ in range(rounds):
        middles = [_centroid(cell) for cell in _cells(region, seeds)]
        seeds = [
            (s[0] + share * (m[0] - s[0]), s[1] + share * (m[1] - s[1]))
            for s, m in zip(seeds, middles, strict=True)
        ]
    return seeds


def _centroid(ring: Sequence[Point]) -> Point:
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        area += cross
        x += (x0 + x1) * cross
        y += (y0 + y1) * cross
    return x / (3 * area), y / (3 * area)


# ------------------------------------------------------------------ bending
def _waves() -> list[tuple[float, float, float, float, float]]:
    """The warp: per wave its amplitude east and north, its direction and phase."""
    rng = random.Random(f"{SEED} warp")
    waves = []
    for length, height in ((9.0, 0.25), (5.2, 0.17), (2.7, 0.11), (1.5, 0.065), (0.8, 0.03)):
        for _ in range(3):
            turn, phase = 2 * math.pi * rng.random(), 2 * math.pi * rng.random()
            aim = 2 * math.pi * rng.random()
            k = 2 * math.pi / (length * (0.8 + 0.4 * rng.random()))
            waves.append(
                (height * math.cos(aim), height * math.sin(aim), k * math.cos(turn),
                 k * math.sin(turn), phase)
            )  # fmt: skip
    return waves


_WAVES = _waves()


def _bent(points: Sequence[Point]) -> list[Point]:
    bent = []
    for x, y in points:
        east = north = 0.0
        for ax, ay, kx, ky, phase in _WAVES:
            swing = math.sin(kx * x + ky * y + phase)
            east += ax * swing
            north += ay * swing
        bent.append((x + east, y + north))
    return bent


def _dense(ring: Sequence[Point]) -> list[Point]:
    """The ring with points every STEP_KM; the same ones whichever way round an edge is walked."""
    dense: list[Point] = []
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        parts = max(1, math.ceil(math.dist(a, b) / STEP_KM - 1e-9))
        low, high = min(a, b), max(a, b)
        inner = [
            (low[0] + (high[0] - low[0]) * n / parts, low[1] + (high[1] - low[1]) * n / parts)
            for n in range(1, parts)
        ]
        dense += [a, *(inner if a == low else reversed(inner))]
    return dense


def _spline(points: Sequence[Point], parts: int = 10) -> list[Point]:
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


def _blob(name: str, middle: Point, radius: float) -> list[Point]:
    rng = random.Random(f"{SEED} pond {name}")
    waves = [(k, 0.16 * rng.random(), 2 * math.pi * rng.random()) for k in (2, 3, 4)]
    ring = []
    for n in range(36):
        turn = 2 * math.pi * n / 36
        reach = radius * (1 + sum(a * math.sin(k * turn + p) for k, a, p in waves))
        ring.append(
            (middle[0] + 1.25 * reach * math.cos(turn), middle[1] + reach * math.sin(turn))
        )
    return ring


# ------------------------------------------------------------------ labels and output
def inside(ring: Sequence[Point], point: Point) -> bool:
    """Whether a point lies in a ring."""
    x, y = point
    odd = False
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (x1 - x0) * (y - y0) / (y1 - y0):
            odd = not odd
    return odd


def _roomiest(ring: list[Point], avoid: list[Point]) -> Point:
    """Where a label twice as wide as high has the most room, away from the rivers."""
    near = [*ring, *avoid]
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    best, room = _centroid(ring), -1.0
    for i in range(1, 40):
        for j in range(1, 40):
            p = (min(xs) + (max(xs) - min(xs)) * i / 40, min(ys) + (max(ys) - min(ys)) * j / 40)
            if inside(ring, p):
                free = min(((p[0] - q[0]) / 1.6) ** 2 + (p[1] - q[1]) ** 2 for q in near)
                if free > room:
                    best, room = p, free
    return best


def _degrees(point: Point) -> list[float]:
    return [
        round(CENTRE[0] + point[0] / KM_PER_DEGREE[0], 5),
        round(CENTRE[1] + point[1] / KM_PER_DEGREE[1], 5),
    ]


def _feature(
    kind: str, name: str, shape: Sequence[Any], extra: dict[str, Any]
) -> dict[str, Any]:
    """One GeoJSON feature; a ring list makes a polygon, a list of points a line."""
    properties = {"kind": kind, "name": name, **extra, "schematic": True}
    geometry: dict[str, Any]
    if kind == "river":
        geometry = {"type": "LineString", "coordinates": [_degrees(p) for p in shape]}
    else:
        rings = [[_degrees(p) for p in [*ring, ring[0]]] for ring in shape]
        geometry = {"type": "Polygon", "coordinates": rings}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
