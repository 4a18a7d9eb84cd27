"""Where the work is done: loader, feeds, watches and lanes of one installation, under its lock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from cases import runs
from cases.store import Store
from config import clock
from config.platforms import Platform
from etl.errors import EtlError
from etl.feed import Feed, check
from etl.health import Tally, Watch
from etl.loader import Loader


def first_turn(
    last_started: datetime | None, last_ok: bool, every: timedelta, now: datetime
) -> timedelta:
    """How long after a start the first question is due, by the last run that is on record."""
    if last_started is None or not last_ok:
        return timedelta(0)
    return max(timedelta(0), min(every, last_started + every - now))


class Place:
    """Everything a command or the running ETL works with; use as a context manager."""

    def __init__(self, var: Path, platforms: Mapping[str, Platform], store: Store) -> None:
        self.var = var
        self.store = store
        self.platforms = {key: each for key, each in platforms.items() if each.enabled}
        for platform in self.platforms.values():
            check(platform)
        self.loader = Loader(var, platforms, store)
        self.feeds = {key: Feed(self.loader, each) for key, each in self.platforms.items()}
        self.watches = {key: Watch(store, key) for key in self.platforms}
        self._due = dict.fromkeys(self.platforms, 0.0)
        self._lanes = {key: threading.Lock() for key in self.platforms}

    def __enter__(self) -> Place:
        return self

    def __exit__(self, *_: object) -> None:
        for feed in self.feeds.values():
            feed.close()
        self.loader.close()

    def turn(self, key: str, kind: str, work: Callable[[Tally], None], *, wait: bool) -> Tally:
        """One run in a platform's lane: noted, watched; EtlError as the work raised it."""
        lane = self._lanes[key]
        if not lane.acquire(blocking=wait):
            return Tally()
        try:
            with self.watches[key].run(kind) as tally:
                work(tally)
            return tally
        finally:
            lane.release()

    def poll(self, key: str) -> None:
        """Put the question when it is due; what goes wrong is noted, and the others go on.

        Due is: a cadence after the last good answer, or after a failure when its pause is over.
        """
        feed, breaker = self.feeds[key], self.watches[key].breaker
        if not (feed.is_polled and breaker.allows() and self.loader.is_whole):
            return
        is_due = breaker.failures > 0 or time.monotonic() >= self._due[key]
        if self._lanes[key].locked() or not is_due:
            return
        every = self.platforms[key].every.total_seconds() / clock.speed()
        self._due[key] = time.monotonic() + every
        with suppress(EtlError):
            self.turn(key, "poll", feed.poll, wait=False)

    def resume(self, key: str) -> None:
        """After a start: the first question is due by the last run that is on record."""
        last = next(iter(runs.recent(self.store, key, 1)), None)
        started_at = None if last is None else last.started_at
        is_good = last is not None and bool(last.ok)
        wait = first_turn(started_at, is_good, self.platforms[key].every, clock.now())
        self._due[key] = time.monotonic() + wait.total_seconds() / clock.speed()

    def sweep(self, key: str) -> None:
        """A scheduled look into the inbox."""
        if self.loader.is_whole and self.feeds[key].has_files:
            with suppress(EtlError):
                self.turn(key, "files", self.feeds[key].sweep, wait=False)

    def drain(self, key: str, *, wait: bool = False) -> None:
        """Load the segments that were handed over; at the end of the process nobody else will."""
        if self.loader.is_whole and self.feeds[key].has_segments:
            with suppress(EtlError):
                self.turn(key, "stream", self.feeds[key].drain, wait=wait)

    def mend(self) -> None:
        """Load what could not be loaded when it came."""
        with suppress(EtlError):
            if not self.loader.is_whole:
                self.loader.catch_up()
            elif self.loader.behind:
                self.loader.catch_up(self.loader.behind)
