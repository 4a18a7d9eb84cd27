"""Hotline orders by weekday and hour."""

from __future__ import annotations

from datetime import date, timedelta

from dashboard import wording
from dashboard.pages.reading import Glass
from dashboard.panels import hour_heat

RECEIVED = "hotline_received"
_DAYS = 92


def hours(glass: Glass) -> hour_heat.Hours:
    """Orders by weekday and hour over the last days of the period."""
    span = glass.want.span
    first = max(span.first, span.last - timedelta(days=_DAYS - 1))
    cells: dict[tuple[int, int], int] = {}
    unknown = 0
    for point in glass.metric(RECEIVED, first, span.last, "hour").series:
        day, _, hour = str(point.key).partition("T")
        count = int(point.value or 0)
        if not hour.isdecimal():
            unknown += count
        elif count:
            spot = (date.fromisoformat(day).weekday(), int(hour))
            cells[spot] = cells.get(spot, 0) + count
    days = f"{wording.day(first)}—{wording.day(span.last)}"
    return hour_heat.Hours(cells, unknown, days)
