"""What every stream does with what came: keep it on disk, note noise, hand over, tell the loader.

Whoever must know at once (`on_kept`, which must not take long) is told when it is on disk, and not
when it is loaded. Used by one event loop. Who sends is answered only after `keep` came back.
Loading takes its time and senders must not wait for it: it has a thread of its own, that never
takes the ones that sync.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import structlog

from cases.faults import Fault
from etl.durable import is_full
from etl.transports.answer import Trouble
from etl.transports.segment import NOISE, Segment, waiting

MAX_NOISE: Final = 99  # notes of noise per segment; more are only counted by their stream
_LOOK_S: Final = 0.25
_FIRST: Final = asyncio.FIRST_COMPLETED
_log = structlog.get_logger("etl.transports.keeping")


def nothing(_data: bytes) -> None:
    """Nobody wants to know at once what was kept."""


class Keeping:
    """The segments and notes of one stream."""

    def __init__(
        self,
        name: str,
        folder: Path,
        on_closed: Callable[[], None],
        on_kept: Callable[[bytes], None] = nothing,
    ) -> None:
        self._name = name
        self._folder = folder
        self._on_closed = on_closed
        self._on_kept = on_kept
        self._segment = Segment(folder)
        self._notes: list[str] = []
        self._cannot: OSError | None = None  # why nothing could be kept the last time
        self._teller = ThreadPoolExecutor(1, thread_name_prefix=f"{name}-load")
        # one waits for its turn and takes all that is closed by then
        self._may_tell = threading.Semaphore(1)

    async def keep(self, data: bytes) -> None:
        """Come back when it is on disk; OSError when it could not be kept, which is told once."""
        try:
            await self._segment.append(data)
        except OSError as error:
            self._cannot_keep(error)
            raise
        self._cannot = None
        self._on_kept(data)

    def trouble(self) -> Trouble | None:
        """Why nothing can be kept just now; None while it can."""
        error = self._cannot
        if error is None:
            return None
        fault = Fault.DISK_FULL if is_full(error) else Fault.DISK_BROKEN
        return Trouble(fault, f"nothing that comes can be kept ({error})", error)

    def note(self, reason: str, row: str) -> None:
        """Something came that is no message; a person will see it in quarantine."""
        if len(self._notes) < MAX_NOISE:
            self._notes.append(json.dumps({"reason": reason, "row": row}, ensure_ascii=False))

    async def run(self, end: asyncio.Event) -> None:
        """Sync and hand over until the end, then hand over the rest.

        What cannot go on raises: a stream whose syncing has died would let its senders wait.
        """
        syncing = asyncio.create_task(self._segment.run())
        ending = asyncio.create_task(end.wait())
        try:
            while not ending.done():
                await asyncio.wait([ending, syncing], timeout=_LOOK_S, return_when=_FIRST)
                if syncing.done():
                    syncing.result()
                if self._segment.is_due or len(self._notes) == MAX_NOISE:
                    await self._hand_over()
            await self._hand_over()
        finally:
            ending.cancel()
            syncing.cancel()
            await asyncio.gather(syncing, ending, return_exceptions=True)

    def _cannot_keep(self, error: OSError) -> None:
        if self._cannot is None:
            _log.error("not_kept", platform=self._name, reason=str(error))
        self._cannot = error

    async def _hand_over(self) -> None:
        try:
            closed = await self._segment.close()
            if self._notes:
                notes, self._notes = self._notes, []
                name = closed.stem if closed else f"{time.time_ns()}"
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                text = "\n".join(notes) + "\n"
                (self._folder / f"{name}{NOISE}").write_text(text, encoding="utf-8")
        except OSError as error:
            self._cannot_keep(error)
            return
        if closed:
            self._cannot = None
        if (closed or waiting(self._folder)) and self._may_tell.acquire(blocking=False):
            asyncio.get_running_loop().run_in_executor(self._teller, self._tell)

    def _tell(self) -> None:
        self._may_tell.release()  # what closes from here on is told again
        try:
            self._on_closed()
        except Exception as error:  # noqa: BLE001 - the edge of this thread; the files stay
            said = f"{type(error).__name__}: {error}"
            _log.error("segments_not_loaded", platform=self._name, reason=said)


async def first_of(end: asyncio.Event, keeping: asyncio.Task[None]) -> None:
    """Wait until the stream is to end, or can keep nothing any more."""
    ending = asyncio.create_task(end.wait())
    await asyncio.wait([ending, keeping], return_when=_FIRST)
    ending.cancel()
