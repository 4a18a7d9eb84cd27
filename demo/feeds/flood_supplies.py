"""防汛物资与队伍: a workbook each Monday, and more of them while it rains hard."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from config import clock
from demo import stores
from demo.drops import PROGRESS, send, send_again
from demo.stage import Stage
from demo.town import keep

WEEKS = 8  # so far back a new inbox is filled
_log = structlog.get_logger("demo.feeds.flood_supplies")


async def work(stage: Stage) -> None:
    """Drop each file when it is due."""
    while True:
        if not stage.is_gone:
            for path in await asyncio.to_thread(drop, stage, clock.local()):
                _log.info("dropped", file=path.name)
            send_again(stage, clock.local())
        await asyncio.sleep(5)


def drop(stage: Stage, now: datetime) -> list[Path]:
    """Drop what has become due since the last time; the files in their order."""
    state = stage.var / PROGRESS
    last = now - timedelta(weeks=WEEKS)
    if state.exists():
        last = min(now, datetime.fromisoformat(json.loads(state.read_text())["last"]))
    dropped = []
    day = last.date()
    while day <= now.date():
        for turn in stores.turns(stage.town, day):
            if last < turn.at <= now:
                name = f"防汛物资与队伍{turn.at:%Y%m%d%H%M}.xlsx"
                dropped.append(send(stage, now, name, stores.workbook(stage.town, turn)))
        day += timedelta(days=1)
    keep(state, {"last": now.isoformat()})
    return dropped
