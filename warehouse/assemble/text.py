"""Names and literals as SQL text."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

_PREV = re.compile(r"\bprev\s*\(", re.IGNORECASE)
_PCTL = re.compile(r"\bpctl\s*\(", re.IGNORECASE)


def name(identifier: str) -> str:
    """A name in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def names(identifiers: Iterable[str], prefix: str = "") -> str:
    """Names in double quotes, separated by commas, each with the prefix of its relation."""
    return ", ".join(prefix + name(each) for each in identifiers)


def literal(text: str) -> str:
    """A text literal."""
    return "'" + text.replace("'", "''") + "'"


def day(value: date) -> str:
    """A date literal."""
    return f"DATE '{value.isoformat()}'"


def within(first: date, last: date, day_column: str, at_column: str) -> str:
    """A condition on days, said a second time of the moment itself.

    The engine finds the few row groups of a day by the plain column, not through the cast.
    """
    return (
        f"{day_column} BETWEEN {day(first)} AND {day(last)}"
        f" AND {at_column} >= {day(first)} AND {at_column} < {day(last + timedelta(days=1))}"
    )


def duckdb_macros(sql: str) -> str:
    """The portable macros prev(x, n) and pctl(x, p) in DuckDB's words."""
    return _PCTL.sub("quantile_cont(", _PREV.sub("lag(", sql))


def limited(sql: str, table: str, column: str, first: date, last: date) -> str:
    """The SELECT with one of its tables cut to the days from first to last of a column.

    The engine cannot push a day range through a window function, so the runner does it where a
    model says how far back it looks.
    """
    cut = (
        f"(SELECT * FROM {table} WHERE {name(column)} >= {day(first)}"  # noqa: S608 - see package
        f" AND {name(column)} < {day(last + timedelta(days=1))})"
    )
    return re.sub(rf"\b{re.escape(table)}\b(?!\.)", lambda _: cut, sql)
