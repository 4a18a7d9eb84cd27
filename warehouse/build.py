"""Models, metric views and the day cube, brought up to date for the days that changed.

Dirty days lie in core. They are taken away only after the marts were committed, so that a build
that died in the middle is simply done again. Those of a history that is still coming in for the
first time stay until it is in (`coming.py`). A build of more than fits in memory goes part by part
into a second marts file, which takes the place of the first when it is whole and checked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from warehouse import coming, counting, shadow
from warehouse.assemble import cube, model
from warehouse.assemble.text import duckdb_macros
from warehouse.engine import one
from warehouse.errors import CheckFailed
from warehouse.generation import SourceState
from warehouse.header import SqlFile, read_folder, tables_read
from warehouse.metric import MetricDefinition, load_metrics
from warehouse.plan import Plan, Step, marks_of, model_order, parts_of, plan, spans_of

MODELS = Path(__file__).parent / "models"


@dataclass
class BuildResult:
    """What was built for which days, and the checks that failed (then nothing was kept).

    `put_off` are the facts of which dirty days stay, since nobody can see their figures yet.
    """

    built: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    put_off: set[str] = field(default_factory=set)

    @property
    def ok(self) -> bool:
        """Whether all checks passed."""
        return not self.failures


@dataclass
class _Work:
    """What is to be built, and how what was built is kept."""

    con: duckdb.DuckDBPyConnection
    today: date
    marks: Mapping[str, str]
    models: Mapping[str, SqlFile]
    metrics: Mapping[str, MetricDefinition]
    plan: Plan
    in_parts: bool

    def keep(self) -> None:
        """Between two parts: what was built so far need not be held in memory any more."""
        if self.in_parts:
            self.con.execute("COMMIT")
            self.con.execute("BEGIN")


def build(
    con: duckdb.DuckDBPyConnection,
    dimension_marks: Mapping[str, str],
    today: date,
    states: Sequence[SourceState],
) -> BuildResult:
    """Bring marts up to date; on a failed check nothing is kept and the days stay dirty.

    The states tell when each source succeeded last: that day is not over.
    """
    result = BuildResult()
    models, metrics = read_folder(MODELS), load_metrics()
    noted = con.execute("SELECT table_name, on_day FROM core.dirty_day").fetchall()
    result.put_off = coming.put_off(con, {fact for fact, _ in noted}, states, models, metrics)
    noted = [each for each in noted if each[0] not in result.put_off]
    dirty: dict[str, set[date]] = {}
    for table_name, on_day in noted:
        dirty.setdefault(f"core.{table_name}", set()).add(on_day)
        result.days.add(on_day)
    last_days = {
        (state.platform, state.source): state.last_success_at.date()
        for state in states
        if state.last_success_at is not None
    }
    sizes = _sizes(con)
    order = _possible(models, set(sizes), result)
    buildable = _buildable(metrics, set(sizes), order, result)
    marks = marks_of(models, metrics, dimension_marks)
    built = dict(con.execute("SELECT name, mark FROM mart._built").fetchall())
    planned = plan(dirty, [models[each] for each in order], buildable.values(), marks, built)
    in_parts = _is_long(planned, models, buildable, sizes)
    work = _Work(con, today, marks, models, buildable, planned, in_parts)
    try:
        with shadow.beside(con) if in_parts else nullcontext():
            _in_transaction(con, lambda: _bring_up(work, result, last_days))
    except CheckFailed as failure:
        result.failures.append(str(failure))
        return result
    if noted:
        con.execute(
            "DELETE FROM core.dirty_day WHERE NOT list_contains($1::VARCHAR[], table_name)",
            [sorted(result.put_off)],
        )
    return result


def _bring_up(work: _Work, result: BuildResult, last_days: Mapping[tuple[str, str], date]) -> None:
    for step in work.plan.models:
        _build_model(work, step)
        result.built.append(step.name)
        work.keep()
    numbers = counting.numbers_of(work.con, work.metrics)
    _build_cube(work, numbers)
    result.built += [step.name for step in work.plan.metrics]
    every = [(metric, numbers[each]) for each, metric in work.metrics.items()]
    counting.keep_edges(work.con, every, result.built, work.today, last_days)


def _in_transaction(con: duckdb.DuckDBPyConnection, work: Callable[[], None]) -> None:
    con.execute("BEGIN")
    try:
        work()
        con.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):  # the engine may have given up the transaction by itself
            con.execute("ROLLBACK")
        raise


def _sizes(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The tables of core and how many rows they have."""
    return {
        f"core.{row[0]}": int(row[1])
        for row in con.execute(
            "SELECT table_name, estimated_size FROM duckdb_tables() WHERE database_name = 'core'"
        ).fetchall()
    }


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
) -> dict[str, MetricDefinition]:
    there = present | {f"mart.{each}" for each in models}
    result.skipped += [each for each, m in metrics.items() if not tables_read(m.sql) <= there]
    return {each: m for each, m in metrics.items() if tables_read(m.sql) <= there}


def _is_long(
    planned: Plan,
    models: Mapping[str, SqlFile],
    metrics: Mapping[str, MetricDefinition],
    sizes: Mapping[str, int],
) -> bool:
    """Whether the rows that are looked at are more than fit into one transaction."""

    def rows(sql: str) -> int:
        reads = tables_read(sql)
        below = [models[each.removeprefix("mart.")].sql for each in reads if each not in sizes]
        return max([sizes.get(each, 0) for each in reads] + [rows(each) for each in below])

    whole = [models[s.name.removeprefix("mart.")].sql for s in planned.models if s.much]
    whole += [metrics[s.name].sql for s in planned.metrics if s.much]
    return any(rows(sql) > counting.MOST_ROWS for sql in whole)


def _build_model(work: _Work, step: Step) -> None:
    file = work.models[step.name.removeprefix("mart.")]
    if step.anew:
        _build_anew(work, file)
    elif file.words.get("kind") != "view":
        for span in spans_of(step.days):
            for statement in model.rebuild_days(file, span):
                work.con.execute(statement)
    _remember(work, step)
    spans = [] if step.days is None else spans_of(step.days)
    for kind, rule in file.checks:
        row = one(work.con, model.check(file, kind, rule, spans, work.today))
        if row and row[0]:
            raise CheckFailed(step.name, f"{kind} ({rule})", int(row[0]))


def _build_anew(work: _Work, file: SqlFile) -> None:
    """A whole model; one of many days, day after day, so that no window holds all of them."""
    asked = model.reach_of(file)
    row = one(work.con, asked) if asked and work.in_parts else None
    if row is None or row[0] is None or row[2] <= counting.MOST_ROWS:
        work.con.execute(model.build_whole(file))
        return
    work.con.execute(model.make_empty(file))
    first, last, rows = row
    for span in parts_of(first, last, rows, counting.MOST_ROWS):
        for statement in model.rebuild_days(file, span):
            work.con.execute(statement)
        work.keep()


def _build_cube(work: _Work, numbers: Mapping[str, int]) -> None:
    """Count the changed metrics on their days and prove the cube against the cases."""
    some: dict[counting.Spans, list[counting.Numbered]] = {}
    whole: list[counting.Numbered] = []
    for step in work.plan.metrics:
        metric = work.metrics[step.name]
        if step.anew:
            sql = duckdb_macros(metric.sql)
            work.con.execute(f"CREATE OR REPLACE VIEW {cube.view(metric)} AS {sql}")
            _remember(work, step)
        if metric.kind == "median":
            continue
        numbered = (metric, numbers[metric.id])
        if step.much:
            whole.append(numbered)
        else:
            some.setdefault(tuple(spans_of(step.days)), []).append(numbered)
    counting.count_whole(work.con, whole, work.keep)
    counting.count(work.con, some)


def _remember(work: _Work, step: Step) -> None:
    if step.anew:
        work.con.execute("DELETE FROM mart._built WHERE name = $1", [step.name])
        work.con.execute(
            "INSERT INTO mart._built VALUES ($1, $2)", [step.name, work.marks[step.name]]
        )
