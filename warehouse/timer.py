"""What stops a query that runs too long: one thread for all queries of a process."""

import atexit
import heapq
import itertools
import threading
import time

import duckdb


class Timer:
    """Interrupts queries that run too long."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._queue: list[tuple[float, int]] = []
        self._running: dict[int, duckdb.DuckDBPyConnection] = {}
        self._ids = itertools.count()
        self._thread: threading.Thread | None = None

    def start(self, con: duckdb.DuckDBPyConnection, seconds: float) -> int:
        """Watch a query from now."""
        with self._wake:
            ticket = next(self._ids)
            self._running[ticket] = con
            heapq.heappush(self._queue, (time.monotonic() + seconds, ticket))
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="query-timer", daemon=True)
                self._thread.start()
            elif self._queue[0][1] == ticket:
                self._wake.notify()
            return ticket

    def stop(self, ticket: int) -> None:
        """The query has ended."""
        with self._wake:
            self._running.pop(ticket, None)

    def close(self) -> None:
        """End the thread; it starts again with the next query."""
        with self._wake:
            thread, self._thread = self._thread, None
            self._wake.notify_all()
        if thread is not None:
            thread.join(timeout=5)

    def _watch(self) -> None:
        with self._wake:
            while self._thread is threading.current_thread():
                now = time.monotonic()
                while self._queue and self._queue[0][0] <= now:
                    _, ticket = heapq.heappop(self._queue)
                    late = self._running.pop(ticket, None)
                    if late is not None:
                        late.interrupt()
                self._wake.wait(self._queue[0][0] - now if self._queue else 60)


TIMER = Timer()
atexit.register(TIMER.close)
