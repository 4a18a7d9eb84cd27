"""Which pictures the rows of a fact name, as the newest published snapshot has them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse import generation
from warehouse.assemble.text import name
from warehouse.engine import open_published


class Named(NamedTuple):
    """One row's column that names a picture file."""

    row: str
    column: str
    file: str


def named(var: Path, fact: str, key: str, columns: Sequence[str]) -> list[Named]:
    """The newest rows first; empty while nothing is published."""
    each = " UNION ALL ".join(
        f"SELECT {name(key)} AS row_key, '{column}' AS col, {name(column)} AS file"  # noqa: S608 - declared names
        f" FROM core.{name(fact)} WHERE {name(column)} IS NOT NULL"
        for column in columns
    )
    for number in reversed(generation.kept(var)):
        files = generation.core_file(var, number), generation.mart_file(var, number)
        try:
            con = open_published(*files, threads=1)
        except duckdb.Error:
            continue
        try:
            rows = con.execute(f"{each} ORDER BY row_key DESC, col").fetchall()
        finally:
            con.close()
        return [Named(*row) for row in rows]
    return []
