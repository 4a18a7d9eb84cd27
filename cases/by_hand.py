"""What people do with an alarm, by name: take notice of it, send a team, call it false.

Each is one event in the transaction of the change, and one row of the audit trail. 误报 wants two
people: what the first one says changes nothing but that the second is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, update

from cases import audit, awaiting
from cases.alarm import (
    ACKNOWLEDGED,
    ANSWERED,
    FALSE_ALARM,
    MACHINE,
    POST,
    PROPOSED,
    RAISED,
    REFUSED,
    SENT,
    TEAM,
    Alarm,
    Awaited,
)
from cases.alarm_rows import audited, changing, one, one_line, write_event
from cases.errors import NotAllowed, NotKnown
from cases.schema import alarms, utc
from cases.store import Store
from cases.transitions import PERSON

_ANSWER: Final = {POST: "岗位知悉", TEAM: "队伍出动"}


@dataclass(frozen=True, slots=True)
class _Press:
    """What somebody did: the event it is, by whom, when, why."""

    event: str
    by: str
    now: datetime
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by", one_line(self.by, 64))
        object.__setattr__(self, "note", one_line(self.note))


@dataclass(frozen=True, slots=True)
class _Change:
    """What becomes of the alarm's row, and what its event and the audit trail say."""

    values: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


def acknowledge(store: Store, alarm_id: int, by: str, now: datetime) -> Alarm:
    """The duty desk has taken notice, by name; a second one changes nothing and is told who was
    first: the alarm that comes back says who acknowledged it.
    """
    press = _Press(ACKNOWLEDGED, by, now)

    def act(connection: Connection, known: Alarm) -> _Change | None:
        state = MACHINE.after(known.state, "acknowledge", by=PERSON, who=press.by)
        if state is None:
            return None
        for own in known.posts[:1]:
            awaiting.answered(connection, known.id, own, press.by, now)
        stamps = {"acknowledged_at": utc(now), "acknowledged_by": press.by}
        return _Change({"state": state, **stamps})

    return _pressed(store, alarm_id, press, "alarm.acknowledge", act)


def answer(store: Store, alarm_id: int, post: str, by: str, note: str, now: datetime) -> Alarm:
    """A post has taken notice: written down by name, with who answered there; once is enough.

    The duty desk's own post takes notice by `acknowledge` alone.
    """
    return _answered(store, alarm_id, Awaited(POST, post, 0), _Press(ANSWERED, by, now, note))


def send_team(store: Store, alarm_id: int, team: str, by: str, note: str, now: datetime) -> Alarm:
    """A team of the plan is on its way: written down by name; once is enough."""
    return _answered(store, alarm_id, Awaited(TEAM, team, 0), _Press(SENT, by, now, note))


def mark_false(store: Store, alarm_id: int, by: str, note: str, now: datetime) -> Alarm:
    """误报, by name: the first person gives the reason, a second one agrees.

    Then it is silent until it is over or rises. Until then it goes on as it was.
    """
    press = _Press(FALSE_ALARM, by, now, note)

    def act(_: Connection, known: Alarm) -> _Change | None:
        reason = press.note or (known.false_reason if known.is_called_false else "")
        state = MACHINE.after(known.state, "mark_false", by=PERSON, who=press.by, note=reason)
        if state is None:
            return None
        if known.false_by in (None, press.by):
            if known.false_by is not None and reason == known.false_reason:
                return None
            called = {"false_by": press.by, "false_at": utc(now), "false_reason": reason}
            return _Change(called, reason)
        agreed = f"{known.false_reason}；{known.false_by} 提出，{press.by} 复核"
        added = press.note if press.note != known.false_reason else ""
        return _Change({"state": state}, one_line("；".join(filter(None, [agreed, added]))))

    return _pressed(store, alarm_id, press, "alarm.mark_false", act)


def refuse_false(store: Store, alarm_id: int, by: str, note: str, now: datetime) -> Alarm:
    """It is an alarm after all: what one person called false is so no more."""
    press = _Press(REFUSED, by, now, note)

    def act(_: Connection, known: Alarm) -> _Change | None:
        if not press.by:
            raise NotAllowed("误报", "复核须署名", "操作人姓名")
        if not known.is_called_false:
            return None
        said = "；".join(filter(None, [f"{known.false_by} 提出：{known.false_reason}", press.note]))
        return _Change(awaiting.NOT_FALSE, one_line(said))

    return _pressed(store, alarm_id, press, "alarm.refuse_false", act)


def _answered(store: Store, alarm_id: int, who: Awaited, press: _Press) -> Alarm:
    word = _ANSWER[who.kind]

    def act(connection: Connection, known: Alarm) -> _Change | None:
        if not press.by:
            raise NotAllowed(word, "须署名", "操作人姓名")
        if known.state not in (RAISED, ACKNOWLEDGED):
            now_is = MACHINE.states[known.state]
            raise NotAllowed(word, f"当前为“{now_is}”，不能记录", "报警、已确认时可以")
        mine = [one for one in known.awaited if (one.kind, one.name) == (who.kind, who.name)]
        if not mine:
            raise NotKnown(
                who.kind, who.name, [o.name for o in known.awaited if o.kind == who.kind]
            )
        if who.kind == POST and mine[0].place == 0:
            raise NotAllowed(who.name, "由值班席确认", "按“确认，我来处置”")
        told = Awaited(who.kind, who.name, mine[0].place, note=press.note)
        if not awaiting.answered(connection, known.id, told, press.by, press.now):
            return None
        return _Change({}, one_line("；".join(filter(None, [who.name, press.note]))))

    return _pressed(store, alarm_id, press, f"alarm.{press.event}", act)


def _pressed(store: Store, alarm_id: int, press: _Press, trail: str, act: Any) -> Alarm:
    """One change by hand with its event and its audit row; none where nothing was left to do."""
    with changing(store) as connection:
        known = one(connection, alarm_id, press.now)
        if not known.is_on:
            raise NotAllowed("报警", "已解除，不能再改", "未解除的报警")
        change: _Change | None = act(connection, known)
        if change is None:
            return known
        if change.values:
            row = update(alarms).where(alarms.c.id == alarm_id)
            connection.execute(row.values(**change.values))
        is_proposal = press.event == FALSE_ALARM and "state" not in change.values
        event = {
            "about": known.kind,
            "subject": known.subject,
            "at": utc(press.now),
            "kind": PROPOSED if is_proposal else press.event,
            "by_name": press.by,
            "note": change.note,
            "rank": known.rank,
            "value": known.value,
        }
        write_event(connection, alarm_id, event)
        detail = {"kind": known.kind, "subject": known.subject, "note": change.note}
        what = "alarm.propose_false" if is_proposal else trail
        head = audited(connection, what, str(alarm_id), press.by, detail)
        changed = one(connection, alarm_id, press.now)
    audit.note_head(store, *head)
    return changed
