"""防汛水位雨量: stations on their lines, and a dump of what is older than they can send."""

from __future__ import annotations

import asyncio

from config.thresholds import load_thresholds
from demo.stage import Stage
from demo.station_lines import Stations


async def work(stage: Stage) -> None:
    """All stations of the town."""
    stations = Stations(stage.town, load_thresholds().stations, stage.env.var, stage)
    await asyncio.to_thread(stations.prepare, stage.env.gauge_host, stage.env.sl651_port)
    await stations.run()
