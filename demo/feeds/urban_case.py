"""数字化城管: the district's database with a view for the street, which the ETL can only read."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from config import clock
from demo.drops import PROGRESS
from demo.lives import Book, Cell
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
EVERY_S = 20.0


def prepare(stage: Stage) -> None:
    """The empty database, begun anew with a new town."""
    progress = stage.var / PROGRESS
    if progress.exists() and (stage.var / FILE).exists():
        return
    (stage.var / FILE).unlink(missing_ok=True)
    typed = ", ".join(f"{name} TEXT" for name in COLUMNS[1:])
    with closing(sqlite3.connect(stage.var / FILE)) as base:
        base.execute(
            f"CREATE TABLE to_stat_info (rec_id TEXT PRIMARY KEY, {typed}, street_id TEXT)"
        )
        base.execute("CREATE INDEX by_update ON to_stat_info (update_time, rec_id)")
        shown = f"SELECT {', '.join(COLUMNS)} FROM to_stat_info"  # noqa: S608 - our own names
        base.execute(f"CREATE VIEW {VIEW} AS {shown} WHERE street_id = '{STREET}'")
    keep(progress, {"anchor": stage.town.anchor.isoformat()})


async def work(stage: Stage) -> None:
    """Write what has changed, again and again."""
    book = Book(stage.town, cases_on, SPAN)
    while True:
        await asyncio.to_thread(write, stage.var / FILE, book, stage, clock.local())
        await asyncio.sleep(EVERY_S)


def write(file: Path, book: Book, stage: Stage, now: datetime) -> int:
    """Bring the database up to this moment; how many cases were written."""
    first = datetime.combine(stage.town.first, datetime.min.time())
    marks = ", ".join("?" for _ in (*COLUMNS, "street_id"))
    written = f"REPLACE INTO to_stat_info VALUES ({marks})"  # noqa: S608 - marks only
    with closing(sqlite3.connect(file, timeout=20)) as base, base:
        base.execute("PRAGMA cache_size = -32000")  # one commit, so that no reader sees half of it
        last = base.execute("SELECT max(update_time) FROM to_stat_info").fetchone()[0]
        since = datetime.fromisoformat(last) if last else first
        entries = book.changed(now, since)
        rows = (_row(book, entry, now) for entry in entries)
        base.executemany(written, rows)
    return len(entries)


def _row(book: Book, entry: int, now: datetime) -> list[str | None]:
    life = book.life(entry)
    row = life.row(now) | {"update_time": life.updated_at(now)}
    return [*(_text(row.get(name)) for name in COLUMNS), STREET]


def _text(value: Cell) -> str | None:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return None if value is None else str(value)
