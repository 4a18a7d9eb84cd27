"""The running ETL: streams, a lane per platform, jobs of other commands, publishing.

Ends on SIGTERM, and at once with exit code 75 when the disk fails under it.
"""

from __future__ import annotations

import errno
import os
import signal
import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from cases import heartbeat, runs
from cases.store import real_now
from config import clock
from config.errors import ConfigError
from etl import jobs, retention
from etl.errors import EtlError, is_broken_disk
from etl.place import Place
from etl.schedule import Schedule, Steadiness
from etl.transports.answer import Stream

LOOK: Final = timedelta(seconds=5)  # into inboxes
# whether a question is due (in a demo town a minute may be over in a second), jobs of other
# commands, and whether to publish
TICK: Final = timedelta(seconds=1)
COMPARE: Final = timedelta(minutes=10)  # with the platforms' own counts, where due
TIDY: Final = timedelta(hours=1)
_TRY_AGAIN: Final = 75
_log = structlog.get_logger("etl.process")


class Etl:
    """One process that does everything on time until it is told to end."""

    def __init__(self, place: Place, do: jobs.Do) -> None:
        self.place = place
        self._do = do
        self._schedule = Schedule(self._cannot_cope)
        self._steadiness = Steadiness()
        self._end = threading.Event()
        self._is_disk_broken = False
        self.streams: list[Stream] = []

    def start(self) -> None:
        """Listen first, so that stations lose no time; then catch up; then take turns.

        A stream that cannot be listened to is told and tried again; the others go on without it.
        """
        place = self.place
        place.is_shared = True
        jobs.clear(place.var)
        place.resume()
        for key in place.feeds:
            self._listen(key)
        place.mend()
        for key, feed in place.feeds.items():
            if feed.is_polled:
                self._schedule.every(f"poll {key}", TICK, partial(place.poll, key), lane=key)
            if feed.is_streamed:
                self._schedule.every(f"stream {key}", LOOK, partial(self._drain, key), lane=key)
            self._schedule.every(f"inbox {key}", LOOK, partial(place.sweep, key), lane=key)
        since = real_now()
        self._schedule.every(
            "beat", heartbeat.EVERY, lambda: heartbeat.beat(place.store, heartbeat.ETL, since),
            lane="beat",
        )  # fmt: skip
        self._schedule.every("publish", TICK, self._publish, lane="publish")
        self._schedule.every("jobs", TICK, self._jobs, lane="jobs")
        self._schedule.every("mend", 2 * LOOK, place.mend, lane="mend")
        self._schedule.every("clock", LOOK, self._look_at_clock, lane="report")
        self._schedule.every("totals", COMPARE, place.reconcile, lane="totals")
        self._schedule.every("tidy", TIDY, self._tidy, lane="report")
        self._schedule.start()
        _log.info("started", platforms=sorted(place.platforms))

    def serve(self) -> None:
        """Work until a signal asks for the end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._end.set())
        self.start()
        self._end.wait()
        if self._is_disk_broken:  # nothing more is written; the next start reads what is there
            os._exit(_TRY_AGAIN)
        self.stop()

    def stop(self) -> None:
        """Finish what is under way, load what was confirmed, publish it."""
        self._schedule.stop()
        for stream in self.streams:
            stream.stop()
            self.place.drain(stream.name, wait=True)
        with suppress(EtlError):
            self.place.loader.publish(force=True)
        _log.info("stopped")

    def _listen(self, key: str) -> None:
        """Begin to take what a platform sends; a new stream each time, one that failed is spent.

        A secret that is not there yet stops this platform, not the others; it is tried again.
        """
        stream = self.place.feeds[key].stream(lambda: self.place.drain(key))
        if stream is None:
            return
        with suppress(EtlError, ConfigError), self.place.watches[key].run("listen"):
            stream.start()
            self.streams.append(stream)
            _log.info("listening", platform=key)

    def _drain(self, key: str) -> None:
        stream = next((each for each in self.streams if each.name == key), None)
        if stream is None:
            if self.place.watches[key].breaker.allows():
                self._listen(key)
            return
        self.place.drain(key)
        trouble = stream.trouble()
        if trouble is not None and is_broken_disk(trouble.cause):
            raise OSError(errno.EIO, trouble.what) from trouble.cause
        self.place.watches[key].listening(trouble)
        if trouble is not None and trouble.ended:
            self.streams.remove(stream)
            stream.stop()
            self._listen(key)  # stations do not wait for the pause after a failure

    def _jobs(self) -> None:
        jobs.work(self.place.var, self._do)

    def _publish(self) -> None:
        with suppress(EtlError):
            number = self.place.loader.publish()
            if number is not None:
                _log.info("published", generation=number)

    def _look_at_clock(self) -> None:
        self._steadiness.look()

    def _tidy(self) -> None:
        """What a year would make too much of."""
        store, now = self.place.store, clock.local()
        needed = retention.patience(store, now)
        if self._steadiness.look() < needed.total_seconds():
            if needed > retention.SETTLED:
                _log.warning("nothing_is_deleted_yet", reason="the clock leapt", until=str(needed))
            return
        retention.saw(store, now)
        runs.prune(store, clock.now())
        if self.place.loader.is_whole and retention.is_due(store, now):
            retention.turn(self.place.loader, now)

    def _cannot_cope(self, error: Exception) -> None:
        if is_broken_disk(error):
            self._is_disk_broken = True
            self._end.set()
            with suppress(OSError):  # the log may lie on the same disk
                _log.critical("disk_failed", reason=f"{type(error).__name__}: {error}")
