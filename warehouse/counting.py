"""The day cube of some metrics counted anew and proved against the cases."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

import duckdb

from warehouse.assemble import cube
from warehouse.assemble.cube import TABLES, Span
from warehouse.engine import one
from warehouse.errors import CheckFailed
from warehouse.metric import MetricDefinition
from warehouse.plan import parts_of

# Cases that the writer holds in memory at a time.
MOST_ROWS = 1_000_000

Spans = tuple[Span, ...]
Numbered = tuple[MetricDefinition, int]


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of the cube where they are missing."""
    for statement in cube.shapes():
        con.execute(statement)


def count(
    con: duckdb.DuckDBPyConnection,
    groups: Mapping[Spans, Sequence[Numbered]],
    *,
    is_empty: bool = False,
) -> None:
    """Bring the days of some metrics up to date in every table of the cube; the cases are read
    once.

    Rows that are right stay where they lie: of a day that came again most are, and what is not
    written anew need not be folded in and copied at the publish. `is_empty` says that the tables
    have nothing of these days.
    """
    if not groups:
        return
    told = [([number for _, number in some], spans) for spans, some in groups.items()]
    take(con, groups)
    for statement in cube.gather_cases():
        con.execute(statement)
    changed = [table for table in TABLES if _bring_up(con, table, told, is_empty=is_empty)]
    if changed:  # the rows of the others were compared with the cases one by one
        proof = cube.differs_from_cases(told, changed)
        for dimension, wrong in con.execute(proof).fetchall():
            raise CheckFailed(f"cube_{dimension}", "cube equals rows", int(wrong))
    for statement in cube.drop_cases():
        con.execute(statement)


def _bring_up(
    con: duckdb.DuckDBPyConnection, table: str, told: Sequence[cube.Group], *, is_empty: bool
) -> bool:
    """Whether a table of the cube had to be changed."""
    if is_empty:
        con.execute(cube.put_cases(table))
        return True
    row = one(con, cube.compare_cases(table, told))
    if row is None or not row[0]:
        return False
    for statement in cube.exchange_cases(table):
        con.execute(statement)
    return True


def count_whole(
    con: duckdb.DuckDBPyConnection, metrics: Sequence[Numbered], keep: Callable[[], None]
) -> None:
    """Count every day of some metrics anew, as many at a time as fit in memory.

    `keep` is called between the parts.
    """
    every = [number for _, number in metrics]
    for table in TABLES:
        if every:
            con.execute(cube.replace_days(table, [(every, [])]))
    small: list[Numbered] = []
    held = 0
    for metric, number in metrics:
        first, last, rows = reach_of(con, metric)
        if first is None or last is None:
            continue
        if rows > MOST_ROWS:
            for span in parts_of(first, last, rows, MOST_ROWS):
                count(con, {(span,): [(metric, number)]}, is_empty=True)
                keep()
            continue
        if held + rows > MOST_ROWS:
            count(con, {(): small}, is_empty=True)
            keep()
            small, held = [], 0
        small.append((metric, number))
        held += rows
    if small:
        count(con, {(): small}, is_empty=True)
        keep()


def differing(
    con: duckdb.DuckDBPyConnection, metric: MetricDefinition, number: int, there: Collection[str]
) -> list[str]:
    """The tables of the cube that are not what a metric's cases give, part by part; of those that
    are there: an older version published fewer."""
    first, last, rows = reach_of(con, metric)
    if first is None or last is None:
        return []
    tables = [each for each in TABLES if f"cube_{each}" in there]
    wrong: dict[str, int] = {}
    for span in parts_of(first, last, rows, MOST_ROWS):
        take(con, {(span,): [(metric, number)]})
        told = cube.differs_from_cases([([number], [span])], tables)
        for dimension, n in con.execute(told).fetchall():
            wrong[dimension] = wrong.get(dimension, 0) + n
    return [
        f"{metric.id}: {n} day totals of cube_{each} are not its rows"
        for each, n in sorted(wrong.items())
    ]


def take(con: duckdb.DuckDBPyConnection, groups: Mapping[Spans, Sequence[Numbered]]) -> None:
    """Hold what the cases of some metrics add on some days."""
    con.execute(cube.start_cases())
    con.execute(
        cube.take_cases(
            (metric, number, spans) for spans, some in groups.items() for metric, number in some
        )
    )


def reach_of(
    con: duckdb.DuckDBPyConnection, metric: MetricDefinition
) -> tuple[date | None, date | None, int]:
    """The first and the last day that a metric's cases touch, and how many rows they give."""
    row = one(con, cube.reach_of(metric))
    assert row is not None
    return row[0], row[1], int(row[2])


def keep_edges(
    con: duckdb.DuckDBPyConnection,
    metrics: Iterable[Numbered],
    counted: Iterable[str],
    today: date,
    last_days: Mapping[tuple[str, str], date],
) -> None:
    """Keep the moments of the running day for what changes by the clock: due, open, overdue."""
    kept: dict[int, dict[str, date]] = {}
    for number, source, on_day in con.execute("FROM mart._edge_day").fetchall():
        kept.setdefault(number, {})[source] = on_day
    anew = set(counted)
    renewed: list[tuple[MetricDefinition, int, dict[str, date]]] = []
    for metric, number in metrics:
        if metric.kind == "median" or not (metric.is_spell or metric.basis == "due"):
            continue
        wanted = {
            source: day if metric.platforms else today
            for (platform, source), day in last_days.items()
            if platform in metric.platforms or not metric.platforms
        }
        if wanted != kept.get(number, {}) or metric.id in anew:
            renewed.append((metric, number, wanted))
    if not renewed:
        return
    some = ", ".join(str(number) for _, number, _ in renewed)
    for table in ("edge", "_edge_day"):
        con.execute(f"DELETE FROM mart.{table} WHERE metric IN ({some})")  # noqa: S608 - numbers of ours
    asked = [
        (metric, number, day, [source for source, own in wanted.items() if own == day])
        for metric, number, wanted in renewed
        for day in sorted(set(wanted.values()))
    ]
    if asked:
        con.execute(cube.take_edges(asked))
        con.executemany(
            "INSERT INTO mart._edge_day VALUES ($1, $2, $3)",
            [(number, source, day) for _, number, day, some in asked for source in some],
        )


def numbers_of(con: duckdb.DuckDBPyConnection, metrics: Iterable[str]) -> dict[str, int]:
    """The small numbers that stand for metrics in the cube; a new metric gets the next."""
    found: dict[str, int] = dict(con.execute("SELECT metric, no FROM mart._number").fetchall())
    for each in metrics:
        if each not in found:
            found[each] = max(found.values(), default=0) + 1
            con.execute("INSERT INTO mart._number VALUES ($1, $2)", [each, found[each]])
    return found
