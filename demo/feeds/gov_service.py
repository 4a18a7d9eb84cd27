"""政务服务: matters by version; each page links to the next in its header (RFC 8288)."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import clock
from demo.hall import SPAN, draw
from demo.listing import MAX_PAGE, number
from demo.lives import Book, Life, as_text
from demo.paged import Record, with_token
from demo.stage import Stage

PATH = "/gov_service/v1/cases"
_LARGEST = 1 << 55  # in the year 2092


def routes(stage: Stage) -> list[Route]:
    """The listing of the service platform."""
    book = Book(stage.town, draw, SPAN)
    allowed = with_token("Authorization", stage.secret(stage.platform.options["token_env"]))

    async def cases(request: Request) -> Response:
        if not allowed(request):
            return JSONResponse({"status": 401, "message": "未授权", "data": []}, status_code=401)
        try:
            version = number(request, "sinceVersion", 0, _LARGEST, least=0)
            size = number(request, "limit", 100, MAX_PAGE)
        except ValueError as error:
            return JSONResponse({"status": 400, "message": str(error), "data": []})
        rows, more = await run_in_threadpool(_page, stage, book, version, size)
        links = {}
        if more:
            query = urlencode({"sinceVersion": rows[-1]["bbh"], "limit": size})
            links["Link"] = f'<{PATH}?{query}>; rel="next"'
        return JSONResponse({"status": 200, "message": "", "data": rows}, headers=links)

    return [Route(PATH, cases)]


def _page(stage: Stage, book: Book[Life], version: int, size: int) -> tuple[list[Record], bool]:
    """The matters above a version. An entry of the book grows with every change: it is that."""
    now = clock.local().replace(microsecond=0)
    entries = book.following(now, version, size + 1)
    dirt = stage.dirt(now)
    rows = [
        dirt.row({**as_text(book.row(entry, now)), "bbh": str(entry)}) for entry in entries[:size]
    ]
    return rows, len(entries) > size
