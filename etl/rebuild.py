"""A new warehouse from the raw archive alone; it takes the place of the old one if not poorer."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

import structlog

from cases import health
from etl import registry
from etl.errors import BadRecord
from etl.health import Tally
from etl.landing import answered
from etl.loader import Loader
from etl.pile import counted
from warehouse.write import Warehouse

Fingerprint = Mapping[tuple[str, str], tuple[int, int]]
_log = structlog.get_logger("etl.rebuild")


def rebuild(loader: Loader) -> tuple[Tally, list[str]]:
    """What was read and, when the old warehouse stayed, what the new one lacks of it.

    Rows of other content may come from mended code; rows that are missing cannot be explained.
    """
    scratch = loader.var / "rebuild"
    shutil.rmtree(scratch, ignore_errors=True)
    total = Tally()
    with loader.writing() as old:
        with Warehouse(scratch, registry.facts(loader.platforms)) as new:
            for key in loader.sent():
                _read_all(loader, new, key, total)
            lacking = _lacking(old.fingerprint(), new.fingerprint())
        if not lacking:
            loader.take_over(scratch / "warehouse")
    shutil.rmtree(scratch, ignore_errors=True)
    return total, lacking


def _read_all(loader: Loader, new: Warehouse, key: str, total: Tally) -> None:
    loader.unseal(new, key)
    lines = loader.archive.in_force(key)
    for number, line in enumerate(lines):
        if number % 20 == 0:
            health.progress(loader.store, key, number, len(lines), "重建数据仓库")
        try:
            batch, _ = loader.read(key, line)
        except BadRecord as error:
            _log.warning("raw_not_read", platform=key, path=line.path, reason=error.what)
            continue
        total.add(counted(new.load(batch), line))
    platform = loader.platforms[key]
    for at in answered(loader.archive.lines(key), platform.source, platform.every):
        new.mark_success(key, platform.source, at)


def _lacking(old: Fingerprint, new: Fingerprint) -> list[str]:
    return [
        f"{table} of {source} has {new.get((table, source), (0, 0))[0]} of {rows} rows"
        for (table, source), (rows, _) in sorted(old.items())
        if new.get((table, source), (0, 0))[0] < rows
    ]
