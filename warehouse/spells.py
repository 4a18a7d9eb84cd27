"""How long a platform was fresh: spells that each success lengthens, as the writer keeps them."""

from datetime import date, datetime

import duckdb

from warehouse import publish
from warehouse.engine import one


def extend(
    con: duckdb.DuckDBPyConnection, key: str, source: str, at: datetime, until: datetime
) -> set[date]:
    """Lengthen the running spell of freshness or begin one; the days whose count changes."""
    spell = one(
        con,
        "SELECT max(from_at), max(until_at), max(last_at) FROM core.success"
        " WHERE key = $1 AND source = $2",
        [key, source],
    )
    assert spell is not None
    started, ends, last = spell
    if last is not None and at <= last:
        return set()
    if ends is not None and at <= ends:
        con.execute(
            "UPDATE core.success SET last_at = $1, until_at = greatest(until_at, $2)"
            " WHERE key = $3 AND source = $4 AND from_at = $5",
            [at, until, key, source, started],
        )
        return {ends.date(), until.date()}
    con.execute(
        "INSERT INTO core.success VALUES ($1, $2, $3, $4, $5)", [key, source, at, at, until]
    )
    return {at.date(), until.date()}


def forget_ahead(con: duckdb.DuckDBPyConnection, key: str, source: str, now: datetime) -> None:
    """Successes noted while the clock was ahead would hide every later one; they go."""
    where = [key, source, now + publish.AHEAD]
    ahead = "FROM core.success WHERE key = $1 AND source = $2 AND last_at > $3"
    if one(con, f"SELECT 1 {ahead} LIMIT 1", where) is None:
        return
    days = con.execute(
        f"SELECT CAST(from_at AS DATE), CAST(until_at AS DATE) {ahead}",
        where,
    ).fetchall()
    con.execute(f"DELETE {ahead} AND from_at > $3", where)
    con.execute(
        "UPDATE core.success SET last_at = least(last_at, $4), until_at = least(until_at, $4)"
        " WHERE key = $1 AND source = $2 AND last_at > $3",
        [*where, now],
    )
    note_days(con, {day for pair in days for day in pair})


def note_days(con: duckdb.DuckDBPyConnection, days: set[date]) -> None:
    """Note that the freshness of these days has to be counted anew."""
    for each in days:
        con.execute(
            "INSERT INTO core.dirty_day SELECT 'success', CAST($1 AS DATE) WHERE NOT EXISTS"
            " (SELECT 1 FROM core.dirty_day WHERE table_name = 'success' AND on_day = $1)",
            [each],
        )
