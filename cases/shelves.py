"""停用: a subject whose alarms are kept and shown, and take nothing, until a moment; by name.

It holds for the rank that was shelved and those below. An alarm above it is not what somebody has
looked at and put aside: it ends the shelf, and Ⅰ and Ⅱ are never shelved.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select

from cases import audit
from cases.alarm import KINDS, Shelf
from cases.alarm_rows import audited, changing, one_line, open_key, write_event
from cases.errors import NotAllowed, NotKnown
from cases.schema import alarm_shelves, alarms, utc
from cases.store import Store, put

LONGEST_SHELF: Final = timedelta(days=30)
HIGHEST: Final = 3  # Ⅰ and Ⅱ are too grave to be put aside
NUMERALS: Final = "ⅠⅡⅢⅣ"


def shelves(store: Store, now: datetime) -> list[Shelf]:
    """What is shelved now, the next to end first."""
    query = (
        select(alarm_shelves)
        .where(alarm_shelves.c.until > utc(now))
        .order_by(alarm_shelves.c.until)
    )
    with store.reading() as connection:
        return [Shelf(**row._mapping) for row in connection.execute(query)]


def shelve(
    store: Store,
    kind: str,
    subject: str,
    until: datetime,
    reason: str,
    by: str,
    now: datetime,
) -> Shelf:
    """停用: what comes of this subject in the rank it has now, or in Ⅲ while it is calm, or below,
    is kept and shown, and takes nothing, until a moment.
    """
    _known_kind(kind)
    if not by.strip() or not reason.strip():
        raise NotAllowed("停用", "须署名并写明原因", "操作人姓名和一句话说明")
    if not now < until <= now + LONGEST_SHELF:
        raise NotAllowed("停用", "截止时间不合适", f"从现在起 {LONGEST_SHELF.days} 天以内")
    with changing(store) as connection:
        rank = _rank_now(connection, kind, subject)
        if rank < HIGHEST:
            raise NotAllowed("停用", "Ⅰ、Ⅱ 级告警不可停用", "Ⅲ、Ⅳ 级")
        shelf = Shelf(kind, subject, rank, utc(now), utc(until), one_line(reason), one_line(by, 64))
        row = {"rank": rank, "from_at": shelf.from_at, "until": shelf.until, "reason": shelf.reason}
        known = _shelf_of(connection, kind, subject)
        if known is not None and (known.rank, known.until, known.reason, known.by_name) == (
            rank, shelf.until, shelf.reason, shelf.by_name,
        ):  # fmt: skip
            return known
        put(
            connection,
            alarm_shelves,
            {"kind": kind, "subject": subject},
            row | {"by_name": shelf.by_name},
        )
        note_shelf(connection, shelf, "shelved", now, by=shelf.by_name, note=shelf.reason)
        detail = {"until": shelf.until.isoformat(), "reason": shelf.reason}
        head = audited(connection, "alarm.shelve", f"{kind}:{subject}", by, detail)
    audit.note_head(store, *head)
    return shelf


def unshelve(store: Store, kind: str, subject: str, by: str, now: datetime) -> bool:
    """Take it into use again before its time, by name; False when it was not shelved."""
    if not by.strip():
        raise NotAllowed("恢复", "须署名", "操作人姓名")
    with changing(store) as connection:
        shelf = _shelf_of(connection, kind, subject)
        if shelf is None:
            return False
        take_down(connection, shelf, now, by=one_line(by, 64))
        head = audited(connection, "alarm.unshelve", f"{kind}:{subject}", by, {})
    audit.note_head(store, *head)
    return True


def end_above(connection: Connection, kind: str, subject: str, rank: int, now: datetime) -> None:
    """An alarm of this rank is raised: a shelf of a lower one is over, in the same transaction."""
    shelf = _shelf_of(connection, kind, subject)
    if shelf is not None and rank < shelf.rank:
        note = f"报警 {NUMERALS[rank - 1]} 级，高于停用的 {NUMERALS[shelf.rank - 1]} 级"
        take_down(connection, shelf, now, note=note)


def take_down(
    connection: Connection, shelf: Shelf, now: datetime, *, by: str = "", note: str = ""
) -> None:
    """End a shelf: by a person, or by what the note says."""
    c = alarm_shelves.c
    connection.execute(
        delete(alarm_shelves).where(c.kind == shelf.kind, c.subject == shelf.subject)
    )
    note_shelf(connection, shelf, "unshelved", now, by=by, note=note)


def note_shelf(
    connection: Connection, shelf: Shelf, kind: str, now: datetime, *, by: str, note: str
) -> None:
    """The event of a shelf: of the alarm that is on, or of the subject alone."""
    keys = [open_key(shelf.kind, shelf.subject, drill) for drill in (False, True)]
    ids = connection.scalars(select(alarms.c.id).where(alarms.c.open_key.in_(keys))).all()
    for alarm_id in ids or [None]:
        write_event(
            connection,
            alarm_id,
            {
                "about": shelf.kind,
                "subject": shelf.subject,
                "at": utc(now),
                "kind": kind,
                "by_name": by,
                "note": note,
            },
        )


def _rank_now(connection: Connection, kind: str, subject: str) -> int:
    """The rank of the real alarm that is on; Ⅲ, the highest that may be shelved, of none."""
    query = select(alarms.c.rank).where(alarms.c.open_key == open_key(kind, subject, False))
    rank = connection.scalar(query)
    return HIGHEST if rank is None else int(rank)


def _shelf_of(connection: Connection, kind: str, subject: str) -> Shelf | None:
    c = alarm_shelves.c
    query = select(alarm_shelves).where(c.kind == kind, c.subject == subject)
    row = connection.execute(query).first()
    return None if row is None else Shelf(**row._mapping)


def _known_kind(kind: str) -> None:
    if kind not in KINDS:
        raise NotKnown("kind of alarm", kind, KINDS)
