"""One delivery read by today's code and judged by the warehouse's rules, in a warehouse of its own
that is thrown away: rows as the real one would hold them, and what would go to quarantine."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from config import clock
from config.platforms import Platform
from etl import reading, registry
from etl.formats.stored import length
from etl.located import declared, located
from etl.personal import scrub
from etl.sample import Sample
from warehouse.batch import Batch
from warehouse.schema import Table
from warehouse.spooled import pieces
from warehouse.write import Warehouse

SHOWN: Final = 5
_WIDEST: Final = 40


def report(platform: Platform, sample: Sample) -> str:
    """What a person wants to see of it; EtlError when it cannot be read at all."""
    with tempfile.TemporaryDirectory(prefix="honglan-try-") as folder:
        return "\n".join(_report(platform, sample, Path(folder)))


def _report(platform: Platform, sample: Sample, folder: Path) -> list[str]:
    tables = registry.tables([platform.key])[platform.key]
    how = declared({platform.key: platform})[platform.key]
    yielded = located(registry.parser(platform.key)(sample.payload), tables, how)
    room = reading.Room(folder, lambda *_: None)
    # a hash would tell a person nothing
    found = reading.read(yielded, tables, lambda text: "…", room)
    if found.fault is not None:
        raise found.fault
    size = length(sample.payload)
    lines = [f"{platform.key}: {sample.origin}, {size:,} bytes, {found.count} rows"]
    for name, rows in found.rows.items():
        lines.append(f"{name}: {len(rows)} rows")
        shown = next(pieces(rows))[1].slice(0, SHOWN).to_pylist()
        lines += [f"  {_row(row, tables[name])}" for row in shown]
    reasons = Counter(reject.reason for reject in found.rejects)
    for reason, n in reasons.most_common():
        example = next(each for each in found.rejects if each.reason == reason)
        lines.append(f"rejected {n}: {reason}: {scrub(str(example.payload))[:200]}")
    lines += _judged(platform, sample, found, folder)
    return lines


def _judged(
    platform: Platform, sample: Sample, found: reading.Delivery, folder: Path
) -> Iterator[str]:
    """What types and rules would set aside."""
    batch = Batch(
        batch_id="trial",
        key=platform.key,
        source=platform.source,
        raw_path=sample.origin,
        recorded_at=clock.local(),
        cursor=None,
        rows=found.rows,
        rejects=found.rejects,
    )
    with Warehouse(folder, registry.facts([platform.key])) as warehouse:
        result = warehouse.load(batch)
    rejected = {each.reason for each in found.rejects}
    for reason, n in sorted(result.quarantined.items()):
        if reason not in rejected:
            yield f"quarantined {n}: {reason}"
    if result.drifted:
        yield "too many rows cannot be read: the whole delivery would be set aside"
    yield f"would load {result.loaded} of {result.rows_in}; nothing was written"


def _row(row: dict[str, str | None], table: Table) -> str:
    """Labels and values, without what is empty."""
    labels = {name: column.label for name, column in table.columns.items()} | {"extra": "未声明"}
    return "，".join(
        f"{labels.get(name, name)}={value if len(value) <= _WIDEST else value[:_WIDEST] + '…'}"
        for name, value in row.items()
        if value
    )
