"""网格: events and duty days by offset, open inside the government network."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import clock
from demo.grid_work import SPAN, draw
from demo.listing import MAX_PAGE, moment, number
from demo.lives import Book, Life, as_text
from demo.paged import Record
from demo.stage import Stage


def routes(stage: Stage) -> list[Route]:
    """The listing of the grid platform."""
    book = Book(stage.town, draw, SPAN, keep=12)

    async def events(request: Request) -> Response:
        try:
            since = moment(request, "gxsjStart", stage.town)
            offset = number(request, "offset", 0, 100_000, least=0)
            limit = number(request, "limit", 100, MAX_PAGE)
        except ValueError as error:
            return JSONResponse({"code": "0001", "message": str(error), "data": None})
        rows = await run_in_threadpool(_page, stage, book, book.before(since), offset, limit)
        return JSONResponse({"code": "0000", "message": None, "data": {"rows": rows}})

    return [Route("/grid_event/event/list", events)]


def _page(stage: Stage, book: Book[Life], after: int, offset: int, limit: int) -> list[Record]:
    """One page; how many there are in all would take three years of drawing, so it is not told."""
    now = clock.local().replace(microsecond=0)
    part = book.following(now, after, offset + limit)[offset:]
    dirt = stage.dirt(now)
    return [dirt.row(as_text(book.row(entry, now))) for entry in part]
