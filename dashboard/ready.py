"""Callbacks whose answer many share, answered before Dash is asked.

The gate has let the call through and held its form against the declaration. An answer is the bytes
that Dash would send; whatever has none ready is Dash's to answer.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.pieces import Piece, gzipped, joined

Parts = Sequence[Piece | bytes]
Answer = Callable[[Sequence[Any]], Awaitable[Parts | None]]  # from the call's inputs and states
CALLS: Final = "_dash-update-component"
log = structlog.get_logger(__name__)


class Ready:
    """Stands between the gate and the apps; `answers` by the callback's name."""

    def __init__(self, app: ASGIApp, path: str, answers: Mapping[str, Answer]) -> None:
        self.app, self.path, self.answers = app, path, answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is ready, pass on everything else."""
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] != self.path:
            await self.app(scope, receive, send)
            return
        message = await receive()  # the gate has read the body and gives it whole
        call = json.loads(message["body"])
        answer = self.answers.get(call["output"])
        parts = None if answer is None else await self._asked(answer, call)
        if parts is None:
            await self.app(scope, _again(message, receive), send)
            return
        await _send(parts, Headers(scope=scope), send)

    async def _asked(self, answer: Answer, call: Mapping[str, Any]) -> Parts | None:
        try:
            given = (*call["inputs"], *call.get("state", ()))  # without any it is not sent
            return await answer([one.get("value") for one in given])
        except Exception:  # what is wrong is told by the way that draws for one alone
            log.exception("not_ready", callback=call["output"])
            return None


def _again(first: Message, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if not given:
            given = True
            return first
        return await receive()

    return again


async def _send(parts: Parts, headers: Headers, send: Send) -> None:
    takes_gzip = "gzip" in headers.get("accept-encoding", "")
    body = gzipped(parts) if takes_gzip else joined(parts)
    lines = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"vary", b"Accept-Encoding"),
    ]
    if takes_gzip:
        lines.append((b"content-encoding", b"gzip"))
    await send({"type": "http.response.start", "status": 200, "headers": lines})
    await send({"type": "http.response.body", "body": body})
