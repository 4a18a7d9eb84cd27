"""A platform that misbehaves in every way a line or a server can, one way per path.

Plain asyncio, since what is wanted here is what no HTTP server does: half a header, a reset in the
middle of a body, a byte a second, a length that is a lie.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import socket
import ssl
import struct
import threading
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import trustme

DRIP_S = 0.2
GOOD = json.dumps({"code": "0", "data": {"list": [], "total": 0}}).encode()
MIB = 1 << 20
Writer = asyncio.StreamWriter


def head(status: str = "200 OK", kind: str = "application/json", **more: object) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def whole(body: bytes, status: str = "200 OK", **more: object) -> bytes:
    return head(status, Content_Length=len(body), **more) + body


async def chunked(writer: Writer, pieces: AsyncIterator[bytes], **more: object) -> None:
    writer.write(head(Transfer_Encoding="chunked", **more))
    async for piece in pieces:
        writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        await writer.drain()
    writer.write(b"0\r\n\r\n")


async def repeated(piece: bytes, times: int) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield piece


async def squeezed(piece: bytes, times: int) -> AsyncIterator[bytes]:
    pack = zlib.compressobj(9, wbits=31)
    for _ in range(times):
        made = pack.compress(piece)
        if made:
            yield made
    yield pack.flush()


class FaultServer:
    """Listens on the loopback in a thread; `asked` counts what was asked for, by path.

    `most_kept_waiting` is how many waited in silence at the same time.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: Counter[str] = Counter()
        self.kept_waiting = self.most_kept_waiting = 0
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._lines: set[asyncio.Task] = set()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait()

    def url(self, path: str) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/{path}"

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._main())
        self._loop.close()

    async def _main(self) -> None:
        self._end = asyncio.Event()
        server = await asyncio.start_server(self._line, "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _line(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        self._lines.add(asyncio.current_task())
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                first = True
                while await self._exchange(reader, writer, first):
                    await writer.drain()
                    first = False
        finally:
            self._lines.discard(asyncio.current_task())
            writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: Writer, first: bool) -> bool:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        target = urlsplit(asked.split(" ")[1])
        name = target.path.strip("/")
        self.asked[name] += 1
        if name == "half-open" and not first:
            await asyncio.sleep(3600)
        misbehave: Callable[..., Awaitable[bool | None]] = getattr(
            self, f"on_{name.replace('-', '_')}", self.on_good
        )
        if name.isdecimal():
            await self.on_status(writer, name, dict(parse_qsl(target.query)))
            return True
        return bool(await misbehave(writer))

    async def on_good(self, writer: Writer) -> bool:
        writer.write(whole(GOOD))
        return True

    on_half_open = on_good

    async def on_status(self, writer: Writer, code: str, query: dict[str, str]) -> None:
        more = {}
        if "after" in query:
            more["Retry_After"] = query["after"]
            more["Date"] = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        if code == "302":
            more["Location"] = "/login"
        writer.write(whole(b"<html>", f"{code} So it is", **more))

    async def on_html(self, writer: Writer) -> bool:
        page = "<!doctype html><title>统一身份认证</title>".encode()
        writer.write(whole(page))
        return True

    async def on_silent(self, writer: Writer) -> None:
        self.kept_waiting += 1
        self.most_kept_waiting = max(self.most_kept_waiting, self.kept_waiting)
        try:
            await asyncio.sleep(3600)
        finally:
            self.kept_waiting -= 1

    async def on_reset(self, writer: Writer) -> None:
        writer.write(head(Content_Length=5000) + b'{"code"')
        await writer.drain()
        line: socket.socket = writer.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    async def on_drip(self, writer: Writer) -> None:
        await self._drip(writer, head(Content_Length=5000), b"1" * 5000)

    async def on_drip_head(self, writer: Writer) -> None:
        await self._drip(writer, b"HTTP/1.1 200 OK\r\n", b"X-Slow: " + b"1" * 5000)

    async def on_drip_chunks(self, writer: Writer) -> None:
        await self._drip(writer, head(Transfer_Encoding="chunked"), b"1\r\n1\r\n" * 900)

    async def _drip(self, writer: Writer, at_once: bytes, slowly: bytes) -> None:
        writer.write(at_once)
        for byte in slowly:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(DRIP_S)

    async def on_short(self, writer: Writer) -> None:
        writer.write(head(Content_Length=len(GOOD) + 500) + GOOD)

    async def on_cut_chunks(self, writer: Writer) -> None:
        writer.write(head(Transfer_Encoding="chunked") + b"500\r\n" + GOOD)

    async def on_no_http(self, writer: Writer) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n" * 3)

    async def on_two_lengths(self, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\n[1,2]")

    async def on_long_head(self, writer: Writer) -> None:
        for _ in range(4096):
            writer.write(b"X-Long: " + b"1" * 8000 + b"\r\n")
            await writer.drain()

    async def on_brotli(self, writer: Writer) -> None:
        writer.write(whole(b"\x0b\x02\x80[]\x03", Content_Encoding="br"))

    async def on_no_gzip(self, writer: Writer) -> None:
        writer.write(whole(GOOD, Content_Encoding="gzip"))

    async def on_half_gzip(self, writer: Writer) -> None:
        writer.write(whole(gzip.compress(GOOD)[:-9], Content_Encoding="gzip"))

    async def on_gzip_bomb(self, writer: Writer) -> None:
        await chunked(writer, squeezed(b" " * MIB, 300), Content_Encoding="gzip")

    async def on_double_bomb(self, writer: Writer) -> None:
        bomb = gzip.compress(gzip.compress(b" " * (100 * MIB)))
        writer.write(whole(bomb, Content_Encoding="gzip, gzip"))

    async def on_gigabyte(self, writer: Writer) -> None:
        await chunked(writer, repeated(b'{"no": "1"},' * 5461, 16_384))

    async def on_deep(self, writer: Writer) -> None:
        await chunked(writer, repeated(b"[" * 65_536, 153))

    async def on_deep_records(self, writer: Writer) -> None:
        deep = b'{"a":' * 70 + b"1" + b"}" * 70
        writer.write(whole(b'{"code":"0","data":{"list":[' + deep + b"]}}"))

    async def on_many_values(self, writer: Writer) -> None:
        await chunked(writer, repeated(b"[]," * 20_000, 250))


class Certificates:
    """A certificate authority of the test, and servers that show what it issued."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self.file = folder / "district.pem"
        self._ca.cert_pem.write_to_path(self.file)

    def server(self, name: str = "127.0.0.1", **more: datetime) -> ssl.SSLContext:
        issued = self._ca.issue_cert(name, **more)
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(made)
        return made
