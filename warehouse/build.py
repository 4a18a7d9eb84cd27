"""Models, metric views and the day cube, brought up to date for the days that changed.

Dirty days lie in core. They are taken away only after the marts were committed, so that a build
that died in the middle is simply done again.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb

from warehouse.assemble import cube, model
from warehouse.assemble.cube import DIMENSIONS, Span
from warehouse.assemble.text import duckdb_macros
from warehouse.engine import one
from warehouse.errors import BadDeclaration, CheckFailed
from warehouse.header import SqlFile, read_folder, tables_read
from warehouse.metric import MetricDefinition, load_metrics

MODELS = Path(__file__).parent / "models"
# More spans than this cost more than counting the days between them.
_MOST_SPANS = 6
_WHOLE_SHARE = 400
# Cases that the writer holds in memory at a time.
_MOST_ROWS = 1_000_000

Days = set[date] | None  # None: every day


@dataclass
class BuildResult:
    """What was built for which days, and the checks that failed (then nothing was kept)."""

    built: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether all checks passed."""
        return not self.failures


@dataclass
class _Work:
    """What changed so far in this build, by relation."""

    con: duckdb.DuckDBPyConnection
    today: date
    marks: dict[str, str]
    built: dict[str, str]
    changed: dict[str, Days] = field(default_factory=dict)
    small: set[str] = field(default_factory=set)

    def is_much(self, reads: Iterable[str]) -> bool:
        """Whether every day of it means every row of a fact, not only of a small whole model."""
        return any(
            self.changed.get(each, set()) is None and each not in self.small for each in reads
        )

    def days_for(self, name: str, reads: Iterable[str], spread: int) -> tuple[bool, Days]:
        """Whether a relation must be built, and for which days."""
        if self.built.get(name) != self.marks[name]:
            return True, None
        touched = [self.changed[each] for each in reads if each in self.changed]
        if not touched:
            return False, None
        days: set[date] = set()
        for each in touched:
            if each is None:
                return True, None
            days |= each
        days = {each + timedelta(days=n) for each in days for n in range(spread + 1)}
        return True, None if len(days) > _WHOLE_SHARE else days


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of the cube where they are missing."""
    for statement in cube.shapes():
        con.execute(statement)


def build(
    con: duckdb.DuckDBPyConnection,
    dimension_marks: Mapping[str, str],
    today: date,
    last_days: Mapping[tuple[str, str], date],
) -> BuildResult:
    """Bring marts up to date; on a failed check nothing is kept and the days stay dirty.

    last_days has the day of the last success by platform and source: that day is not over.
    """
    result = BuildResult()
    dirty = con.execute("SELECT table_name, on_day FROM core.dirty_day").fetchall()
    models, metrics = read_folder(MODELS), load_metrics()
    present = {
        f"core.{row[0]}"
        for row in con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'core'"
        ).fetchall()
    }
    order = _possible(models, present, result)
    built = dict(con.execute("SELECT name, mark FROM mart._built").fetchall())
    work = _Work(con, today, _marks(models, metrics, dimension_marks), built)
    for table_name, on_day in dirty:
        days = work.changed.setdefault(f"core.{table_name}", set())
        assert days is not None
        days.add(on_day)
        result.days.add(on_day)
    con.execute("BEGIN")
    try:
        for each in order:
            _build_model(work, models[each], result)
        buildable = _buildable(metrics, present, order, result)
        _build_cube(work, buildable, result)
        _build_edges(work, buildable, result, last_days)
        con.execute("COMMIT")
    except CheckFailed as failure:
        con.execute("ROLLBACK")
        result.failures.append(str(failure))
        return result
    except BaseException:
        _rollback(con)
        raise
    if dirty:
        con.execute("DELETE FROM core.dirty_day")
    return result


def spans_of(days: Days) -> list[Span]:
    """Days as few unbroken spans; nothing for every day."""
    if days is None:
        return []
    spans: list[Span] = []
    for each in sorted(days):
        if spans and each - spans[-1][1] <= timedelta(days=1):
            spans[-1] = (spans[-1][0], each)
        else:
            spans.append((each, each))
    while len(spans) > _MOST_SPANS:
        gaps = [(spans[n + 1][0] - spans[n][1], n) for n in range(len(spans) - 1)]
        n = min(gaps)[1]
        spans[n : n + 2] = [(spans[n][0], spans[n + 1][1])]
    return spans


def model_order(models: Mapping[str, SqlFile]) -> list[str]:
    """Models in the order in which they can be built, as their SQL says."""
    graph = {
        each: {
            read.removeprefix("mart.")
            for read in tables_read(file.sql)
            if read.startswith("mart.") and read.removeprefix("mart.") in models
        }
        for each, file in sorted(models.items())
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise BadDeclaration(error.args[1][0], f"models read each other: {circle}") from None


def _possible(models: Mapping[str, SqlFile], present: set[str], result: BuildResult) -> list[str]:
    """The models whose facts are declared, in order."""
    order: list[str] = []
    there = set(present)
    for each in model_order(models):
        if tables_read(models[each].sql) <= there:
            order.append(each)
            there.add(f"mart.{each}")
        else:
            result.skipped.append(f"mart.{each}")
    return order


def _buildable(
    metrics: Mapping[str, MetricDefinition],
    present: set[str],
    models: Iterable[str],
    result: BuildResult,
) -> list[MetricDefinition]:
    there = present | {f"mart.{each}" for each in models}
    result.skipped += [each for each, m in metrics.items() if not tables_read(m.sql) <= there]
    return [m for m in metrics.values() if tables_read(m.sql) <= there]


def _marks(
    models: Mapping[str, SqlFile],
    metrics: Mapping[str, MetricDefinition],
    dimensions: Mapping[str, str],
) -> dict[str, str]:
    """A word for each relation that changes when it, or anything below it, is defined anew."""
    marks = {f"core.{each}": mark for each, mark in dimensions.items()}

    def mark(sql: str) -> str:
        below = [marks.get(each, each) for each in sorted(tables_read(sql))]
        return hashlib.sha256("\n".join([sql, *below]).encode()).hexdigest()[:16]

    for each in model_order(models):
        file = models[each]
        marks[f"mart.{each}"] = mark(file.sql + str(sorted(file.words.items())))
    for each, metric in metrics.items():
        marks[each] = mark(f"{metric.sql} {metric.kind} {metric.spread}")
    return marks


def _build_model(work: _Work, file: SqlFile, result: BuildResult) -> None:
    name = f"mart.{file.name}"
    reads = tables_read(file.sql)
    needed, days = work.days_for(name, reads, int(file.word("spread", "0")))
    if not needed:
        return
    whole = work.built.get(name) != work.marks[name]
    is_view = file.words.get("kind") == "view"
    if whole or (not is_view and (days is None or "partition" not in file.words)):
        work.con.execute(model.build_whole(file))
    elif not is_view:
        for span in spans_of(days):
            for statement in model.rebuild_days(file, span):
                work.con.execute(statement)
    partitioned = is_view or "partition" in file.words
    work.changed[name] = None if whole or not partitioned else days
    if not partitioned:
        work.small.add(name)
    _remember(work, name)
    result.built.append(name)
    for kind, rule in file.checks:
        row = one(
            work.con, model.check(file, kind, rule, [] if whole else spans_of(days), work.today)
        )
        if row and row[0]:
            raise CheckFailed(name, f"{kind} ({rule})", int(row[0]))


def _build_cube(work: _Work, metrics: Iterable[MetricDefinition], result: BuildResult) -> None:
    """Count the changed metrics on their days and prove the cube against the cases."""
    some: dict[tuple[Span, ...], list[tuple[MetricDefinition, int]]] = {}
    for metric in metrics:
        reads = tables_read(metric.sql)
        needed, days = work.days_for(metric.id, reads, metric.spread)
        if not needed:
            continue
        number = _number(work.con, metric.id)
        is_new = work.built.get(metric.id) != work.marks[metric.id]
        if is_new:
            sql = duckdb_macros(metric.sql)
            work.con.execute(f"CREATE OR REPLACE VIEW {cube.view(metric)} AS {sql}")
            _remember(work, metric.id)
        result.built.append(metric.id)
        if metric.kind == "median":
            continue
        if days is None and (is_new or work.is_much(reads)):
            _count_whole(work.con, metric, number)
        else:
            some.setdefault(tuple(spans_of(days)), []).append((metric, number))
    if some:
        _count(work.con, some)


def _count(
    con: duckdb.DuckDBPyConnection,
    groups: Mapping[tuple[Span, ...], list[tuple[MetricDefinition, int]]],
) -> None:
    """Replace the days of some metrics in every table of the cube; the cases are read once."""
    con.execute(cube.start_cases())
    for spans, members in groups.items():
        for metric, number in members:
            con.execute(cube.take_cases(metric, number, spans))
    for dimension in DIMENSIONS:
        for spans, members in groups.items():
            numbers = [number for _, number in members]
            con.execute(cube.replace_days(dimension, numbers, spans))
        con.execute(cube.count_cases(dimension))
    for spans, members in groups.items():
        numbers = [number for _, number in members]
        for dimension, wrong in con.execute(cube.differs_from_cases(numbers, spans)).fetchall():
            raise CheckFailed(f"cube_{dimension}", "cube equals rows", int(wrong))
    con.execute("DROP TABLE temp.counted")


def _count_whole(con: duckdb.DuckDBPyConnection, metric: MetricDefinition, number: int) -> None:
    """Count every day of one metric anew, as many days at a time as fit in memory."""
    for dimension in DIMENSIONS:
        con.execute(cube.replace_days(dimension, [number], []))
    row = one(con, cube.reach_of(metric))
    assert row is not None
    first, last, rows = row
    if first is None:
        return
    parts = max(1, -(-rows // _MOST_ROWS))
    days = -(-((last - first).days + 1) // parts)
    while first <= last:
        span = (first, min(last, first + timedelta(days=days - 1)))
        _count(con, {(span,): [(metric, number)]})
        first = span[1] + timedelta(days=1)


def _build_edges(
    work: _Work,
    metrics: Iterable[MetricDefinition],
    result: BuildResult,
    last_days: Mapping[tuple[str, str], date],
) -> None:
    """Keep the moments of the running day for what changes by the clock: due, open, overdue."""
    kept: dict[int, dict[str, date]] = {}
    for number, source, on_day in work.con.execute("FROM mart._edge_day").fetchall():
        kept.setdefault(number, {})[source] = on_day
    for metric in metrics:
        if metric.kind == "median" or not (metric.is_spell or metric.basis == "due"):
            continue
        number = _number(work.con, metric.id)
        wanted = {
            source: day if metric.platforms else work.today
            for (platform, source), day in last_days.items()
            if platform in metric.platforms or not metric.platforms
        }
        if wanted == kept.get(number, {}) and metric.id not in result.built:
            continue
        work.con.execute("DELETE FROM mart.edge WHERE metric = $1", [number])
        work.con.execute("DELETE FROM mart._edge_day WHERE metric = $1", [number])
        for day in sorted(set(wanted.values())):
            sources = [source for source, own in wanted.items() if own == day]
            work.con.execute(cube.take_edges(metric, number, day, sources))
            for source in sources:
                work.con.execute(
                    "INSERT INTO mart._edge_day VALUES ($1, $2, $3)", [number, source, day]
                )


def _number(con: duckdb.DuckDBPyConnection, metric_id: str) -> int:
    """The small number that stands for a metric in the cube."""
    row = one(con, "SELECT no FROM mart._number WHERE metric = $1", [metric_id])
    if row is None:
        row = one(con, "SELECT coalesce(max(no), 0) + 1 FROM mart._number")
        assert row is not None
        con.execute("INSERT INTO mart._number VALUES ($1, $2)", [metric_id, row[0]])
    return int(row[0])


def _remember(work: _Work, name: str) -> None:
    if work.built.get(name) == work.marks[name]:
        return
    work.con.execute("DELETE FROM mart._built WHERE name = $1", [name])
    work.con.execute("INSERT INTO mart._built VALUES ($1, $2)", [name, work.marks[name]])
    work.built[name] = work.marks[name]


def _rollback(con: duckdb.DuckDBPyConnection) -> None:
    try:
        con.execute("ROLLBACK")
    except duckdb.Error:
        return
