"""Packets of unfinished reports, kept on disk: a station that was told ACK does not send again."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from etl.formats import sl651
from etl.formats.sl651 import Frame
from etl.formats.sl651_packets import Gathered, Gathering, Key, Picture

FORGET_S: Final = 3600.0  # a report that is not complete by then will never be


class Packets:
    """The unfinished reports of one listener; used by one event loop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "packets"
        self._gathering = Gathering()
        self._last: dict[Key, float] = {}
        for file in sorted(self._folder.glob("*.sl651")):
            for piece in sl651.split(file.read_bytes()):
                if isinstance(piece, Frame) and piece.packet:
                    self._gathering.add(piece)
                    self._last[_key(piece)] = time.monotonic()

    async def add(self, frame: Frame) -> Gathered:
        """Take one packet; it is on disk when this comes back, unless it was lost or the last."""
        found = self._gathering.add(frame)
        if found.head is not None and not found.whole:
            self._last[_key(frame)] = time.monotonic()
            is_first = frame.packet is not None and frame.packet[1] == 1
            await _off_loop(_write, self._file(_key(frame)), frame.raw, is_first)
        return found

    def done(self, frame: Frame) -> None:
        """The report of this packet is kept elsewhere, or given up."""
        self._last.pop(_key(frame), None)
        self._file(_key(frame)).unlink(missing_ok=True)

    def expired(self) -> list[Frame]:
        """The packets of reports that are given up."""
        now = time.monotonic()
        old = [key for key, at in self._last.items() if now - at > FORGET_S]
        lost = []
        for key in old:
            del self._last[key]
            self._file(key).unlink(missing_ok=True)
            lost += self._gathering.drop(key)
        return lost

    def _file(self, key: Key) -> Path:
        station, function = key
        return self._folder / f"{station}-{function:02X}.sl651"


async def keep_picture(home: Path, picture: Picture) -> None:
    """Write a picture under the raw folder; it is on disk when this comes back."""
    file = home / picture.file
    if not file.exists():
        await _off_loop(_write_whole, file, picture.content)


async def _off_loop(work: Callable[..., None], *args: object) -> None:
    await asyncio.get_running_loop().run_in_executor(None, partial(work, *args))


def _key(frame: Frame) -> Key:
    return frame.station, frame.function


def _write(file: Path, data: bytes, is_first: bool) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    how = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if is_first else os.O_APPEND)
    _synced(os.open(file, how, 0o600), data)


def _write_whole(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f"{file.name}.part")
    _synced(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), content)
    part.replace(file)


def _synced(handle: int, data: bytes) -> None:
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)
