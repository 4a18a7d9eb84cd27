"""One load is one transaction: rows, history, ledger, cursor and dirty days, or nothing."""

import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from config import failpoint
from warehouse.assemble.loading import DRIFT, Loading
from warehouse.assemble.text import name
from warehouse.batch import Batch, LoadResult, Rows
from warehouse.core import day_columns
from warehouse.engine import one
from warehouse.errors import BadDeclaration
from warehouse.schema import Table

# A delivery of which more than this share cannot be read has changed its shape as a whole.
_DRIFT_SHARE, _DRIFT_ROWS = 0.05, 100


def load_batch(
    con: duckdb.DuckDBPyConnection, batch: Batch, tables: Mapping[str, Table], quarantine: Path
) -> LoadResult:
    """Bring one delivery into core; a batch that is already in the ledger changes nothing."""
    earlier = one(
        con, "SELECT rows_in, drifted FROM core.batch WHERE batch_id = $1", [batch.batch_id]
    )
    if earlier is not None and not earlier[1]:
        return LoadResult(rows_in=earlier[0], unchanged=earlier[0], repeated=True)
    unknown = [each for each in batch.rows if each not in tables]
    if unknown:
        allowed = ", ".join(tables)
        raise BadDeclaration(unknown[0], f"{unknown[0]} is not a declared fact; use {allowed}")
    con.execute("BEGIN")
    failpoint.reach("load.begun")
    try:
        result = _load(con, batch, tables, quarantine)
        failpoint.reach("load.ready")
        con.execute("COMMIT")
        failpoint.reach("load.committed")
    except BaseException:
        _rollback(con)
        raise
    return result


def forget_source(con: duckdb.DuckDBPyConnection, source: str, tables: Mapping[str, Table]) -> None:
    """Drop all rows, history and ledger of one source in one transaction; its days are dirty."""
    con.execute("BEGIN")
    try:
        for table_name, table in tables.items():
            for column in day_columns(table):
                con.execute(
                    f"INSERT INTO core.dirty_day SELECT DISTINCT $table_name, CAST({name(column)}"  # noqa: S608 - declared names
                    f" AS DATE) FROM core.{name(table_name)} WHERE source = $source"
                    f" AND {name(column)} IS NOT NULL",
                    {"table_name": table_name, "source": source},
                )
            for relation in (table_name, table_name + "_version"):
                con.execute(f"DELETE FROM core.{name(relation)} WHERE source = $1", [source])  # noqa: S608 - declared names
        con.execute(
            "DELETE FROM core.batch_reject WHERE batch_id IN"
            " (SELECT batch_id FROM core.batch WHERE source = $1)",
            [source],
        )
        for ledger in ("batch", "feed_cursor", "success"):
            con.execute(f"DELETE FROM core.{ledger} WHERE source = $1", [source])  # noqa: S608 - three fixed names
        con.execute("COMMIT")
    except BaseException:
        _rollback(con)
        raise


def _load(
    con: duckdb.DuckDBPyConnection, batch: Batch, tables: Mapping[str, Table], quarantine: Path
) -> LoadResult:
    result = LoadResult()
    refused: list[dict[str, Any]] = [
        {"table": "!", "row": r.row, "reason": r.reason, "payload": r.payload}
        for r in batch.rejects
    ]
    number = _next_number(con, batch.batch_id)
    deliveries = {each: _arrow(rows, tables[each]) for each, rows in batch.rows.items()}
    result.rows_in = sum(d.num_rows for d in deliveries.values()) + len(batch.rejects)
    drifted = len(batch.rejects)
    prepared: list[Loading] = []
    for table_name, delivery in deliveries.items():
        if delivery.num_rows == 0:
            continue
        loading = Loading(table_name, tables[table_name])
        bad = _stage(con, loading, delivery, batch, number)
        drifted += sum(1 for each in bad if each["reason"].startswith(DRIFT))
        refused += bad
        prepared.append(loading)
    result.drifted = result.rows_in >= _DRIFT_ROWS and drifted > _DRIFT_SHARE * result.rows_in
    if result.drifted:
        refused = _everything(batch, deliveries)
    else:
        for loading in prepared:
            _merge(con, loading, batch.source, result)
    result.quarantined = dict(Counter(each["reason"] for each in refused))
    result.unchanged = result.rows_in - result.loaded - len(refused)
    failpoint.reach("load.merged")
    _write_quarantine(quarantine, batch, refused)
    _write_ledger(con, batch, number, result, refused)
    return result


def _stage(
    con: duckdb.DuckDBPyConnection,
    loading: Loading,
    delivery: pa.Table,
    batch: Batch,
    number: int,
) -> list[dict[str, Any]]:
    """Cast one table's rows; the answer is what was refused."""
    con.register("delivery", delivery)
    con.execute(
        loading.staged(delivery.column_names),
        {"recorded_at": batch.recorded_at, "source": batch.source, "batch": number},
    )
    con.unregister("delivery")
    bad = con.execute(loading.refused()).fetchall()
    if loading.table.partial:
        con.execute(loading.folded())
    if not bad:
        return []
    payloads = delivery.take([row for row, _ in bad]).to_pylist()
    return [
        {"table": loading.table_name, "row": row, "reason": reason, "payload": payload}
        for (row, reason), payload in zip(bad, payloads, strict=True)
    ]


def _merge(
    con: duckdb.DuckDBPyConnection, loading: Loading, source: str, result: LoadResult
) -> None:
    con.execute(loading.known(), {"source": source})
    con.execute(loading.partial_verdict() if loading.table.partial else loading.verdict())
    verdicts = dict(
        con.execute("SELECT _verdict, count(*) FROM temp.verdict GROUP BY _verdict").fetchall()
    )
    new, newer = verdicts.get("new", 0), verdicts.get("newer", 0)
    days = [row[0] for row in con.execute(loading.dirty_days()).fetchall()]
    replaced = newer + verdicts.get("again", 0)
    if replaced:
        con.execute(loading.drop_replaced())
    if new or replaced:
        con.execute(loading.insert())
    con.execute(loading.keep_replaced())
    if newer and loading.table.version is None:
        con.execute(loading.drop_current_from_history())
    if days:
        con.execute(
            "INSERT INTO core.dirty_day SELECT $table_name, d.on_day"
            " FROM (SELECT unnest($days) AS on_day) AS d WHERE NOT EXISTS (SELECT 1 FROM"
            " core.dirty_day AS k WHERE k.table_name = $table_name AND k.on_day = d.on_day)",
            {"table_name": loading.table_name, "days": days},
        )
    con.execute(loading.drop_stage())
    result.loaded += new + newer
    result.days.update(days)


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


def _everything(batch: Batch, deliveries: Mapping[str, pa.Table]) -> list[dict[str, Any]]:
    """All rows of a batch whose shape has drifted."""
    refused: list[dict[str, Any]] = [
        {"table": "!", "row": r.row, "reason": "整批漂移", "payload": r.payload}
        for r in batch.rejects
    ]
    for table_name, delivery in deliveries.items():
        refused += [
            {"table": table_name, "row": n, "reason": "整批漂移", "payload": payload}
            for n, payload in enumerate(delivery.to_pylist())
        ]
    return refused


def _write_quarantine(folder: Path, batch: Batch, refused: list[dict[str, Any]]) -> None:
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


def _write_ledger(
    con: duckdb.DuckDBPyConnection,
    batch: Batch,
    number: int,
    result: LoadResult,
    refused: list[dict[str, Any]],
) -> None:
    con.execute("DELETE FROM core.batch WHERE batch_id = $1", [batch.batch_id])
    con.execute("DELETE FROM core.batch_reject WHERE batch_id = $1", [batch.batch_id])
    con.execute(
        "INSERT INTO core.batch VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        [
            number,
            batch.batch_id,
            batch.key,
            batch.source,
            batch.raw_path,
            batch.recorded_at,
            batch.cursor,
            result.rows_in,
            result.loaded,
            result.unchanged,
            len(refused),
            result.drifted,
        ],
    )
    for (table_name, reason), n in Counter((e["table"], e["reason"]) for e in refused).items():
        con.execute(
            "INSERT INTO core.batch_reject VALUES ($1, $2, $3, $4)",
            [batch.batch_id, table_name, reason, n],
        )
    if batch.cursor is not None and not result.drifted:
        where = [batch.key, batch.source]
        con.execute("DELETE FROM core.feed_cursor WHERE key = $1 AND source = $2", where)
        con.execute("INSERT INTO core.feed_cursor VALUES ($1, $2, $3)", [*where, batch.cursor])


def _next_number(con: duckdb.DuckDBPyConnection, batch_id: str) -> int:
    row = one(
        con,
        "SELECT coalesce(max(CASE WHEN batch_id = $1 THEN id END), coalesce(max(id), 0) + 1)"
        " FROM core.batch",
        [batch_id],
    )
    assert row is not None
    return int(row[0])


def _rollback(con: duckdb.DuckDBPyConnection) -> None:
    """Undo; an engine that died in the middle has nothing left to undo."""
    try:
        con.execute("ROLLBACK")
    except duckdb.Error:
        return
