"""物联感知: heartbeats and events of the devices, by the town's broker or by webhook."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

from config import clock
from demo import things
from demo.drops import begun, put
from demo.lives import Book, Life, as_text
from demo.sending import outlet
from demo.stage import Stage

HISTORY = 60  # days of one heartbeat a day at the very first start; events since the town's first
MOST = timedelta(hours=6)
BEAT = ("sbbh", "sblx", "sqbm", "jd", "wd", "sj", "dy", "xh", "z", "dw")
EVENT = (
    "sjbh", "sbbh", "sblx", "sjlx", "dj", "sqbm", "wz", "lxr", "lxdh", "fssj", "z", "dw", "qrsj",
    "hfsj", "zt", "gxsj",
)  # fmt: skip


async def work(stage: Stage) -> None:
    """Every heartbeat, and every event when it begins and whenever it changes."""
    book = Book(stage.town, things.events_on, things.SPAN)
    last = await begun(stage, partial(history, stage, book))
    async with outlet(stage) as send:
        while True:
            now = clock.local()
            for message in await asyncio.to_thread(news, stage, book, last.at, now):
                await send(f"iot/{message['sblx']}/{message['sbbh']}/up", message)
            last.reach(now)
            await asyncio.sleep(3)


def news(stage: Stage, book: Book[Life], last: datetime, now: datetime) -> list[things.Record]:
    """The messages after `last` until now; of heartbeats only those of the last hours."""
    found = things.beats(stage.town, max(last, now - MOST), now)
    for entry in book.changed(now, last):
        event = _event(book, entry, now)
        if event["gxsj"] > last.isoformat():
            found.append({"lx": "ev", **event})
    return found


def history(stage: Stage, book: Book[Life], now: datetime) -> tuple[str, bytes]:
    """What was before in two files; the heartbeats' is put beside the one that is returned."""
    first = datetime.combine(stage.town.first, datetime.min.time())
    events = [_event(book, entry, now) for entry in book.changed(now, first)]
    age = (now.date() - stage.town.first).days
    mornings = [
        datetime.combine(now.date() - timedelta(days=n), datetime.min.time()).replace(hour=8)
        for n in range(min(HISTORY, max(age, 1)), 0, -1)
    ]
    beats = [
        each for at in mornings for each in things.beats(stage.town, at, at + timedelta(hours=1))
    ]
    put(stage, f"设备心跳{now:%Y%m%d%H%M%S}.csv", things.table(beats, BEAT))
    return f"设备事件{now:%Y%m%d%H%M%S}.csv", things.table(events, EVENT)


def _event(book: Book[Life], entry: int, now: datetime) -> things.Record:
    life = book.life(entry)
    updated = life.updated_at(now) or now
    return {**as_text(life.row(now)), "gxsj": updated.isoformat()}
