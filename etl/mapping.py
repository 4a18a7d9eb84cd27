"""An export that was never seen before, read as rows of a platform by the mapping of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from cases.faults import Fault
from etl.errors import BadRecord
from etl.formats import bundle, sheet
from etl.formats.cell import Row, Yielded, records, reject, text
from etl.formats.markup import fields, is_xml, load_xml
from etl.formats.moment import by_shapes, iso
from etl.plan import Plan, read
from warehouse.schema import Table

__all__ = ["Plan", "parse", "read"]
_LOCAL: Final = ZoneInfo("Asia/Shanghai")
_DEEP: Final = 4  # levels of a JSON record that get names of their own


def parse(plan: Plan, table: Table, payload: bytes) -> Iterator[Yielded]:
    """The rows of an export as rows of the platform; what cannot be read is rejected."""
    for part in bundle.parts(plan.key, payload, plan.members):
        for line in _lines(plan, part):
            cells = line.cells
            if plan.empty:
                cells = {k: None if v in plan.empty else v for k, v in cells.items()}
            if not _belongs(plan, cells):
                continue
            row: Row = {ours: cells.get(theirs) for ours, theirs in plan.fields.items()}
            fault = line.fault or _translate(plan, table, row)
            if fault:
                yield reject(fault, line.cells)
                continue
            yield plan.table, row


def _lines(plan: Plan, payload: bytes) -> Iterator[sheet.Line]:
    """Records of a JSON or XML file, or the lines of a table that has all columns named."""
    if plan.records is not None and is_xml(payload):
        for number, item in enumerate(load_xml(plan.key, payload).findall(plan.records), 1):
            yield sheet.Line(number, dict(fields(item)))
        return
    if plan.records is not None:
        for number, record in enumerate(records(plan.key, payload, plan.records), 1):
            yield sheet.Line(number, dict(_flat(record)))
        return
    wanted = set(plan.fields.values()) | plan.only.keys()
    checked = False
    for line in sheet.read(plan.key, payload, wanted, plan.shape):
        if not checked:
            missing = sorted(wanted - line.cells.keys())
            if missing and line.fault is None:
                has = ", ".join(line.cells)
                raise BadRecord(
                    plan.key,
                    f"the file has no column {missing[0]}; it has {has}",
                    fault=Fault.FILE_HEADER,
                )
            checked = line.fault is None
        yield line


def _flat(record: Any, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str | None]]:
    """The fields of a record; those of a part are called part.field."""
    if not isinstance(record, dict):
        yield prefix.rstrip(".") or "value", text(record)
        return
    for name, value in record.items():
        if isinstance(value, dict) and depth < _DEEP:
            yield from _flat(value, f"{prefix}{name}.", depth + 1)
        else:
            yield f"{prefix}{name}", text(value)


def _belongs(plan: Plan, cells: Row) -> bool:
    return all(
        cells.get(name) is not None if values is None else (cells.get(name) or "") in values
        for name, values in plan.only.items()
    )


def _translate(plan: Plan, table: Table, row: Row) -> str | None:
    """Their values as ours; the reason when one is not understood."""
    for name in plan.fields:
        value = row[name]
        if value is None or table.columns[name].type not in ("timestamp", "date"):
            continue
        row[name] = _moment(plan, value)
        if row[name] is None:
            return f"读不懂：{table.columns[name].label}"
    for name, factor in plan.factors.items():
        value = row.get(name)
        try:
            row[name] = None if value is None else f"{(Decimal(value) * factor).normalize():f}"
        except InvalidOperation:
            return f"读不懂：{table.columns[name].label}"
    for name, values in plan.codes.items():
        value = row.get(name)
        ours = values.get(value or "", values.get("*"))
        if value is not None and ours is None:
            return f"{table.columns[name].label}不在对照表"
        row[name] = None if value is None else ours or None
    _fill(plan, row)
    return None


def _moment(plan: Plan, value: str) -> str | None:
    found = by_shapes(value, list(plan.shapes)) if plan.shapes else iso(value)
    if found is None or plan.zone is None or (not plan.shapes and _names_zone(value)):
        return found
    there = datetime.fromisoformat(found).replace(tzinfo=plan.zone)
    return there.astimezone(_LOCAL).replace(tzinfo=None).isoformat()


def _names_zone(value: str) -> bool:
    """Whether a time says its zone itself; the date has two dashes of its own."""
    return value.endswith(("Z", "z")) or "+" in value or value.count("-") > 2


def _fill(plan: Plan, row: Row) -> None:
    """Pieces of text exchanged, constants, computed columns."""
    for name, pieces in plan.pieces.items():
        for theirs, ours in pieces.items():
            row[name] = (row.get(name) or "").replace(theirs, ours) or None
    row |= plan.constants
    done: set[str] = set()
    for rule in plan.computed:
        if rule.column not in done and rule.fits(row):
            row[rule.column] = rule.value
            done.add(rule.column)
