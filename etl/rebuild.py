"""A new warehouse from the raw archive alone; it takes the place of the old one if that is right.

The archive is read beside the old warehouse, which goes on taking what comes; only for the last
deliveries, the comparison and the swap everybody waits. What the new one lacks, or says otherwise,
must have a reason: code that has changed since the old one was filled. Anything else is named, and
the old one stays.
"""

from __future__ import annotations

import shutil
import time
from typing import Final

import structlog

from etl import registry
from etl.errors import Damaged
from etl.health import Tally
from etl.loader import Loader
from etl.manifest import Line, answered
from etl.pile import ROWS, counted
from etl.progress import GiveWay, Progress, alone
from warehouse.batch import Batch
from warehouse.compare import Difference, differences
from warehouse.write import Warehouse

KEY: Final = "rebuild"  # where its progress is told
WHAT: Final = "重建数据仓库"
_log = structlog.get_logger("etl.rebuild")


def rebuild(loader: Loader, give_way: GiveWay = alone) -> tuple[Tally, list[str]]:
    """What was read and, when the old warehouse stayed, what cannot be explained."""
    scratch = loader.var / "rebuild"
    shutil.rmtree(scratch, ignore_errors=True)
    made = _Rebuilt(loader)
    try:
        with Warehouse(scratch, registry.facts(loader.platforms)) as new:
            made.read(new, give_way)
            with loader.writing() as old:
                made.read(new, alone)  # what came meanwhile
                made.mark_successes(new)
                unexplained = made.unexplained(old, new)
                new.close()
                if not unexplained:
                    loader.take_over(scratch / "warehouse")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return made.total, unexplained


class _Rebuilt:
    """What has gone into the new warehouse so far."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader
        self.total = Tally()
        self.refused: dict[str, int] = {}
        self.unread: list[str] = []
        self._in: set[str] = set()
        self._progress: Progress | None = None
        self._waiting: list[tuple[Line, Batch]] = []
        self._rows = 0

    def read(self, new: Warehouse, give_way: GiveWay) -> None:
        """Load every delivery that is not in yet."""
        loader = self.loader
        missing = {
            key: [line for line in loader.archive.in_force(key) if line.id not in self._in]
            for key in loader.sent()
        }
        number = sum(len(lines) for lines in missing.values())
        new.read_by(loader.reading_marks)
        new.placed_by({key: how.kind for key, how in loader.told.items()})
        if self._progress is None:
            self._progress = Progress(loader.store, KEY, WHAT, number)
            for key in missing:
                loader.unseal(new, key)
        else:
            self._progress.total += number
        for key, lines in missing.items():
            for line in lines:
                began = time.monotonic()
                self._add(new, key, line)
                self._progress.step()
                give_way(time.monotonic() - began)
            self._load(new)

    def mark_successes(self, new: Warehouse) -> None:
        """When each platform answered, as the archive tells it."""
        for key in self.loader.sent():
            platform = self.loader.platforms[key]
            lines = self.loader.archive.lines(key)
            for at in answered(lines, platform.source, platform.every):
                new.mark_success(key, platform.source, at)

    def unexplained(self, old: Warehouse, new: Warehouse) -> list[str]:
        """The differences that no changed code accounts for, in words."""
        owner = {table: key for key, own in self.loader.tables.items() for table in own}
        today = self.loader.reading_marks
        changed = {key for key, mark in old.readers().items() if mark != today.get(key)}
        spare = {key: self.refused.get(key, 0) - sum(old.refused(key).values()) for key in changed}
        left: list[Difference] = []
        for each in differences(old, new):
            key = owner[each.table]
            if each.kind == "lacking" and spare.get(key, 0) >= each.rows:
                spare[key] -= each.rows  # today's rules refuse them; they lie in quarantine
            elif each.kind == "lacking" or key not in changed:
                left.append(each)
                continue
            _log.info(
                "explained", difference=str(each), reason="the code that reads it has changed"
            )
        return [str(each) for each in left] + (self.unread[:5] if left else [])

    def _add(self, new: Warehouse, key: str, line: Line) -> None:
        """Read one delivery; loaded with others of its source, as the running ETL does it."""
        self._in.add(line.id)
        batch, fault = self.loader.deliveries.read(key, line)
        if isinstance(fault, Damaged):
            self.unread.append(fault.what)
        if self._waiting and self._waiting[0][1].source != batch.source:
            self._load(new)
        self._waiting.append((line, batch))
        self._rows += sum(len(rows) for rows in batch.rows.values()) + len(batch.rejects)
        if self._rows >= ROWS:
            self._load(new)

    def _load(self, new: Warehouse) -> None:
        waiting, self._waiting, self._rows = self._waiting, [], 0
        if not waiting:
            return
        results = new.load_together([batch for _, batch in waiting])
        for (line, batch), result in zip(waiting, results, strict=True):
            tally = counted(result, line)
            self.refused[batch.key] = self.refused.get(batch.key, 0) + tally.quarantined
            self.total.add(tally)
