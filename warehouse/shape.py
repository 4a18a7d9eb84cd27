# ruff: noqa: S608 - names come from Table declarations, values go in as parameters
"""The shape of a large delivery held against the weeks before it.

A column that every row used to have and no row has now was renamed or dropped at the source: the
delivery must not overwrite what is known with nothing. Figures of quite another size are told, not
refused: a cloudburst is not a change of units.
"""

from datetime import datetime, timedelta
from typing import Final

import duckdb

from warehouse.assemble.loading import Loading
from warehouse.assemble.text import name
from warehouse.core import day_columns
from warehouse.engine import one
from warehouse.spooled import Text, is_empty

LEAST: Final = 100  # rows; fewer say nothing about a shape
_WEEKS: Final = timedelta(days=28)
_SAMPLE: Final = 10_000
_ALWAYS: Final = 0.999  # what comes later in the life of a case is lacking in more rows than this
_YOUNGEST: Final = 500
_TAKEN_BACK: Final = 20
_TIMES: Final = 50.0  # metres in millimetres, yuan in ten thousands; not km/h for m/s


def absent(
    con: duckdb.DuckDBPyConnection,
    loading: Loading,
    rows: Text,
    *,
    source: str,
    at: datetime,
    number: int,
) -> list[str]:
    """The labels of the columns that a delivery lacks altogether though the weeks before had them.

    Had them: in practically every row, or in the very rows that are now to be replaced.
    """
    table = loading.table
    if rows.num_rows < LEAST or table.partial:
        return []
    gone = [
        column
        for column, declared in table.columns.items()
        if column not in table.key and not declared.optional and not declared.hash_of
        if is_empty(rows, column)
    ]
    if not gone:
        return []
    counts = ", ".join(f"count({name(c)})" for c in gone)
    where = {"source": source, "since": at - _WEEKS, "at": at}
    known = one(con, f"SELECT count(*), {counts} FROM {_weeks(loading, gone)}", where)
    assert known is not None
    had = dict(zip(gone, known[1:], strict=True))
    found = [c for c in gone if known[0] >= LEAST and had[c] >= _ALWAYS * known[0]]
    found = _still_had(con, loading, found, source)
    maybe = [c for c in gone if had[c] and c not in found]
    if maybe:
        taken = one(con, _taken_back(loading, maybe), {"source": source, "number": number})
        assert taken is not None
        found += [c for c, n in zip(maybe, taken, strict=True) if n >= _TAKEN_BACK]
    return [table.columns[c].label for c in found]


def scaled(
    con: duckdb.DuckDBPyConnection, loading: Loading, *, source: str, at: datetime
) -> dict[str, tuple[int, str]]:
    """The measured columns whose staged figures are of another size: how many, and from what."""
    measured = [c for c, d in loading.table.columns.items() if d.type == "double" and d.unit]
    if not measured:
        return {}
    sizes = ", ".join(
        f"count({c}) FILTER (WHERE {c} <> 0), median(abs({c})) FILTER (WHERE {c} <> 0)"
        for c in map(name, measured)
    )
    now = one(con, f"SELECT {sizes} FROM {loading.stage} WHERE _reason IS NULL")
    where = {"source": source, "since": at - _WEEKS, "at": at}
    then = one(con, f"SELECT {sizes} FROM {_weeks(loading, measured)}", where)
    assert now is not None and then is not None
    found: dict[str, tuple[int, str]] = {}
    for place, column in enumerate(measured):
        n, size = now[2 * place : 2 * place + 2]
        known, usual = then[2 * place : 2 * place + 2]
        if min(n, known) >= LEAST and not 1 / _TIMES < size / usual < _TIMES:
            found[column] = (n, f"中位数 {usual:g} → {size:g}")
    return found


def _weeks(loading: Loading, columns: list[str]) -> str:
    """A sample of what was delivered in the weeks before: what is current and what it replaced."""
    chosen = ", ".join(name(c) for c in columns)
    recent = "source = $source AND _recorded_at >= $since AND _recorded_at <= $at"
    samples = (
        f"(SELECT {chosen} FROM {relation} WHERE {recent} LIMIT {_SAMPLE})"
        for relation in (loading.fact, loading.history)
    )
    return f"({' UNION ALL '.join(samples)}) AS weeks"


def _still_had(
    con: duckdb.DuckDBPyConnection, loading: Loading, columns: list[str], source: str
) -> list[str]:
    """Of these columns the ones that the youngest cases have as well.

    A history that comes in one day is closed from end to end; what only old cases have (closed,
    answered, revisited) will be lacking in the next hundred new ones, and nothing is wrong.
    """
    dated = day_columns(loading.table)
    if not columns or not dated:
        return columns
    chosen = ", ".join(name(c) for c in columns)
    counts = ", ".join(f"count({name(c)})" for c in columns)
    young = one(
        con,
        f"SELECT count(*), {counts} FROM (SELECT {chosen} FROM {loading.fact}"
        f" WHERE source = $source AND {name(dated[0])} IS NOT NULL"
        f" ORDER BY {name(dated[0])} DESC LIMIT {_YOUNGEST})",
        {"source": source},
    )
    assert young is not None
    return [c for c, n in zip(columns, young[1:], strict=True) if n >= _ALWAYS * young[0]]


def _taken_back(loading: Loading, columns: list[str]) -> str:
    """Rows of the delivery that would replace a value by nothing, by column."""
    counts = ", ".join(f"count(k.{name(c)})" for c in columns)
    same = " AND ".join(f"s.{name(c)} = k.{name(c)}" for c in loading.table.key)
    return (
        f"SELECT {counts} FROM {loading.stage} AS s JOIN {loading.fact} AS k ON {same}"
        " WHERE k.source = $source AND s._batch = $number AND s._reason IS NULL"
        " AND s._version >= k._version"
    )
