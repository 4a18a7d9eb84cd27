"""大联动: orders with their steps; questions are signed, each page says where the next begins."""

from __future__ import annotations

from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import clock
from demo.linkage_orders import SPAN, draw
from demo.listing import MAX_PAGE, moment, number
from demo.lives import Book, Life, as_text
from demo.paged import Record
from demo.signed import Signatures
from demo.stage import Stage


def routes(stage: Stage) -> list[Route]:
    """The listing of the linkage platform."""
    book = Book(stage.town, draw, SPAN)
    options = stage.platform.options
    caller = Signatures(options["key_id"], stage.secret(options["token_env"]))

    async def orders(request: Request) -> Response:
        if not caller.allowed(request):
            return JSONResponse(_bad("401", "签名无效"), status_code=401)
        try:
            since = moment(request, "updateTimeFrom", stage.town)
            size = number(request, "limit", 50, MAX_PAGE)
            cursor = request.query_params.get("cursor", "")
            after = _entry(cursor) if cursor else book.before(since)
        except ValueError as error:
            return JSONResponse(_bad("400", str(error)))
        return JSONResponse(await run_in_threadpool(_page, stage, book, after, size))

    return [Route("/linkage/api/dispatch", orders)]


def _page(stage: Stage, book: Book[Life], after: int, size: int) -> Record:
    """The orders after one that was told; what changes meanwhile comes at the end."""
    now = clock.local().replace(microsecond=0)
    entries = book.following(now, after, size + 1)
    part, more, dirt = entries[:size], len(entries) > size, stage.dirt(now)
    return {
        "retcode": "200",
        "retmsg": "ok",
        "result": {
            "list": [
                dirt.row(record(book, shown.entry, shown.at or now))
                for shown in dirt.listing(part, book.before_last)
            ],
            "nextCursor": f"{part[-1]:x}" if more else None,
            "hasMore": "1" if more else "0",
        },
    }


def record(book: Book[Life], entry: int, now: datetime) -> Record:
    """An order as the interface gives it, its steps numbered."""
    life = book.life(entry)
    steps: list[Record] = []
    before = None
    for step in life.seen(now):
        action, unit, note = str(step.sets["lz"]).split("|")
        state = str(step.sets["ldzt"])
        steps.append(
            {
                "xh": str(len(steps) + 1), "cz": action, "yzt": before, "xzt": state, "czdw": unit,
                "czsj": step.at.isoformat(), "yj": note or None,
            }
        )  # fmt: skip
        before = state
    row = as_text(life.row(now))
    del row["lz"]
    return {**row, "lzjl": steps}


def _entry(cursor: str) -> int:
    try:
        return int(cursor[:16], 16)
    except ValueError:
        raise ValueError(f"cursor 无效：{cursor[:40]}") from None


def _bad(code: str, said: str) -> Record:
    return {"retcode": code, "retmsg": said, "result": None}
