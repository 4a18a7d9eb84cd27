"""Alarms: what is on, what happened to each, and what people may do with them, by name.

Every change is an event row in the same transaction, so that an alarm can be replayed as it went.
Nothing here takes an alarm away: what was called false, shelved or ended stays, and is shown so.
The words and states stand in `cases/alarm.py`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from cases.alarm import ACKNOWLEDGED, DRAWN, PENDING, RAISED, Alarm, Event
from cases.alarm_rows import changing, one, read, write_event
from cases.by_hand import acknowledge, answer, mark_false, refuse_false, send_team
from cases.schema import alarm_events, alarms, utc
from cases.shelves import shelve, shelves, unshelve
from cases.store import Store

__all__ = [
    "acknowledge",
    "alarm",
    "answer",
    "drills_over",
    "ended",
    "events",
    "mark_false",
    "note_drawn",
    "open_alarms",
    "recent",
    "refuse_false",
    "send_team",
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
    """What is on, the worst first: real ones before drills, raised before acknowledged before the
    silent ones, then by rank and by age, the newest first. Pending, false and shelved ones are
    among them and say so."""
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


def ended(store: Store, since: datetime) -> list[Alarm]:
    """What ended since a moment, the newest first."""
    query = (
        select(alarms)
        .where(alarms.c.open_key.is_(None), alarms.c.cleared_at >= utc(since))
        .order_by(alarms.c.cleared_at.desc(), alarms.c.id.desc())
    )
    with store.reading() as connection:
        return read(connection, query, None)


def recent(store: Store, now: datetime, since: datetime) -> list[Alarm]:
    """All that is on, however much it is, and what ended since a moment."""
    return [*open_alarms(store, now), *ended(store, since)]


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


def _order(one: Alarm) -> tuple[bool, int, int, float, int]:
    place = {RAISED: 0, ACKNOWLEDGED: 1, PENDING: 2}.get(one.state, 3)
    if one.shelved_until is not None:
        place = 4
    since = one.raised_at or one.first_at
    return one.drill, place, one.rank, -since.timestamp(), -one.id
