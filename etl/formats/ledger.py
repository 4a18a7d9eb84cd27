"""An exported ledger (XLSX, CSV): rows of one fact under our names, times and numbers tidied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from etl.formats import sheet
from etl.formats.cell import Row, Yielded, lacking, pick, reject
from etl.formats.moment import iso
from warehouse.schema import Table

NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})
CLAIMS: Final[Mapping[str, str]] = MappingProxyType(
    {"是": "true", "有": "true", "√": "true", "1": "true", "Y": "true"}
    | {"否": "false", "无": "false", "×": "false", "0": "false", "N": "false"}
)


def ledger(
    platform: str,
    payload: bytes,
    name: str,
    table: Table,
    *,
    fields: Mapping[str, str] = NO_FIELDS,
    settle: Callable[[Row], Row] | None = None,
) -> Iterator[Yielded]:
    """Yield the rows of `name`; a line that is broken or lacks its key is rejected.

    A column may be called by its Chinese label, our name, or the platform's field. `settle` turns
    the platform's codes into the words that users read.
    """
    called = sheet.names(table.columns, fields)
    for line in sheet.read(platform, payload, called):
        row = of_line(line, table, called)
        missing = lacking(row, table.key)
        if line.fault or missing:
            label = table.columns[missing].label if missing else ""
            yield reject(line.fault or f"缺{label}", line.cells)
            continue
        yield name, settle(row) if settle else row


def of_line(line: sheet.Line, table: Table, called: Mapping[str, str]) -> Row:
    """One line as a row with every column of the table."""
    there = {theirs: ours for theirs, ours in called.items() if theirs in line.cells}
    row: Row = dict.fromkeys(table.columns)
    row |= pick(line.cells, there)
    return tidy(row, table)


def tidy(row: Row, table: Table) -> Row:
    """Times in ISO, numbers without separators, yes and no as words of the warehouse; in place."""
    for name, column in table.columns.items():
        value = row.get(name)
        if not value:
            continue
        if column.type == "timestamp":
            row[name] = iso(value) or value
        elif column.type == "date":
            row[name] = (iso(value) or value)[:10]
        elif column.type in ("integer", "double"):
            row[name] = value.replace(",", "").replace("\uff0c", "")
        elif column.type == "boolean":
            row[name] = CLAIMS.get(value, value)
    return row
