"""Which rows of the last days lie in quarantine: a platform counts them and we do not.

A row that comes with every poll is one row. One of which core has a good version already is none,
since it is counted there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from etl.formats.moment import iso
from warehouse import ledger
from warehouse.schema import Table
from warehouse.write import Warehouse

_NO_FACT: Final = "!"  # refused before it was known to which fact it belongs
_Name = tuple[str, ...]


def by_day(
    warehouse: Warehouse,
    folder: Path,
    fact: tuple[str, Table],
    on: str,
    span: tuple[str, date, date],
) -> dict[date, int]:
    """How many rows of a source lie in quarantine for each day of a span.

    `folder` holds the platform's private files. A row whose own day cannot be read counts on the
    day it came.
    """
    name, table = fact
    source, first, last = span
    found: dict[_Name, date] = {}
    since = partial(ledger.refused_since, source=source, since=first)
    for batch_id, received in warehouse.ledger(since):
        for payload in _rows(folder / f"{batch_id}.jsonl", name):
            found[_identity(payload, table)] = _day(payload, on) or received.date()
    wanted = {each: day for each, day in found.items() if first <= day <= last}
    keys = [each for each in wanted if len(each) == len(table.key)]
    if keys:
        known = partial(ledger.known_keys, fact=name, key=table.key, source=source, among=keys)
        for each in warehouse.ledger(known):
            wanted.pop(each, None)
    counted: dict[date, int] = {}
    for day in wanted.values():
        counted[day] = counted.get(day, 0) + 1
    return counted


def _rows(file: Path, fact: str) -> Iterator[Any]:
    """The refused rows of one delivery that are, or may be, of a fact."""
    try:
        with file.open(encoding="utf-8") as lines:
            for text in lines:
                line = json.loads(text)
                if line["table"] in (fact, _NO_FACT):
                    yield line["payload"]
    except OSError:
        return  # gone by the rule for personal data


def _identity(payload: Any, table: Table) -> _Name:
    """What makes a refused row the same: its key where it has one, else all it says."""
    if isinstance(payload, Mapping):
        key = tuple(str(payload[name]) for name in table.key if payload.get(name))
        if len(key) == len(table.key):
            return key
    return (*("" for _ in table.key), json.dumps(payload, sort_keys=True, default=str))


def _day(payload: Any, on: str) -> date | None:
    said = payload.get(on) if isinstance(payload, Mapping) else None
    moment = iso(str(said)) if said else None
    return None if moment is None else date.fromisoformat(moment[:10])
