"""The one HTTP port that platforms send to, whichever they are: /push/<key>.

It stands in a thread of its own. What is no message is answered with one sentence and its status.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from asyncio import Transport
from typing import Any, Final, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_BODY: Final = 1 << 20
MAX_LINES: Final = 128  # connections at a time
HEAD_S: Final = 10.0  # a sender who says nothing for so long is hung up on
BODY_S: Final = 15.0


class Refusal(Exception):
    """A message that is not taken: its status, and why in one sentence."""

    def __init__(self, status: int, sentence: str, after: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.after = after


class Taker(Protocol):
    """Who takes the messages of one platform."""

    name: str

    async def take(self, headers: Headers, body: bytes) -> None:
        """Keep one message; Refusal when it is none, OSError when it could not be kept."""

    async def run(self) -> None:
        """Hand over until the end; then hand over the rest."""

    def end(self) -> None:
        """Take no more."""


class Door:
    """The server, there while any platform takes messages."""

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, port), family=family, backlog=256)
        self.port = self._listening.getsockname()[1]
        self._takers: dict[str, tuple[Taker, asyncio.Future[None]]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="push", daemon=True)
        routes = [Route("/push/{key}", self._answer, methods=["POST"])]
        self._server = uvicorn.Server(
            uvicorn.Config(
                Starlette(routes=routes),
                http=_Impatient,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                limit_concurrency=MAX_LINES,
                timeout_graceful_shutdown=5,
            )
        )
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Whether anybody can still come in."""
        return self._thread.is_alive()

    def open(self, taker: Taker) -> None:
        """From now on messages to /push/<name> are taken."""
        asyncio.run_coroutine_threadsafe(self._admit(taker), self._loop).result(10)

    def close(self, taker: Taker) -> bool:
        """Take no more for one; True when nobody is left, and then the port is free again."""
        if not self.is_open:
            self._takers.pop(taker.name, None)
            return not self._takers
        asyncio.run_coroutine_threadsafe(self._dismiss(taker), self._loop).result(30)
        if self._takers:
            return False
        self._server.should_exit = True
        self._thread.join(15)
        return True

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with self._listening:
            self._loop.run_until_complete(self._server.serve([self._listening]))
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _admit(self, taker: Taker) -> None:
        running = asyncio.ensure_future(taker.run())
        await asyncio.sleep(0)  # it sets itself up before the first message
        self._takers[taker.name] = (taker, running)

    async def _dismiss(self, taker: Taker) -> None:
        taker.end()
        _, running = self._takers.pop(taker.name)
        await asyncio.gather(running, return_exceptions=True)  # a failed one has told it already

    async def _answer(self, request: Request) -> Response:
        found = self._takers.get(request.path_params["key"])
        try:
            if found is None:
                raise Refusal(404, "no platform of this name sends to here")
            body = await asyncio.wait_for(_body(request), BODY_S)
            await found[0].take(request.headers, body)
        except Refusal as refusal:
            headers = {"Connection": "close"}
            if refusal.after is not None:
                headers["Retry-After"] = str(refusal.after)
            return JSONResponse({"error": refusal.sentence}, refusal.status, headers)
        except (TimeoutError, ClientDisconnect):
            said = f"the body did not come within {BODY_S:.0f} s"
            return JSONResponse({"error": said}, 408, {"Connection": "close"})
        except OSError:
            said = "the message could not be kept, send it again later"
            return JSONResponse({"error": said}, 503, {"Retry-After": "30"})
        return JSONResponse({"status": "kept"})


async def _body(request: Request) -> bytes:
    """The body, as far as it may be one."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(415, "the Content-Type must be application/json")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal(415, "the body must not be packed")
    too_large = Refusal(413, f"the body must not be larger than {MAX_BODY >> 20} MiB")
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:12]) > MAX_BODY:
        raise too_large
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            raise too_large
        parts.append(part)
    return b"".join(parts)


class _Impatient(HttpToolsProtocol):
    """Hangs up on a sender who says nothing; the server itself would wait for ever."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._patience: Any = self.loop.call_later(HEAD_S, self._hang_up)

    def connection_lost(self, exc: Exception | None) -> None:
        self._patience.cancel()
        super().connection_lost(exc)

    def _hang_up(self) -> None:
        if self.cycle is None:
            self.transport.close()
