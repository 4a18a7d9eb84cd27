"""The running ETL: listener, turns, jobs of other commands, publishing; ends on SIGTERM."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog

from config.environment import environment
from etl import jobs
from etl.errors import EtlError, Retryable
from etl.place import Place
from etl.schedule import Schedule
from etl.transports.sl651 import Listener

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
        self.listeners: list[Listener] = []

    def start(self) -> None:
        """Listen first, so that stations lose no time; then catch up; then take turns.

        Retryable when a listening port cannot be had.
        """
        place = self.place
        jobs.clear(place.var)
        for key, platform in place.platforms.items():
            if platform.transport == "sl651":
                self._listen(key)
        place.mend()
        for key, feed in place.feeds.items():
            if feed.is_polled:
                place.resume(key)
                self._schedule.every(f"poll {key}", LOOK, lambda key=key: place.poll(key))  # type: ignore[misc]
            self._schedule.every(f"inbox {key}", LOOK, lambda key=key: place.sweep(key))  # type: ignore[misc]
        for listener in self.listeners:
            self._schedule.every(f"stream {listener.name}", LOOK, listener.on_closed)
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
        for listener in self.listeners:
            listener.stop()
            self.place.drain(listener.name, wait=True)
        with suppress(EtlError):
            self.place.loader.publish(force=True)
        _log.info("stopped")

    def _listen(self, key: str) -> None:
        env = environment()
        feed = self.place.feeds[key]
        feed.recover()
        centre = self.place.platforms[key].options.get("centre")
        listener = Listener(
            name=key,
            host=env.gauge_host,
            port=env.sl651_port,
            folder=feed.segments,
            centre=None if centre is None else int(centre, 16),
            on_closed=lambda: self.place.drain(key),
        )
        try:
            listener.start()
        except OSError as error:
            where = f"{env.gauge_host}:{env.sl651_port}"
            why = error.strerror or str(error)
            raise Retryable(key, f"the address {where} cannot be listened on ({why})") from None
        self.listeners.append(listener)
        _log.info("listening", platform=key, host=env.gauge_host, port=listener.port)

    def _jobs(self) -> None:
        jobs.work(self.place.var, self._do)

    def _publish(self) -> None:
        with suppress(EtlError):
            number = self.place.loader.publish()
            if number is not None:
                _log.info("published", generation=number)
