"""What changed, asked for over HTTP page by page; each platform has its own words for it."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.dirt import Shown
from demo.listing import MAX_PAGE, Listings, moment, number
from demo.lives import Book, Life, as_text
from demo.stage import Stage

Record = dict[str, Any]
_Entry = TypeVar("_Entry")


@dataclass(frozen=True)
class Manner:
    """How one platform is asked and how it answers: its parameters, its envelope."""

    since: str
    page: str
    size: str
    good: Callable[[list[Record], int], Record]  # records of this page, how many in all
    bad: Callable[[int, str], Record]  # HTTP status, what is wrong
    by_offset: bool = False


class Listed(Protocol[_Entry]):
    """What has entries that change: a book of lives, or anything that can tell the same."""

    def changed(self, now: datetime, since: datetime) -> list[_Entry]:
        """The entries last changed from `since` until now, in the order of change."""

    def updated(self, entry: _Entry) -> datetime:
        """When an entry was last changed."""

    def before_last(self, entry: _Entry) -> datetime | None:
        """A moment at which it was as before its last change; None if it was not there."""


def paged(
    path: str,
    stage: Stage,
    listed: Listed[_Entry],
    manner: Manner,
    record: Callable[[_Entry, datetime], Record],
    allowed: Callable[[Request], bool] = lambda _: True,
) -> Route:
    """The route of one listing, all pages of which show the moment of the first.

    `record(entry, now)` is one entry as it is sent.
    """

    def shown_since(now: datetime, since: datetime) -> list[Shown[_Entry]]:
        return stage.dirt(now).listing(listed.changed(now, since), listed.before_last)

    listings = Listings(shown_since, lambda shown: listed.updated(shown.entry))

    async def answer(request: Request) -> Response:
        if not allowed(request):
            return JSONResponse(manner.bad(401, "未授权"), status_code=401)
        try:
            since = moment(request, manner.since, stage.town)
            size = number(request, manner.size, 10, MAX_PAGE)
            if manner.by_offset:
                first = number(request, manner.page, 0, 10_000_000, least=0)
            else:
                first = size * (number(request, manner.page, 1, 1_000_000) - 1)
        except ValueError as error:
            return JSONResponse(manner.bad(400, str(error)))

        def read() -> Record:
            now, entries = listings.get(since, first == 0)
            part = entries[first : first + size]
            rows = [record(shown.entry, shown.at or now) for shown in part]
            return manner.good([stage.dirt(now).row(row) for row in rows], len(entries))

        return JSONResponse(await run_in_threadpool(read))

    return Route(path, answer)


def stamped(book: Book[Life], stamp: str = "gxsj") -> Callable[[int, datetime], Record]:
    """A life of a book as text, with when it was last changed."""

    def record(entry: int, now: datetime) -> Record:
        life = book.life(entry)
        return {**as_text(life.row(now)), stamp: str(life.updated_at(now))}

    return record


def with_bearer(token: str) -> Callable[[Request], bool]:
    """Whether a request carries this token after Bearer, and nothing else will do."""

    def allowed(request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())

    return allowed


def with_token(header: str, token: str) -> Callable[[Request], bool]:
    """Whether a request carries this token in a header, alone or after Bearer."""

    def allowed(request: Request) -> bool:
        given = request.headers.get(header, "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())

    return allowed
