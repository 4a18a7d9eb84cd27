"""秸秆禁烧: alarms of the watch towers by signed webhook; what is older comes as one list."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from config import clock
from demo.drops import begun
from demo.lives import Book, Life, as_text
from demo.sending import Send, outlet
from demo.smoke import SPAN, alarms_on, picture
from demo.stage import Stage
from demo.workbook import workbook

HEADER = (
    "bjbh", "bjlx", "bjdj", "lwtbh", "lwtmc", "bjsj", "jd", "wd", "fwj", "jl", "zxd", "sqbm",
    "czdw", "hssj", "czsj", "ghmj", "czr", "czsm", "zt", "gxsj",
)  # fmt: skip
BEAT = timedelta(hours=1)


async def work(stage: Stage) -> None:
    """Each alarm as it happens and whenever it changes."""
    book = Book(stage.town, alarms_on, SPAN)
    last = await begun(stage, lambda now: history(stage, book, now))
    beat = datetime.min
    async with outlet(stage) as send:
        while True:
            now = clock.local()
            if not timedelta(0) <= now - beat < BEAT:
                await send("straw_fire", {"xt": "1", "sj": now.isoformat(timespec="seconds")})
                beat = now
            await tell(book, send, last.at, now)
            last.reach(now)
            await asyncio.sleep(3)


async def tell(book: Book[Life], send: Send, last: datetime, now: datetime) -> None:
    """Send what changed after `last`."""
    for message in news(book, last, now):
        await send("straw_fire", message)


def news(book: Book[Life], last: datetime, now: datetime) -> list[dict[str, Any]]:
    """The messages after `last` until now; a new alarm comes with its picture."""
    found = []
    for entry in book.changed(now, last):
        life = book.life(entry)
        updated = life.updated_at(now)
        if updated is None or updated <= last:
            continue
        message: dict[str, Any] = {**as_text(life.row(now)), "gxsj": updated.isoformat()}
        if life.steps[0].at > last:
            message["tp"] = picture(life)
        found.append(message)
    return found


def history(stage: Stage, book: Book[Life], now: datetime) -> tuple[str, bytes]:
    """The alarms until now as one list."""
    first = datetime.combine(stage.town.first, datetime.min.time())
    lives = [book.life(entry) for entry in book.changed(now, first)]
    rows = [{**life.row(now), "gxsj": life.updated_at(now)} for life in lives]
    return f"瞭望报警清单{now:%Y%m%d%H%M%S}.xlsx", workbook("报警清单", (), HEADER, rows)
