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
from itertools import pairwise
from pathlib import Path
from typing import Any

from config.site import Site, load_site
from demo.plane import Point, cells, centroid, dense, ellipse, roomiest, settled, spline

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
    rim = ellipse(HALF_AXES)
    shapes = cells(rim, settled(rim, list(PLACES.values())))
    rivers = {name: _bent(spline(points)) for name, points in RIVERS.items()}
    ponds = {name: _bent(_blob(name, *place)) for name, place in PONDS.items()}
    waters = [p for line in (*rivers.values(), *ponds.values()) for p in line]
    features = [_lake()]
    for name, cell in zip(PLACES, shapes, strict=True):
        outline = _bent(dense(cell, STEP_KM))
        label = roomiest(outline, waters)
        extra = {"code": codes[name], "label": _degrees(label)}
        features.append(_feature("community", name, [outline], extra))
    features += [_feature("river", name, line, {}) for name, line in rivers.items()]
    features += [_feature("pond", name, [ring], {}) for name, ring in ponds.items()]
    for name, cell in zip(PLACES, shapes, strict=True):
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
    line = _bent(spline(RIVERS[name]))
    steps = [math.dist(a, b) for a, b in pairwise(line)]
    wanted = share * sum(steps)
    reached = 0
    while reached < len(steps) and wanted > steps[reached]:
        wanted -= steps[reached]
        reached += 1
    lng, lat = _degrees(line[reached])
    return lng, lat


def _lake() -> dict[str, Any]:
    """石臼湖: the rim itself is its inner shore, a spline its outer one."""
    start, end = LAKE_ARC
    rim = ellipse(HALF_AXES)
    shore = [p for p in rim if start <= math.degrees(math.atan2(p[1], p[0])) % 360 <= end]
    outer = spline((shore[0], *LAKE, shore[-1]))[1:-1]
    ring = dense([*shore, *reversed(outer)], STEP_KM)
    label = roomiest(_bent(ring), [])
    return _feature("lake", "石臼湖", [_bent(ring)], {"label": _degrees(label)})


def _grids(site: Site, community: str, cell: list[Point]) -> list[dict[str, Any]]:
    grids = [g for g in site.grids if g.community == community]
    rng = random.Random(f"{SEED} grids {community}")
    middle = centroid(cell)
    seeds = [
        (middle[0] + 1.2 * (rng.random() - 0.5), middle[1] + 1.2 * (rng.random() - 0.5))
        for _ in grids
    ]
    seeds = settled(cell, seeds, rounds=12, share=1.0)
    seeds.sort(key=lambda p: (-round(p[1], 1), p[0]))
    shapes = cells(cell, seeds)
    return [
        _feature(
            "grid",
            grid.name,
            [_bent(dense(shape, STEP_KM))],
            {"code": grid.code, "community": community, "label": _degrees(_bent([seed])[0])},
        )
        for grid, shape, seed in zip(grids, shapes, seeds, strict=True)
    ]


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


def _blob(name: str, middle: Point, radius: float) -> list[Point]:
    rng = random.Random(f"{SEED} pond {name}")
    waves = [(k, 0.16 * rng.random(), 2 * math.pi * rng.random()) for k in (2, 3, 4)]
    ring = []
    for n in range(36):
        turn = 2 * math.pi * n / 36
        reach = radius * (1 + sum(a * math.sin(k * turn + p) for k, a, p in waves))
        ring.append((middle[0] + 1.25 * reach * math.cos(turn), middle[1] + reach * math.sin(turn)))
    return ring


# ------------------------------------------------------------------ output
def _degrees(point: Point) -> list[float]:
    return [
        round(CENTRE[0] + point[0] / KM_PER_DEGREE[0], 5),
        round(CENTRE[1] + point[1] / KM_PER_DEGREE[1], 5),
    ]


def _feature(kind: str, name: str, shape: Sequence[Any], extra: dict[str, Any]) -> dict[str, Any]:
    """One GeoJSON feature; a ring list makes a polygon, a list of points a line."""
    properties = {"kind": kind, "name": name, **extra, "schematic": True}
    geometry: dict[str, Any]
    if kind == "river":
        geometry = {"type": "LineString", "coordinates": [_degrees(p) for p in shape]}
    else:
        rings = [[_degrees(p) for p in [*ring, ring[0]]] for ring in shape]
        geometry = {"type": "Polygon", "coordinates": rings}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
