"""One load is one transaction: rows, history, ledger, cursor and dirty days, or nothing."""

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from config import failpoint
from warehouse import shape
from warehouse.assemble.loading import DRIFT, Loading
from warehouse.assemble.text import name
from warehouse.batch import Batch, LoadResult, Rows
from warehouse.core import day_columns
from warehouse.errors import BadDeclaration
from warehouse.schema import Table

# A delivery of which more than this share cannot be read has changed its shape as a whole.
_DRIFT_SHARE, _DRIFT_ROWS = 0.05, 100


@dataclass
class _Delivery:
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


def load_batches(
    con: duckdb.DuckDBPyConnection,
    batches: Sequence[Batch],
    tables: Mapping[str, Table],
    quarantine: Path,
) -> list[LoadResult]:
    """Bring deliveries of one source into core in one transaction; a result for each.

    A batch that is already in the ledger changes nothing. A statement costs more than its rows, so
    that ten pages together take little longer than one.
    """
    for batch in batches:
        unknown = [each for each in batch.rows if each not in tables]
        if unknown:
            allowed = ", ".join(tables)
            raise BadDeclaration(unknown[0], f"{unknown[0]} is not a declared fact; use {allowed}")
    results = _earlier(con, batches)
    fresh = list({b.batch_id: b for b in batches if b.batch_id not in results}.values())
    if fresh:
        con.execute("BEGIN")
        failpoint.reach("load.begun")
        try:
            results |= _load(con, fresh, tables, quarantine)
            failpoint.reach("load.ready")
            con.execute("COMMIT")
            failpoint.reach("load.committed")
        except BaseException:
            _rollback(con)
            raise
    return [results[batch.batch_id] for batch in batches]


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


def _earlier(con: duckdb.DuckDBPyConnection, batches: Sequence[Batch]) -> dict[str, LoadResult]:
    """What is in the ledger already; a batch that went to quarantine as a whole may come again."""
    rows = con.execute(
        "SELECT batch_id, rows_in FROM core.batch WHERE NOT drifted"
        " AND batch_id IN (SELECT unnest($1::VARCHAR[]))",
        [[batch.batch_id for batch in batches]],
    ).fetchall()
    return {each: LoadResult(rows_in=n, unchanged=n, repeated=True) for each, n in rows}


def _load(
    con: duckdb.DuckDBPyConnection,
    batches: Sequence[Batch],
    tables: Mapping[str, Table],
    quarantine: Path,
) -> dict[str, LoadResult]:
    """Bring batches in together where that gives what one after the other would give."""
    filled = {each: tables[each] for batch in batches for each in batch.rows}
    if len(batches) > 1 and any(table.partial for table in filled.values()):
        return _one_by_one(con, batches, tables, quarantine)
    deliveries = _deliveries(con, batches, tables)
    loadings = [Loading(table_name, table) for table_name, table in filled.items()]
    staged = [(each, _stage(con, each, deliveries)) for each in loadings]
    for loading in loadings:
        _compare(con, loading, deliveries)
    if any(each.has_drifted for each in deliveries.values()):
        if len(batches) > 1:
            return _one_by_one(con, batches, tables, quarantine)
        (only,) = deliveries.values()
        only.result.drifted = True
        only.result.lacking = [label for labels in only.absent.values() for label in labels]
        only.refused = _everything(only)
        staged = []
    for loading, rows in staged:
        if rows:
            _merge(con, loading, deliveries, rows)
    failpoint.reach("load.merged")
    for delivery in deliveries.values():
        result, refused = delivery.result, delivery.refused
        result.quarantined = dict(Counter(each["reason"] for each in refused))
        result.unchanged = result.rows_in - result.loaded - len(refused)
        _write_quarantine(quarantine, delivery.batch, refused)
    _write_ledger(con, list(deliveries.values()))
    return {each.batch.batch_id: each.result for each in deliveries.values()}


def _one_by_one(
    con: duckdb.DuckDBPyConnection,
    batches: Sequence[Batch],
    tables: Mapping[str, Table],
    quarantine: Path,
) -> dict[str, LoadResult]:
    """The same, each after the other; the cursor does not pass a batch that has drifted."""
    results: dict[str, LoadResult] = {}
    for batch in batches:
        is_stuck = any(result.drifted for result in results.values())
        results |= _load(
            con, [replace(batch, cursor=None) if is_stuck else batch], tables, quarantine
        )
    return results


def _deliveries(
    con: duckdb.DuckDBPyConnection, batches: Sequence[Batch], tables: Mapping[str, Table]
) -> dict[int, _Delivery]:
    """The batches by the number that they have, or get, in the ledger."""
    known = dict(
        con.execute(
            "SELECT batch_id, id FROM core.batch WHERE batch_id IN (SELECT unnest($1::VARCHAR[]))",
            [[batch.batch_id for batch in batches]],
        ).fetchall()
    )
    last = con.execute("SELECT coalesce(max(id), 0) FROM core.batch").fetchall()[0][0]
    found: dict[int, _Delivery] = {}
    for batch in batches:
        number = known.get(batch.batch_id)
        if number is None:
            last = number = last + 1
        rows = {each: _arrow(given, tables[each]) for each, given in batch.rows.items()}
        refused = [
            {"table": "!", "row": r.row, "reason": r.reason, "payload": r.payload}
            for r in batch.rejects
        ]
        found[number] = delivery = _Delivery(batch, number, rows, refused)
        delivery.result.rows_in = sum(each.num_rows for each in rows.values()) + len(refused)
    return found


def _stage(
    con: duckdb.DuckDBPyConnection, loading: Loading, deliveries: Mapping[int, _Delivery]
) -> int:
    """Cast one table's rows and note what is refused; how many were not."""
    rows = [
        _numbered(each, loading.table_name)
        for each in deliveries.values()
        if each.rows.get(loading.table_name)
    ]
    if not rows:
        return 0
    delivery = pa.concat_tables(rows, promote_options="default")
    source = next(iter(deliveries.values())).batch.source
    con.register("delivery", delivery)
    con.execute(loading.staged(delivery.column_names), {"source": source})
    con.unregister("delivery")
    bad = con.execute(loading.refused()).fetchall()
    if loading.table.partial:
        con.execute(loading.folded())
    for number, each in deliveries.items():
        mine = [(row, reason) for batch, row, reason in bad if batch == number]
        if mine:
            payloads = each.rows[loading.table_name].take([row for row, _ in mine]).to_pylist()
            each.refused += [
                {"table": loading.table_name, "row": row, "reason": reason, "payload": payload}
                for (row, reason), payload in zip(mine, payloads, strict=True)
            ]
    good: int = delivery.num_rows - len(bad)
    return good


def _compare(
    con: duckdb.DuckDBPyConnection, loading: Loading, deliveries: Mapping[int, _Delivery]
) -> None:
    """Hold what was staged against the weeks before; small deliveries say nothing."""
    fact = loading.table_name
    large = [
        (number, each)
        for number, each in deliveries.items()
        if fact in each.rows and each.rows[fact].num_rows >= shape.LEAST
    ]
    for number, each in large:
        batch = each.batch
        lacking = shape.absent(
            con,
            loading,
            each.rows[fact],
            source=batch.source,
            at=batch.recorded_at,
            number=number,
        )
        if lacking:
            each.absent[fact] = lacking
    if large:
        first = large[0][1]
        at = min(each.batch.recorded_at for each in deliveries.values())
        found = shape.scaled(con, loading, source=first.batch.source, at=at)
        first.result.scaled |= {(fact, column): said for column, said in found.items()}


def _numbered(delivery: _Delivery, table_name: str) -> pa.Table:
    """The rows with their place, their batch and when that was recorded."""
    rows = delivery.rows[table_name]
    n = rows.num_rows
    # nothing is cheaper to cast than a column that is not there
    rows = rows.select([c for c in rows.column_names if rows.column(c).null_count < n])
    at = pa.scalar(delivery.batch.recorded_at, pa.timestamp("us"))
    return (
        rows.append_column("_row", pa.array(range(n), pa.int64()))
        .append_column("_batch", pa.repeat(pa.scalar(delivery.number, pa.int64()), n))
        .append_column("_recorded_at", pa.repeat(at, n))
    )


def _merge(
    con: duckdb.DuckDBPyConnection,
    loading: Loading,
    deliveries: Mapping[int, _Delivery],
    rows: int,
) -> None:
    """Bring the staged rows, so many, into the fact and its history."""
    source = next(iter(deliveries.values())).batch.source
    con.execute(loading.known(), {"source": source})
    con.execute(loading.partial_verdict() if loading.table.partial else loading.verdict())
    verdicts = con.execute(
        "SELECT _batch, _verdict, count(*) FROM temp.verdict GROUP BY _batch, _verdict"
    ).fetchall()
    found = {verdict for _, verdict, _ in verdicts}
    is_replacing = not found.isdisjoint(("newer", "again"))
    days = [row[0] for row in con.execute(loading.dirty_days()).fetchall()]
    if is_replacing:
        con.execute(loading.drop_replaced())
    if is_replacing or "new" in found:
        con.execute(loading.insert())
    if found - {"new", "again"} or rows > sum(n for _, _, n in verdicts):
        con.execute(loading.keep_replaced())
    if "newer" in found and loading.table.version is None:
        con.execute(loading.drop_current_from_history())
    if days:
        con.execute(
            "INSERT INTO core.dirty_day SELECT $table_name, d.on_day"
            " FROM (SELECT unnest($days) AS on_day) AS d WHERE NOT EXISTS (SELECT 1 FROM"
            " core.dirty_day AS k WHERE k.table_name = $table_name AND k.on_day = d.on_day)",
            {"table_name": loading.table_name, "days": days},
        )
    con.execute(loading.drop_stage())
    for number, verdict, n in verdicts:
        if verdict in ("new", "newer") and number in deliveries:
            deliveries[number].result.loaded += n
    for each in deliveries.values():
        each.result.days.update(days)


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


def _everything(delivery: _Delivery) -> list[dict[str, Any]]:
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


def _write_ledger(con: duckdb.DuckDBPyConnection, deliveries: Sequence[_Delivery]) -> None:
    ids = [each.batch.batch_id for each in deliveries]
    for table_name in ("batch", "batch_reject"):
        con.execute(
            f"DELETE FROM core.{table_name} WHERE batch_id IN (SELECT unnest($1::VARCHAR[]))",  # noqa: S608 - two fixed names
            [ids],
        )
    _insert(con, "batch", [_ledger_row(each) for each in deliveries])
    rejects = [
        {"batch_id": each.batch.batch_id, "table_name": table_name, "reason": reason, "n": n}
        for each in deliveries
        for (table_name, reason), n in Counter(
            (refused["table"], refused["reason"]) for refused in each.refused
        ).items()
    ]
    if rejects:
        _insert(con, "batch_reject", rejects)
    cursors = [
        each.batch
        for each in deliveries
        if each.batch.cursor is not None and not each.result.drifted
    ]
    if cursors:
        newest = cursors[-1]
        where = [newest.key, newest.source]
        con.execute("DELETE FROM core.feed_cursor WHERE key = $1 AND source = $2", where)
        con.execute("INSERT INTO core.feed_cursor VALUES ($1, $2, $3)", [*where, newest.cursor])


def _ledger_row(delivery: _Delivery) -> dict[str, Any]:
    batch, result = delivery.batch, delivery.result
    return {
        "id": delivery.number,
        "batch_id": batch.batch_id,
        "key": batch.key,
        "source": batch.source,
        "raw_path": batch.raw_path,
        "recorded_at": batch.recorded_at,
        "cursor_text": batch.cursor,
        "rows_in": result.rows_in,
        "loaded": result.loaded,
        "unchanged": result.unchanged,
        "quarantined": len(delivery.refused),
        "drifted": result.drifted,
    }


def _insert(con: duckdb.DuckDBPyConnection, table_name: str, rows: list[dict[str, Any]]) -> None:
    """Put rows into a ledger table by their names, all in one statement."""
    con.register("ledger", pa.Table.from_pylist(rows))
    con.execute(f"INSERT INTO core.{table_name} BY NAME SELECT * FROM ledger")  # noqa: S608 - fixed names
    con.unregister("ledger")


def _rollback(con: duckdb.DuckDBPyConnection) -> None:
    """Undo; an engine that died in the middle has nothing left to undo."""
    try:
        con.execute("ROLLBACK")
    except duckdb.Error:
        return
