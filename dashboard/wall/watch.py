"""One look at the alarms for all windows of a process: ten times a second, one small question.

When the answer changes, the new state is made once, in the watch's own thread, and every window's
loop is woken. Nothing here waits for the pictures of the scenes, whose making may take longer than
an alarm may wait.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from cases.errors import CaseError
from dashboard.wall.standings import Stamp, Standing, standings
from warehouse.errors import WarehouseError

log = structlog.get_logger()
LOOK_S = 0.1


@dataclass(eq=False)
class Window:
    """One window that follows the alarms, woken in its own event loop."""

    watch: Watch
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def changed(self) -> Standing | None:
        """The state once there is another one than last time."""
        await self.news.wait()
        self.news.clear()
        return self.watch.standing

    def wake(self) -> None:
        """Say from another thread that there is news."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.news.set)


class Watch:
    """Looks while any window follows; the thread ends with the last one."""

    def __init__(self, look_s: float = LOOK_S) -> None:
        self.standing: Standing | None = None
        self._look_s = look_s
        self._lock = threading.Lock()
        self._windows: set[Window] = set()
        self._ended = threading.Event()
        self._seen: Stamp | None = None

    @contextmanager
    def following(self) -> Iterator[Window]:
        """A window follows the alarms as long as this lasts; what stands now is told at once."""
        window = Window(self)
        with self._lock:
            first = not self._windows
            self._windows.add(window)
            if first:
                self._ended = threading.Event()
                ended = self._ended
                self._seen = None
                look = threading.Thread(target=self._run, args=(ended,), name="alarms")
                look.daemon = True  # never keeps the process from ending
                look.start()
        if not first and self.standing is not None:
            window.wake()
        try:
            yield window
        finally:
            with self._lock:
                self._windows.discard(window)
                if not self._windows:
                    self._ended.set()

    def _run(self, ended: threading.Event) -> None:
        failed = False
        while not ended.is_set():
            try:
                self._look()
                failed = False
            except (CaseError, WarehouseError, OSError) as error:  # the last state stays
                if not failed:
                    log.warning("alarms_not_read", error=str(error))
                failed = True
            except Exception:  # whatever it is, the watch goes on looking
                if not failed:
                    log.exception("alarms_not_drawn")
                failed = True
            ended.wait(self._look_s)

    def _look(self) -> None:
        stamp = standings.stamp()
        if stamp == self._seen:
            return
        self.standing = standings.current(stamp)
        self._seen = stamp
        with self._lock:
            for window in self._windows:
                window.wake()


watch = Watch()
