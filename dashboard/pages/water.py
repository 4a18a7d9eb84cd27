"""Gauges as the pages read them: the latest of every station with its rank, a curve of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dashboard.pages.reading import Glass
from dashboard.pages.watched import until
from dashboard.panels import gauge_curve
from dashboard.wall.water import Limits, StationNow, by_urgency, rank_of

HEADS = ("时间", "水位 m", "雨量 mm")  # of a curve told as a table
SPANS = {
    "24h": (timedelta(hours=24), 5),
    "7d": (timedelta(days=7), 30),
    "30d": (timedelta(days=30), 120),
}


def stations(glass: Glass) -> list[StationNow]:
    """Every station as last heard, the most urgent first."""
    found: list[StationNow] = glass.once("stations", lambda: _stations(glass))
    return found


def _stations(glass: Glass) -> list[StationNow]:
    feed = glass.feed("gauge")
    limit = feed.limit if feed and feed.limit else timedelta(hours=1)
    known = glass.data.thresholds
    found = by_urgency(
        _station(row, glass.at, limit, known.near_margin(known.station(str(row["station"]))))
        for row in glass.query("gauge_latest")
    )
    for one in found:
        if not one.silent and one.observed_at is not None:  # it falls silent by the clock alone
            until(one.observed_at + limit + timedelta(microseconds=1))
    return found


def _station(row: Mapping[str, Any], now: datetime, limit: timedelta, margin: float) -> StationNow:
    limits = Limits(row["patrol"], row["warning"], row["guarantee"], row["record"])
    at = row["observed_at"]
    silent = at is None or now - at > limit
    return StationNow(
        code=str(row["station"]),
        name=str(row["name"]),
        level_m=row["level_m"],
        observed_at=at,
        rise_m=row["rise_1h_m"],
        limits=limits,
        rank=None if silent else rank_of(row["level_m"], limits, margin),
        rain_1h_mm=row["rain_1h_mm"],
        rain_24h_mm=row["rain_24h_mm"],
        silent=silent,
    )


def curve(glass: Glass, station: StationNow, span: str, *, small: bool = False) -> Any:
    """The figure of one station's level over a span of time up to now."""
    length, step = SPANS[span]
    until, since = glass.now, glass.now - length
    rows = glass.query(
        "gauge_series", station=station.code, since=since, until=until, step_min=step
    )
    return gauge_curve.figure(
        gauge_curve.Curve(
            times=[row["observed_at"] for row in rows],
            levels=[row["level_m"] for row in rows],
            rain=[row["rain_mm"] for row in rows],
            limits=station.limits.by_rank(),
            step=timedelta(minutes=step),
            begin=since,
            end=until,
            small=small,
        )
    )


def next_limit(station: StationNow) -> tuple[int, float] | None:
    """The limit above the present level, by rank, with its metres."""
    if station.level_m is None:
        return None
    above = [
        (rank, metres)
        for rank, metres in station.limits.by_rank().items()
        if metres > station.level_m
    ]
    return min(above, key=lambda one: one[1]) if above else None


def hours_to(station: StationNow) -> tuple[int, float] | None:
    """How many hours to the next limit at the rise of the last hour; None when it does not rise.

    None of a silent station too: what it did before it fell silent says nothing of what comes.
    """
    limit = next_limit(station)
    if (
        station.silent
        or limit is None
        or station.level_m is None
        or not station.rise_m
        or station.rise_m < 0.005
    ):
        return None
    return limit[0], (limit[1] - station.level_m) / station.rise_m
