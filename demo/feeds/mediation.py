"""矛盾纠纷调处: a workbook in the inbox every half hour."""

from __future__ import annotations

import asyncio

import structlog

from config import clock
from demo import mediation_sheet
from demo.stage import Stage

_log = structlog.get_logger("demo.feeds.mediation")


async def work(stage: Stage) -> None:
    """Drop each file when it is due."""
    while True:
        drop = mediation_sheet.drop
        path = await asyncio.to_thread(drop, stage.town, stage.env.var, clock.local())
        if path is not None:
            _log.info("dropped", file=path.name)
        await asyncio.sleep(5)
