"""Who reads a table next: so many at a time, the others in turn, cheap questions before dear ones.

A semaphore gives its place to whoever asks in that moment, most often to the thread that has just
given it back: of eight readers some waited three times as long as others. Here a place is handed
to the one whose moment comes first, and nobody can step in between.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Places that are handed on in order; `patience` is how long a question lets later ones that
    have less of it pass."""

    def __init__(self, places: int) -> None:
        self._lock = threading.Lock()
        self._free = places
        self._waiting: list[tuple[float, int, threading.Event]] = []
        self._numbers = itertools.count()

    @contextmanager
    def taken(self, patience: float = 0.0) -> Iterator[None]:
        """A place for the length of a with block, as soon as it is one's turn."""
        self._take(patience)
        try:
            yield
        finally:
            self._give_back()

    def _take(self, patience: float) -> None:
        with self._lock:
            if self._free:  # then nobody waits
                self._free -= 1
                return
            turn = threading.Event()
            own = (time.monotonic() + patience, next(self._numbers), turn)
            heapq.heappush(self._waiting, own)
        try:
            turn.wait()
        except BaseException:
            self._leave(own)
            raise

    def _leave(self, own: tuple[float, int, threading.Event]) -> None:
        """Wait no longer; a place that was just handed over goes on to the next."""
        with self._lock:
            if not own[2].is_set():
                self._waiting.remove(own)
                heapq.heapify(self._waiting)
                return
        self._give_back()

    def _give_back(self) -> None:
        with self._lock:
            if self._waiting:
                heapq.heappop(self._waiting)[2].set()
            else:
                self._free += 1
