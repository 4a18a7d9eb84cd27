"""Deliveries of one platform on their way into the warehouse together.

A transaction costs about as much as ten thousand rows, so that pages are read one by one and
loaded by the pile. While the warehouse takes one pile the next is read.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from cases.faults import Fault
from etl.errors import EtlError, Refused
from etl.health import Tally
from etl.manifest import Line
from warehouse.batch import Batch, LoadResult

if TYPE_CHECKING:
    from etl.loader import Loader

ROWS: Final = 10_000
LONGEST_S: Final = 5.0  # a slow platform's first page is not kept waiting for its tenth


class Pile:
    """Use as a context manager: what was added is loaded at its end, also when asking broke off."""

    def __init__(self, loader: Loader, key: str, tally: Tally) -> None:
        self._loader = loader
        self._key = key
        self._tally = tally
        self._waiting: list[tuple[Line, Batch]] = []
        self._rows = 0
        self._since = 0.0
        self._worker: ThreadPoolExecutor | None = None
        self._taken: Future[list[LoadResult]] | None = None
        self._lines: list[Line] = []

    def __enter__(self) -> Pile:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        try:
            if error is None or isinstance(error, EtlError):
                self.load()
        except EtlError as fault:
            raise (fault if error is None else error) from None
        finally:
            if self._worker is not None:
                self._worker.shutdown()

    def add(self, line: Line, payload: bytes | None = None) -> None:
        """Read one delivery; EtlError when it, or one that was added before, is not as agreed."""
        batch, fault = self._loader.deliveries.read(self._key, line, payload)
        self._loader.arrived(batch)
        if self._waiting and self._waiting[0][1].source != batch.source:
            self._hand_over()
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append((line, batch))
        self._rows += sum(len(rows) for rows in batch.rows.values()) + len(batch.rejects)
        if fault is not None:
            self.load()
            raise fault
        if self._rows >= ROWS or time.monotonic() - self._since >= LONGEST_S:
            self._hand_over()

    def load(self) -> None:
        """Bring in what waits; EtlError when a delivery has drifted from what was agreed."""
        self._settle()
        if self._waiting:
            self._lines, batches = self._take()
            self._count(self._loader.bring(self._key, batches))

    def _hand_over(self) -> None:
        """Let the warehouse take the pile while the next one is read."""
        self._settle()
        self._lines, batches = self._take()
        self._worker = self._worker or ThreadPoolExecutor(1, thread_name_prefix="pile")
        self._taken = self._worker.submit(self._loader.bring, self._key, batches)

    def _take(self) -> tuple[list[Line], list[Batch]]:
        lines = [line for line, _ in self._waiting]
        batches = [batch for _, batch in self._waiting]
        self._waiting, self._rows = [], 0
        return lines, batches

    def _settle(self) -> None:
        """Wait for the pile under way; its errors are told here."""
        taken, self._taken = self._taken, None
        if taken is not None:
            self._count(taken.result())

    def _count(self, results: list[LoadResult]) -> None:
        drifted: Refused | None = None
        for line, result in zip(self._lines, results, strict=True):
            if result.drifted:
                lacking = "、".join(result.lacking)
                why = f"lack {lacking}" if lacking else "came and too many of them cannot be read"
                said = f"{result.rows_in} rows {why}; all were set aside"
                drifted = drifted or Refused(self._key, f"{said} ({line.path})", fault=Fault.DRIFT)
            else:
                self._tally.add(counted(result, line))
        if drifted is not None:
            raise drifted


def counted(result: LoadResult, line: Line) -> Tally:
    """What became of one delivery, in figures."""
    return Tally(
        rows_in=result.rows_in,
        loaded=result.loaded,
        unchanged=result.unchanged,
        quarantined=sum(result.quarantined.values()),
        reasons=dict(result.quarantined),
        answered=True,
        at=line.received,
    )
