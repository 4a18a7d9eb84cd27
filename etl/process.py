"""The running ETL: listener, turns, jobs of other commands, publishing; ends on SIGTERM."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog

from etl import jobs
from etl.errors import EtlError
from etl.place import Place
from etl.schedule import Schedule
from etl.transports.answer import Stream

LOOK: Final = timedelta(seconds=5)  # into inboxes, and whether a question is due
TICK: Final = timedelta(seconds=1)  # jobs of other commands, and whether to publish
_log = structlog.get_logger("etl.process")


class Etl:
    """One process that does everything on time until it is told to end."""

    def __init__(self, place: Place, do: jobs.Do) -> None:
        self.place = place
        self._do = do
        self._schedule = Schedule(len(place.platforms))
        self._end = threading.Event()
        self.streams: list[Stream] = []

    def start(self) -> None:
        """Listen first, so that stations lose no time; then catch up; then take turns.

        Retryable when a stream cannot be listened to.
        """
        place = self.place
        jobs.clear(place.var)
        for key in place.platforms:
            self._listen(key)
        place.mend()
        for key, feed in place.feeds.items():
            if feed.is_polled:
                place.resume(key)
                self._schedule.every(f"poll {key}", LOOK, lambda key=key: place.poll(key))  # type: ignore[misc]
            self._schedule.every(f"inbox {key}", LOOK, lambda key=key: place.sweep(key))  # type: ignore[misc]
        for stream in self.streams:
            self._schedule.every(f"stream {stream.name}", LOOK, stream.on_closed)
        self._schedule.every("publish", TICK, self._publish)
        self._schedule.every("mend", 2 * LOOK, place.mend, heavy=True)
        self._schedule.every("jobs", TICK, self._jobs)
        self._schedule.start()
        _log.info("started", platforms=sorted(place.platforms))

    def serve(self) -> None:
        """Work until a signal asks for the end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._end.set())
        self.start()
        self._end.wait()
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
        stream = self.place.feeds[key].stream(lambda: self.place.drain(key))
        if stream is None:
            return
        stream.start()
        self.streams.append(stream)
        _log.info("listening", platform=key)

    def _jobs(self) -> None:
        jobs.work(self.place.var, self._do)

    def _publish(self) -> None:
        with suppress(EtlError):
            number = self.place.loader.publish()
            if number is not None:
                _log.info("published", generation=number)
