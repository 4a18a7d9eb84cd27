"""What differs between two warehouses: rows that one lacks, and rows of other content."""

from dataclasses import dataclass
from typing import Final

from warehouse.assemble.text import name, names
from warehouse.write import Warehouse

_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """How one fact of one source differs; `examples` are keys of such rows."""

    table: str
    source: str
    kind: str  # lacking: the new one has not the row | other: it has, with other content
    rows: int
    of: int  # rows in the old one
    examples: tuple[str, ...]

    def __str__(self) -> str:
        """In one clause, as it stands in a message."""
        what = "lacks" if self.kind == "lacking" else "has other content in"
        shown = ", ".join(self.examples)
        return f"{self.table} of {self.source} {what} {self.rows} of {self.of} rows ({shown})"


def differences(old: Warehouse, new: Warehouse) -> list[Difference]:
    """Where `new` is poorer than `old` or says something else; what it has more is not told."""
    before, after = old.fingerprint(), new.fingerprint()
    found: list[Difference] = []
    for (table, source), mark in sorted(before.items()):
        if after.get((table, source)) != mark:
            found += _of(old, new, table, source, mark[0])
    return found


def _of(old: Warehouse, new: Warehouse, table: str, source: str, of: int) -> list[Difference]:
    key = old.key_of(table)
    rows = old.connection.sql(
        f"SELECT {names(key)}, _hash FROM core.{name(table)} WHERE source = $1",  # noqa: S608 - declared names
        params=[source],
    ).to_arrow_table()
    same = " AND ".join(f"n.{name(each)} IS NOT DISTINCT FROM o.{name(each)}" for each in key)
    shown = " || '/' || ".join(f"coalesce(CAST(o.{name(each)} AS VARCHAR), '')" for each in key)
    new.connection.register("old_rows", rows)
    try:
        counted = new.connection.execute(
            f"SELECT CASE WHEN n._hash IS NULL THEN 'lacking' ELSE 'other' END, count(*),"  # noqa: S608 - declared names
            f" min({shown}, {_NAMED})"
            f" FROM old_rows AS o LEFT JOIN core.{name(table)} AS n ON n.source = $1 AND {same}"
            " WHERE n._hash IS NULL OR n._hash <> o._hash GROUP BY 1 ORDER BY 1",
            [source],
        ).fetchall()
    finally:
        new.connection.unregister("old_rows")
    return [
        Difference(table, source, kind, int(rows_), of, tuple(examples))
        for kind, rows_, examples in counted
    ]
