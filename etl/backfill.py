"""Read raw days of one platform again, newest day first, while everything else goes on.

The rows stay where they are until their delivery has been read anew; what today's code makes of it
takes their place by the usual merge. A stop in the middle loses nothing: what was taken out of the
ledger and not yet read is loaded by the next start.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from typing import Final

import structlog

from etl.errors import BadRecord, Refused
from etl.health import Tally
from etl.loader import Loader
from etl.manifest import Line
from etl.pile import Pile
from etl.progress import GiveWay, Progress

WHAT: Final = "回补原始数据"
_log = structlog.get_logger("etl.backfill")


def days(loader: Loader, key: str, first: date, last: date) -> list[tuple[date, list[Line]]]:
    """The deliveries received on these days, by day, newest first."""
    lines = [line for line in loader.archive.in_force(key) if first <= line.received.date() <= last]
    lines.sort(key=lambda line: line.received, reverse=True)
    return [(day, list(of)) for day, of in groupby(lines, lambda line: line.received.date())]


def backfill(
    loader: Loader,
    key: str,
    chunks: list[tuple[date, list[Line]]],
    give_way: GiveWay,
) -> Tally:
    """Load the chunks again; `give_way` is told how long each delivery took."""
    total = Tally()
    progress = Progress(loader.store, key, WHAT, sum(len(lines) for _, lines in chunks))
    for day, lines in chunks:
        with loader.writing(key) as warehouse:
            warehouse.forget([line.id for line in lines])
        with Pile(loader, key, total) as pile:  # a transaction costs as much as 10,000 rows
            for line in lines:
                began = time.monotonic()
                with _told(key, line):
                    pile.add(line)
                progress.step()
                give_way(time.monotonic() - began)
            with _told(key, lines[-1]):
                pile.load()
        _log.info("backfilled", platform=key, day=day.isoformat(), deliveries=len(lines))
    loader.tell_quarantine(key)
    return total


@contextmanager
def _told(key: str, line: Line) -> Iterator[None]:
    """A delivery that is not as agreed is a line in the log; the next ones are read."""
    try:
        yield
    except (BadRecord, Refused) as error:
        _log.warning("raw_not_read", platform=key, path=line.path, reason=error.what)
