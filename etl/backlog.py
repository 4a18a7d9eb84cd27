"""The first load of a platform that sends by itself: through when its kept readings are in.

A station that was never heard sends weeks of readings as fast as it can. Its platform has answered
with the first of them and is loaded with the last: when what comes is no more than what is new.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from cases import health
from cases.store import Store

MANY: Final = 500  # rows handed over at once: far more than any platform here sends as it happens
CALM: Final = 2  # hand-overs in a row below that, after one above
QUIET_S: Final = 30.0  # without anything to hand over: who sends as fast as it can is not so silent
LONGEST_S: Final = 900.0  # a platform that really sends so much is not waited for


class Backlog:
    """Tells the case store how far the first load of one stream is; silent ever after."""

    def __init__(self, store: Store, key: str, now: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._key = key
        self._now = now
        self._is_over: bool | None = None  # not known before the first hand-over
        self._began: float | None = None
        self._rows = 0
        self._calm = 0
        self._last: float | None = None  # when something was handed over

    def handed_over(self, rows: int) -> None:
        """Another hand-over with so many rows."""
        if self._is_over is None:
            self._is_over = health.has_succeeded(self._store, self._key) and not self._was_left()
        if self._is_over:
            return
        self._last = self._now()
        self._rows += rows
        self._calm = 0 if rows >= MANY else self._calm + 1
        if self._began is None and rows < MANY:
            self._end()
            return
        self._began = self._began if self._began is not None else self._now()
        if self._calm >= CALM or self._now() - self._began > LONGEST_S:
            self._end()
            return
        health.progress(self._store, self._key, self._rows, 0, health.CATCHING_UP)

    def rested(self) -> None:
        """Nothing waits to be handed over: after a while of that the kept readings are in."""
        last = None if self._is_over else self._last
        if last is not None and self._now() - last > QUIET_S:
            self._end()

    def _was_left(self) -> bool:
        """Whether the process ended while this stream was still catching up."""
        return health.phase(self._store, self._key) == health.CATCHING_UP

    def _end(self) -> None:
        self._is_over = True
        health.progress(self._store, self._key, self._rows, self._rows, "已载入")
