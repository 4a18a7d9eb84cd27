"""Where the work is done: loader, feeds, watches and lanes of one installation, under its lock."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cases import marks, runs
from cases.schema import local
from cases.store import Store
from config import clock
from config.platforms import Platform
from etl import due, reconcile, registry
from etl.errors import EtlError
from etl.feed import Feed, check
from etl.health import Tally, Watch
from etl.loader import Loader


class Place:
    """Everything a command or the running ETL works with; use as a context manager."""

    def __init__(self, var: Path, platforms: Mapping[str, Platform], store: Store) -> None:
        self.var = var
        self.store = store
        self.platforms = {key: each for key, each in platforms.items() if each.enabled}
        for platform in self.platforms.values():
            check(platform)
        self.loader = Loader(var, platforms, store)
        marks.name_facts(store, registry.labels(platforms), clock.now())
        self.feeds = {key: Feed(self.loader, each) for key, each in self.platforms.items()}
        self.watches = {key: Watch(store, key) for key in self.platforms}
        self.is_shared = False  # whether lanes work here beside a command
        self._due = dict.fromkeys(self.platforms, 0.0)  # on the steady clock
        self._asked: dict[str, datetime] = {}  # last good answer of those with a time of day
        self._dice = random.SystemRandom().random
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

        Due is: a cadence after the last good answer, or at the time of day, or after a failure
        when its pause is over.
        """
        feed, breaker = self.feeds[key], self.watches[key].breaker
        if not (feed.is_polled and breaker.allows() and self.loader.is_whole):
            return
        if self._lanes[key].locked() or not (breaker.failures > 0 or self._is_due(key)):
            return
        platform, now = self.platforms[key], clock.local()
        self._due[key] = time.monotonic() + due.pause(platform.every, self._dice()) / clock.speed()

        def ask(tally: Tally) -> None:
            feed.poll(tally)
            self._asked[key] = now

        with suppress(EtlError):
            self.turn(key, "poll", ask, wait=False)

    def _is_due(self, key: str) -> bool:
        platform = self.platforms[key]
        if platform.at is not None:
            return due.is_due(platform, self._asked.get(key), clock.local())
        return time.monotonic() >= self._due[key]

    def resume(self) -> None:
        """After a start: what was cut off and what was missed is noted, once; then each question
        is due by the last run that is on record."""
        runs.interrupted(self.store)
        for key, platform in self.platforms.items():
            if self.feeds[key].is_polled:
                self._resume(key, platform)

    def _resume(self, key: str, platform: Platform) -> None:
        now, last = clock.now(), runs.last(self.store, key, "poll")
        self.watches[key].resume("poll")
        good = runs.last_good(self.store, key, "poll")
        if good is not None:
            self._asked[key] = local(good)
        if last is None:
            return
        wait = due.wait(last.started_at, bool(last.ok), platform.every, now)
        self._due[key] = time.monotonic() + wait.total_seconds() / clock.speed()
        told = runs.last(self.store, key, runs.MISSED)
        ended = last.started_at if told is None else max(last.started_at, told.ended_at)
        turns = due.missed(platform, local(ended), local(now))
        if turns > 0:
            runs.note_gap(self.store, key, ended, now, turns)

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
        elif self._lanes[key].acquire(blocking=False):  # else something is being loaded
            try:
                self.feeds[key].rested()
            finally:
                self._lanes[key].release()

    def reconcile(self) -> None:
        """Today's comparison with the platforms' own counts, where it is still to be made."""
        for platform in self.platforms.values():
            if self.loader.is_whole and reconcile.is_due(platform, self.store, clock.local()):
                with suppress(EtlError):
                    reconcile.daily(self.loader, platform)

    def mend(self) -> None:
        """Load what could not be loaded when it came."""
        with suppress(EtlError):
            if not self.loader.is_whole:
                self.loader.catch_up()
            elif self.loader.behind:
                self.loader.catch_up(self.loader.behind)
