"""The telemetry listener: stations connect by TCP, send SL 651 frames and are confirmed.

A frame is confirmed (ESC, the line stays up) after it is on disk. A bad frame is noted and passed
over; the line lives on. Keep-alives are answered at once and not kept. How stations work is set
for all of them: M1 sends and wants no answer; M2 wants one for every frame (ACK when packets
follow); M3 sends all packets and wants one answer; M4 is M2, and asks a station that is silent.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from string import hexdigits
from typing import Final, TypeGuard

from cases.faults import Fault
from config import clock, failpoint
from config.environment import environment
from config.platforms import Platform
from etl.errors import Retryable
from etl.formats import sl651
from etl.formats.sl651_packets import INCOMPLETE, of_one_report, pictures
from etl.formats.sl651_report import BadFrame
from etl.transports.answer import Trouble, wrong
from etl.transports.keeping import Keeping, first_of, nothing
from etl.transports.packets import Packets, keep_picture

MAX_LINES: Final = 200  # connections at a time
IDLE_S: Final = 900.0  # stations keep their line alive every few minutes
MODES: Final = ("M1", "M2", "M3", "M4")
EXT: Final = "sl651"


def check(platform: Platform) -> None:
    """ConfigError when the settings of a platform cannot be used."""
    for name, value in platform.options.items():
        if name not in ("centre", "mode"):
            raise wrong(platform, name, value, "centre, mode")
        if name == "mode":
            if value not in MODES:
                raise wrong(platform, name, value, " | ".join(MODES))
        elif not isinstance(value, str) or len(value) != 2 or not set(value) <= set(hexdigits):
            raise wrong(platform, name, value, "two hexadecimal digits")


def stream(platform: Platform, folder: Path, on_closed: Callable[[], None]) -> Listener:
    """The listening port of a platform."""
    env = environment()
    centre = platform.options.get("centre")
    return Listener(
        name=platform.key,
        host=env.gauge_host,
        port=env.sl651_port,
        folder=folder,
        on_closed=on_closed,
        centre=None if centre is None else int(centre, 16),
        mode=platform.options.get("mode", "M2"),
        ask_s=platform.every.total_seconds(),
    )


def whole(data: bytes) -> bytes:
    """The whole frames of a segment that a sudden end left open."""
    return b"".join(piece.raw for piece in sl651.split(data) if isinstance(piece, sl651.Frame))


@dataclass
class Count:
    """What came since the start."""

    frames: int = 0
    kept_alive: int = 0
    pictures: int = 0
    asked: int = 0
    bad: int = 0
    lines: int = 0


@dataclass
class Listener:
    """One listening port of one platform, in a thread of its own."""

    name: str
    host: str
    port: int
    folder: Path
    on_closed: Callable[[], None]
    centre: int | None = None  # frames for another centre are not ours; None takes all
    mode: str = "M2"
    ask_s: float = 300.0  # in M4: a station silent for so long is asked
    on_kept: Callable[[bytes], None] = nothing
    count: Count = field(default_factory=Count)

    def __post_init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._failed: BaseException | None = None
        self._keeping: Keeping | None = None
        self._is_ending = False
        self._thread = threading.Thread(target=self._run, name="sl651", daemon=True)

    def start(self) -> None:
        """Listen; Retryable when the port cannot be had. `port` is then the one that was given."""
        self._thread.start()
        self._ready.wait()
        if self._failed is not None:
            why = getattr(self._failed, "strerror", None) or str(self._failed)
            where = f"{self.host}:{self.port}"
            raise Retryable(
                self.name, f"the address {where} cannot be listened on ({why})", fault=Fault.PORT
            )

    def trouble(self) -> Trouble | None:
        """Why nothing can be taken just now; None while it can."""
        if self._is_ending:
            return None
        if not self._thread.is_alive():
            what = f"the listener ended by itself ({self._failed})"
            return Trouble(Fault.LISTENER, what, self._failed, ended=True)
        return self._keeping.trouble() if self._keeping is not None else None

    def stop(self) -> None:
        """Close every line and the segment; what was confirmed is handed over."""
        self._is_ending = True
        if self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception as error:  # noqa: BLE001 - the edge of this thread; trouble() tells it
            self._failed = error
        finally:
            self._ready.set()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        kept = self._keeping = Keeping(
            self.name, self.folder, self.on_closed, lambda data: self.on_kept(data)
        )
        self._packets = Packets(self.folder)
        finish = asyncio.Event()
        lines: set[asyncio.Task[None]] = set()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            lines.add(task)
            with contextlib.suppress(asyncio.CancelledError):  # the end of the listener
                await self._line(reader, writer, len(lines))
            lines.discard(task)

        server = await asyncio.start_server(answer, self.host, self.port, limit=1 << 16)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        keeping = asyncio.create_task(kept.run(finish))
        await first_of(self._end, keeping)
        server.close()
        for task in lines:
            task.cancel()
        await asyncio.gather(*lines, return_exceptions=True)
        finish.set()
        await keeping

    async def _line(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> None:
        self.count.lines = number
        splitter = sl651.Splitter()
        station: sl651.Frame | None = None
        try:
            while number <= MAX_LINES:
                data = await self._read(reader, writer, station)
                if not data:
                    break
                pieces = splitter.feed(data)
                station = next((p for p in pieces if self._is_ours(p)), station)
                answers = await self._take(pieces)
                if answers:
                    failpoint.reach("frame.kept")
                    writer.write(answers)
                    await asyncio.wait_for(writer.drain(), IDLE_S)
                    failpoint.reach("frame.confirmed")
        except (OSError, TimeoutError):
            pass  # the line is gone, or nothing could be kept: what is not confirmed comes again
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _read(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        station: sl651.Frame | None,
    ) -> bytes:
        """What comes next; in M4 a station that says nothing is asked. TimeoutError when idle."""
        until = time.monotonic() + IDLE_S
        while self.mode == "M4" and station is not None and time.monotonic() < until:
            try:
                return await asyncio.wait_for(reader.read(1 << 16), self.ask_s)
            except TimeoutError:
                self.count.asked += 1
                serial = (self.count.asked % 0x10000).to_bytes(2, "big")
                head = serial + bytes.fromhex(f"{clock.local():%y%m%d%H%M%S}")
                writer.write(sl651.question(station, head))
                await asyncio.wait_for(writer.drain(), IDLE_S)
        return await asyncio.wait_for(reader.read(1 << 16), max(0.0, until - time.monotonic()))

    def _is_ours(self, piece: sl651.Frame | sl651.Garbage) -> TypeGuard[sl651.Frame]:
        if not isinstance(piece, sl651.Frame):
            return False
        return piece.up and self.centre in (None, piece.centre)

    async def _take(self, pieces: list[sl651.Frame | sl651.Garbage]) -> bytes:
        """Keep what came and answer it, in this order."""
        answers: list[bytes] = []
        kept: list[bytes] = []
        done: list[sl651.Frame] = []
        for piece in pieces:
            if isinstance(piece, sl651.Garbage):
                self._note(piece)
            elif not piece.up:
                continue
            elif not self._is_ours(piece):
                self._note(sl651.Garbage(piece.raw, "不是发给本中心的报文"))
            elif piece.packet is not None:
                answers.append(await self._packet(piece, kept, done))
            else:
                answers.append(sl651.confirmation(piece))
                if piece.function == sl651.KEEP_ALIVE:
                    self.count.kept_alive += 1
                else:
                    await self._whole([piece], kept)
        if kept:
            assert self._keeping is not None
            await self._keeping.keep(b"".join(kept))
        for each in done:
            self._packets.done(each)
        return b"" if self.mode == "M1" else b"".join(answers)

    async def _packet(
        self, piece: sl651.Frame, kept: list[bytes], done: list[sl651.Frame]
    ) -> bytes:
        """Take one packet of a report; the answer that its station waits for."""
        for lost in self._packets.expired():
            self._note(sl651.Garbage(lost.raw, INCOMPLETE))
        found = await self._packets.add(piece)
        for lost in found.lost:
            self._note(sl651.Garbage(lost.raw, INCOMPLETE))
        if found.whole:
            await self._whole(found.whole, kept)
            done.append(piece)
            return sl651.confirmation(piece, sl651.ESC, found.head)
        if found.head is None or self.mode == "M3":
            return b""  # not confirmed: the station sends it again
        return sl651.confirmation(piece, sl651.ACK, found.head)

    async def _whole(self, frames: list[sl651.Frame], kept: list[bytes]) -> None:
        """A report is complete: its frames go on, its pictures are put where they are looked at."""
        self.count.frames += len(frames)
        kept += [frame.raw for frame in frames]
        if frames[0].function == sl651.PICTURE:
            with contextlib.suppress(BadFrame):  # told when the delivery is read
                for picture in pictures(of_one_report(frames)):
                    await keep_picture(self.folder.parent, picture)
                    self.count.pictures += 1

    def _note(self, piece: sl651.Garbage) -> None:
        self.count.bad += 1
        assert self._keeping is not None
        self._keeping.note(piece.reason, piece.raw[:2000].hex().upper())
