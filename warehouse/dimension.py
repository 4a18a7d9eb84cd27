"""The site's own facts as small tables in core: places, units, classes, stations, workdays."""

import hashlib
import json
from collections.abc import Mapping, Set
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from config.platforms import Platform, load_platforms
from config.site import Site, load_site
from config.thresholds import Thresholds, load_thresholds
from config.workdays import load_calendar

Rows = list[tuple[Any, ...]]

SHAPES: Final[Mapping[str, str]] = {
    "dim_community": "code VARCHAR, name VARCHAR, kind VARCHAR, population BIGINT",
    "dim_grid": "code VARCHAR, name VARCHAR, community VARCHAR",
    "dim_unit": "name VARCHAR, kind VARCHAR",
    "dim_unit_alias": "alias VARCHAR, name VARCHAR",
    "dim_class": "domain VARCHAR, code VARCHAR, name VARCHAR, level INTEGER",
    "dim_station": (
        "code VARCHAR, name VARCHAR, river VARCHAR, kind VARCHAR, lng DOUBLE, lat DOUBLE,"
        " community VARCHAR, datum VARCHAR"
    ),
    "dim_level": (
        "station VARCHAR, valid_from DATE, valid_until DATE, patrol DOUBLE, warning DOUBLE,"
        " guarantee DOUBLE, record DOUBLE"
    ),
    "dim_workday": "day DATE, is_workday BOOLEAN, ordinal INTEGER",
    "dim_platform": (
        "key VARCHAR, name VARCHAR, short VARCHAR, source VARCHAR, every_s BIGINT,"
        " stale_after_s BIGINT, demo BOOLEAN, enabled BOOLEAN"
    ),
}
# Fixed ends: the table must not depend on the day it was written.
_FIRST, _LAST = date(2005, 1, 1), date(2040, 12, 31)


def load_dimensions() -> dict[str, Rows]:
    """All dimensions as the site's configuration says now."""
    return dimensions(load_site(), load_thresholds(), load_platforms())


def dimensions(
    site: Site, thresholds: Thresholds, platforms: Mapping[str, Platform]
) -> dict[str, Rows]:
    """The rows of every dimension table."""
    calendar = load_calendar()
    return {
        "dim_community": [(c.code, c.name, c.kind, c.population) for c in site.communities],
        "dim_grid": [(g.code, g.name, g.community) for g in site.grids],
        "dim_unit": [(u.name, u.kind) for u in site.units],
        "dim_unit_alias": [(alias, u.name) for u in site.units for alias in u.also],
        "dim_class": [
            (domain, c.code, c.name, _level(c.code, codes))
            for domain, classes in (
                ("hotline", site.hotline_classes),
                ("mediation", site.dispute_types),
                ("grid", site.grid_classes),
                ("urban", site.urban_classes),
            )
            for codes in ({each.code for each in classes},)
            for c in classes
        ],
        "dim_station": [
            (s.code, s.name, s.river, s.kind, s.lng, s.lat, s.community, s.datum)
            for s in thresholds.stations
        ],
        "dim_level": _levels(thresholds),
        "dim_workday": _workdays(frozenset(calendar.off), calendar.worked),
        "dim_platform": [
            (
                p.key,
                p.name,
                p.short,
                p.source,
                int(p.every.total_seconds()),
                int(p.stale_after.total_seconds()),
                p.demo,
                p.enabled,
            )
            for p in platforms.values()
        ],
    }


def fingerprint(rows: Rows) -> str:
    """A short word that changes when the rows of a dimension do."""
    return _mark(tuple(rows))


@lru_cache(maxsize=32)
def _mark(rows: tuple[tuple[Any, ...], ...]) -> str:
    """The same, once for the thousands of days that are the same at every opening."""
    text = json.dumps(rows, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _level(code: str, codes: Set[str]) -> int:
    """How deep a class lies: itself and every class whose code its own begins with."""
    return sum(code[:end] in codes for end in range(1, len(code) + 1))


def _levels(thresholds: Thresholds) -> Rows:
    rows: Rows = []
    for station in thresholds.stations:
        ends = [level.valid_from for level in station.levels[1:]] + [None]
        rows += [
            (
                station.code,
                level.valid_from,
                until,
                level.patrol,
                level.warning,
                level.guarantee,
                level.record,
            )
            for level, until in zip(station.levels, ends, strict=True)
        ]
    return rows


@lru_cache(maxsize=4)
def _workdays(off: frozenset[date], worked: frozenset[date]) -> Rows:
    """Every day with the number of workdays since the first one, so that a difference counts."""
    rows: Rows = []
    ordinal = 0
    day = _FIRST
    while day <= _LAST:
        works = day in worked or (day.weekday() < 5 and day not in off)
        ordinal += works
        rows.append((day, works, ordinal))
        day += timedelta(days=1)
    return rows
