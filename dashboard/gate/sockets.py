"""An open socket under guard: every message is checked, and it ends with its session."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.errors import CaseError
from dashboard.gate.caller import Caller
from dashboard.gate.refusal import Refused
from dashboard.gate.rules import Rule

LOOK_EVERY_S = 2.0
LONGEST_MESSAGE = 256 * 1024
MOST_PER_SECOND = 60
OVER, UNFIT = 4001, 4003


class GuardedSocket:
    """One connection between its browser and the app."""

    def __init__(
        self,
        rule: Rule,
        caller: Caller,
        receive: Receive,
        send: Send,
        is_valid: Callable[[], Awaitable[bool]],
    ) -> None:
        self._rule, self._caller = rule, caller
        self._receive, self._send = receive, send
        self._is_valid = is_valid
        self._closed = asyncio.Event()
        self._second, self._count = 0, 0

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Serve until either side ends it or the session is over."""
        watch = asyncio.create_task(self._watch())
        try:
            await app(scope, self._guarded_receive, self._guarded_send)
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    async def _watch(self) -> None:
        while not self._closed.is_set():
            await asyncio.sleep(LOOK_EVERY_S)
            with suppress(CaseError):  # the store is busy: look again
                if not await self._is_valid():
                    await self._close(OVER)

    async def _guarded_receive(self) -> Message:
        arriving = asyncio.ensure_future(self._receive())
        closed = asyncio.ensure_future(self._closed.wait())
        try:
            await asyncio.wait({arriving, closed}, return_when=asyncio.FIRST_COMPLETED)
            if self._closed.is_set():
                return {"type": "websocket.disconnect", "code": OVER}
            message = arriving.result()
        finally:
            for task in (arriving, closed):
                task.cancel()
        if message["type"] == "websocket.receive" and not self._is_fit(message):
            await self._close(UNFIT)
            return {"type": "websocket.disconnect", "code": UNFIT}
        return message

    async def _guarded_send(self, message: Message) -> None:
        if not self._closed.is_set():
            if message["type"] == "websocket.close":
                self._closed.set()
            await self._send(message)

    async def _close(self, code: int) -> None:
        if not self._closed.is_set():
            self._closed.set()
            with suppress(OSError, RuntimeError):  # the browser was faster
                await self._send({"type": "websocket.close", "code": code, "reason": ""})

    def _is_fit(self, message: Message) -> bool:
        text = message.get("text")
        if not isinstance(text, str) or len(text) > LONGEST_MESSAGE or not self._in_time():
            return False
        assert self._rule.calls is not None
        try:
            self._rule.calls.check_message(text, self._caller)
        except Refused:
            return False
        return True

    def _in_time(self) -> bool:
        second = int(time.monotonic())
        self._count = self._count + 1 if second == self._second else 1
        self._second = second
        return self._count <= MOST_PER_SECOND
