# ruff: noqa: S608 - names come from .sql headers and fixed lists, dates are literals of ours
"""The day cube: totals and every single dimension a day, from the same SELECT as the rows."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from warehouse.assemble.text import day, literal, within
from warehouse.metric import MetricDefinition

Span = tuple[date, date]

DIMENSIONS: Final = ("total", "community", "grid", "unit", "class1", "class2", "class3")
UNKNOWN: Final = "unknown"
_FAR = timedelta(days=60)
_SHAPE = (
    "metric SMALLINT, source VARCHAR, on_day DATE, line VARCHAR, key VARCHAR, reason VARCHAR,"
    " cases BIGINT, num BIGINT, den BIGINT, amount DOUBLE"
)
_KEYS = ", ".join(f"k_{each} VARCHAR" for each in DIMENSIONS)
_CASE = (
    f"metric SMALLINT, source VARCHAR, on_day DATE, line VARCHAR, {_KEYS}, reason VARCHAR,"
    " cases BIGINT, num BIGINT, den BIGINT, amount DOUBLE"
)
_COUNTED = (
    "metric SMALLINT, source VARCHAR, on_day DATE, line VARCHAR, community VARCHAR, grid VARCHAR,"
    " unit VARCHAR, class_path VARCHAR, reason VARCHAR,"
    " cases BIGINT, num BIGINT, den BIGINT, amount DOUBLE"
)
_COLUMNS = "metric, source, on_day, line, key, reason, cases, num, den, amount"


def shapes() -> list[str]:
    """The statements that make the tables of the cube and its bookkeeping."""
    return [
        *(f"CREATE TABLE IF NOT EXISTS mart.cube_{each} ({_SHAPE})" for each in DIMENSIONS),
        "CREATE TABLE IF NOT EXISTS mart._built (name VARCHAR, mark VARCHAR)",
        "CREATE TABLE IF NOT EXISTS mart._number (metric VARCHAR, no SMALLINT)",
        f"CREATE TABLE IF NOT EXISTS mart.edge ({_CASE}, edge_at TIMESTAMP)",
        "CREATE TABLE IF NOT EXISTS mart._edge_day (metric SMALLINT, source VARCHAR, on_day DATE)",
    ]


def view(metric: MetricDefinition) -> str:
    """The relation behind a metric's rows."""
    return f"mart.metric_{metric.id}"


def days_of(spans: Sequence[Span], column: str = "on_day") -> str:
    """A condition on the days of some spans; always true without spans."""
    parts = [f"{column} BETWEEN {day(first)} AND {day(last)}" for first, last in spans]
    return "(" + " OR ".join(parts) + ")" if parts else "TRUE"


def class_key(level: int, path: str = "class_path") -> str:
    """The first segments of a class path; a path that ends earlier stands for itself."""
    segments = f"string_split({path}, '/')"
    return f"array_to_string(list_slice({segments}, 1, {level}), '/')"


def contributions(metric: MetricDefinition, spans: Sequence[Span]) -> str:
    """What the cases add on the days of the spans; a spell adds at its start, takes at its end."""
    sides = [("on_day", "on_at", 1)]
    if metric.is_spell:
        sides.append(("until_day", "until_at", -1))
    places = "source, line, community, grid, unit, class_path, excluded_reason AS reason"
    selects = [
        f"SELECT {column} AS on_day, {places}, {sign} AS cases, {sign} * num AS num,"
        f" {sign} * den AS den, {sign} * value AS amount"
        f" FROM {view(metric)} WHERE {column} IS NOT NULL AND {reach}"
        for column, moment, sign in sides
        for reach in reaches(spans, column, moment)
    ]
    return " UNION ALL ".join(selects)


def reaches(spans: Sequence[Span], column: str, moment: str) -> list[str]:
    """Conditions of which each reads one stretch of the fact.

    Planning a SELECT costs as much as reading two months, so only days far apart are read apart.
    """
    stretches: list[list[Span]] = []
    for span in sorted(spans):
        if stretches and span[0] - stretches[-1][-1][1] <= _FAR:
            stretches[-1].append(span)
        else:
            stretches.append([span])
    return [
        within(some[0][0], some[-1][1], column, moment)
        + (f" AND {days_of(some, column)}" if len(some) > 1 else "")
        for some in stretches
    ] or ["TRUE"]


def reach_of(metric: MetricDefinition) -> str:
    """The first and the last day that a metric's cases touch, and how many rows they give."""
    until = "greatest(max(on_day), max(until_day))" if metric.is_spell else "max(on_day)"
    first = "least(min(on_day), min(until_day))" if metric.is_spell else "min(on_day)"
    return f"SELECT {first}, {until}, count(*) FROM {view(metric)}"


def start_cases() -> str:
    """An empty table for the cases that are counted anew."""
    return f"CREATE OR REPLACE TEMP TABLE counted ({_COUNTED})"


def take_cases(metric: MetricDefinition, number: int, spans: Sequence[Span]) -> str:
    """Take what a metric's cases add on the days of the spans, once for all dimensions."""
    return f"""
INSERT INTO temp.counted
SELECT {number}, source, on_day, line, community, grid, unit, class_path, reason,
  cases, num, den, amount
FROM ({contributions(metric, spans)})
"""


def take_edges(metric: MetricDefinition, number: int, on_day: date, sources: Iterable[str]) -> str:
    """Keep what the cases of a day that is not over add, each with its moment."""
    some = ", ".join(literal(each) for each in sources)
    return f"""
INSERT INTO mart.edge
SELECT {number}, source, on_day, line, {_key_values()}, reason, cases, num, den, amount, edge_at
FROM ({present_day(metric, on_day)}) WHERE source IN ({some})
"""


def present_day(metric: MetricDefinition, on_day: date) -> str:
    """What the cases of one day add, each with its moment."""
    places = "source, line, community, grid, unit, class_path, excluded_reason AS reason"
    if not metric.is_spell:
        return (
            f"SELECT on_day, {places}, due_at AS edge_at, 1 AS cases, num, den, value AS amount"
            f" FROM {view(metric)} WHERE {within(on_day, on_day, 'on_day', 'on_at')}"
        )
    sides = (("on_day", "on_at", "from_at", 1), ("until_day", "until_at", "until_at", -1))
    return " UNION ALL ".join(
        f"SELECT {column} AS on_day, {places}, {edge} AS edge_at, {sign} AS cases,"
        f" {sign} * num AS num, {sign} * den AS den, {sign} * value AS amount"
        f" FROM {view(metric)} WHERE {within(on_day, on_day, column, moment)}"
        for column, moment, edge, sign in sides
    )


def _key_value(dimension: str) -> str:
    """A case's key in one dimension."""
    if dimension == "total":
        return "''"
    level = dimension.removeprefix("class")
    return f"coalesce({class_key(int(level)) if level.isdecimal() else dimension}, '{UNKNOWN}')"


def _key_values() -> str:
    return ", ".join(_key_value(each) for each in DIMENSIONS)


def replace_days(dimension: str, numbers: Iterable[int], spans: Sequence[Span]) -> str:
    """Take the old days of some metrics out of one table of the cube."""
    some = ", ".join(str(number) for number in numbers)
    return f"DELETE FROM mart.cube_{dimension} WHERE metric IN ({some}) AND {days_of(spans)}"


def count_cases(dimension: str) -> str:
    """Count the cases into one table of the cube, days of a metric together."""
    return f"""
INSERT INTO mart.cube_{dimension} ({_COLUMNS})
SELECT metric, source, on_day, line, key, reason,
  sum(cases), sum(num), sum(den), sum(amount)
FROM (SELECT *, {_key_value(dimension)} AS key FROM temp.counted)
GROUP BY metric, source, on_day, line, key, reason
ORDER BY metric, on_day, key
"""


def differs_from_cases(numbers: Iterable[int], spans: Sequence[Span]) -> str:
    """The tables of the cube with the number of day totals that the cases do not give."""
    groups = "metric, source, on_day, line, reason"
    some = ", ".join(str(number) for number in numbers)
    kept = " UNION ALL ".join(
        f"SELECT '{each}' AS dimension, {groups}, cases, num, den FROM mart.cube_{each}"
        f" WHERE metric IN ({some}) AND {days_of(spans)}"
        for each in DIMENSIONS
    )
    every = ", ".join(f"('{each}')" for each in DIMENSIONS)
    return f"""
SELECT dimension, count(*) FROM (
  SELECT dimension, {groups} FROM (
    {kept}
    UNION ALL
    SELECT d.dimension, {groups}, -cases, -num, -den
    FROM temp.counted CROSS JOIN (VALUES {every}) AS d(dimension) WHERE metric IN ({some})
  )
  GROUP BY dimension, {groups}
  HAVING sum(cases) <> 0 OR sum(num) <> 0 OR sum(den) <> 0
)
GROUP BY dimension
"""
