"""One batch on its way into core: its number, its rows as text, what was refused of it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.batch import Batch, LoadResult, Rows
from warehouse.refusals import REJECTED, Refusals
from warehouse.schema import Table
from warehouse.spooled import Spooled, Text, pieces

# A delivery of which more than this share cannot be read has changed its shape as a whole.
_DRIFT_SHARE, _DRIFT_ROWS = 0.05, 100
_AT_ONCE = 2_000  # rows that are held as Python objects


@dataclass
class Delivery:
    """One batch on its way: its number in the ledger, its rows as text, what was refused of it."""

    batch: Batch
    number: int
    rows: dict[str, Text]
    refused: Refusals
    result: LoadResult = field(default_factory=LoadResult)
    absent: dict[str, list[str]] = field(default_factory=dict)  # columns it lacks, by fact

    @property
    def has_drifted(self) -> bool:
        """Whether it lacks a column, or so many rows cannot be read that its shape has changed."""
        if self.absent:
            return True
        rows_in = self.result.rows_in
        return rows_in >= _DRIFT_ROWS and self.refused.unread > _DRIFT_SHARE * rows_in

    def lay_out(self) -> None:
        """What parse refused goes first into what is set aside."""
        for each in self.batch.rejects:
            self.refused.add(REJECTED, each.row, each.reason, each.payload)

    def refuse_all(self, causes: Callable[[str, int, int], Mapping[int, str]]) -> None:
        """All rows of a batch whose shape has drifted, each with what is wrong with it itself.

        `causes` tells of a fact what was wrong with the rows from one place to another.
        """
        self.refused.drop()
        for each in self.batch.rejects:
            self.refused.add(REJECTED, each.row, "整批漂移", each.payload, cause=each.reason)
        for fact, rows in self.rows.items():
            labels = self.absent.get(fact)
            lacking = "整列缺失：" + "、".join(labels) if labels else None
            for first, piece in pieces(rows):
                for start in range(0, piece.num_rows, _AT_ONCE):
                    at = first + start
                    known = causes(fact, at, at + _AT_ONCE)
                    for row, payload in enumerate(piece.slice(start, _AT_ONCE).to_pylist(), at):
                        cause = lacking or known.get(row)
                        self.refused.add(fact, row, "整批漂移", payload, cause=cause)


def numbered(
    con: duckdb.DuckDBPyConnection,
    batches: Sequence[Batch],
    tables: Mapping[str, Table],
    quarantine: Path,
) -> dict[int, Delivery]:
    """The batches by the number that they have, or get, in the ledger."""
    known = dict(
        con.execute(
            "SELECT batch_id, id FROM core.batch WHERE batch_id IN (SELECT unnest($1::VARCHAR[]))",
            [[batch.batch_id for batch in batches]],
        ).fetchall()
    )
    last = con.execute("SELECT coalesce(max(id), 0) FROM core.batch").fetchall()[0][0]
    found: dict[int, Delivery] = {}
    for batch in batches:
        number = known.get(batch.batch_id)
        if number is None:
            last = number = last + 1
        rows = {each: _arrow(given, tables[each]) for each, given in batch.rows.items()}
        delivery = Delivery(batch, number, rows, Refusals(quarantine, batch))
        found[number] = delivery
        delivery.result.rows_in = sum(map(len, rows.values())) + len(batch.rejects)
    return found


def staged_rows(delivery: Delivery, first: int, rows: pa.Table) -> pa.Table:
    """Rows of a delivery with their place, their batch and when that was recorded."""
    n = rows.num_rows
    # nothing is cheaper to cast than a column that is not there
    rows = rows.select([c for c in rows.column_names if rows.column(c).null_count < n])
    batch = delivery.batch
    at = pa.scalar(batch.recorded_at, pa.timestamp("us"))
    ordered = pa.scalar(batch.ordered_at or batch.recorded_at, pa.timestamp("us"))
    return (
        rows.append_column("_row", pa.array(range(first, first + n), pa.int64()))
        .append_column("_batch", pa.repeat(pa.scalar(delivery.number, pa.int64()), n))
        .append_column("_recorded_at", pa.repeat(at, n))
        .append_column("_ordered_at", pa.repeat(ordered, n))
    )


def _arrow(rows: Rows, table: Table) -> Text:
    """The delivered rows as text columns; what is not declared goes into extra as JSON."""
    if isinstance(rows, Spooled):
        return rows
    if isinstance(rows, pa.Table):
        text = pa.table({c: rows.column(c).cast(pa.string()) for c in rows.column_names})
        spare = [c for c in text.column_names if c not in table.columns and c != "extra"]
        if not spare:
            return text
        extra = [_extra(each) for each in text.select(spare).to_pylist()]
        return text.drop_columns(spare).append_column("extra", pa.array(extra, pa.string()))
    columns = {c: pa.array([row.get(c) for row in rows], pa.string()) for c in table.columns}
    known = {*table.columns, "extra"}
    extra = [
        row.get("extra")
        if known.issuperset(row)
        else _extra({k: v for k, v in row.items() if k not in known})
        for row in rows
    ]
    return pa.table({**columns, "extra": pa.array(extra, pa.string())})


def _extra(row: Mapping[str, str | None]) -> str | None:
    filled = {k: v for k, v in sorted(row.items()) if v not in (None, "")}
    return json.dumps(filled, ensure_ascii=False) if filled else None
