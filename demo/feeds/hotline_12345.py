"""12345热线: the order list, page by page, for those who have the token."""

from __future__ import annotations

import asyncio
import hmac
from collections import Counter
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import clock
from demo.dirt import Shown
from demo.hotline import Book, Changed, before_last
from demo.listing import MAX_PAGE, Listings, moment, number
from demo.stage import Stage

_STRANGER = {"code": "0001", "message": "未授权"}
_books: WeakKeyDictionary[Stage, Book] = WeakKeyDictionary()


def book(stage: Stage) -> Book:
    """The one book that is shown and drawn ahead."""
    return _books.setdefault(stage, Book(stage.town))


def routes(stage: Stage) -> list[Route]:
    """The interface of the hotline platform."""
    token = stage.secret(stage.platform.options["token_env"])

    def listed(now: datetime, since: datetime) -> list[Shown[Changed]]:
        return stage.dirt(now).listing(book(stage).listing(now, since), before_last)

    orders = Listings(listed, lambda shown: shown.entry[0])

    def is_known(request: Request) -> bool:
        offered = request.headers.get("authorization", "")
        return hmac.compare_digest(offered.encode(), f"Bearer {token}".encode())

    async def order_stat(request: Request) -> Response:
        if not is_known(request):
            return JSONResponse(_STRANGER, status_code=401)
        try:
            first = moment(request, "ksrq", stage.town).date()
            last = moment(request, "jsrq", stage.town).date()
        except ValueError as error:
            return JSONResponse({"code": "0001", "message": str(error), "result": None})
        days = await run_in_threadpool(received, book(stage), first, last, clock.local())
        found = [{"rq": day.isoformat(), "sl": str(n)} for day, n in days.items()]
        return JSONResponse({"code": "0000", "message": None, "result": {"list": found}})

    async def order_list(request: Request) -> Response:
        if not is_known(request):
            return JSONResponse(_STRANGER, status_code=401)
        try:
            since = moment(request, "updatedSince", stage.town)
            page = number(request, "pageNumber", 1, 1_000_000)
            size = number(request, "pageSize", 10, MAX_PAGE)
        except ValueError as error:
            return JSONResponse({"code": "0001", "message": str(error), "result": None})

        def read() -> dict[str, Any]:
            now, rows = orders.get(since, page == 1)
            names = book(stage).class_names
            part = rows[(page - 1) * size : page * size]
            return {
                "total": len(rows),
                "pageNumber": page,
                "pageSize": size,
                "records": [
                    stage.dirt(now).row(shown.entry[1].record(shown.at or now, names))
                    for shown in part
                ],
            }

        result = {"pageData": await run_in_threadpool(read)}
        return JSONResponse({"code": "0000", "message": None, "result": result})

    return [
        Route("/hotline_12345/order/list", order_list),
        Route("/hotline_12345/order/stat", order_stat),
    ]


def received(orders: Book, first: date, last: date, now: datetime) -> dict[date, int]:
    """How many orders came on each day, as the platform counts them."""
    taken = (order.call.received for order in orders.until(min(last, now.date())))
    counted = Counter(at.date() for at in taken if at <= now and first <= at.date() <= last)
    return dict(sorted(counted.items()))


async def work(stage: Stage) -> None:
    """Draw the orders before the first reader asks for them."""
    await asyncio.to_thread(book(stage).until, clock.today())
