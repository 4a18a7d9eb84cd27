"""A line between browser and server that can be cut, or answer with a proxy's error page."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

PASS, CUT, BAD_GATEWAY = "pass", "cut", "502"
_ERROR = b"<html><body><h1>502 Bad Gateway</h1><hr>proxy</body></html>"
_ANSWER = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n" % len(_ERROR) + _ERROR
)


class Line:
    """Passes bytes on to a port of this machine, in a thread of its own."""

    def __init__(self, port: int) -> None:
        self.target, self.mode, self.port = port, PASS, 0
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Listen on a free port."""
        self._thread.start()
        assert self._ready.wait(60)

    def stop(self) -> None:
        """Close everything."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def set(self, mode: str) -> None:
        """From now on; what is open ends when the line is not passed on any more."""
        self.mode = mode
        if mode != PASS:
            self._loop.call_soon_threadsafe(self._close_all)

    def _close_all(self) -> None:
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._take, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(asyncio.sleep(0.05))  # what was closed says so to its owner
        self._loop.close()

    async def _end(self) -> None:
        self.mode = CUT
        self._close_all()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode == CUT:
            writer.transport.abort()
            return
        if self.mode == BAD_GATEWAY:
            with contextlib.suppress(OSError):
                await reader.read(65536)
                writer.write(_ANSWER)
                await writer.drain()
            writer.close()
            return
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, to_server}
        try:
            await asyncio.gather(_pump(reader, to_server), _pump(from_server, writer))
        finally:
            self._open -= {writer, to_server}
            for each in (writer, to_server):
                each.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    writer.close()


@contextlib.contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A line that is open for the length of a test."""
    made = Line(port)
    made.start()
    try:
        yield made
    finally:
        made.stop()
