# ruff: noqa: S608 - names come from .sql headers and fixed lists, dates are literals of ours
"""The day cube: totals and every single dimension a day, from the same SELECT as the rows."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from warehouse.assemble.text import day, literal
from warehouse.metric import MetricDefinition

Span = tuple[date, date]

DIMENSIONS: Final = ("total", "community", "grid", "unit", "class1", "class2", "class3")
UNKNOWN: Final = "unknown"
_SHAPE = (
    "metric SMALLINT, source VARCHAR, on_day DATE, line VARCHAR, key VARCHAR, reason VARCHAR,"
    " cases BIGINT, num BIGINT, den BIGINT, amount DOUBLE"
)
_COLUMNS = "metric, source, on_day, line, key, reason, cases, num, den, amount"


def shapes() -> list[str]:
    """The statements that make the tables of the cube and its bookkeeping."""
    return [
        *(f"CREATE TABLE IF NOT EXISTS mart.cube_{each} ({_SHAPE})" for each in DIMENSIONS),
        "CREATE TABLE IF NOT EXISTS mart._built (name VARCHAR, mark VARCHAR)",
        "CREATE TABLE IF NOT EXISTS mart._number (metric VARCHAR, no SMALLINT)",
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
    sides = (("from_day", 1), ("until_day", -1)) if metric.is_spell else (("on_day", 1),)
    places = "source, line, community, grid, unit, class_path, excluded_reason AS reason"
    selects = [
        f"SELECT {column} AS on_day, {places}, {sign} AS cases, {sign} * num AS num,"
        f" {sign} * den AS den, {sign} * value AS amount"
        f" FROM {view(metric)} WHERE {column} IS NOT NULL AND {days_of([span], column)}"
        for column, sign in sides
        for span in spans or [(date(1, 1, 1), date(9999, 12, 31))]
    ]
    return " UNION ALL ".join(selects)


def start_fresh() -> str:
    """An empty table for what is counted anew."""
    return f"CREATE OR REPLACE TEMP TABLE fresh (dimension VARCHAR, {_SHAPE})"


def count_fresh(metric: MetricDefinition, number: int, spans: Sequence[Span]) -> str:
    """Count a metric on the days of the spans, once for all dimensions."""
    own = {"total": "''"} | {each: f"coalesce({each}, '{UNKNOWN}')" for each in DIMENSIONS[1:4]}
    own |= {f"class{n}": f"coalesce({class_key(n)}, '{UNKNOWN}')" for n in (1, 2, 3)}
    keys = ", ".join(f"{own[each]} AS k_{each}" for each in DIMENSIONS)
    sets = ", ".join(f"(source, on_day, line, reason, k_{each})" for each in DIMENSIONS)
    which = " ".join(f"WHEN GROUPING(k_{each}) = 0 THEN '{each}'" for each in DIMENSIONS)
    key = " ".join(f"WHEN GROUPING(k_{each}) = 0 THEN k_{each}" for each in DIMENSIONS)
    return f"""
INSERT INTO temp.fresh
SELECT CASE {which} END, {number}, source, on_day, line, CASE {key} END, reason,
  sum(cases), sum(num), sum(den), sum(amount)
FROM (SELECT *, {keys} FROM ({contributions(metric, spans)}))
GROUP BY GROUPING SETS ({sets})
"""


def replace_days(dimension: str, numbers: Iterable[int], spans: Sequence[Span]) -> str:
    """Take the old days of some metrics out of one table of the cube."""
    some = ", ".join(str(number) for number in numbers)
    return f"DELETE FROM mart.cube_{dimension} WHERE metric IN ({some}) AND {days_of(spans)}"


def put_fresh(dimension: str) -> str:
    """Put the newly counted days into one table of the cube, days of a metric together."""
    return f"""
INSERT INTO mart.cube_{dimension}
SELECT {_COLUMNS} FROM temp.fresh WHERE dimension = {literal(dimension)}
ORDER BY metric, on_day, key
"""


def differs_from_rows(metric: MetricDefinition, number: int, spans: Sequence[Span]) -> str:
    """How many day totals of the cube are not what the rows give."""
    groups = "source, on_day, line, reason"
    sums = "sum(cases) AS cases, sum(num) AS num, sum(den) AS den"
    return f"""
WITH counted AS (
  SELECT {groups}, {sums} FROM ({contributions(metric, spans)}) GROUP BY {groups}
),
kept AS (
  SELECT {groups}, {sums} FROM mart.cube_total
  WHERE metric = {number} AND {days_of(spans)} GROUP BY {groups}
)
SELECT count(*) FROM (
  (FROM counted EXCEPT ALL FROM kept) UNION ALL (FROM kept EXCEPT ALL FROM counted)
)
"""


def differs_from_total(dimension: str, numbers: Iterable[int], spans: Sequence[Span]) -> str:
    """How many day totals differ between one dimension of the cube and the total."""
    groups = "metric, source, on_day, line, reason"
    some = ", ".join(str(number) for number in numbers)
    select = (
        f"SELECT {groups}, sum(cases), sum(num), sum(den) FROM mart.cube_{{}}"
        f" WHERE metric IN ({some}) AND {days_of(spans)} GROUP BY {groups}"
    )
    one, whole = select.format(dimension), select.format("total")
    return f"SELECT count(*) FROM (({one} EXCEPT ALL {whole}) UNION ALL ({whole} EXCEPT ALL {one}))"
