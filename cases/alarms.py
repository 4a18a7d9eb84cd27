"""Alarms: what is on, what happened to each, and what people may do with them, by name.

Every change is an event row in the same transaction, so that an alarm can be replayed as it went.
Nothing here takes an alarm away: what was called false, shelved or ended stays, and is shown so.
The words and states stand in `cases/alarm.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from cases import audit
from cases.alarm import ACKNOWLEDGED, DRAWN, FALSE_ALARM, MACHINE, PENDING, RAISED, Alarm, Event
from cases.alarm_rows import audited, changing, one, one_line, read, write_event
from cases.errors import NotAllowed
from cases.schema import alarm_events, alarms, utc
from cases.shelves import shelve, shelves, unshelve
from cases.store import Store
from cases.transitions import PERSON

__all__ = [
    "acknowledge",
    "alarm",
    "drills_over",
    "events",
    "mark_false",
    "note_drawn",
    "open_alarms",
    "recent",
    "shelve",
    "shelves",
    "unshelve",
    "version",
]  # fmt: skip


def version(store: Store) -> int:
    """A number that is another one after each change; cheap enough to be asked ten times a second.

    The end of a shelf or of a drill is an event too, written by whoever watches.
    """
    with store.reading() as connection:
        return connection.scalar(select(func.max(alarm_events.c.id))) or 0


def open_alarms(store: Store, now: datetime) -> list[Alarm]:
    """What is on, the worst first: raised before acknowledged before the silent ones, then by rank
    and by age, the newest first. Pending, false and shelved ones are among them and say so."""
    query = select(alarms).where(
        alarms.c.open_key.is_not(None), alarms.c.until.is_(None) | (alarms.c.until > utc(now))
    )
    with store.reading() as connection:
        return sorted(read(connection, query, now), key=_order)


def drills_over(store: Store, now: datetime) -> list[Alarm]:
    """Drills whose time has come and whose end nobody has written yet."""
    query = select(alarms).where(alarms.c.open_key.is_not(None), alarms.c.until <= utc(now))
    with store.reading() as connection:
        return read(connection, query, now)


def recent(store: Store, now: datetime, since: datetime, limit: int = 200) -> list[Alarm]:
    """Alarms that are on or were since a moment, the newest first."""
    query = (
        select(alarms)
        .where(alarms.c.open_key.is_not(None) | (alarms.c.cleared_at >= utc(since)))
        .order_by(alarms.c.first_at.desc(), alarms.c.id.desc())
        .limit(limit)
    )
    with store.reading() as connection:
        return read(connection, query, now)


def alarm(store: Store, alarm_id: int, now: datetime | None = None) -> Alarm:
    """One alarm, over or not; NotKnown when there is none."""
    with store.reading() as connection:
        return one(connection, alarm_id, now)


def events(store: Store, alarm_id: int) -> list[Event]:
    """What happened to an alarm, in order."""
    query = (
        select(alarm_events).where(alarm_events.c.alarm_id == alarm_id).order_by(alarm_events.c.id)
    )
    with store.reading() as connection:
        return [Event(**row._mapping) for row in connection.execute(query)]


def acknowledge(store: Store, alarm_id: int, by: str, now: datetime) -> Alarm:
    """Somebody has taken notice, by name; a second one changes nothing and is told who was first.

    The alarm that comes back says who acknowledged it.
    """
    stamps = {"acknowledged_at": utc(now), "acknowledged_by": one_line(by, 64)}
    return _by_hand(store, alarm_id, _Press("acknowledge", ACKNOWLEDGED, by, now, stamps=stamps))


def mark_false(store: Store, alarm_id: int, by: str, note: str, now: datetime) -> Alarm:
    """It was none, by name and with a reason; silent from now on until it is over or rises."""
    return _by_hand(store, alarm_id, _Press("mark_false", FALSE_ALARM, by, now, note))


def note_drawn(store: Store, alarm_id: int, rank: int, now: datetime) -> bool:
    """A window of the wall shows it in this rank; only the first one is written down.

    The delay is counted from the event that raised it or its rank.
    """
    c = alarm_events.c
    query = select(alarm_events).where(c.alarm_id == alarm_id).order_by(c.id.desc())
    with changing(store) as connection:
        for row in connection.execute(query):
            if row.kind == DRAWN and row.rank == rank:
                return False
            if row.kind in {RAISED, "rank_up"}:
                break
        else:
            return False
        event = {
            "about": row.about,
            "subject": row.subject,
            "at": utc(now),
            "kind": DRAWN,
            "rank": rank,
            "delay_ms": max(0, round((utc(now) - row.at).total_seconds() * 1000)),
        }
        write_event(connection, alarm_id, event)
    return True


@dataclass(frozen=True, slots=True)
class _Press:
    """What somebody did at a desk: the move, its event, by whom, when, why, what it stamps."""

    move: str
    event: str
    by: str
    now: datetime
    note: str = ""
    stamps: Mapping[str, Any] = field(default_factory=dict)


def _by_hand(store: Store, alarm_id: int, press: _Press) -> Alarm:
    by, note = one_line(press.by, 64), one_line(press.note)
    with changing(store) as connection:
        known = one(connection, alarm_id, press.now)
        if not known.is_on:
            raise NotAllowed("报警", "已解除，不能再改", "未解除的报警")
        state = MACHINE.after(known.state, press.move, by=PERSON, who=by, note=note)
        if state is None:
            return known
        values = {"state": state, **press.stamps}
        connection.execute(update(alarms).where(alarms.c.id == alarm_id).values(**values))
        event = {
            "about": known.kind,
            "subject": known.subject,
            "at": utc(press.now),
            "kind": press.event,
            "by_name": by,
            "note": note,
            "rank": known.rank,
            "value": known.value,
        }
        write_event(connection, alarm_id, event)
        detail = {"kind": known.kind, "subject": known.subject, "note": note}
        head = audited(connection, f"alarm.{press.move}", str(alarm_id), by, detail)
        changed = one(connection, alarm_id, press.now)
    audit.note_head(store, *head)
    return changed


def _order(one: Alarm) -> tuple[int, int, float, int]:
    place = {RAISED: 0, ACKNOWLEDGED: 1, PENDING: 2}.get(one.state, 3)
    if one.shelved_until is not None:
        place = 4
    since = one.raised_at or one.first_at
    return place, one.rank, -since.timestamp(), -one.id
