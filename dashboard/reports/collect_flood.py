"""Water, rain and weather of a week."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from config.thresholds import Station, Thresholds
from dashboard.reports.figures import Flood, Gauge, WeatherWarning
from dashboard.reports.reading import Reading, Span

_CANCELLED = ("解除", "失效", "取消")


def collect_flood(reading: Reading, span: Span, thresholds: Thresholds) -> Flood:
    """Everything the issue says of water and weather."""
    start = datetime.combine(span.now.first, time(0))
    words = {"from_at": start, "until_at": span.until}
    measured = {row["station"]: row for row in reading.table("report_gauge", **words)}
    gauges = tuple(
        _gauge(station, measured.get(station.code, {}), thresholds, span, lead=place == 0)
        for place, station in enumerate(thresholds.stations)
    )
    weather = (reading.table("report_weather", **words) or [{}])[0]
    warnings = reading.table("report_warning", **words)
    return Flood(
        gauges=gauges,
        over_warning=reading.count("gauge_over_warning", span),
        near_margin=thresholds.near_margin_m,
        datum="、".join(dict.fromkeys(station.datum for station in thresholds.stations)),
        warnings=tuple(_warning(row, span.until) for row in warnings),
        warm=weather.get("warm_c"),
        cold=weather.get("cold_c"),
    )


def _gauge(
    station: Station, row: dict[str, Any], thresholds: Thresholds, span: Span, *, lead: bool
) -> Gauge:
    levels = thresholds.levels_at(station.code, span.now.last)
    return Gauge(
        name=station.name,
        river=station.river,
        highest=row.get("highest_m"),
        highest_at=row.get("highest_at"),
        lowest=row.get("lowest_m"),
        last=row.get("last_m"),
        last_at=row.get("last_at"),
        start=row.get("start_m"),
        patrol=levels.patrol if levels else None,
        warning=levels.warning if levels else None,
        guarantee=levels.guarantee if levels else None,
        rain=row.get("rain_mm"),
        lead=lead,
    )


def _warning(row: dict[str, Any], until: datetime) -> WeatherWarning:
    ends_at = row["ends_at"]
    ended = (ends_at is not None and ends_at <= until) or (
        ends_at is None and any(word in (row["state"] or "") for word in _CANCELLED)
    )
    return WeatherWarning(row["kind"], row["level"], row["issued_at"], ends_at, not ended)
