"""How the platforms are: one lamp rule, row counts of today, progress of the first load.

Ages use the clock that the caller hands over; times come back as naive local time, as on screens.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from cases import damage
from cases.faults import Fault
from cases.hint import hint
from cases.schema import health, local, marks, utc
from cases.schema import progress as progress_table
from cases.store import Store, put
from config import clock
from config.clock import ZONE
from config.platforms import Platform

GENERATION = "generation"
CATCHING_UP = "补传中"  # a stream that still sends what it had kept: not loaded yet
_SILENT = timedelta(minutes=5)  # long work tells of itself far more often


@dataclass(frozen=True, slots=True)
class PlatformState:
    """One platform's lamp and the facts behind it."""

    key: str
    name: str
    short: str
    state: str  # fresh | late | stale | failed | off
    last_success: datetime | None
    age_s: int | None
    limit_s: int
    rows_today: int
    quarantined: int
    hint: str
    owner: str
    fault: str | None = None  # what went wrong last, a word of cases/faults.py
    damaged: int = 0  # raw files that are not what was received
    error: str | None = None  # the technical original, for the engineer

    def to_json(self) -> dict[str, Any]:
        """As `etl status --json` and the API give it."""
        last = self.last_success
        return {
            "key": self.key,
            "name": self.name,
            "state": self.state,
            "last_success": None if last is None else last.replace(tzinfo=ZONE).isoformat(),
            "age_s": self.age_s,
            "limit_s": self.limit_s,
            "rows_today": self.rows_today,
            "quarantined": self.quarantined,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """How far one platform's first load is."""

    key: str
    name: str
    phase: str
    done: int
    total: int


def lamp(
    *,
    enabled: bool,
    failed: bool,
    age: timedelta | None,
    every: timedelta,
    stale_after: timedelta,
) -> str:
    """The lamp rule: off, failed, stale, late, fresh, in this order; no success yet is stale."""
    if not enabled:
        return "off"
    if failed:
        return "failed"
    if age is None or age > stale_after:
        return "stale"
    return "late" if age > 2 * every else "fresh"


def succeeded(store: Store, key: str, at: datetime, *, rows_in: int = 0) -> None:
    """A run of this platform went well at `at`; rows of the same local day add up."""
    day = local(at).date().isoformat()
    with store.writing() as connection:
        row = connection.execute(select(health).where(health.c.key == key)).first()
        rows_today = row.rows_today if row is not None and row.day == day else 0
        values = {
            "succeeded_at": utc(at),
            "error": None,
            "fault": None,
            "failed_for_good": False,
            "day": day,
            "rows_today": rows_today + rows_in,
        }
        put(connection, health, {"key": key}, values, {"quarantined": 0})


def failed(
    store: Store,
    key: str,
    at: datetime,
    error: str,
    *,
    permanent: bool = False,
    fault: str = Fault.UNKNOWN,
) -> None:
    """A run failed; `permanent` when no retry will help or the breaker is open."""
    values = {
        "failed_at": utc(at),
        "error": error,
        "fault": fault,
        "failed_for_good": permanent,
    }
    new = {"day": "", "rows_today": 0, "quarantined": 0}
    with store.writing() as connection:
        put(connection, health, {"key": key}, values, new)


def mended(store: Store, key: str, of: Collection[str] | None = None) -> bool:
    """What was wrong (one of these faults, or any) is over: the lamp goes by the age again."""
    values = {"failed_for_good": False, "error": None, "fault": None}
    if of is not None and fault(store, key) not in of:
        return False
    with store.writing() as connection:
        connection.execute(health.update().where(health.c.key == key).values(**values))
    return True


def fault(store: Store, key: str) -> str | None:
    """For what a lamp says 失败, None when it does not."""
    query = select(health.c.fault).where(health.c.key == key, health.c.failed_for_good.is_(True))
    with store.reading() as connection:
        return connection.scalar(query)


def states(store: Store, platforms: Mapping[str, Platform], now: datetime) -> list[PlatformState]:
    """Every configured platform with its lamp at `now`, in the order of the configuration."""
    with store.reading() as connection:
        rows = {row.key: row for row in connection.execute(select(health))}
    broken = damage.counts(store)
    return [
        _state(platform, rows.get(platform.key), now, broken.get(platform.key, 0))
        for platform in platforms.values()
    ]


def progress(store: Store, key: str, done: int, total: int, phase: str) -> None:
    """How far a long load is, in rows."""
    values = {"phase": phase, "done": done, "total": total, "at": clock.now()}
    with store.writing() as connection:
        put(connection, progress_table, {"key": key}, values)


@dataclass(frozen=True, slots=True)
class Work:
    """Long work that is under way: what it is and how far it has come."""

    key: str
    phase: str
    done: int
    total: int
    at: datetime


def progress_of(store: Store, key: str) -> Work | None:
    """How far one piece of long work is, as last told; None when nothing was ever told."""
    with store.reading() as connection:
        row = connection.execute(select(progress_table).where(progress_table.c.key == key)).first()
    return None if row is None else Work(**row._mapping)


def under_way(store: Store, now: datetime) -> list[Work]:
    """Long work that is not done and was told of lately, for pages."""
    query = select(progress_table).where(
        progress_table.c.done < progress_table.c.total, progress_table.c.at > now - _SILENT
    )
    with store.reading() as connection:
        return [Work(**row._mapping) for row in connection.execute(query)]


def phase(store: Store, key: str) -> str:
    """What the load of a platform was last said to do; empty when it said nothing."""
    query = select(progress_table.c.phase).where(progress_table.c.key == key)
    with store.reading() as connection:
        return connection.scalar(query) or ""


def has_succeeded(store: Store, key: str) -> bool:
    """Whether a platform has ever delivered."""
    query = select(health.c.succeeded_at).where(health.c.key == key)
    with store.reading() as connection:
        return connection.scalar(query) is not None


def first_load(store: Store, platforms: Mapping[str, Platform]) -> list[LoadProgress] | None:
    """What the first load still does; None once all have succeeded and figures are published."""
    wanted = {key: platform for key, platform in platforms.items() if platform.enabled}
    with store.reading() as connection:
        done = set(
            connection.scalars(select(health.c.key).where(health.c.succeeded_at.is_not(None)))
        )
        phases = {row.key: row for row in connection.execute(select(progress_table))}
        done -= {key for key, row in phases.items() if row.phase == CATCHING_UP}
        mark = connection.execute(select(marks).where(marks.c.name == GENERATION)).first()
    if mark is not None and done >= set(wanted):
        return None
    return [
        LoadProgress(key, wanted[key].name, *_phase(phases.get(key), key in done)) for key in wanted
    ]


def published(store: Store, generation: int, at: datetime) -> None:
    """Note the newest published generation."""
    with store.writing() as connection:
        put(connection, marks, {"name": GENERATION}, {"value": str(generation), "at": utc(at)})


def last_published(store: Store) -> tuple[int, datetime] | None:
    """The newest generation that was noted, with its naive local time."""
    with store.reading() as connection:
        row = connection.execute(select(marks).where(marks.c.name == GENERATION)).first()
    return None if row is None else (int(row.value), local(row.at))


def _phase(row: Any, is_done: bool) -> tuple[str, int, int]:
    if row is None:
        return ("已载入" if is_done else "等待连接", 0, 0)
    return (row.phase, row.done, row.total)


def _state(platform: Platform, row: Any, now: datetime, damaged: int) -> PlatformState:
    moment = local(now)
    last = None if row is None or row.succeeded_at is None else local(row.succeeded_at)
    if last is not None and last - moment > platform.stale_after:
        last = None  # noted while the clock was wrong; it says nothing about how old data are
    age = None if last is None else max(moment - last, timedelta(0))
    state = lamp(
        enabled=platform.enabled,
        failed=row is not None and bool(row.failed_for_good),
        age=age,
        every=platform.every,
        stale_after=platform.stale_after,
    )
    today = row is not None and row.day == moment.date().isoformat()
    return PlatformState(
        key=platform.key,
        name=platform.name,
        short=platform.short,
        state=state,
        last_success=last,
        age_s=None if age is None else int(age.total_seconds()),
        limit_s=int(platform.stale_after.total_seconds()),
        rows_today=row.rows_today if today else 0,
        quarantined=0 if row is None else row.quarantined,
        hint=hint(platform, state, age, None if row is None else row.fault, damaged),
        owner=platform.owner,
        fault=None if row is None else row.fault,
        damaged=damaged,
        error=None if row is None else row.error,
    )
