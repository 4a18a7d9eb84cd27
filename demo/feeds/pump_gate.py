"""泵站闸门: a message a station every five minutes, by the town's broker or by webhook."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

from config import clock
from demo import polders
from demo.drops import begun, put
from demo.sending import Send, outlet
from demo.stage import Stage

HISTORY = timedelta(days=60)  # by the hour, at the very first start
MOST = timedelta(hours=6)  # what a station keeps while nobody takes its messages


async def work(stage: Stage) -> None:
    """Every station at every step."""
    last = await begun(stage, partial(history, stage))
    async with outlet(stage) as send:
        while True:
            for at in steps(last.at, clock.local()):
                await tell(stage, send, at)
                last.reach(at)
            await asyncio.sleep(2)


def steps(last: datetime, now: datetime) -> list[datetime]:
    """The full five minutes after `last` until now."""
    at = max(last, now - MOST)
    at = at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0) + polders.STEP
    found = []
    while at <= now:
        found.append(at)
        at += polders.STEP
    return found


async def tell(stage: Stage, send: Send, at: datetime) -> None:
    """What the stations say at one step."""
    for reading in polders.readings(stage.town, at):
        await send(f"water/{reading['STTP']}/{reading['STCD']}/up", reading)


def history(stage: Stage, now: datetime) -> tuple[str, bytes]:
    """The hours before in two files; the gates' is put beside the one that is returned."""
    until = now.replace(minute=0, second=0, microsecond=0)
    founded = datetime.combine(stage.town.first, datetime.min.time())
    pumps, gates = polders.dump(stage.town, max(until - HISTORY, founded), until)
    put(stage, f"闸门运行{now:%Y%m%d%H%M%S}.csv", gates)
    return f"泵站运行{now:%Y%m%d%H%M%S}.csv", pumps
