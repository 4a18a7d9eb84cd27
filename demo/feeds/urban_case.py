"""数字化城管: the district's database with a view for the street, which the ETL can only read."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import lru_cache, partial

from config import clock
from demo.drops import HEAVY, PROGRESS
from demo.lives import Cell, Life
from demo.stage import Stage
from demo.streets import SPAN, cases_on
from demo.town import keep

FILE = "cgdbstat.sqlite"
VIEW = "v_street_to_stat_info"
COLUMNS = (
    "rec_id", "task_num", "event_src_id", "rec_type_id", "type_code", "sub_type_name",
    "event_desc", "address", "community_id", "cell_id", "coordinate_x", "coordinate_y",
    "patrol_name", "patrol_tel", "create_time", "accept_time", "inst_time", "dispatch_time",
    "limit_type", "func_deadline", "dispose_unit_name", "dispose_time", "check_time",
    "check_result", "archive_time", "act_state", "is_urgent", "is_supervise", "is_force_archive",
    "rework_num", "back_num", "delay_num", "intime_archive_num", "update_time",
)  # fmt: skip
STREET = "320117005"
EVERY_S = 6.0
Cases = Callable[[date], Sequence[Life]]


def prepare(stage: Stage) -> None:
    """The database with its whole history, so that no reader finds it empty."""
    if found(stage):
        write(partial(cases_on, stage.town), stage, clock.local())


def found(stage: Stage) -> bool:
    """An empty database, begun anew with a new town; False when there is one already.

    The view comes with the first cases, so that nobody reads it empty.
    """
    progress = stage.var / PROGRESS
    if progress.exists() and (stage.var / FILE).exists():
        return False
    (stage.var / FILE).unlink(missing_ok=True)
    typed = ", ".join(f"{name} TEXT" for name in COLUMNS[1:])
    with closing(sqlite3.connect(stage.var / FILE)) as base:
        base.execute(
            f"CREATE TABLE to_stat_info (rec_id TEXT PRIMARY KEY, {typed}, street_id TEXT)"
        )
        base.execute("CREATE INDEX by_update ON to_stat_info (update_time, rec_id)")
    keep(progress, {"anchor": stage.town.anchor.isoformat()})
    return True


async def work(stage: Stage) -> None:
    """Write what has changed, again and again."""
    cases = lru_cache(maxsize=SPAN + 2)(partial(cases_on, stage.town))
    home, away = stage.var / FILE, stage.var / f"{FILE}.away"
    while True:
        if stage.is_gone and home.exists():
            home.replace(away)
        elif not stage.is_gone and away.exists():
            away.replace(home)
        if home.exists():
            async with HEAVY:
                now = clock.local()
                await asyncio.to_thread(write, cases, stage, now)
                keep(stage.var / PROGRESS, {"last": now.isoformat()})
        await asyncio.sleep(EVERY_S)


def write(cases: Cases, stage: Stage, now: datetime) -> int:
    """Bring the database up to this moment; how many cases were written."""
    first = datetime.combine(stage.town.first, datetime.min.time())
    marks = ", ".join("?" for _ in (*COLUMNS, "street_id"))
    written = f"REPLACE INTO to_stat_info VALUES ({marks})"  # noqa: S608 - marks only
    with closing(sqlite3.connect(stage.var / FILE, timeout=20)) as base, base:
        base.execute("PRAGMA cache_size = -32000")  # one commit, so that no reader sees half of it
        last = base.execute("SELECT max(update_time) FROM to_stat_info").fetchone()[0]
        since = datetime.fromisoformat(last) if last else first
        count = base.executemany(written, _rows(cases, stage, since, now)).rowcount
        shown = f"SELECT {', '.join(COLUMNS)} FROM to_stat_info"  # noqa: S608 - our own names
        base.execute(f"CREATE VIEW IF NOT EXISTS {VIEW} AS {shown} WHERE street_id = '{STREET}'")
        return count


def _rows(cases: Cases, stage: Stage, since: datetime, now: datetime) -> Iterator[list[str | None]]:
    """What changed from `since` until now, day by day of its beginning, each day drawn once."""
    dirt = stage.dirt(now)
    day = max(stage.town.first, since.date() - timedelta(days=SPAN))
    while day <= now.date():
        for life in cases(day):
            updated = life.updated_at(now)
            if updated is not None and updated >= since:
                row = dirt.row(life.row(now) | {"update_time": updated})
                yield [*(_text(row.get(name)) for name in COLUMNS), STREET]
        day += timedelta(days=1)


def _text(value: Cell) -> str | None:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return None if value is None else str(value)
