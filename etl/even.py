"""An order of deliveries that a clock which is set back does not turn round.

Where a platform tells no update time, the later delivery is the newer one. Were that read off a
clock that had been a year ahead, what came in that time would win for a year.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from config import clock


class Even:
    """The latest moment of any delivery, and how long ago that is on the steady clock."""

    def __init__(
        self, newest: datetime | None, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._steady = steady
        self._newest = newest
        self._noted = steady()
        self._turn = threading.Lock()

    def later(self, at: datetime) -> datetime | None:
        """For a delivery received at `at`: None when that is the latest moment up to now, else the
        moment it would be had the clock run on evenly."""
        with self._turn:
            now = self._steady()
            if self._newest is None or at >= self._newest:
                self._newest, self._noted = at, now
                return None
            passed = max(timedelta(seconds=(now - self._noted) * clock.speed()), _LEAST)
            self._newest, self._noted = self._newest + passed, now
            return self._newest


_LEAST = timedelta(microseconds=1)
