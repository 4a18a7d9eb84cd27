"""The clock of the ETL: when each turn comes. Nothing is stored here; the truth about what was done
is in the runs of the case store, from which the first turns after a start are computed.

Each lane is a thread with turns of its own, so a slow one holds nobody else up, and a turn never
runs twice at once. Turns are counted on the steady clock: when the system's clock is set, none is
lost and none comes twice.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

_SHORTEST: Final = timedelta(seconds=1)
_JUMP_S: Final = 5.0
_log = structlog.get_logger("etl.schedule")


class Schedule:
    """Turns at fixed intervals, in lanes; `on_error` is told what a turn could not cope with."""

    def __init__(self, on_error: Callable[[Exception], None] = lambda _error: None) -> None:
        self._on_error = on_error
        self._end = threading.Event()
        self._lanes: dict[str, _Lane] = {}

    def every(
        self,
        name: str,
        interval: timedelta,
        work: Callable[[], None],
        *,
        lane: str,
    ) -> None:
        """A turn at the start and after each interval."""
        if lane not in self._lanes:
            self._lanes[lane] = _Lane(lane, self._end, self._on_error)
        self._lanes[lane].add(name, max(interval, _SHORTEST).total_seconds(), work)

    def start(self) -> None:
        """Let the turns come."""
        for lane in self._lanes.values():
            lane.start()

    def stop(self) -> None:
        """No more turns; those under way are waited for."""
        self._end.set()
        for lane in self._lanes.values():
            lane.join()


class _Lane(threading.Thread):
    """Turns that come one after the other; one that is late is made up for once, not often."""

    def __init__(
        self, name: str, end: threading.Event, on_error: Callable[[Exception], None]
    ) -> None:
        super().__init__(name=f"lane {name}", daemon=True)
        self._end = end
        self._on_error = on_error
        self._turns: list[tuple[float, int, str, float, Callable[[], None]]] = []
        self._bad: dict[str, str] = {}

    def add(self, name: str, interval: float, work: Callable[[], None]) -> None:
        """One more turn; only before the start."""
        heapq.heappush(self._turns, (time.monotonic(), len(self._turns), name, interval, work))

    def run(self) -> None:
        """Take turns until the end."""
        while True:
            due, order, name, interval, work = self._turns[0]
            if self._end.wait(max(0.0, due - time.monotonic())):
                return
            self._take(name, work)
            following = max(due + interval, time.monotonic())
            heapq.heapreplace(self._turns, (following, order, name, interval, work))

    def _take(self, name: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the edge of this thread; the lane goes on
            self._on_error(error)
            reason = f"{type(error).__name__}: {error}"
            if self._bad.get(name) != reason:
                self._bad[name] = reason
                _log.error("turn_failed", turn=name, reason=reason)
        else:
            if self._bad.pop(name, None) is not None:
                _log.info("turn_works_again", turn=name)


class Steadiness:
    """How long the system's clock has run evenly; what deletes by age waits for it to settle."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._steady = wall, steady
        self._offset = wall() - steady()
        self._since = steady()

    def look(self) -> float:
        """Compare both clocks; how many seconds they have agreed. A jump is told once."""
        offset = self._wall() - self._steady()
        jumped = offset - self._offset
        if abs(jumped) > _JUMP_S:
            self._since = self._steady()
            _log.warning("clock_jumped", seconds=round(jumped))
        self._offset = offset  # a slow drift is followed
        return self._steady() - self._since
