"""Rows of alarms and their events: read, appended, changed one after the other.

The modules of this room use it; everybody else uses `cases.alarms`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, text, update

from cases import audit
from cases.alarm import CALLS, Alarm, Awaited
from cases.errors import NotKnown
from cases.schema import alarm_awaited, alarm_events, alarm_shelves, alarms, utc
from cases.store import Store

LONGEST_NOTE: Final = 200
_AT_ONCE: Final = 500  # numbers in one question
_LOCK: Final = 7_405_214  # any fixed number: changes of alarms take turns on PostgreSQL


@contextmanager
def changing(store: Store) -> Iterator[Connection]:
    """One change of alarms; all of them take turns, so that versions come in order."""
    with store.writing() as connection:
        if not store.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
        yield connection


def open_key(kind: str, subject: str, drill: bool) -> str:
    """What one subject has at most one open alarm by; a drill stands beside the real one."""
    return f"{'drill:' if drill else ''}{kind}:{subject}"


def write_event(connection: Connection, alarm_id: int | None, values: Mapping[str, Any]) -> int:
    """Append one event; the alarm it belongs to carries its number as version."""
    made = insert(alarm_events).values(alarm_id=alarm_id, **values).returning(alarm_events.c.id)
    number = int(connection.execute(made).scalar_one())
    if alarm_id is not None:
        call = {"called_by": number} if values["kind"] in CALLS else {}
        row = update(alarms).where(alarms.c.id == alarm_id)
        connection.execute(row.values(version=number, **call))
    return number


def audited(
    connection: Connection, event: str, subject: str, by: str, detail: Mapping[str, str]
) -> tuple[int, str]:
    """Who did what, in the audit trail of the same transaction."""
    return audit.append(connection, audit.Entry(event, subject, by, detail=detail))


def one(connection: Connection, alarm_id: int, now: datetime | None) -> Alarm:
    """One alarm with the shelf of its subject; NotKnown when there is none."""
    found = read(connection, select(alarms).where(alarms.c.id == alarm_id), now)
    if not found:
        raise NotKnown("alarm", str(alarm_id))
    return found[0]


def read(connection: Connection, query: Any, now: datetime | None) -> list[Alarm]:
    """The alarms of a query, each with the shelf of its subject and whom it waits for."""
    found = bare(connection, query, now)
    awaited = waited_for(connection, [alarm.id for alarm in found])
    return [replace(alarm, awaited=awaited.get(alarm.id, ())) for alarm in found]


def waited_for(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[Awaited, ...]]:
    """Whom each of these alarms waits for, in the plan's order."""
    c = alarm_awaited.c
    found: dict[int, tuple[Awaited, ...]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        query = (
            select(alarm_awaited)
            .where(c.alarm_id.in_(numbers[start : start + _AT_ONCE]))
            .order_by(c.alarm_id, c.kind, c.place)
        )
        for row in connection.execute(query):
            one = Awaited(row.kind, row.name, row.place, row.at, row.by_name, row.note)
            found[row.alarm_id] = (*found.get(row.alarm_id, ()), one)
    return found


def bare(connection: Connection, query: Any, now: datetime | None) -> list[Alarm]:
    """The alarms of a query, each with the shelf of its subject: all that the judge needs."""
    rows = connection.execute(query).all()
    kept = {
        (row.kind, row.subject): row
        for row in connection.execute(select(alarm_shelves))
        if now is None or row.until > utc(now)
    }
    found = []
    for row in rows:
        fields = dict(row._mapping)
        del fields["open_key"]
        shelf = kept.get((row.kind, row.subject)) if row.cleared_at is None else None
        if shelf is not None and shelf.rank <= row.rank and not row.drill:
            fields |= {
                "shelved_until": shelf.until,
                "shelved_reason": shelf.reason,
                "shelved_by": shelf.by_name,
            }
        found.append(Alarm(**fields))
    return found


def one_line(value: str, limit: int = LONGEST_NOTE) -> str:
    """What somebody typed, as one printable line of bounded length."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:limit]
