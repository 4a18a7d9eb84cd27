"""What the product itself does with alarms: opens, raises, ranks and clears them.

Each function is one change with its event, in the transaction of whoever judges; the judge stores
what it remembers in the same one, so that nothing is lost and nothing comes twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from cases import awaiting
from cases.alarm import CLEARED, FALSE_ALARM, MACHINE, PENDING, RAISED, Alarm
from cases.alarm_rows import bare, open_key, write_event
from cases.schema import alarms, utc
from cases.shelves import end_above
from cases.transitions import SYSTEM


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found, and when: the subject, its limit, the value, and the three times."""

    kind: str
    subject: str
    now: datetime
    observed_at: datetime
    received_at: datetime | None = None
    delay_ms: int | None = None  # received to judged, on the steady clock
    rank: int = 4
    limit_name: str = ""
    threshold: float | None = None
    value: float | None = None
    pending_rank: int | None = None
    note: str = ""


def current(
    connection: Connection, kind: str, subject: str, *, drill: bool = False
) -> Alarm | None:
    """The alarm that is on for a subject; None when there is none."""
    key = open_key(kind, subject, drill)
    found = bare(connection, select(alarms).where(alarms.c.open_key == key), None)
    return found[0] if found else None


def all_current(connection: Connection, kind: str, subjects: Sequence[str]) -> dict[str, Alarm]:
    """The alarms that are on for these subjects, drills apart, in one question."""
    keys = [open_key(kind, subject, False) for subject in subjects]
    found = bare(connection, select(alarms).where(alarms.c.open_key.in_(keys)), None)
    return {alarm.subject: alarm for alarm in found}


def start(
    connection: Connection, facts: Facts, *, is_raised: bool, drill_until: datetime | None = None
) -> int:
    """A new alarm, and its number: raised at once, or pending until a second reading agrees."""
    row = {
        "kind": facts.kind,
        "subject": facts.subject,
        "rank": facts.rank,
        "state": RAISED if is_raised else PENDING,
        "drill": drill_until is not None,
        "until": None if drill_until is None else utc(drill_until),
        "open_key": open_key(facts.kind, facts.subject, drill_until is not None),
        "first_at": utc(facts.now),
        "observed_at": utc(facts.observed_at),
        "raised_at": utc(facts.now) if is_raised else None,
        **_figures(facts),
    }
    made = insert(alarms).values(**row).returning(alarms.c.id)
    number = int(connection.execute(made).scalar_one())
    if is_raised and drill_until is None:
        end_above(connection, facts.kind, facts.subject, facts.rank, facts.now)
    if is_raised:
        awaiting.wait_for(connection, number, facts.kind, facts.subject, facts.rank)
    _tell(connection, number, facts, RAISED if is_raised else PENDING)
    return number


def confirm(connection: Connection, alarm: Alarm, facts: Facts) -> None:
    """A second reading says the same: pending becomes raised."""
    state = MACHINE.after(alarm.state, "raise", by=SYSTEM)
    if state is not None:
        values = {"state": state, "raised_at": utc(facts.now), "rank": facts.rank}
        _change(connection, alarm, values | _figures(facts))
        _end_shelf(connection, alarm, facts)
        awaiting.wait_for(connection, alarm.id, alarm.kind, alarm.subject, facts.rank)
        _tell(connection, alarm.id, facts, RAISED)


def rerank(connection: Connection, alarm: Alarm, facts: Facts) -> None:
    """Another limit is passed, or no longer; a rise wants somebody to take notice again."""
    values = {"rank": facts.rank, **_figures(facts)}
    is_rise = facts.rank < alarm.rank
    if is_rise and alarm.state != PENDING:
        values["state"] = MACHINE.after(alarm.state, "rise", by=SYSTEM)
        values |= {"acknowledged_at": None, "acknowledged_by": None, **awaiting.NOT_FALSE}
        awaiting.wait_for(connection, alarm.id, alarm.kind, alarm.subject, facts.rank)
        _end_shelf(connection, alarm, facts)
        if alarm.raised_at is None:  # called false while it was pending
            values["raised_at"] = utc(facts.now)
    _change(connection, alarm, values)
    _tell(connection, alarm.id, facts, "rank_up" if is_rise else "rank_down")


def follow(connection: Connection, alarm: Alarm, facts: Facts) -> None:
    """Another valid reading while it is on: the newest value, and a point of its curve."""
    values = {
        "value": facts.value,
        "value_at": utc(facts.observed_at),
        "pending_rank": facts.pending_rank,
    }
    _change(connection, alarm, values)
    is_new = facts.pending_rank is not None and facts.pending_rank != alarm.pending_rank
    rank = facts.pending_rank if is_new else alarm.rank
    told = replace(facts, rank=rank or alarm.rank)
    _tell(connection, alarm.id, told, PENDING if is_new else "reading")


def clear(connection: Connection, alarm: Alarm, facts: Facts) -> None:
    """It is over; what somebody called false stays called so, a pending one was never raised."""
    values: dict[str, Any] = {
        "open_key": None,
        "cleared_at": utc(facts.now),
        "pending_rank": None,
    }
    if facts.value is not None:
        values |= {"value": facts.value, "value_at": utc(facts.observed_at)}
    if alarm.state != FALSE_ALARM:
        values["state"] = MACHINE.after(alarm.state, "clear", by=SYSTEM)
    _change(connection, alarm, values)
    event = "withdrawn" if alarm.state == PENDING else CLEARED
    _tell(connection, alarm.id, replace(facts, rank=alarm.rank), event)


def _end_shelf(connection: Connection, alarm: Alarm, facts: Facts) -> None:
    """A shelf ends with a real alarm above its rank, as 误报 ends with a rise."""
    if not alarm.drill:
        end_above(connection, alarm.kind, alarm.subject, facts.rank, facts.now)


def _change(connection: Connection, alarm: Alarm, values: Mapping[str, Any]) -> None:
    connection.execute(update(alarms).where(alarms.c.id == alarm.id).values(**values))


def _figures(facts: Facts) -> dict[str, Any]:
    return {
        "value": facts.value,
        "value_at": None if facts.value is None else utc(facts.observed_at),
        "threshold": facts.threshold,
        "limit_name": facts.limit_name,
        "pending_rank": None,
    }


def _tell(connection: Connection, alarm_id: int, facts: Facts, kind: str) -> None:
    event = {
        "about": facts.kind,
        "subject": facts.subject,
        "at": utc(facts.now),
        "kind": kind,
        "note": facts.note,
        "rank": facts.rank,
        "value": facts.value,
        "observed_at": utc(facts.observed_at),
        "received_at": None if facts.received_at is None else utc(facts.received_at),
        "delay_ms": facts.delay_ms,
    }
    write_event(connection, alarm_id, event)
