"""One batch on its way into core: its number, its rows as text, what was refused of it."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from config import failpoint
from warehouse.assemble.loading import DRIFT
from warehouse.batch import Batch, LoadResult, Rows
from warehouse.schema import Table

# A delivery of which more than this share cannot be read has changed its shape as a whole.
_DRIFT_SHARE, _DRIFT_ROWS = 0.05, 100


@dataclass
class Delivery:
    """One batch on its way: its number in the ledger, its rows as text, what was refused of it."""

    batch: Batch
    number: int
    rows: dict[str, pa.Table]
    refused: list[dict[str, Any]]
    result: LoadResult = field(default_factory=LoadResult)
    absent: dict[str, list[str]] = field(default_factory=dict)  # columns it lacks, by fact

    @property
    def has_drifted(self) -> bool:
        """Whether it lacks a column, or so many rows cannot be read that its shape has changed."""
        if self.absent:
            return True
        unread = sum(1 for r in self.refused if r["table"] == "!" or r["reason"].startswith(DRIFT))
        rows_in = self.result.rows_in
        return rows_in >= _DRIFT_ROWS and unread > _DRIFT_SHARE * rows_in


def numbered(
    con: duckdb.DuckDBPyConnection, batches: Sequence[Batch], tables: Mapping[str, Table]
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
        refused = [
            {"table": "!", "row": r.row, "reason": r.reason, "payload": r.payload}
            for r in batch.rejects
        ]
        found[number] = delivery = Delivery(batch, number, rows, refused)
        delivery.result.rows_in = sum(each.num_rows for each in rows.values()) + len(refused)
    return found


def staged_rows(delivery: Delivery, table_name: str) -> pa.Table:
    """The rows with their place, their batch and when that was recorded."""
    rows = delivery.rows[table_name]
    n = rows.num_rows
    # nothing is cheaper to cast than a column that is not there
    rows = rows.select([c for c in rows.column_names if rows.column(c).null_count < n])
    batch = delivery.batch
    at = pa.scalar(batch.recorded_at, pa.timestamp("us"))
    ordered = pa.scalar(batch.ordered_at or batch.recorded_at, pa.timestamp("us"))
    return (
        rows.append_column("_row", pa.array(range(n), pa.int64()))
        .append_column("_batch", pa.repeat(pa.scalar(delivery.number, pa.int64()), n))
        .append_column("_recorded_at", pa.repeat(at, n))
        .append_column("_ordered_at", pa.repeat(ordered, n))
    )


def everything(delivery: Delivery) -> list[dict[str, Any]]:
    """All rows of a batch whose shape has drifted, each with what is wrong with it itself."""
    causes = {(each["table"], each["row"]): each["reason"] for each in delivery.refused}
    everything = [("!", r.row, r.payload) for r in delivery.batch.rejects]
    for fact, rows in delivery.rows.items():
        everything += [(fact, n, payload) for n, payload in enumerate(rows.to_pylist())]
    lacking = {fact: "整列缺失：" + "、".join(labels) for fact, labels in delivery.absent.items()}
    return [
        {
            "table": fact,
            "row": row,
            "reason": "整批漂移",
            "cause": lacking.get(fact) or causes.get((fact, row)),
            "payload": payload,
        }
        for fact, row, payload in everything
    ]


def _arrow(rows: Rows, table: Table) -> pa.Table:
    """The delivered rows as text columns; what is not declared goes into extra as JSON."""
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


def set_aside(folder: Path, batch: Batch, refused: list[dict[str, Any]]) -> None:
    """The refused rows of a batch in one private file, on disk before the commit."""
    if not refused:
        return
    home = folder / batch.key
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = home / f"{batch.batch_id}.jsonl"
    part = file.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        for each in refused:
            line = {"source": batch.source, "raw_path": batch.raw_path, **each}
            out.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        out.flush()
        os.fsync(out.fileno())
    failpoint.reach("quarantine.written")
    part.replace(file)
    failpoint.reach("quarantine.renamed")
