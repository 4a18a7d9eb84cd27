"""Rows and the pictures that they name: which is which file, which is missing and why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

from cases.faults import Fault
from etl import registry
from etl.album import Album
from etl.errors import Refused
from warehouse.pictured import named

SHOWN: Final = 50


def report(key: str, var: Path, row: str | None = None) -> str:
    """How many pictures are here and the missing ones by reason; with a row, where its own lie."""
    declared = registry.pictures(key)
    if not declared:
        raise Refused(key, "has no rows that name pictures", fault=Fault.COMMAND)
    tables = registry.tables([key])[key]
    rows = [
        each
        for fact, columns in declared.items()
        for each in named(var, fact, tables[fact].key[0], columns)
        if row in (None, each.row)
    ]
    found = list(zip(rows, Album(var, key).find(each.file for each in rows), strict=True))
    here = sum(bool(shot.file) for _, shot in found)
    reasons = Counter(shot.reason for _, shot in found if shot.reason)
    lines = [f"{key}: {here} of {len(found)} named pictures are here"]
    lines += [f"  {reason}: {number}" for reason, number in reasons.most_common()]
    wanted = [(n, s) for n, s in found if row is not None or s.reason]
    for name, shot in wanted[:SHOWN]:
        place = f"raw/{key}/{shot.file}" if shot.file else shot.reason
        lines.append(f"{name.row} {name.column} {name.file}: {place}")
    if len(wanted) > SHOWN:
        lines.append(f"… and {len(wanted) - SHOWN} more")
    return "\n".join(lines)
