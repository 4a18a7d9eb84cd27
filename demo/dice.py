"""The town's dice: thrown for a purpose and a day, so that a day comes out the same every time."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from itertools import accumulate
from typing import TypeVar

from config.site import Community, Grid, load_site
from demo.plane import Point, inside
from demo.town import Town

_T = TypeVar("_T")
SPOTS = 120  # in each grid


def dice(town: Town, purpose: str, day: date) -> random.Random:
    """The dice of one purpose on one day."""
    return random.Random(f"{town.seed} {purpose} {day}")


def poisson(rng: random.Random, mean: float) -> int:
    """How many there are where `mean` are usual."""
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def weighted(rng: random.Random, table: Sequence[tuple[_T, float]]) -> _T:
    """One of the values, each as likely as the number beside it."""
    return rng.choices([value for value, _ in table], [share for _, share in table])[0]


def moment(rng: random.Random, day: date, first: int = 0, last: int = 24) -> datetime:
    """A second of this day between two full hours."""
    second = rng.randrange(first * 3600, last * 3600)
    return datetime.combine(day, time(second // 3600, second % 3600 // 60, second % 60))


def somewhere(rng: random.Random) -> tuple[Community, Grid]:
    """A grid with its community, more often where more people live."""
    grids, running, communities = _grids()
    grid = rng.choices(grids, cum_weights=running)[0]
    return communities[grid.community], grid


def spot_in(rng: random.Random, code: str) -> Point:
    """A place (longitude, latitude) inside the outline of a community or a grid."""
    return rng.choice(_spots(code))


@lru_cache(maxsize=256)
def _spots(code: str) -> list[Point]:
    """Places spread over an outline; feeling out the outline for every case would take too long."""
    ring, rng = _outlines()[code], random.Random(f"spots {code}")
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    found: list[Point] = []
    while len(found) < SPOTS:
        spot = (rng.uniform(min(xs), max(xs)), rng.uniform(min(ys), max(ys)))
        if inside(ring, spot):
            found.append((round(spot[0], 6), round(spot[1], 6)))
    return found


@lru_cache(maxsize=1)
def _grids() -> tuple[tuple[Grid, ...], tuple[float, ...], dict[str, Community]]:
    site = load_site()
    communities = {c.code: c for c in site.communities}
    count = {code: sum(g.community == code for g in site.grids) for code in communities}
    people = (communities[g.community].population / count[g.community] for g in site.grids)
    return site.grids, tuple(accumulate(people)), communities


@lru_cache(maxsize=1)
def _outlines() -> dict[str, list[Point]]:
    area = json.loads(load_site().area.read_text(encoding="utf-8"))
    return {
        feature["properties"]["code"]: [(p[0], p[1]) for p in feature["geometry"]["coordinates"][0]]
        for feature in area["features"]
        if "code" in feature["properties"]
    }
