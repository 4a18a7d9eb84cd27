"""The stations' lines to the centre: connect, send, wait for confirmation, send again, reconnect.

Each station has its own TCP line and keeps up to WINDOW reports under way. A report counts as
known only when the centre has confirmed it; what is known is noted in a file, so that a restart
of either side goes on where the confirmations ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from config import clock
from config.thresholds import Station
from demo import gauge_dump
from demo.reports import FIVE, Report, Reporter
from demo.scenario import GARBLED
from demo.stage import Stage
from demo.telemetry import confirmations
from demo.town import Town, keep

WINDOW = 64
RESEND_S = 20.0
SOON_S = 1.5  # a station that heard its own frame break does not wait so long
KEEP_ALIVE_S = 60.0
BACK_OFF_S = (0.5, 1.0, 2.0, 3.0, 5.0)
BACK = timedelta(days=30)  # what a station remembers; older hours come as the bureau's dump
_log = structlog.get_logger("demo.stations")


@dataclass
class Line:
    """One station's line."""

    town: Town
    station: Station
    host: str
    port: int
    known: datetime  # everything up to here is confirmed
    window: int = WINDOW
    resend_s: float = RESEND_S
    stage: Stage | None = None  # whether the lines are up, and what is wrong with what they carry
    confirmed: int = 0
    resent: int = 0
    _under_way: dict[tuple[int, int], tuple[Report, float]] = field(default_factory=dict)
    _sent: deque[tuple[tuple[int, int], datetime]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._reporter = Reporter(self.town, self.station)
        self._owed: Iterator[Report] = iter(())
        self._planned = self.known
        self._news = asyncio.Event()
        # stations do not all report in the same second
        self._delay = timedelta(seconds=3 + int(self.station.code) * 7 % 29)

    async def run(self) -> None:
        """Keep the line up for good."""
        failures = 0
        while True:
            if self._is_gone:
                await asyncio.sleep(1)
                continue
            try:
                reader, writer = await asyncio.open_connection(self.host, self.port)
            except OSError:
                await asyncio.sleep(BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)])
                failures += 1
                continue
            failures = 0
            listening = asyncio.create_task(self._listen(reader))
            try:
                await self._talk(writer, listening)
            except OSError:
                pass
            finally:
                listening.cancel()
                writer.close()
                with contextlib.suppress(OSError, asyncio.CancelledError):
                    await writer.wait_closed()
            await asyncio.sleep(BACK_OFF_S[0])

    async def _talk(self, writer: asyncio.StreamWriter, listening: asyncio.Task[None]) -> None:
        for report, _ in self._under_way.values():  # unconfirmed on the line before this one
            writer.write(report.frame)
            self.resent += 1
        self._mark_sent()
        alive = time.monotonic()
        while not listening.done() and not self._is_gone:
            wrote = self._send_owed(writer)
            if not wrote and time.monotonic() - alive >= KEEP_ALIVE_S:
                writer.write(self._reporter.alive(clock.local()).frame)
                alive = time.monotonic()
            self._send_again(writer)
            await writer.drain()
            self._news.clear()
            if not wrote:
                # not wait_for: before Python 3.12 it can swallow a cancellation
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1.0):
                        await self._news.wait()

    def _send_owed(self, writer: asyncio.StreamWriter) -> bool:
        wrote = False
        while len(self._under_way) < self.window:
            report = next(self._owed, None)
            if report is None:
                if not self._plan():
                    break
                continue
            key = (report.function, report.serial)
            sent = self._on_the_line(report)
            again_s = 0.0 if sent == report.frame else self.resend_s - SOON_S
            self._under_way[key] = (report, time.monotonic() - again_s)
            self._sent.append((key, report.until))
            writer.write(sent)
            wrote = True
        return wrote

    @property
    def _is_gone(self) -> bool:
        return self.stage is not None and self.stage.is_gone

    def _on_the_line(self, report: Report) -> bytes:
        """The frame as it arrives: with a broken check sum where the line is bad."""
        if self.stage is None:
            return report.frame
        name = f"{self.station.code} {report.function} {report.until}"
        if not self.stage.dirt(clock.local()).hits(GARBLED, name):
            return report.frame
        return report.frame[:-1] + bytes([report.frame[-1] ^ 0x5A])

    def _plan(self) -> bool:
        """Take up what has become due since the last plan."""
        until = clock.local() - self._delay
        until -= timedelta(
            minutes=until.minute % 5, seconds=until.second, microseconds=until.microsecond
        )
        if self._planned - until > timedelta(hours=1):  # the town's clock was set back
            self._planned = self.known = until
        if until - self._planned < FIVE:
            return False
        self._owed = self._reporter.owed(self._planned, until)
        self._planned = until
        return True

    def _send_again(self, writer: asyncio.StreamWriter) -> None:
        now = time.monotonic()
        for key, (report, sent) in self._under_way.items():
            if now - sent >= self.resend_s:
                writer.write(report.frame)
                self.resent += 1
                self._under_way[key] = (report, now)

    def _mark_sent(self) -> None:
        now = time.monotonic()
        for key, (report, _) in self._under_way.items():
            self._under_way[key] = (report, now)

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        buffer = bytearray()
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 16):
                buffer += data
                for confirmed in confirmations(buffer):
                    if confirmed.station == self.station.code:
                        self._confirm(confirmed.function, confirmed.serial)
                self._news.set()
        self._news.set()

    def _confirm(self, function: int, serial: int) -> None:
        """Everything is known up to the first report that is still unconfirmed."""
        if self._under_way.pop((function, serial), None) is None:
            return
        self.confirmed += 1
        while self._sent and self._sent[0][0] not in self._under_way:
            self.known = max(self.known, self._sent.popleft()[1])


class Stations:
    """All stations of the town with what the centre already knows of them."""

    def __init__(
        self, town: Town, stations: tuple[Station, ...], var: Path, stage: Stage | None = None
    ) -> None:
        self.town = town
        self._stage = stage
        self.stations = stations
        self.var = var
        self._file = var / "demo" / "stations.json"
        self.lines: list[Line] = []

    def prepare(self, host: str, port: int) -> None:
        """Dump what lies too far back, then know where each station goes on."""
        known = self._noted()
        cut = datetime.combine(clock.today() - BACK, datetime.min.time())
        start = datetime.combine(self.town.first, datetime.min.time())
        first = min([known.get(s.code, start) for s in self.stations], default=cut)
        if first < cut:
            path = gauge_dump.drop(self.town, self.stations, self.var, first, cut)
            _log.info("dumped", file=path.name)
        self.lines = [
            Line(self.town, s, host, port, max(known.get(s.code, start), cut), stage=self._stage)
            for s in self.stations
        ]
        self.note()

    async def run(self) -> None:
        """All lines, and the note of what is known every few seconds."""
        async with asyncio.TaskGroup() as group:
            for line in self.lines:
                group.create_task(line.run())
            group.create_task(self._note_now_and_then())

    def note(self) -> None:
        """Write down what is confirmed, for the next start."""
        keep(self._file, {line.station.code: line.known.isoformat() for line in self.lines})

    async def _note_now_and_then(self) -> None:
        before: list[datetime] = []
        try:
            while True:
                await asyncio.sleep(3)
                known = [line.known for line in self.lines]
                if known != before:
                    self.note()
                    before = known
        finally:
            self.note()

    def _noted(self) -> dict[str, datetime]:
        try:
            noted = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {code: datetime.fromisoformat(at) for code, at in noted.items()}
