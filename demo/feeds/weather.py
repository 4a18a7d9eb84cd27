"""气象: readings and warnings by offset, open to everybody."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo import weather
from demo.listing import MAX_PAGE, Listings, moment, number
from demo.stage import Stage


def routes(stage: Stage) -> list[Route]:
    """The interface of the weather platform."""
    town = stage.town
    sky = Listings(lambda now, since: weather.listing(town, now, since), lambda row: row.updated)

    async def observe(request: Request) -> Response:
        try:
            since = moment(request, "since", town)
            offset = number(request, "offset", 0, 10_000_000, least=0)
            limit = number(request, "limit", 100, MAX_PAGE)
        except ValueError as error:
            return JSONResponse({"status": 400, "msg": str(error), "data": None})
        now, rows = await run_in_threadpool(sky.get, since, offset == 0)
        page = [weather.record(town, entry, now) for entry in rows[offset : offset + limit]]
        data = {"total": len(rows), "list": page}
        return JSONResponse({"status": 200, "msg": "success", "data": data})

    return [Route("/weather/observe", observe)]
