"""Which pumping stations are at work, by the last reading of each: they speak for high water."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from cases.schema import local, marks, utc
from cases.store import Store, put

_PREFIX: Final = "pump:"
_LASTS: Final = timedelta(hours=1)  # an older reading says nothing of now
_AGAIN: Final = timedelta(minutes=20)  # the same number is written so often at most


class PumpReading(NamedTuple):
    """So many pumps of a station were at work at a moment (naive local)."""

    station: str
    observed_at: datetime
    pumps_on: int


def note(store: Store, readings: Iterable[PumpReading]) -> int:
    """Keep the newest of each station where it tells anything new; how many were written."""
    newest: dict[str, PumpReading] = {}
    for each in readings:
        if each.station not in newest or each.observed_at > newest[each.station].observed_at:
            newest[each.station] = each
    if not newest:
        return 0
    with store.reading() as connection:
        known = {station: (n, at) for station, n, at in _read(connection, list(newest))}
    fresh = [each for each in newest.values() if _is_news(each, known.get(each.station))]
    if fresh:
        with store.writing() as connection:
            for each in fresh:
                values = {"value": str(each.pumps_on), "at": utc(each.observed_at)}
                put(connection, marks, {"name": _PREFIX + each.station}, values)
    return len(fresh)


def running(connection: Connection, stations: Sequence[str], at: datetime) -> int:
    """How many pumps of these stations are at work about a moment."""
    return sum(n for _, n, seen in _read(connection, stations) if abs(at - seen) <= _LASTS)


def _read(connection: Connection, stations: Sequence[str]) -> list[tuple[str, int, datetime]]:
    names = [_PREFIX + station for station in stations]
    query = select(marks.c.name, marks.c.value, marks.c.at).where(marks.c.name.in_(names))
    rows = connection.execute(query)
    return [(row.name.removeprefix(_PREFIX), int(row.value), local(row.at)) for row in rows]


def _is_news(reading: PumpReading, known: tuple[int, datetime] | None) -> bool:
    if known is None:
        return True
    number, at = known
    is_later = reading.observed_at > at
    return is_later and (reading.pumps_on != number or reading.observed_at - at >= _AGAIN)
