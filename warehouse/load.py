"""One load is one transaction: rows, history, ledger, cursor and dirty days, or nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa

from config import failpoint
from warehouse import ledger, shape
from warehouse.assemble.loading import Loading
from warehouse.assemble.text import name
from warehouse.batch import Batch, LoadResult
from warehouse.core import day_columns
from warehouse.delivery import Delivery, everything, numbered, set_aside, staged_rows
from warehouse.errors import BadDeclaration
from warehouse.schema import Table


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
    deliveries = numbered(con, batches, tables)
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
        only.refused = everything(only)
        staged = []
    for loading, rows in staged:
        if rows:
            _merge(con, loading, deliveries, rows)
    failpoint.reach("load.merged")
    for delivery in deliveries.values():
        result, refused = delivery.result, delivery.refused
        result.quarantined = dict(Counter(each["reason"] for each in refused))
        result.unchanged = result.rows_in - result.loaded - len(refused)
        set_aside(quarantine, delivery.batch, refused)
    ledger.write(con, list(deliveries.values()))
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


def _stage(
    con: duckdb.DuckDBPyConnection, loading: Loading, deliveries: Mapping[int, Delivery]
) -> int:
    """Cast one table's rows and note what is refused; how many were not."""
    rows = [
        staged_rows(each, loading.table_name)
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
    con: duckdb.DuckDBPyConnection, loading: Loading, deliveries: Mapping[int, Delivery]
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


def _merge(
    con: duckdb.DuckDBPyConnection,
    loading: Loading,
    deliveries: Mapping[int, Delivery],
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


def _rollback(con: duckdb.DuckDBPyConnection) -> None:
    """Undo; an engine that died in the middle has nothing left to undo."""
    try:
        con.execute("ROLLBACK")
    except duckdb.Error:
        return
