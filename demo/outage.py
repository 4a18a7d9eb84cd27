"""A platform's HTTP interface while it is out of order: what whoever asks gets instead."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config import clock
from demo.scenario import BUSY, CUT, HANG, SAME
from demo.stage import Stage

RETRY_AFTER_S = b"3"
HANGS_S = 120.0  # longer than anybody waits
_HALF = b'{"code": "0000", "message": null, "data": {"total": 7, "rows": [{"'
_KEPT = 2_000_000  # bytes of an answer that is given again


class CutOff(Exception):
    """The line broke in the middle of an answer, on purpose."""


class Outages:
    """Stands before the interfaces; what is well passes through."""

    def __init__(self, app: ASGIApp, stages: Mapping[str, Stage]) -> None:
        self._app = app
        self._stages = stages
        self._told: dict[str, list[Message]] = {}
        _be_quiet()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the platform does at this moment."""
        path = scope["path"] if scope["type"] == "http" else ""
        stage = self._stages.get(path.split("/")[1] if path else "")
        how = None if stage is None else stage.outage(clock.local())
        if how == BUSY:
            await _busy(send)
        elif how == HANG:
            await _hang(receive)
        elif how == CUT:
            await _cut(send)
        elif how == SAME:
            await self._same(scope, receive, send)
        else:
            self._told.pop(path, None)
            await self._app(scope, receive, send)

    async def _same(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The first answer of the outage, whatever is asked."""
        path = scope["path"]
        if path not in self._told:
            told: list[Message] = []

            async def note(message: Message) -> None:
                told.append(message)

            await self._app(scope, receive, note)
            if sum(len(each.get("body", b"")) for each in told) <= _KEPT:
                self._told[path] = told
        else:
            told = self._told[path]
        for message in told:
            await send(message)


async def _busy(send: Send) -> None:
    head = [(b"retry-after", RETRY_AFTER_S), (b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 503, "headers": head})
    await send({"type": "http.response.body", "body": "系统繁忙，请稍后再试".encode()})


async def _hang(receive: Receive) -> None:
    """Until whoever asks has gone."""
    async with asyncio.timeout(HANGS_S):
        while (await receive())["type"] != "http.disconnect":
            pass


async def _cut(send: Send) -> None:
    head = [(b"content-length", b"4096"), (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": _HALF, "more_body": True})
    raise CutOff


def _be_quiet() -> None:
    """The server tells every answer that breaks off; these are meant to."""

    def is_news(record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], CutOff | TimeoutError))

    logging.getLogger("uvicorn.error").addFilter(is_news)
