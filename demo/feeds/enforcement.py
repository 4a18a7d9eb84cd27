"""综合行政执法: cases with their steps by page number, for a client with a token of its own."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import time
from datetime import datetime
from urllib.parse import parse_qs, unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.lives import Book, Life, as_text
from demo.paged import Manner, Record, paged
from demo.penalties import SPAN, cases_on
from demo.stage import Stage

LIVES_S = 1800.0
MANNER = Manner(
    since="gxsjq",
    page="pageNo",
    size="pageSize",
    good=lambda rows, total: {
        "code": "200", "message": "ok", "data": {"total": total, "items": rows},
    },
    bad=lambda status, text: {"code": str(status), "message": text, "data": None},
)  # fmt: skip
STEP = ("xh", "bz", "sj", "ws", "jbr")


class Tokens:
    """Tokens that were given out (OAuth 2.0 client credentials) and for how long they are good."""

    def __init__(self, client: str, word: str) -> None:
        self._client, self._word = client, word
        self._given: dict[str, float] = {}

    async def give(self, request: Request) -> Response:
        """A token for the client that shows its secret."""
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        if form.get("grant_type") != ["client_credentials"]:
            return JSONResponse({"error": "unsupported_grant_type"}, status_code=400)
        if not self._knows(request.headers.get("authorization", "")):
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        now = time.monotonic()
        self._given = {each: until for each, until in self._given.items() if until > now}
        token = secrets.token_urlsafe(24)
        self._given[token] = now + LIVES_S
        said = {"access_token": token, "token_type": "Bearer", "expires_in": int(LIVES_S)}
        return JSONResponse(said)

    def allows(self, request: Request) -> bool:
        """Whether a request carries a token that is still good."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self._given.get(token, 0.0) > time.monotonic()

    def _knows(self, header: str) -> bool:
        try:
            pair = base64.b64decode(header.removeprefix("Basic "), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        client, _, word = pair.partition(":")
        is_word = hmac.compare_digest(unquote(word).encode(), self._word.encode())
        return unquote(client) == self._client and is_word


def case_record(book: Book[Life], entry: int, now: datetime) -> Record:
    """One case as the interface gives it, its steps inside."""
    life = book.life(entry)
    row = as_text(life.row(now))
    lines = [
        row.pop(name) or "" for name in sorted(row) if name[:2] == "lc" and name[2:].isdecimal()
    ]
    steps = [dict(zip(STEP, line.split("|"), strict=True)) for line in lines]
    steps.sort(key=lambda step: int(step["xh"]))
    for step in steps:
        step["yxs"] = "1" if row["qgcjl"] == "1" else "0"
    return {**row, "lc": steps, "gxsj": str(life.updated_at(now))}


def routes(stage: Stage) -> list[Route]:
    """The interface of the enforcement platform and its token address."""
    book = Book(stage.town, cases_on, SPAN)
    options = stage.platform.options
    tokens = Tokens(options["client_id"], stage.secret(options["token_env"]))
    return [
        Route("/enforcement/oauth/token", tokens.give, methods=["POST"]),
        paged(
            "/enforcement/openapi/case/list",
            stage,
            book,
            MANNER,
            lambda entry, now: case_record(book, entry, now),
            tokens.allows,
        ),
    ]
