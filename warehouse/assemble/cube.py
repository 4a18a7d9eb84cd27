# ruff: noqa: S608 - names come from .sql headers and fixed lists, dates are literals of ours
"""The day cube: totals, every dimension and some pairs a day, from the same SELECT as the rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from warehouse.assemble.text import day, literal, within
from warehouse.metric import MetricDefinition

Span = tuple[date, date]

DIMENSIONS: Final = ("total", "community", "grid", "unit", "class1", "class2", "class3")
# Whose cases by what else: a unit's or a village's reader, or a filter, takes the one column.
PAIRS: Final = (("unit", "community"), ("unit", "class1"), ("community", "class1"))
TABLES: Final = (*DIMENSIONS, *map("_".join, PAIRS))
LAYOUT: Final = 2  # another set of tables is another number: an older file is counted anew
UNKNOWN: Final = "unknown"
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
_PLACES = "metric, source, on_day, line"
_ADDED = "sum(cases) AS cases, sum(num) AS num, sum(den) AS den, sum(amount) AS amount"
# What comes from few rows instead of all cases: these are brought together first.
_OF_PLACES, _OF_CLASSES = "temp.counted_places", "temp.counted_classes"
_SOURCES: Final = {
    **dict.fromkeys(("total", "community", "unit", "unit_community"), _OF_PLACES),
    **dict.fromkeys(("class1", "class2", "class3"), _OF_CLASSES),
}


def shapes() -> list[str]:
    """The statements that make the tables of the cube and its bookkeeping."""
    return [
        *(f"CREATE TABLE IF NOT EXISTS mart.cube_{each} ({_shape(each)})" for each in TABLES),
        "CREATE TABLE IF NOT EXISTS mart._built (name VARCHAR, mark VARCHAR)",
        "CREATE TABLE IF NOT EXISTS mart._number (metric VARCHAR, no SMALLINT)",
        f"CREATE TABLE IF NOT EXISTS mart.edge ({_CASE}, edge_at TIMESTAMP)",
        "CREATE TABLE IF NOT EXISTS mart._edge_day (metric SMALLINT, source VARCHAR, on_day DATE)",
    ]


def present() -> str:
    """A SELECT that the engine refuses unless every table of the cube is there."""
    every = " UNION ALL ".join(f"SELECT 1 FROM mart.cube_{each}" for each in TABLES)
    return f"SELECT 1 FROM ({every}) LIMIT 0"


def _shape(table: str) -> str:
    """The columns of a table of the cube; one of a pair has the second key beside the first."""
    return _SHAPE if table in DIMENSIONS else _SHAPE.replace("key", "key VARCHAR, also")


@lru_cache(maxsize=32)
def keys_of(table: str) -> Mapping[str, str]:
    """The dimensions that a table of the cube tells apart, and the column of each."""
    if table == "total":
        return {}
    parts = table.split("_")
    return dict(zip(parts, ("key", "also"), strict=False))


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
        f" FROM {view(metric)} WHERE {column} IS NOT NULL AND {reach(spans, column, moment)}"
        for column, moment, sign in sides
    ]
    return " UNION ALL ".join(selects)


def reach(spans: Sequence[Span], column: str, moment: str) -> str:
    """A condition that reads the days of the spans in one scan; always true without spans.

    Planning a SELECT costs as much as reading two months, so days far apart are read together: the
    engine finds the row groups of several stretches of the plain column.
    """
    if not spans:
        return "TRUE"
    stretches = " OR ".join(
        f"{moment} >= {day(first)} AND {moment} < {day(last + timedelta(days=1))}"
        for first, last in spans
    )
    return f"{days_of(spans, column)} AND ({stretches})"


def reach_of(metric: MetricDefinition) -> str:
    """The first and the last day that a metric's cases touch, and how many rows they give."""
    until = "greatest(max(on_day), max(until_day))" if metric.is_spell else "max(on_day)"
    first = "least(min(on_day), min(until_day))" if metric.is_spell else "min(on_day)"
    return f"SELECT {first}, {until}, count(*) FROM {view(metric)}"


def start_cases() -> str:
    """An empty table for the cases that are counted anew."""
    return f"CREATE OR REPLACE TEMP TABLE counted ({_COUNTED})"


def take_cases(some: Iterable[tuple[MetricDefinition, int, Sequence[Span]]]) -> str:
    """Take what the cases of some metrics add on the days of their spans, for all dimensions."""
    return "INSERT INTO temp.counted " + " UNION ALL ".join(
        f"SELECT {number} AS metric, source, on_day, line, community, grid, unit, class_path,"
        f" reason, cases, num, den, amount FROM ({contributions(metric, spans)})"
        for metric, number, spans in some
    )


def take_edges(some: Iterable[tuple[MetricDefinition, int, date, Iterable[str]]]) -> str:
    """Keep what the cases of a day that is not over add, each with its moment: by metric and day
    the sources of which it is the day."""
    selects = []
    for metric, number, on_day, sources in some:
        named = ", ".join(literal(each) for each in sources)
        selects.append(
            f"SELECT {number} AS metric, source, on_day, line, community, grid, unit, class_path,"
            f" reason, cases, num, den, amount, edge_at FROM ({present_day(metric, on_day)})"
            f" WHERE source IN ({named})"
        )
    return f"""
INSERT INTO mart.edge
SELECT metric, source, on_day, line, {_key_values()}, reason, cases, num, den, amount, edge_at
FROM ({" UNION ALL ".join(selects)})
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


def key_value(dimension: str) -> str:
    """A case's key in one dimension."""
    if dimension == "total":
        return "''"
    level = dimension.removeprefix("class")
    return f"coalesce({class_key(int(level)) if level.isdecimal() else dimension}, '{UNKNOWN}')"


def _key_values() -> str:
    return ", ".join(key_value(each) for each in DIMENSIONS)


Group = tuple[Sequence[int], Sequence[Span]]  # metrics by number, and their days


def counted_days(groups: Sequence[Group]) -> str:
    """A condition on the days of some metrics in a table of the cube.

    The days of all of them are said once more, by themselves the engine finds their row groups.
    """
    parts = [
        f"(metric IN ({', '.join(map(str, numbers))}) AND {days_of(spans)})"
        for numbers, spans in groups
    ]
    every = [span for _, spans in groups for span in spans]
    all_days = days_of(every) if all(spans for _, spans in groups) else "TRUE"
    return f"({' OR '.join(parts)}) AND {all_days}"


def replace_days(dimension: str, groups: Sequence[Group]) -> str:
    """Take the old days of some metrics out of one table of the cube."""
    return f"DELETE FROM mart.cube_{dimension} WHERE {counted_days(groups)}"


def gather_cases() -> list[str]:
    """Bring the cases together by what several tables of the cube tell apart: most days have many
    cases and few units, places and class paths."""
    return [
        f"CREATE OR REPLACE TEMP TABLE {name.removeprefix('temp.')} AS"
        f" SELECT {_PLACES}, {columns}, reason, {_ADDED} FROM temp.counted"
        f" GROUP BY {_PLACES}, {columns}, reason"
        for name, columns in ((_OF_PLACES, "unit, community"), (_OF_CLASSES, "class_path"))
    ]


def drop_cases() -> list[str]:
    """Let go of what was held to be counted."""
    held = ("temp.counted", _OF_PLACES, _OF_CLASSES, "temp.changed")
    return [f"DROP TABLE IF EXISTS {each}" for each in held]


def put_cases(table: str) -> str:
    """Count the cases into one table of the cube that has none of their days."""
    return f"INSERT INTO mart.cube_{table} {_counted_cases(table)} {_order(table)}"


def compare_cases(table: str, groups: Sequence[Group]) -> str:
    """Note in `changed` what one table of the cube has of the days of some metrics and the cases do
    not give, with its places, and what they give and it has not; the answer is how many rows."""
    columns = ", ".join(_columns(table))
    return f"""
CREATE OR REPLACE TEMP TABLE changed AS
SELECT {columns}, list(place) FILTER (WHERE place IS NOT NULL) AS places, max(is_new) AS is_new
FROM (
  SELECT {columns}, rowid AS place, 0 AS is_new FROM mart.cube_{table}
  WHERE {counted_days(groups)}
  UNION ALL
  SELECT {columns}, NULL, 1 FROM ({_counted_cases(table)})
)
GROUP BY {columns}
HAVING count(*) <> 2 OR sum(is_new) <> 1
"""


def exchange_cases(table: str) -> list[str]:
    """Take what `changed` names out of one table of the cube, and put in what is new."""
    columns = ", ".join(_columns(table))
    return [
        f"DELETE FROM mart.cube_{table} WHERE rowid IN (SELECT unnest(places) FROM temp.changed)",
        f"INSERT INTO mart.cube_{table} SELECT {columns} FROM temp.changed WHERE is_new = 1"
        f" {_order(table)}",
    ]


def _columns(table: str) -> list[str]:
    keys = (keys_of(table) or {"total": "key"}).values()
    return [*_PLACES.split(", "), *keys, "reason", "cases", "num", "den", "amount"]


def _order(table: str) -> str:
    return f"ORDER BY metric, on_day, {', '.join((keys_of(table) or {'total': 'key'}).values())}"


def _counted_cases(table: str) -> str:
    """The cases counted as one table of the cube has them, days of a metric together."""
    columns = keys_of(table) or {"total": "key"}
    keys = ", ".join(columns.values())
    values = ", ".join(f"{key_value(each)} AS {column}" for each, column in columns.items())
    return (
        f"SELECT {_PLACES}, {keys}, reason, {_ADDED}"
        f" FROM (SELECT *, {values} FROM {_SOURCES.get(table, 'temp.counted')})"
        f" GROUP BY {_PLACES}, {keys}, reason"
    )


def differs_from_cases(groups: Sequence[Group], tables: Iterable[str] = TABLES) -> str:
    """The tables of the cube with the number of day totals that the cases do not give."""
    places = "metric, source, on_day, line, reason"
    tables = tuple(tables)
    kept = " UNION ALL ".join(
        f"SELECT '{each}' AS dimension, {places}, cases, num, den FROM mart.cube_{each}"
        f" WHERE {counted_days(groups)}"
        for each in tables
    )
    every = ", ".join(f"('{each}')" for each in tables)
    return f"""
SELECT dimension, count(*) FROM (
  SELECT dimension, {places} FROM (
    {kept}
    UNION ALL
    SELECT d.dimension, {places}, cases, num, den
    FROM (
      SELECT {places}, -sum(cases) AS cases, -sum(num) AS num, -sum(den) AS den
      FROM temp.counted GROUP BY {places}
    ) CROSS JOIN (VALUES {every}) AS d(dimension)
  )
  GROUP BY dimension, {places}
  HAVING sum(cases) <> 0 OR sum(num) <> 0 OR sum(den) <> 0
)
GROUP BY dimension
"""
