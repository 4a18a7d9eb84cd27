"""Signs of life of long-running processes: a process cannot tell its own death, others can.

Counted in real time: a demo town's clock may run sixty times as fast.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import select

from cases.schema import marks
from cases.store import Store, put, real_now

EVERY: Final = timedelta(seconds=10)
MISSING_AFTER: Final = timedelta(seconds=30)  # found by whoever looks every few seconds: in time
ETL, CASES = "etl", "cases"
WATCHED: Final = (ETL, CASES)  # processes whose silence is told
_PREFIX: Final = "heartbeat:"


class Beat(NamedTuple):
    """The last sign of life of a process, and since when it runs."""

    at: datetime
    since: datetime


def beat(store: Store, process: str, since: datetime) -> None:
    """This process lives."""
    values = {"value": since.isoformat(), "at": real_now()}
    with store.writing() as connection:
        put(connection, marks, {"name": _PREFIX + process}, values)


def last(store: Store, process: str) -> Beat | None:
    """The last sign of life; None of a process that never ran here."""
    query = select(marks.c.value, marks.c.at).where(marks.c.name == _PREFIX + process)
    with store.reading() as connection:
        row = connection.execute(query).first()
    return None if row is None else Beat(row.at, datetime.fromisoformat(row.value))


def is_missing(beat: Beat) -> bool:
    """Whether a process has given no sign for too long."""
    return real_now() - beat.at > MISSING_AFTER
