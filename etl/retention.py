"""What is kept how long. Once a night closed raw days are packed, and what is too old goes.

Raw files go only after what they gave is sealed; figures, core and marts stay. Personal data go by
their own shorter rule: the vault, payloads in quarantine, read files in inboxes, and the raw files
of a platform that names people.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from cases import marks, quarantine, vault
from cases.store import Store
from config.platforms import Platform
from etl import damage, seals
from etl.album import Album
from etl.errors import EtlError
from etl.loader import Loader
from etl.packing import MOVING
from warehouse import ledger
from warehouse.errors import WarehouseError
from warehouse.schema import Table

AT_NIGHT: Final = 2  # o'clock
_MARK: Final = "retention"
_SEEN: Final = "clock_seen"
SETTLED: Final = timedelta(minutes=30)
SETTLED_AFTER_LEAP: Final = timedelta(days=3)
_WEEK: Final = timedelta(days=7)  # raw goes a week at a time, so that sealing is weekly work
_DRIFT: Final = timedelta(days=90)
_log = structlog.get_logger("etl.retention")


def is_due(store: Store, now: datetime) -> bool:
    """Whether the nightly turn has still to come today."""
    done = marks.read(store, _MARK)
    return now.hour >= AT_NIGHT and done != now.date().isoformat()


def patience(store: Store, now: datetime) -> timedelta:
    """How long the clock must have run evenly before anything is deleted by age.

    After a leap of more than a week (months without us, or a clock that is wrong) people get three
    days to notice a wrong year; what is deleted by it would be gone.
    """
    seen = marks.read(store, _SEEN)
    if seen is None or now - datetime.fromisoformat(seen) <= _WEEK:
        return SETTLED
    return SETTLED_AFTER_LEAP


def saw(store: Store, now: datetime) -> None:
    """The clock is taken to be right at this moment."""
    marks.write(store, _SEEN, now.isoformat(), now)


def turn(loader: Loader, now: datetime) -> list[str]:
    """The nightly turn over all platforms; what was done, a line each."""
    said: list[str] = []
    for key in loader.sent():
        platform = loader.platforms[key]
        try:
            said += [f"{key}: {each}" for each in _platform(loader, platform, now)]
        except (EtlError, WarehouseError, OSError) as error:
            _log.error("retention_failed", platform=key, reason=str(error))
            said.append(f"{key}: nothing removed, {error}")
    _old_folders(loader.var, now)
    quarantine.forget(loader.store, now - _DRIFT)
    marks.write(loader.store, _MARK, now.date().isoformat(), now)
    for line in said:
        _log.info("retention", done=line)
    return said


def raw_limit(platform: Platform, tables: Mapping[str, Table]) -> timedelta:
    """How long raw files of a platform are kept: those that name people by the shorter rule."""
    columns = [column for table in tables.values() for column in table.columns.values()]
    is_personal = any(column.personal or column.scrub for column in columns)
    return min(platform.keep_raw, platform.keep_personal) if is_personal else platform.keep_raw


def _platform(loader: Loader, platform: Platform, now: datetime) -> Iterator[str]:
    key, tables = platform.key, loader.tables[platform.key]
    aside = loader.var / "quarantine" / "damaged" / "raw" / key
    closed = loader.archive.loose(key, now.date())
    thin = loader.archive.thin(key, now.date(), platform.every)
    if thin:
        yield f"{thin} lines of unchanged answers drawn together"
    packed = loader.archive.pack(key, now.date(), aside)
    if packed:
        yield f"{packed} deliveries packed"
    bad = damage.verify(loader, key, closed, now.date())
    if bad:
        yield f"{bad} raw files are not what was received"
    gone = _prune(loader, platform, now - raw_limit(platform, tables))
    if gone:
        yield f"{gone} raw days sealed and removed"
    shots = _remove(
        file
        for folder in (loader.archive.root / key / "pictures").glob("*")
        for file in _old(folder, raw_limit(platform, tables))
    )
    Album(loader.var, key).forget(now - raw_limit(platform, tables))
    if shots:
        yield f"{shots} pictures removed"
    with loader.writing(key) as warehouse:
        sources = {each.source for each in warehouse.ledger(ledger.balance) if each.key == key}
    before = now - platform.keep_personal
    rows = vault.expire(loader.store, sources | {platform.source}, before.date())
    if rows:
        yield f"personal columns of {rows} rows removed from the vault"
    young = {line.id for line in loader.archive.lines(key) if line.received >= before}
    files = _remove(
        file for file in (loader.var / "quarantine" / key).glob("*.jsonl") if file.stem not in young
    )
    inbox = loader.var / "inbox" / key
    files += _remove(
        file for each in ("done", "refused") for file in _old(inbox / each, platform.keep_personal)
    )
    if files:
        yield f"{files} files with personal data removed from quarantine and inbox"


def _prune(loader: Loader, platform: Platform, before: datetime) -> int:
    """Seal and then remove raw days; nothing while any delivery is not loaded yet."""
    key = platform.key
    lines = list(loader.archive.lines(key))
    is_over = bool(lines) and lines[0].received.date() < before.date()
    if not is_over or not loader.is_whole or key in loader.behind:
        return 0
    first_kept = before + _WEEK
    with loader.writing(key) as warehouse:
        known = warehouse.batches()
        late = [line for line in loader.archive.in_force(key) if line.id not in known]
        unread = [line for line in late if line.received.date() < first_kept.date()]
        if unread:
            _log.warning("raw_removed_unread", platform=key, deliveries=len(unread))
        with MOVING:
            seals.make(warehouse, loader.var, key, loader.tables[key])
    return len(loader.archive.drop(key, first_kept.date()))


def _old_folders(var: Path, now: datetime) -> None:
    """Warehouses that were set aside or replaced, once nobody will look at them again."""
    for folder in ("damaged", "replaced"):
        for each in (var / "quarantine" / folder).glob("*T*"):
            stamp = each.name[:15]
            if stamp < f"{now - _DRIFT:%Y%m%dT%H%M%S}":
                shutil.rmtree(each)
    for each in (var / "quarantine" / "damaged" / "raw").glob("*"):
        _remove(_old(each, _DRIFT))


def _old(folder: Path, age: timedelta) -> Iterator[Path]:
    """The files of a folder that nobody has written for so long, in real time."""
    before = time.time() - age.total_seconds()
    return (f for f in folder.glob("*") if f.is_file() and f.stat().st_mtime < before)


def _remove(files: Iterable[Path]) -> int:
    gone = list(files)
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)
