"""雪亮工程视频: the street's cameras behind a WVP with an api-key."""

from __future__ import annotations

from functools import partial

from starlette.routing import Route

from demo import wvp
from demo.drops import begun
from demo.stage import Stage


def routes(stage: Stage) -> list[Route]:
    """The interface of the platform."""
    return wvp.routes(stage, "street")


async def work(stage: Stage) -> None:
    """What is over comes once as a list; from then on the interface tells."""
    await begun(stage, partial(wvp.history, stage, "street"))
