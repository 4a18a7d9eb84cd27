"""How far long work is: a bar on the terminal, and the same for pages through the case store."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final, TextIO

from cases import health
from cases.store import Store, migrate, open_store
from config import clock

_EVERY_S: Final = 1.0
_LOOK_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 1.0
_WIDTH: Final = 30
_SURE: Final = 0.02  # share that must be done before an end is foretold


GiveWay = Callable[[float], None]  # told how long a piece of work took


def politely(took: float) -> None:
    """As long a pause as the work took, so that lanes that wait for the loader get their turn."""
    time.sleep(min(took, _LONGEST_PAUSE_S))


def alone(_took: float) -> None:
    """Nobody waits."""


class Progress:
    """One piece of long work, told at most once a second and at its end."""

    def __init__(
        self,
        store: Store,
        key: str,
        what: str,
        total: int,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._key, self._what, self.total = store, key, what, total
        self._now = now
        self._began = self._told = now()
        self.done = 0
        self._tell()

    def step(self, done: int = 1) -> None:
        """So much more is done."""
        self.done += done
        if self._now() - self._told >= _EVERY_S or self.done >= self.total:
            self._tell()

    def left_s(self) -> float | None:
        """Seconds until the end at the pace up to now; None while nobody can know."""
        if self.total <= 0 or self.done < max(1, _SURE * self.total):
            return None
        return (self._now() - self._began) / self.done * (self.total - self.done)

    def _tell(self) -> None:
        self._told = self._now()
        left, phase = self.left_s(), self._what
        if left is not None and self.done < self.total:
            end = clock.local() + timedelta(seconds=left * clock.speed())
            phase = f"{self._what}，约 {end:%H:%M} 完成"
        health.progress(self._store, self._key, self.done, self.total, phase)


@contextmanager
def drawing(key: str, out: TextIO | None = None) -> Iterator[None]:
    """Draw what the case store says of one piece of work, if a person looks on.

    The work may be done here or in another process: both tell it there.
    """
    out = out if out is not None else sys.stderr
    if not out.isatty():
        yield
        return
    store, ended = open_store(), threading.Event()
    migrate(store)
    thread = threading.Thread(target=_draw, args=(store, key, out, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        store.close()


def _draw(store: Store, key: str, out: TextIO, ended: threading.Event) -> None:
    before = shown = health.progress_of(store, key)
    is_last = False
    while not is_last:
        is_last = ended.wait(_LOOK_S)
        found = health.progress_of(store, key)
        if found is not None and found not in (before, shown):
            shown = found
            out.write("\r" + drawn(found.done, found.total, found.phase) + "\x1b[K")
            out.flush()
    if shown != before:
        out.write("\n")


def drawn(done: int, total: int, phase: str) -> str:
    """The bar as one line."""
    share = 1.0 if total <= 0 else min(1.0, done / total)
    full = int(share * _WIDTH)
    return f"[{'#' * full}{'.' * (_WIDTH - full)}] {int(share * 100):3d}% {done}/{total} {phase}"
