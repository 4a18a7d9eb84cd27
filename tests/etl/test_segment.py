"""What was answered is on disk, and everybody who wrote is answered."""

import asyncio
import time
from pathlib import Path

import pytest

from etl.transports.segment import Segment, waiting


def test_everybody_is_answered_while_the_segment_is_closed_again_and_again(
    tmp_path: Path, monkeypatch
):
    """Twelve writers, some of whom write while a rotation waits for the disk."""
    monkeypatch.setattr("etl.transports.segment.os.fsync", lambda _handle: time.sleep(0.001))

    async def play() -> None:
        segment = Segment(tmp_path)
        syncing = asyncio.create_task(segment.run())

        async def write(letter: int) -> None:
            for _ in range(60):
                await segment.append(bytes([letter]))
                await asyncio.sleep(0.0001 * (letter % 7))

        async def rotate() -> None:
            while True:
                await segment.close()
                await asyncio.sleep(0)

        rotating = asyncio.create_task(rotate())
        async with asyncio.timeout(300):
            await asyncio.gather(*(write(65 + n) for n in range(12)))
        rotating.cancel()
        await asyncio.gather(rotating, return_exceptions=True)
        await segment.close()
        syncing.cancel()
        await asyncio.gather(syncing, return_exceptions=True)

    asyncio.run(play())
    kept = b"".join(path.read_bytes() for path in waiting(tmp_path))
    assert sorted(kept) == sorted(bytes(range(65, 77)) * 60)


def test_who_writes_on_a_failing_disk_is_told_and_the_next_one_is_served(tmp_path, monkeypatch):
    failing = [True]

    def fsync(_handle: int) -> None:
        if failing[0]:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("etl.transports.segment.os.fsync", fsync)

    async def play() -> None:
        segment = Segment(tmp_path)
        syncing = asyncio.create_task(segment.run())
        with pytest.raises(OSError, match="Input/output"):
            await segment.append(b"lost")
        failing[0] = False
        await segment.append(b"kept")
        await segment.close()
        syncing.cancel()
        await asyncio.gather(syncing, return_exceptions=True)

    asyncio.run(play())
    assert [path.read_bytes() for path in waiting(tmp_path)] == [b"kept"]
