"""雪亮工程视频: the street's cameras behind a WVP with an api-key."""

from __future__ import annotations

import asyncio
from functools import partial

from starlette.routing import Route

from config import clock
from demo import wvp
from demo.drops import once
from demo.stage import Stage


def routes(stage: Stage) -> list[Route]:
    """The interface of the platform."""
    return wvp.routes(stage, "street")


async def work(stage: Stage) -> None:
    """What is over comes once as a list; from then on the interface tells."""
    await asyncio.to_thread(once, stage, clock.local(), partial(wvp.history, stage, "street"))
