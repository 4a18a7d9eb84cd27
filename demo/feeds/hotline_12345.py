"""12345热线: the order list, page by page, for those who have the token."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from weakref import WeakKeyDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import clock
from demo.hotline import SPAN, Order, orders_on
from demo.listing import moment
from demo.lives import Book
from demo.paged import Manner, paged, with_bearer
from demo.stage import Stage

MANNER = Manner(
    since="updatedSince",
    page="pageNumber",
    size="pageSize",
    good=lambda records, total: {
        "code": "0000", "message": None,
        "result": {"pageData": {"total": total, "records": records}},
    },
    bad=lambda _, said: {"code": "0001", "message": said, "result": None},
)  # fmt: skip
_books: WeakKeyDictionary[Stage, Book[Order]] = WeakKeyDictionary()


def book(stage: Stage) -> Book[Order]:
    """The one book that is shown and drawn ahead."""
    return _books.setdefault(stage, Book(stage.town, orders_on, SPAN))


def routes(stage: Stage) -> list[Route]:
    """The interface of the hotline platform."""
    allowed = with_bearer(stage.secret(stage.platform.options["token_env"]))
    orders = book(stage)

    async def order_stat(request: Request) -> Response:
        if not allowed(request):
            return JSONResponse(MANNER.bad(401, "未授权"), status_code=401)
        try:
            first = moment(request, "ksrq", stage.town).date()
            last = moment(request, "jsrq", stage.town).date()
        except ValueError as error:
            return JSONResponse(MANNER.bad(400, str(error)))
        days = await run_in_threadpool(received, orders, first, last, clock.local())
        found = [{"rq": day.isoformat(), "sl": str(n)} for day, n in days.items()]
        return JSONResponse({"code": "0000", "message": None, "result": {"list": found}})

    path = "/hotline_12345/order/list"
    return [
        paged(path, stage, orders, MANNER, orders.row, allowed),
        Route("/hotline_12345/order/stat", order_stat),
    ]


def received(orders: Book[Order], first: date, last: date, now: datetime) -> dict[date, int]:
    """How many orders came on each day, as the platform counts them."""
    found = {}
    day = first
    while day <= min(last, now.date()):
        count = sum(order.call.received <= now for order in orders.day(day))
        if count:
            found[day] = count
        day += timedelta(days=1)
    return found


async def work(stage: Stage) -> None:
    """Draw the orders before the first reader asks for them."""
    first = datetime.combine(stage.town.first, time())
    await asyncio.to_thread(book(stage).changed, clock.local(), first)
