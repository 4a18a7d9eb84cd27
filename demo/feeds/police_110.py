"""110非警务警情: calls by signed webhook as they change; what is older comes as one list."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from config import clock
from demo.dirt import CLEAN, Dirty
from demo.drops import begun
from demo.lives import Book, Life, as_text
from demo.police_calls import SPAN, calls_on
from demo.sending import webhook
from demo.stage import Stage
from demo.workbook import workbook

HEADER = (
    "jqbh", "jqlb", "jqxl", "sfjf", "bjsj", "bjr", "bjdh", "bjrbs", "sfdd", "sqbm", "jqnr", "cjdw",
    "dcsj", "xcczwb", "fldw", "flsj", "fksx", "fksj", "fknr", "wjsj", "jqzt", "gxsj",
)  # fmt: skip
BEAT = timedelta(minutes=5)
AT_ONCE = 20  # calls in a message


async def work(stage: Stage) -> None:
    """What changed, every few seconds; a sign of life when nothing did for five minutes."""
    book = Book(stage.town, calls_on, SPAN)
    last = await begun(stage, lambda now: history(book, now))
    told = datetime.min
    async with webhook(stage) as send:
        while True:
            now = clock.local()
            messages = list(news(book, last.at, now, stage.dirt(now)))
            if not messages and not timedelta(0) <= now - told < BEAT:
                messages = [{"xt": "1", "sj": now.isoformat(timespec="seconds")}]
            for message in messages:
                await send(message)
                told = now
            last.reach(now)
            await asyncio.sleep(4)


def news(
    book: Book[Life], last: datetime, now: datetime, dirt: Dirty = CLEAN
) -> Iterator[dict[str, Any]]:
    """The messages about calls that changed after `last` until now."""
    entries = [entry for entry in book.changed(now, last) if book.updated(entry) > last]
    for first in range(0, len(entries), AT_ONCE):
        part = entries[first : first + AT_ONCE]
        calls = [
            dirt.row(as_text(book.row(shown.entry, shown.at or now)))
            for shown in dirt.listing(part, book.before_last)
        ]
        yield {"sj": now.isoformat(), "jq": calls}


def history(book: Book[Life], now: datetime) -> tuple[str, bytes]:
    """All calls until now as one list."""
    rows = (book.row(entry, now) for entry in book.changed(now, datetime.min))
    titles = ("非警务警情分流清单", f"导出时间 {now:%Y-%m-%d %H:%M}")
    return f"非警务警情{now:%Y%m%d%H%M}.xlsx", workbook("清单", titles, HEADER, rows)
