"""Whom an alarm waits for: the posts that must take notice of its rank, a team that must be sent.

Which they are is written down when it is raised, so that its page tells later who had to answer.
A rise in rank asks every post anew; a team that is on its way stays so.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, update

from cases.alarm import FLOOD, POST, TEAM, Awaited
from cases.alarm_rows import waited_for
from cases.schema import alarm_awaited, utc
from config.flood_plans import load_flood_plans
from config.thresholds import load_thresholds

DESK: Final = "值班席"  # the desk's post where no plan names another
NOT_FALSE: Final = {"false_by": None, "false_at": None, "false_reason": ""}


def required(kind: str, subject: str, rank: int) -> tuple[Awaited, ...]:
    """Whom an alarm of this rank waits for; the duty desk's post is the first."""
    notice = load_thresholds().alarms.notice(rank)
    plan = load_flood_plans().get(subject) if kind == FLOOD else None
    own = plan.posts if plan is not None else (DESK,)
    posts = dict.fromkeys((*(own if notice.plan else own[:1]), *notice.posts))
    teams = plan.teams if plan is not None and notice.plan else ()
    names = dict.fromkeys(team.name for team in teams)
    return (
        *(Awaited(POST, name, place) for place, name in enumerate(posts)),
        *(Awaited(TEAM, name, place) for place, name in enumerate(names)),
    )


def wait_for(connection: Connection, alarm_id: int, kind: str, subject: str, rank: int) -> None:
    """Ask every post of this rank, in the transaction that raises the alarm or its rank."""
    before = waited_for(connection, [alarm_id]).get(alarm_id, ())
    sent = {one.name: one for one in before if one.kind == TEAM and one.at is not None}
    connection.execute(delete(alarm_awaited).where(alarm_awaited.c.alarm_id == alarm_id))
    wanted = required(kind, subject, rank)
    kept = {one.name for one in wanted if one.kind == TEAM}
    gone = [one for name, one in sent.items() if name not in kept]  # sent by a plan since changed
    rows = [
        {
            "alarm_id": alarm_id,
            "kind": one.kind,
            "name": one.name,
            "place": place,
            "at": one.at,
            "by_name": one.by_name,
            "note": one.note,
        }
        for place, one in [
            *((one.place, sent.get(one.name, one) if one.kind == TEAM else one) for one in wanted),
            *((len(kept) + number, one) for number, one in enumerate(gone)),
        ]
    ]
    connection.execute(insert(alarm_awaited), rows)


def answered(connection: Connection, alarm_id: int, who: Awaited, by: str, now: datetime) -> bool:
    """It has taken notice, or was sent; False where that is known already."""
    c = alarm_awaited.c
    query = (
        update(alarm_awaited)
        .where(c.alarm_id == alarm_id, c.kind == who.kind, c.name == who.name, c.at.is_(None))
        .values(at=utc(now), by_name=by, note=who.note)
    )
    return connection.execute(query).rowcount > 0
