"""Every run of a platform's feed, kept so that a person can see what happened when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import and_, case, delete, func, insert, literal, not_, or_, select, update

from cases.faults import Fault
from cases.schema import local, runs, utc
from cases.store import Store
from config import clock

MISSED: Final = "missed"  # the kind of a run that did not take place: nobody was there to ask
INTERRUPTED: Final = "被中断"
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "poll": "取数",
        "files": "收文件",
        "stream": "收报文",
        "listen": "监听",
        "import": "手工导入",
        "backfill": "回补",
        "totals": "对账",
        MISSED: "停机漏取",
    }
)
_KEEP_GOOD, _KEEP_BAD = timedelta(days=8), timedelta(days=400)
_TRAIL: Final = 20


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what it read, what became of the rows, how it ended."""

    id: int
    key: str
    kind: str
    started_at: datetime
    finished_at: datetime | None
    ok: bool | None
    rows_in: int
    loaded: int
    unchanged: int
    quarantined: int
    error: str | None
    fault: str | None = None

    @property
    def ended_at(self) -> datetime:
        """When it ended, as far as that is known."""
        return self.finished_at or self.started_at


def start(store: Store, key: str, kind: str) -> int:
    """Note that a run began; the number is what `finish` wants."""
    row = {"key": key, "kind": kind, "started_at": clock.now()}
    with store.writing() as connection:
        made = connection.execute(insert(runs).values(**row)).inserted_primary_key
        assert made is not None
        return int(made[0])


def finish(  # noqa: PLR0913 - every count has a name at the call
    store: Store,
    run_id: int,
    *,
    ok: bool,
    rows_in: int = 0,
    loaded: int = 0,
    unchanged: int = 0,
    quarantined: int = 0,
    error: str | None = None,
    fault: str | None = None,
) -> None:
    """Note how a run ended; not before it began, should the clock have gone back meanwhile."""
    now = literal(clock.now(), runs.c.finished_at.type)  # else it is stored as local time
    row = {
        "finished_at": case((runs.c.started_at > now, runs.c.started_at), else_=now),
        "ok": ok,
        "rows_in": rows_in,
        "loaded": loaded,
        "unchanged": unchanged,
        "quarantined": quarantined,
        "error": error,
        "fault": fault,
    }
    with store.writing() as connection:
        connection.execute(update(runs).where(runs.c.id == run_id).values(**row))


def recent(store: Store, key: str | None = None, limit: int = 20) -> Sequence[Run]:
    """The newest runs first, of one platform or of all."""
    query = select(runs).order_by(runs.c.id.desc()).limit(limit)
    if key is not None:
        query = query.where(runs.c.key == key)
    with store.reading() as connection:
        return [Run(**row._mapping) for row in connection.execute(query)]


def last(store: Store, key: str, kind: str) -> Run | None:
    """The newest run of one kind that ran to its end."""
    query = (
        select(runs)
        .where(runs.c.key == key, runs.c.kind == kind, runs.c.ok.is_not(None))
        .where(or_(runs.c.error.is_(None), runs.c.error != INTERRUPTED))
        .order_by(runs.c.id.desc())
        .limit(1)
    )
    with store.reading() as connection:
        row = connection.execute(query).first()
    return None if row is None else Run(**row._mapping)


def last_good(store: Store, key: str, kind: str) -> datetime | None:
    """When the newest run of one kind that went well began."""
    query = (
        select(runs.c.started_at)
        .where(runs.c.key == key, runs.c.kind == kind, runs.c.ok.is_(True))
        .order_by(runs.c.id.desc())
        .limit(1)
    )
    with store.reading() as connection:
        return connection.scalar(query)


def failures(store: Store, key: str, kind: str) -> int:
    """How many runs of one kind have failed in a row up to now."""
    query = (
        select(runs.c.ok)
        .where(runs.c.key == key, runs.c.kind == kind, runs.c.ok.is_not(None))
        .where(or_(runs.c.error.is_(None), runs.c.error != INTERRUPTED))
        .order_by(runs.c.id.desc())
        .limit(_TRAIL)
    )
    count = 0
    with store.reading() as connection:
        for ok in connection.scalars(query):
            if ok:
                break
            count += 1
    return count


def interrupted(store: Store) -> int:
    """At a start, when nobody else runs: runs without an end were cut off; how many."""
    now = literal(clock.now(), runs.c.finished_at.type)  # else it is stored as local time
    row = {
        "finished_at": case((runs.c.started_at > now, runs.c.started_at), else_=now),
        "ok": False,
        "error": INTERRUPTED,
        "fault": Fault.INTERRUPTED,
    }
    query = update(runs).where(runs.c.finished_at.is_(None)).values(**row)
    with store.writing() as connection:
        return connection.execute(query).rowcount


def note_gap(store: Store, key: str, since: datetime, until: datetime, turns: int) -> None:
    """Turns that did not take place because the process was down: one run that says so."""
    minutes = int((until - since).total_seconds() // 60)
    error = f"停机 {minutes // 60} 小时 {minutes % 60} 分，漏 {turns} 次，补取一次"
    row = {
        "key": key,
        "kind": MISSED,
        "started_at": since,
        "finished_at": until,
        "ok": False,
        "error": error,
    }
    with store.writing() as connection:
        connection.execute(insert(runs).values(**row))


def usual(store: Store, now: datetime, days: int = 7) -> dict[str, list[int]]:
    """Rows that came on each of the last days up to this time of day, by platform.

    A day without any run says nothing about a platform and is left out.
    """
    moment = local(now)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    back = [timedelta(days=n) for n in range(days, 0, -1)]
    spans = [runs.c.started_at.between(utc(midnight - n), utc(moment - n)) for n in back]
    sums = [func.sum(case((span, runs.c.rows_in), else_=0)) for span in spans]
    counts = [func.sum(case((span, 1), else_=0)) for span in spans]
    query = (
        select(runs.c.key, *sums, *counts)
        .where(runs.c.started_at >= utc(midnight - back[0]), runs.c.kind != MISSED)
        .group_by(runs.c.key)
    )
    with store.reading() as connection:
        return {
            row[0]: [int(row[1 + n]) for n in range(days) if row[1 + days + n]]
            for row in connection.execute(query)
        }


def prune(store: Store, now: datetime) -> int:
    """Forget old runs, those that went well sooner; the newest of each kind stays."""
    newest = select(func.max(runs.c.id)).group_by(runs.c.key, runs.c.kind, runs.c.ok)
    old = or_(
        and_(runs.c.ok.is_(True), runs.c.started_at < now - _KEEP_GOOD),
        runs.c.started_at < now - _KEEP_BAD,
    )
    query = delete(runs).where(old, runs.c.finished_at.is_not(None), not_(runs.c.id.in_(newest)))
    with store.writing() as connection:
        return connection.execute(query).rowcount
