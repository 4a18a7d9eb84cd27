"""The town's HTTP interfaces, in the words of the platforms that they stand in for."""

from __future__ import annotations

import hmac
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import clock
from demo import weather
from demo.hotline import Book, Order
from demo.town import Town

MAX_PAGE = 1000
_Row = TypeVar("_Row")


class Listings(Generic[_Row]):
    """Listings that were begun: all pages of one listing show the moment of its first page."""

    def __init__(
        self, make: Callable[[datetime, datetime], list[_Row]], keep_s: float = 120
    ) -> None:
        self._make = make
        self._keep_s = keep_s
        self._begun: OrderedDict[datetime, tuple[float, datetime, list[_Row]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, since: datetime, first_page: bool) -> tuple[datetime, list[_Row]]:
        """The moment and the rows of the listing of this `since`; begun anew on a first page."""
        with self._lock:
            found = self._begun.get(since)
        fresh = found is not None and time.monotonic() - found[0] < self._keep_s
        if found is not None and fresh and not first_page:
            return found[1], found[2]
        now = clock.local().replace(microsecond=0)
        rows = self._make(now, since)
        with self._lock:
            self._begun[since] = (time.monotonic(), now, rows)
            while len(self._begun) > 3:
                self._begun.popitem(last=False)
        return now, rows


def interface(town: Town, token: str, keys: frozenset[str], book: Book | None = None) -> Starlette:
    """The application that serves the platforms `keys`."""
    book = book or Book(town)
    orders = Listings(book.listing)
    sky = Listings(lambda now, since: weather.listing(town, now, since))

    async def order_list(request: Request) -> Response:
        offered = request.headers.get("authorization", "")
        if not hmac.compare_digest(offered.encode(), f"Bearer {token}".encode()):
            return JSONResponse({"code": "0001", "message": "未授权"}, status_code=401)
        try:
            since = _moment(request, "updatedSince", town)
            page = _number(request, "pageNumber", 1, 1_000_000)
            size = _number(request, "pageSize", 10, MAX_PAGE)
        except ValueError as error:
            return JSONResponse({"code": "0001", "message": str(error), "result": None})
        data = await run_in_threadpool(_order_page, book, orders, since, page, size)
        result = {"pageData": data}
        return JSONResponse({"code": "0000", "message": None, "result": result})

    async def observe(request: Request) -> Response:
        try:
            since = _moment(request, "since", town)
            offset = _number(request, "offset", 0, 10_000_000, least=0)
            limit = _number(request, "limit", 100, MAX_PAGE)
        except ValueError as error:
            return JSONResponse({"status": 400, "msg": str(error), "data": None})
        now, rows = await run_in_threadpool(sky.get, since, offset == 0)
        page = [weather.record(town, entry, now) for entry in rows[offset : offset + limit]]
        data = {"total": len(rows), "list": page}
        return JSONResponse({"status": 200, "msg": "success", "data": data})

    routes = []
    if "hotline_12345" in keys:
        routes.append(Route("/hotline_12345/order/list", order_list))
    if "weather" in keys:
        routes.append(Route("/weather/observe", observe))
    return Starlette(routes=routes)


def _order_page(
    book: Book, orders: Listings[tuple[datetime, Order]], since: datetime, page: int, size: int
) -> dict[str, Any]:
    now, rows = orders.get(since, page == 1)
    return {
        "total": len(rows),
        "pageNumber": page,
        "pageSize": size,
        "records": [
            order.record(now, book.class_names)
            for _, order in rows[(page - 1) * size : page * size]
        ],
    }


def _moment(request: Request, name: str, town: Town) -> datetime:
    text = request.query_params.get(name)
    if not text:
        return datetime.combine(town.first, datetime.min.time())
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{name} 格式错误：{text}，应为 2026-11-23T08:00:00") from None
    return moment.astimezone(clock.ZONE).replace(tzinfo=None) if moment.tzinfo else moment


def _number(request: Request, name: str, default: int, most: int, least: int = 1) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ValueError(f"{name} 应为 {least} 到 {most} 的整数：{text}")
    return int(text)
