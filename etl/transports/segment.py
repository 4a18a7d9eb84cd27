"""Where a stream is kept until it is a delivery: append, sync, close, hand over.

Who sends is answered only after the sync, so what was answered is on disk. A segment left open by
a sudden end is closed at the next start, without the piece that was never answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from config import clock, failpoint

OPEN, CLOSED = ".open", ".closed"
NOISE: Final = ".noise"  # notes of what came and was no message
MAX_BYTES: Final = 1 << 20
MAX_AGE_S: Final = 3.0


class Segment:
    """The open segment of one stream; used by one event loop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handle: int | None = None
        self._path: Path | None = None
        self._size = self._synced = self._number = 0
        self._since = 0.0
        self._waiting: list[asyncio.Future[None]] = []
        self._ended: list[Path] = []  # written to their end, still called open
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()

    async def append(self, data: bytes) -> None:
        """Write and wait until it is on disk; OSError when it could not be kept."""
        self._write(data)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(done)
        self._wake.set()
        await done

    async def run(self) -> None:
        """Sync for all who wait, again and again; one sync serves everybody who came meanwhile."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            async with self._turn:
                await self._sync()

    async def close(self) -> Path | None:
        """End the segment; the path of the closed one, None when nothing was written."""
        async with self._turn:
            while self._waiting:  # others may have written while the last sync was under way
                await self._sync()
            if self._handle is not None and self._path is not None:
                handle, self._handle = self._handle, None  # whatever happens, never closed twice
                self._ended.append(self._path)
                os.close(handle)
            closed = None
            while self._ended:
                closed = self._ended[0].with_suffix(CLOSED)
                self._ended[0].replace(closed)
                failpoint.reach("segment.closed")
                del self._ended[0]
            return closed

    @property
    def is_due(self) -> bool:
        """Whether the segment is old or big enough to be handed over."""
        if self._handle is None:
            return False
        return self._size >= MAX_BYTES or time.monotonic() - self._since >= MAX_AGE_S

    def _write(self, data: bytes) -> None:
        if self._handle is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._number += 1
            name = f"{clock.local():%Y%m%dT%H%M%S%f}-{os.getpid()}-{self._number:06d}{OPEN}"
            self._path = self._folder / name
            self._handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._size = self._synced = 0
            self._since = time.monotonic()
        before, left = self._size, memoryview(data)
        try:
            while left:
                written = os.write(self._handle, left)
                left = left[written:]
                self._size += written
            failpoint.reach("segment.written")
        except OSError:
            self._cut(before)
            raise

    def _cut(self, size: int) -> None:
        """Forget what could not be kept: whoever sent it was not answered and sends it again."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, size)
                os.lseek(self._handle, size, os.SEEK_SET)
            self._size = size

    async def _sync(self) -> None:
        if not self._waiting or self._handle is None:
            return
        waiting, self._waiting = self._waiting, []
        size = self._size
        try:
            await asyncio.get_running_loop().run_in_executor(None, os.fsync, self._handle)
        except OSError as error:
            self._cut(self._synced)
            waiting, self._waiting = [*waiting, *self._waiting], []
            for each in waiting:
                if not each.done():
                    each.set_exception(error)
            return
        failpoint.reach("segment.synced")
        self._synced = size
        for each in waiting:
            if not each.done():
                each.set_result(None)


def waiting(folder: Path) -> list[Path]:
    """What is to become a delivery: closed segments and notes of noise, oldest first."""
    return sorted([*folder.glob(f"*{CLOSED}"), *folder.glob(f"*{NOISE}")])


def close_left_open(folder: Path, whole: Callable[[bytes], bytes]) -> None:
    """Close what a sudden end left open, cut after its last whole message; before a stream starts.

    `whole` gives of a segment what is complete.
    """
    for file in sorted(folder.glob(f"*{OPEN}")):
        complete = whole(file.read_bytes())
        if complete:
            part = file.with_suffix(".part")
            with part.open("wb") as out:
                out.write(complete)
                out.flush()
                os.fsync(out.fileno())  # what was confirmed must not lie in a cache only
            failpoint.reach("segment.recovering")
            part.replace(file.with_suffix(CLOSED))
            failpoint.reach("segment.recovered")
        file.unlink()
