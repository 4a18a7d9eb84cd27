"""The one writer: raw file -> rows -> vault -> warehouse, then models and a published snapshot."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from cases import health
from cases.faults import Fault
from cases.store import Store
from config import clock, failpoint
from config.platforms import Platform
from etl import damage as damages
from etl import quarantine, registry, seals
from etl.arrival import Arrivals
from etl.delivered import Deliveries
from etl.durable import sync_folder
from etl.errors import BadRecord, EtlError, Refused, Retryable
from etl.health import Tally
from etl.landing import Archive
from etl.located import declared
from etl.manifest import Line, answered
from etl.pile import Pile
from etl.quarantine import UNREADABLE
from warehouse import ledger
from warehouse.batch import Batch, LoadResult
from warehouse.errors import NeedsRebuild
from warehouse.write import Warehouse

PUBLISH_EVERY_S: Final = 15.0
_NO_ROOM = ("No space left", "Disk quota", "Could not write")
_log = structlog.get_logger("etl.loader")


class Loader:
    """Owns archive and warehouse of this installation; every method may be called by any lane."""

    def __init__(self, var: Path, platforms: Mapping[str, Platform], store: Store) -> None:
        self.var = var
        self.platforms = platforms
        self.store = store
        self.archive = Archive(var)
        self.tables = registry.tables(platforms)
        self.told = declared(platforms)
        self.deliveries = Deliveries(var, store, self.archive, self.tables, self.told)
        self.arrivals = Arrivals(store)
        self._turn = threading.RLock()
        self._behind: set[str] = set()
        self._unread: set[str] = set()  # deliveries of which no row could be read
        self._is_whole = False  # nothing is published before all raw files are in
        self._changed = True
        self._published_at = 0.0
        self._last_failure = ""
        self.archive.recover()
        self._warehouse = self._open()
        self._unread.update(self._warehouse.ledger(partial(ledger.unread, reasons=[UNREADABLE])))

    def __enter__(self) -> Loader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the warehouse back; what was committed stays."""
        with self._turn:
            self._warehouse.close()

    @contextmanager
    def writing(self, key: str = "warehouse") -> Iterator[Warehouse]:
        """The warehouse for one caller; a full disk or a damaged file is told as "again later"."""
        with self._turn:
            try:
                yield self._warehouse
            except NeedsRebuild as damage:
                self._heal(damage)
                raise Retryable(
                    key, "the warehouse was damaged and is rebuilt from raw", fault=Fault.WAREHOUSE
                ) from None
            except Exception as error:
                if _is_full(error):
                    raise Retryable(
                        key, "the disk is full; loading goes on with room", fault=Fault.DISK_FULL
                    ) from error
                raise

    def cursor(self, platform: Platform) -> str | None:
        """How far this platform has been loaded."""
        with self.writing(platform.key) as warehouse:
            return warehouse.cursor(platform.key, platform.source)

    def take(
        self,
        key: str,
        payload: bytes,
        *,
        ext: str,
        source: str,
        cursor: str | None = None,
        count: int | None = None,
        mapping: str | None = None,
    ) -> Tally:
        """Land one delivery and load it; an unchanged one is a manifest line only."""
        line = self.archive.land(
            key, payload, ext=ext, source=source, cursor=cursor, count=count, mapping=mapping
        )
        if line.unchanged:
            self.same_again(key, line)
            return Tally(answered=True, at=line.received)
        return self.load(key, line, payload)

    def arrived(self, batch: Batch) -> None:
        """Judge what wants judging before it is loaded; what cannot be is read again later."""
        try:
            self.arrivals.delivered(batch)
        except Retryable:
            self._behind.add(batch.key)
            raise

    def bring(self, key: str, batches: list[Batch]) -> list[LoadResult]:
        """Bring deliveries into the warehouse together; what cannot be is caught up with later."""
        try:
            with self.writing(key) as warehouse:
                known = warehouse.cursor(key, batches[0].source)
                onward = []
                for each in batches:
                    cursor = _onward(known, each.cursor)
                    known = known if cursor is None else cursor
                    onward.append(replace(each, cursor=cursor))
                results = warehouse.load_together(onward)
                self._changed = True
                self._judge(warehouse, key, batches, results)
        except Retryable:
            self._behind.add(key)
            raise
        return results

    def _judge(
        self, warehouse: Warehouse, key: str, batches: list[Batch], results: list[LoadResult]
    ) -> None:
        """Keep for lamps and pages what was wrong with deliveries, and what nobody expected."""
        told = list(zip(batches, results, strict=True))
        seen = [e for each in told for e in quarantine.unexpected(*each, self.tables[key])]
        if seen:
            quarantine.note(self.store, key, seen)
        for batch, result in told:
            if result.drifted or UNREADABLE in result.quarantined:
                self._unread.add(batch.batch_id)
            else:
                self._unread.discard(batch.batch_id)
            if not (result.quarantined or result.repeated):  # what an earlier reading set aside
                quarantine.drop(self.var / "quarantine" / key, batch.batch_id)
        if any(result.quarantined for result in results):
            self._tell_quarantine(warehouse, key)

    def tell_quarantine(self, key: str) -> None:
        """Keep for lamps and pages what lies in quarantine of a platform now."""
        with self.writing(key) as warehouse:
            self._tell_quarantine(warehouse, key)

    def _tell_quarantine(self, warehouse: Warehouse, key: str) -> None:
        quarantine.tell(
            self.store,
            warehouse,
            self.var / "quarantine",
            key,
            own=self.platforms[key].source,
            tables=self.tables[key],
        )

    def same_again(self, key: str, line: Line) -> None:
        """An answer equal to the one before tells nothing new: Refused if that was not read."""
        if line.id in self._unread:
            raise Refused(
                key,
                "answers as before, and that could not be read; mend, then replay",
                fault=Fault.SAME_AGAIN,
            )

    def load(self, key: str, line: Line, payload: bytes | None = None) -> Tally:
        """Read one raw delivery into the warehouse; EtlError when it could not be read whole."""
        tally = Tally()
        with Pile(self, key, tally) as pile:
            pile.add(line, payload)
        return tally

    def succeeded(self, platform: Platform, at: datetime) -> None:
        """The platform has answered: its figures are as of now."""
        with self.writing(platform.key) as warehouse:
            warehouse.mark_success(platform.key, platform.source, at)
            self._changed = True

    def catch_up(self, keys: Iterable[str] | None = None) -> Tally:
        """Load what is in the archive but not in the warehouse, newest first: what is true now is
        seen first, and the merge does not depend on the order. A new warehouse is filled from the
        oldest on, since a delivery's shape is held against the weeks before it."""
        total = Tally()
        wanted = list(keys) if keys is not None else self.sent()
        with self.writing() as warehouse:
            known = warehouse.batches()
            is_new = not known
            if is_new:
                for key in wanted:
                    self.unseal(warehouse, key)
                known = warehouse.batches()
        for key in wanted:
            self._behind.discard(key)
            missing = [line for line in self.archive.in_force(key) if line.id not in known]
            self._read_all(key, missing if is_new else missing[::-1], total)
            if is_new:
                self._mark_successes(key)
        if keys is None:
            self._is_whole = True
        return total

    def unseal(self, warehouse: Warehouse, key: str) -> None:
        """Into a new warehouse: what was sealed of a platform and no raw file gives any more."""
        lines = self.archive.in_force(key)
        seals.bring_back(warehouse, self.var, key, self.tables[key], lines)

    def _read_all(self, key: str, lines: list[Line], tally: Tally) -> None:
        """Load these deliveries; one that cannot be read is told and passed over."""
        with Pile(self, key, tally) as pile:
            for number, line in enumerate(lines):
                if number % 20 == 0:
                    health.progress(self.store, key, number, len(lines), "补录原始数据")
                with _told(key):
                    pile.add(line)
            with _told(key):
                pile.load()

    def _mark_successes(self, key: str) -> None:
        """When the platform answered, as the archive tells it; needed by a new warehouse only."""
        platform = self.platforms[key]
        with self.writing(key) as warehouse:
            for at in answered(self.archive.lines(key), platform.source, platform.every):
                warehouse.mark_success(key, platform.source, at)

    def replay(self, keys: Iterable[str] | None = None) -> Tally:
        """Read again every delivery of which rows went to quarantine, as many as now pass leave,
        and those whose damaged file was put back."""
        total = Tally()
        for key in keys if keys is not None else self.sent():
            with self.writing(key) as warehouse:
                at_hand = {line.id for line in self.archive.in_force(key)}
                refused = {id_ for id_ in warehouse.refused(key) if id_ in at_hand}
                refused |= {line.id for line in damages.put_back(self.archive, self.store, key)}
                warehouse.forget(list(refused))
            total.add(self.catch_up([key]))
            with self.writing(key) as warehouse:
                self._tell_quarantine(warehouse, key)
                left = warehouse.ledger(partial(ledger.unread, reasons=[UNREADABLE]))
            if refused and key not in left.values():
                health.mended(self.store, key)
        return total

    def read_anew(self, key: str, source: str) -> Tally:
        """Drop the rows of a set and read what is in force of it, by its newest mapping."""
        with self.writing(key) as warehouse:
            warehouse.forget_source(source)
        return self.catch_up([key])

    def sent(self) -> list[str]:
        """The configured platforms that have sent anything."""
        return [key for key in self.archive.platforms() if key in self.tables]

    @property
    def reading_marks(self) -> dict[str, str]:
        """By which code and which declaration of places each platform's rows are read today."""
        return {key: registry.code_mark(key) + self.told[key].mark for key in self.tables}

    @property
    def behind(self) -> list[str]:
        """The platforms with raw files that could not be loaded when they came."""
        return sorted(self._behind)

    @property
    def is_whole(self) -> bool:
        """Whether all raw files are in, so that figures may be published."""
        return self._is_whole

    def publish(self, *, force: bool = False) -> int | None:
        """Build and publish, at most every 15 s and only on change; the number of the generation.

        When a check fails the old generation stays, and the log says which check, once.
        """
        due = time.monotonic() - self._published_at >= PUBLISH_EVERY_S
        if not (self._is_whole and self._changed and (force or due)):
            return None
        with self.writing() as warehouse:
            self._published_at = time.monotonic()
            self._changed = False
            try:
                failures = warehouse.build().failures
                generation = None if failures else warehouse.publish()
            except Exception:
                self._changed = True
                raise
        self._tell(failures)
        if generation is None:
            return None
        health.published(self.store, generation.number, clock.now())
        return generation.number

    def take_over(self, rebuilt: Path) -> None:
        """Put other warehouse files in place; the old ones go to quarantine."""
        home = self.var / "warehouse"
        aside = self.var / "quarantine" / "replaced" / f"{clock.local():%Y%m%dT%H%M%S.%f}"
        with self._turn:
            self._warehouse.close()
            aside.mkdir(parents=True, mode=0o700)
            for file in home.iterdir():
                file.rename(aside / file.name)
                failpoint.reach("rebuild.aside")
            for file in rebuilt.iterdir():
                file.rename(home / file.name)
                failpoint.reach("rebuild.replaced")
            sync_folder(home)
            self._warehouse = self._open()
            self._behind.clear()
            self._is_whole = self._changed = True

    def _tell(self, failures: list[str]) -> None:
        said = "; ".join(failures)
        if said and said != self._last_failure:
            _log.error("check_failed", checks=said, effect="the old generation stays")
        if self._last_failure and not said:
            _log.info("checks_pass_again")
        self._last_failure = said

    def _open(self) -> Warehouse:
        facts = registry.facts(self.platforms)
        try:
            opened = Warehouse(self.var, facts)
        except NeedsRebuild as damage:
            _log.error("warehouse_damaged", reason=str(damage), effect="rebuilding from raw")
            opened = Warehouse(self.var, facts)
        opened.read_by(self.reading_marks)
        differing = opened.placed_by({key: how.kind for key, how in self.told.items()})
        quarantine.tell_places(self.store, differing, self.tables)
        return opened

    def _heal(self, damage: NeedsRebuild) -> None:
        """A file broke while we worked: go on with a new one; the last snapshot is served."""
        _log.error("warehouse_damaged", reason=str(damage), effect="rebuilding from raw")
        self._is_whole = False
        self._changed = True
        self._warehouse = self._open()


def _onward(known: str | None, cursor: str | None) -> str | None:
    """An old delivery that is read late, or read again, does not move the cursor back."""
    return None if cursor is None or (known is not None and cursor <= known) else cursor


@contextmanager
def _told(key: str) -> Iterator[None]:
    """A delivery that is not as agreed is a line in the log; the next ones are read."""
    try:
        yield
    except (BadRecord, Refused) as error:
        _log.warning("raw_not_read", platform=key, reason=error.what)


def _is_full(error: Exception) -> bool:
    """A full disk is nobody's fault and passes."""
    if isinstance(error, EtlError):
        return False
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return full or any(word in str(error) for word in _NO_ROOM)
