"""气象: readings and warnings by offset, open to everybody."""

from __future__ import annotations

from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo import weather
from demo.dirt import Shown
from demo.listing import MAX_PAGE, Listings, moment, number
from demo.stage import Stage


def routes(stage: Stage) -> list[Route]:
    """The interface of the weather platform."""
    town = stage.town

    def listed(now: datetime, since: datetime) -> list[Shown[weather.Entry]]:
        return stage.dirt(now).listing(weather.listing(town, now, since))

    sky = Listings(listed, lambda shown: shown.entry.updated)

    async def observe(request: Request) -> Response:
        try:
            since = moment(request, "since", town)
            offset = number(request, "offset", 0, 10_000_000, least=0)
            limit = number(request, "limit", 100, MAX_PAGE)
        except ValueError as error:
            return JSONResponse({"status": 400, "msg": str(error), "data": None})
        now, rows = await run_in_threadpool(sky.get, since, offset == 0)
        part = rows[offset : offset + limit]
        page = [stage.dirt(now).row(weather.record(town, shown.entry, now)) for shown in part]
        data = {"total": len(rows), "list": page}
        return JSONResponse({"status": 200, "msg": "success", "data": data})

    return [Route("/weather/observe", observe)]
