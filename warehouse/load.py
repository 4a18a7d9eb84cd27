"""One load is one transaction: rows, history, ledger, cursor and dirty days, or nothing."""

from collections.abc import Iterator, Mapping, Sequence
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
from warehouse.delivery import Delivery, numbered, staged_rows
from warehouse.engine import one
from warehouse.errors import BadDeclaration
from warehouse.schema import Table
from warehouse.spooled import Spooled, pieces


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
        for ledger in ("batch", "feed_cursor", "success", "newest"):
            con.execute(f"DELETE FROM core.{ledger} WHERE source = $1", [source])  # noqa: S608 - four fixed names
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
    deliveries = numbered(con, batches, tables, quarantine)
    try:
        for delivery in deliveries.values():
            delivery.lay_out()
        loadings = [Loading(table_name, table) for table_name, table in filled.items()]
        staged = [(each, _stage(con, each, deliveries)) for each in loadings]
        for loading in loadings:
            _compare(con, loading, deliveries)
        has_drifted = any(each.has_drifted for each in deliveries.values())
        if has_drifted and len(batches) > 1:
            _take_back(deliveries)
            return _one_by_one(con, batches, tables, quarantine)
        if has_drifted:
            _refuse_all(con, next(iter(deliveries.values())), loadings)
        else:
            _note_newest(con, [loading for loading, rows in staged if rows], deliveries)
            for loading, rows in staged:
                if rows:
                    _merge(con, loading, deliveries, rows)
        failpoint.reach("load.merged")
        for delivery in deliveries.values():
            _close_books(delivery)
        ledger.write(con, list(deliveries.values()))
        return {each.batch.batch_id: each.result for each in deliveries.values()}
    finally:
        _take_back(deliveries)


def _close_books(delivery: Delivery) -> None:
    """What is neither loaded nor refused changed nothing; the refused rows are on disk."""
    result, refused = delivery.result, delivery.refused
    result.quarantined = refused.reasons
    result.unchanged = result.rows_in - result.loaded - len(refused)
    refused.keep()


def _take_back(deliveries: Mapping[int, Delivery]) -> None:
    """What was set aside and not kept is gone."""
    for delivery in deliveries.values():
        delivery.refused.drop()


def _refuse_all(
    con: duckdb.DuckDBPyConnection, delivery: Delivery, loadings: Sequence[Loading]
) -> None:
    """The whole batch goes to quarantine."""
    by_fact = {each.table_name: each for each in loadings}

    def causes(fact: str, first: int, last: int) -> dict[int, str]:
        where = {"first": first, "last": last}
        return dict(con.execute(by_fact[fact].causes(), where).fetchall())

    delivery.result.drifted = True
    delivery.result.lacking = [each for labels in delivery.absent.values() for each in labels]
    delivery.refuse_all(causes)


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
    source = next(iter(deliveries.values())).batch.source
    good = number = 0
    for number, group in enumerate(_groups(loading.table_name, deliveries), 1):
        text = pa.concat_tables(
            [staged_rows(each, first, rows) for each, first, rows in group],
            promote_options="default",
        )
        con.register("delivery", text)
        put = loading.staged if number == 1 else loading.staged_also
        con.execute(put(text.column_names), {"source": source})
        con.unregister("delivery")
        good += text.num_rows - _note_refused(con, loading, group)
    if number and loading.table.partial:
        con.execute(loading.folded())
    elif number > 1:
        con.execute(loading.ranked())
    return good


_Group = list[tuple[Delivery, int, pa.Table]]


def _groups(table_name: str, deliveries: Mapping[int, Delivery]) -> Iterator[_Group]:
    """What goes in by one statement: small deliveries together, a large one piece by piece."""
    waiting = [each for each in deliveries.values() if each.rows.get(table_name)]
    small = [each for each in waiting if not isinstance(each.rows[table_name], Spooled)]
    if small:
        yield [(each, 0, rows) for each in small for _, rows in pieces(each.rows[table_name])]
    for each in waiting:
        if each not in small:
            for first, rows in pieces(each.rows[table_name]):
                yield [(each, first, rows)]


def _note_refused(con: duckdb.DuckDBPyConnection, loading: Loading, group: _Group) -> int:
    """Set aside what was refused of the rows staged last; how many those were."""
    where = {"batches": [each.number for each, _, _ in group], "first": group[0][1]}
    bad = con.execute(loading.refused(), where).fetchall()
    if not bad:
        return 0
    for each, start, rows in group:
        mine = [(row, reason) for batch, row, reason in bad if batch == each.number]
        payloads = rows.take([row - start for row, _ in mine]).to_pylist() if mine else []
        for (row, reason), payload in zip(mine, payloads, strict=True):
            each.refused.add(loading.table_name, row, reason, payload)
    return len(bad)


def _compare(
    con: duckdb.DuckDBPyConnection, loading: Loading, deliveries: Mapping[int, Delivery]
) -> None:
    """Hold what was staged against the weeks before; small deliveries say nothing."""
    fact = loading.table_name
    large = [
        (number, each)
        for number, each in deliveries.items()
        if fact in each.rows and len(each.rows[fact]) >= shape.LEAST
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


def _note_newest(
    con: duckdb.DuckDBPyConnection, loadings: Sequence[Loading], deliveries: Mapping[int, Delivery]
) -> None:
    """Remember the newest moment that the staged rows tell of themselves, if it is a newer one.

    A file that is read again does not become younger by it. What lies ahead of its own delivery is
    a date of what is planned, or of a wrong clock.
    """
    batch = next(iter(deliveries.values())).batch
    where = {"key": batch.key, "source": batch.source}
    until = {"until": max(each.batch.recorded_at for each in deliveries.values())}
    asked = [one(con, each.newest(), until) for each in loadings if each.is_timed]
    known = "SELECT max(newest_at) FROM core.newest WHERE key = $key AND source = $source"
    before = one(con, known, where)
    told = [row[0] for row in asked if row is not None and row[0] is not None]
    if told and (before is None or before[0] is None or before[0] < max(told)):
        con.execute("DELETE FROM core.newest WHERE key = $key AND source = $source", where)
        values = where | {"at": max(told)}
        con.execute("INSERT INTO core.newest VALUES ($key, $source, $at)", values)


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
