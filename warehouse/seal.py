# ruff: noqa: S608 - names come from Table declarations, paths and keys are literals
"""Sealed rows: what a platform's deliveries made of core, as Parquet, before the raw files go.

A seal holds the platform's facts with their history and its part of the ledger. A new warehouse is
the newest seal and the raw files after it: rows that a raw file still gives are read from that, so
that mended code counts; the others come from the seal.
"""

import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from warehouse import sketch
from warehouse.assemble.text import literal, name, names
from warehouse.core import day_columns, fact_columns
from warehouse.engine import one
from warehouse.errors import CheckFailed
from warehouse.generation import sync_folder
from warehouse.schema import Table

INDEX: Final = "seal.json"
_LEDGER: Final = {
    "batch": "key = {key}",
    "batch_reject": "batch_id IN (SELECT batch_id FROM core.batch WHERE key = {key})",
    "feed_cursor": "key = {key}",
    "success": "key = {key}",
}


def write(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    key: str,
    tables: Mapping[str, Table],
    now: datetime,
) -> dict[str, Any]:
    """Seal what core holds of one platform into a new folder; what was written, read back."""
    part = folder.with_name(folder.name + ".part")
    part.mkdir(parents=True, mode=0o700)
    wanted = {each: where.format(key=literal(key)) for each, where in _LEDGER.items()}
    own = f"source IN (SELECT source FROM core.batch WHERE key = {literal(key)})"
    wanted |= {fact + tail: own for fact in tables for tail in ("", "_version")}
    rows = {each: _write(con, part, each, where) for each, where in wanted.items()}
    index = {"key": key, "made_at": now.isoformat(), "rows": rows}
    with (part / INDEX).open("w", encoding="utf-8") as out:
        json.dump(index, out, ensure_ascii=False, indent=1)
        out.flush()
        os.fsync(out.fileno())
    sync_folder(part)
    part.rename(folder)
    sync_folder(folder.parent)
    return index


def restore(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    tables: Mapping[str, Table],
    at_hand: Iterable[str],
) -> int:
    """Bring the rows of a seal into core but for those of the batches at hand; how many rows."""
    con.execute("BEGIN")
    try:
        con.execute("CREATE OR REPLACE TEMP TABLE at_hand (batch_id VARCHAR)")
        con.execute("INSERT INTO temp.at_hand SELECT unnest($1::VARCHAR[])", [list(at_hand)])
        row = one(con, "SELECT coalesce(max(id), 0) FROM core.batch")
        assert row is not None
        restored = _restore(con, folder, tables, int(row[0]))
        con.execute("DROP TABLE temp.at_hand")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return restored


def _write(con: duckdb.DuckDBPyConnection, part: Path, relation: str, where: str) -> dict[str, Any]:
    """One table as a file on disk that gives back exactly the rows it was made of."""
    file = part / f"{relation}.parquet"
    chosen = f"FROM core.{name(relation)} WHERE {where}"
    target = literal(str(file))
    con.execute(f"COPY (SELECT * {chosen}) TO {target} (FORMAT parquet, COMPRESSION zstd)")
    count = "SELECT count(*), coalesce(sum(hash(t)), 0) FROM (SELECT * {}) AS t"
    there, sealed = (
        one(con, count.format(each)) for each in (chosen, f"FROM read_parquet({target})")
    )
    assert there is not None and sealed is not None
    if there != sealed:
        raise CheckFailed("seal", f"{relation} reads back as it is in core", 1)
    file.chmod(0o600)
    with file.open("rb") as written:
        os.fsync(written.fileno())
    return {"rows": int(there[0]), "digest": str(there[1])}


def _restore(
    con: duckdb.DuckDBPyConnection, folder: Path, tables: Mapping[str, Table], offset: int
) -> int:
    """Ledger first, under new numbers; then the rows of the batches that came with it."""
    batch = literal(str(folder / "batch.parquet"))
    con.execute(
        f"INSERT INTO core.batch BY NAME SELECT * REPLACE (id + {offset} AS id)"
        f" FROM read_parquet({batch}) AS b WHERE b.batch_id NOT IN (FROM temp.at_hand)"
        " AND b.batch_id NOT IN (SELECT batch_id FROM core.batch)"
    )
    con.execute(
        f"INSERT INTO core.batch_reject BY NAME FROM read_parquet("
        f"{literal(str(folder / 'batch_reject.parquet'))}) AS r WHERE r.batch_id IN"
        f" (SELECT batch_id FROM core.batch WHERE id > {offset})"
    )
    for each in ("feed_cursor", "success"):
        con.execute(
            f"INSERT INTO core.{each} BY NAME FROM read_parquet("
            f"{literal(str(folder / (each + '.parquet')))})"
        )
    return sum(_restore_fact(con, folder, fact, table, offset) for fact, table in tables.items())


def _restore_fact(
    con: duckdb.DuckDBPyConnection, folder: Path, fact: str, table: Table, offset: int
) -> int:
    """The newest of the sealed contents of a key is current, the others are history.

    Rows of a partial fact are made of several deliveries, so that all of them come back.
    """
    stored = fact_columns(table)
    current, past = (folder / f"{fact}{tail}.parquet" for tail in ("", "_version"))
    if not current.is_file():
        return 0
    known = {
        row[0]
        for row in con.execute(f"DESCRIBE FROM read_parquet({literal(str(current))})").fetchall()
    }
    kept = [column for column in stored if column in known]
    chosen = ", ".join(
        f"_batch + {offset} AS _batch"
        if column == "_batch"
        else f"CAST({name(column)} AS {stored[column]}) AS {name(column)}"
        for column in kept
    )
    mine = f"_batch IN (SELECT id FROM core.batch WHERE id > {offset})"
    con.execute(f"""
CREATE OR REPLACE TEMP TABLE sealed AS
WITH every AS (
  SELECT {chosen}, 0 AS _past FROM read_parquet({literal(str(current))})
  UNION ALL SELECT {chosen}, 1 AS _past FROM read_parquet({literal(str(past))})
)
SELECT *, row_number() OVER (
  PARTITION BY source, {names(table.key)} ORDER BY _version DESC, _past, _hash DESC
) AS _rank
FROM every WHERE {"true" if table.partial else mine}
""")
    for relation, rank in ((fact, "_rank = 1"), (fact + "_version", "_rank > 1")):
        con.execute(
            f"INSERT INTO core.{name(relation)} BY NAME"
            f" SELECT * EXCLUDE (_rank, _past) FROM temp.sealed WHERE {rank}"
        )
    sketch.fill(con, fact, table)
    for column in day_columns(table):
        con.execute(
            "INSERT INTO core.dirty_day SELECT DISTINCT $fact, d.on_day FROM ("
            f"SELECT CAST({name(column)} AS DATE) AS on_day FROM temp.sealed) AS d"
            " WHERE d.on_day IS NOT NULL AND NOT EXISTS (SELECT 1 FROM core.dirty_day AS k"
            " WHERE k.table_name = $fact AND k.on_day = d.on_day)",
            {"fact": fact},
        )
    row = one(con, "SELECT count(*) FROM temp.sealed")
    con.execute("DROP TABLE temp.sealed")
    assert row is not None
    return int(row[0])
