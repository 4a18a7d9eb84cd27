"""One turn of one platform: ask, sweep or drain; what it brought is counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from cases import health
from config import clock, failpoint
from config.platforms import Platform
from etl import beside, reconcile
from etl.backlog import Backlog
from etl.errors import BadRecord, EtlError, Refused
from etl.formats.stored import demand_kind, judge
from etl.health import Tally
from etl.loader import Loader
from etl.pile import Pile
from etl.transports import files
from etl.transports.answer import Poll, Stream, transport
from etl.transports.segment import NOISE, close_left_open, waiting


def check(platform: Platform) -> None:
    """ConfigError when the transport's settings of a platform cannot be used."""
    transport(platform.transport).check(platform)
    reconcile.check(platform)


class Feed:
    """One platform with what it is asked through: an address, a folder, a stream."""

    def __init__(self, loader: Loader, platform: Platform) -> None:
        self.loader = loader
        self.platform = platform
        self.key = platform.key
        self._transport = transport(platform.transport)
        asked = hasattr(self._transport, "poll")
        self._poll: Poll | None = self._transport.poll(platform) if asked else None
        self._inboxes = files.inbox(platform, loader.var)
        self._backlog = Backlog(loader.store, platform.key)
        self.segments = loader.var / "raw" / self.key / "segments"

    def close(self) -> None:
        """Give connections back."""
        if self._poll is not None:
            self._poll.close()
        for inbox in self._inboxes:
            inbox.close()

    @property
    def is_polled(self) -> bool:
        """Whether the platform has an address that is asked."""
        return self._poll is not None

    @property
    def is_streamed(self) -> bool:
        """Whether the platform sends by itself."""
        return hasattr(self._transport, "stream")

    def stream(self, on_closed: Callable[[], None]) -> Stream | None:
        """What the platform sends to by itself, not started yet; None when it does not.

        What a sudden end left open is closed first.
        """
        if not self.is_streamed:
            return None
        if self.segments.is_dir():
            close_left_open(self.segments, self._transport.whole)
        made: Stream = self._transport.stream(self.platform, self.segments, on_closed)
        if self.loader.arrivals.hears(self.key):
            made.on_kept = self.loader.arrivals.ear(self.key)
        return made

    def poll(self, tally: Tally) -> None:
        """Ask for what is new; every page is on disk before the next is asked for."""
        if self._poll is None:
            return
        self.loader.archive.begin(self.key)
        done, total = 0, 0
        known = self.loader.cursor(self.platform)
        begin, is_again = reconcile.start(self.platform, self.loader.store, known)
        with Pile(self.loader, self.key, tally) as pile:
            for answer in self._poll.pages(begin, clock.local()):
                line = self.loader.archive.land(
                    self.key,
                    answer.payload,
                    ext=self._poll.ext,
                    source=self.platform.source,
                    cursor=answer.cursor,
                    count=answer.records,
                )
                if line.unchanged:
                    self.loader.same_again(self.key, line)
                tally.add(Tally(answered=True, at=line.received))
                if not line.unchanged:
                    pile.add(line, answer.payload)
                    failpoint.reach("page.loaded")
                done += answer.records
                total = answer.total or total
                if total > answer.records:
                    health.progress(self.loader.store, self.key, min(done, total), total, "载入中")
        tally.answered = True
        self._succeed(tally)
        if is_again:
            reconcile.finish(self.loader, self.platform)

    def sweep(self, tally: Tally) -> None:
        """Read the finished files of the inbox; one that cannot be read is put aside."""
        refused: EtlError | None = None
        for inbox in self._inboxes:
            for dropped in inbox.finished():
                try:
                    tally.add(self._file(dropped.name, dropped.payload))
                except (BadRecord, Refused) as error:
                    inbox.refuse(dropped.path, error.what)
                    refused = Refused(self.key, f"{dropped.name}: {error.what}", fault=error.fault)
                    continue
                failpoint.reach("file.loaded")
                inbox.done(dropped.path)
                failpoint.reach("file.moved")
        if tally.answered:
            self._succeed(tally)
        if refused is not None:
            raise refused

    def drain(self, tally: Tally) -> None:
        """Load the segments that the stream has handed over."""
        for file in waiting(self.segments):
            is_noise = file.suffix == NOISE
            line = self.loader.archive.land(
                self.key,
                file.read_bytes(),
                ext=NOISE.lstrip(".") if is_noise else self._transport.EXT,
                source=self.platform.source,
            )
            failpoint.reach("segment.landed")
            file.unlink()  # from here on the archive has it
            failpoint.reach("segment.removed")
            loaded = self.loader.load(self.key, line)
            loaded.answered = not is_noise
            tally.add(loaded)
        if tally.answered:
            self._backlog.handed_over(tally.rows_in)
            self._succeed(tally)

    def rested(self) -> None:
        """Nothing that came by itself waits to be loaded."""
        self._backlog.rested()

    @property
    def has_files(self) -> bool:
        """Whether a finished file lies in an inbox."""
        return any(inbox.is_ready for inbox in self._inboxes)

    @property
    def is_filling(self) -> bool:
        """Whether any file lies in an inbox, even one that is still growing."""
        return not all(inbox.is_empty for inbox in self._inboxes)

    @property
    def has_segments(self) -> bool:
        """Whether the stream has handed anything over."""
        return self.segments.is_dir() and bool(waiting(self.segments))

    def _file(self, name: str, payload: bytes) -> Tally:
        """One file by hand or by export; pictures beside the table are kept as files."""
        judge(self.key, payload)
        demand_kind(self.key, name, payload)
        tally = Tally()
        for each, content in beside.tables(self.platform, self.loader.var, name, payload):
            tally.add(self._table(each, content))
        return tally

    def _table(self, name: str, payload: bytes) -> Tally:
        """One file of rows; known content is not loaded again."""
        judge(self.key, payload)
        suffix = PurePosixPath(name).suffix.lower().lstrip(".")
        line = self.loader.archive.land_once(
            self.key,
            payload,
            ext=suffix if suffix.isalnum() else "file",
            source=self.platform.source,
        )
        return Tally() if line is None else self.loader.load(self.key, line, payload)

    def _succeed(self, tally: Tally) -> None:
        self.loader.succeeded(self.platform, tally.at or clock.local())
