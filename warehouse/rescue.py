"""What a damaged delivery had made, read back from the newest published snapshot.

A raw file that is torn or flipped cannot be read again. As long as a snapshot holds its rows, they
come back from there as what they were: text, to be loaded like any other delivery.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse import generation
from warehouse.assemble.text import name
from warehouse.engine import one, open_published
from warehouse.schema import Table


def rows_of(var: Path, batch_id: str, tables: Mapping[str, Table]) -> dict[str, pa.Table]:
    """The rows that a delivery stands behind in the newest snapshot that opens, by fact."""
    for number in reversed(generation.kept(var)):
        files = generation.core_file(var, number), generation.mart_file(var, number)
        try:
            con = open_published(*files, threads=1)
        except duckdb.Error:
            continue
        try:
            return _rows(con, batch_id, tables)
        except duckdb.Error:
            continue
        finally:
            con.close()
    return {}


def _rows(
    con: duckdb.DuckDBPyConnection, batch_id: str, tables: Mapping[str, Table]
) -> dict[str, pa.Table]:
    known = one(con, "SELECT id FROM core.batch WHERE batch_id = $1", [batch_id])
    if known is None:
        return {}
    found: dict[str, pa.Table] = {}
    for fact, table in tables.items():
        text = ", ".join(f"CAST({name(c)} AS VARCHAR) AS {name(c)}" for c in table.columns)
        pieces = [
            con.sql(
                f"SELECT {text}, extra FROM core.{name(fact + tail)} WHERE _batch = $1",  # noqa: S608 - declared names
                params=[known[0]],
            ).to_arrow_table()
            for tail in ("", "_version")
        ]
        rows = pa.concat_tables(pieces)
        if rows.num_rows:
            found[fact] = rows
    return found
