# ruff: noqa: S608 - names come from .sql headers and fixed lists, a user's words are parameters
"""The SELECTs that answer a question, from the cube where one dimension is enough, else rows."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from warehouse.answer import TIME_BY
from warehouse.assemble.cube import UNKNOWN, class_key, contributions, present_day, view
from warehouse.assemble.text import day, name, within
from warehouse.metric import MetricDefinition
from warehouse.scope import Scope, of_keys, of_lent

PLACES: Final = ("community", "grid", "unit")
DEEPEST: Final = 3
_EVER = date(1, 1, 1)
_CUBED: Final = "on_day, source, line, key, reason, cases, num, den, amount"


@dataclass(frozen=True)
class Question:
    """A checked question: known sources and words only.

    `lent` are source and key of the cases that lie with the caller's units though these are not
    the main one; None where these are too many to be named one by one.
    """

    metric: MetricDefinition
    number: int
    sources: tuple[str, ...]
    first: date
    last: date
    as_of: datetime
    by: str | None = None
    level: int = 1
    filters: dict[str, str] = field(default_factory=dict)
    line: str | None = None
    has_edges: bool = False
    known_by: datetime | None = None
    scope: Scope | None = None
    own: str = ""
    lent: tuple[tuple[str, str], ...] | None = ()

    @property
    def now_counts(self) -> bool:
        """Whether the period reaches the moment of the data, so that its day is counted exactly."""
        return self.last >= self.as_of.date()

    @property
    def end(self) -> date:
        """The last day about which anything is known."""
        return min(self.last, self.as_of.date())

    @property
    def parameters(self) -> dict[str, Any]:
        """The words of the question."""
        found: dict[str, Any] = {f"source_{n}": each for n, each in enumerate(self.sources)}
        found |= {f"is_{key}": value for key, value in self.filters.items()}
        if self.line is not None:
            found["is_line"] = self.line
        if self.scope is not None:
            found |= self.scope.words(self.own)
        return found

    def words(self, sql: str) -> dict[str, Any]:
        """The words that a statement names; the engine takes no others."""
        found = self.parameters
        if self.lent:
            sources, keys = zip(*self.lent, strict=True)
            found |= {"lent_sources": list(sources), "lent_keys": list(keys)}
        named = set(re.findall(r"\$(\w+)", sql))
        return {key: value for key, value in found.items() if key in named}

    @property
    def own_by(self) -> str | None:
        """The dimension by which the cube tells the caller's rows from others, but for lent ones;
        None where only the rows can: who has units and villages must not count a case twice."""
        scope = self.scope
        if scope is None or self.lent is None or bool(scope.units) == bool(scope.communities):
            return None
        if UNKNOWN in (*scope.units, *scope.communities):  # in the cube a word for none
            return None
        return "unit" if scope.units else "community"

    @property
    def cube(self) -> str | None:
        """The table of the cube that can answer, or None when the rows must."""
        if self.metric.kind == "median" or self.by == "hour" or self.known_by is not None:
            return None
        wanted = set(self.filters)
        if self.scope is not None:
            if self.own_by is None:
                return None
            wanted.add(self.own_by)
        if self.by in (*PLACES, "class"):
            wanted.add(self.by)
        if len(wanted) > 1:
            return None
        if wanted != {"class"}:
            return next(iter(wanted), "total")
        depth = max(len(self.filters.get("class", "").split("/")), self.class_level)
        return None if depth > DEEPEST else f"class{depth}"

    @property
    def class_level(self) -> int:
        """The level of the class tree that is asked for."""
        return self.level if self.by == "class" else 0


def sums(question: Question) -> str:
    """Bucket, line, reason, cases, numerator, denominator, amount."""
    relation = _cube(question) if question.cube else _rows(question)
    if question.cube and question.lent:  # the cube knows a case by its main unit alone
        lent = replace(question, own=of_lent())
        relation += (
            f" UNION ALL SELECT {_CUBED.replace('key', f'{_key(question)} AS key')}"
            f" FROM ({_rows(lent)})"
        )
    bucket = _bucket(question, in_cube=question.cube is not None)
    return (
        f"SELECT {bucket} AS bucket, line, reason, sum(cases), sum(num), sum(den), sum(amount)"
        f" FROM ({relation}) GROUP BY ALL"
    )


def medians(question: Question, by: str | None) -> str:
    """Bucket, line, reason, cases, median of the values, one row a group."""
    bucket = _bucket(question, in_cube=False) if by else "NULL"
    line = "line" if by or (question.metric.lines and question.line is None) else "NULL"
    return (
        f"SELECT {bucket} AS bucket, {line} AS line, excluded_reason AS reason, count(*),"
        f" quantile_cont(value, 0.5) FROM ({cases(question)})"
        f" WHERE den > 0 OR excluded_reason IS NOT NULL GROUP BY ALL"
    )


def cases(question: Question) -> str:
    """The cases of a question, one row each, as the metric's SELECT gives them."""
    metric = question.metric
    where = [_where(question, in_cube=False)]
    if metric.is_spell:
        where.append(_running(question))
    elif metric.basis == "due":
        where.append(within(question.first, question.end, "on_day", "on_at"))
        if question.now_counts:
            where.append(f"due_at <= {_moment(question.as_of)}")
    else:
        where.append(within(question.first, question.last, "on_day", "on_at"))
    columns = "*"
    if question.known_by is not None:
        in_time = f"num_at <= {_moment(question.known_by)}"
        columns = f"* REPLACE (CASE WHEN {in_time} THEN num ELSE 0 END AS num)"
    return _own(question, f"SELECT {columns} FROM {view(metric)} WHERE {' AND '.join(where)}")


def _cube(question: Question) -> str:
    """The day cube, and the rows of the day that is not over for what changes by the clock."""
    metric = question.metric
    moving = metric.is_spell or metric.basis == "due"
    first = _EVER if metric.is_spell else question.first
    last = question.end if moving else question.last
    if moving and question.now_counts:
        last -= timedelta(days=1)
    own = "" if question.own_by is None else f" AND {of_keys(question.own_by)}"
    select = (
        f"SELECT {_CUBED} FROM mart.cube_{question.cube} WHERE metric = {question.number}"
        f" AND on_day BETWEEN {day(first)} AND {day(last)}"
        f" AND {_where(question, in_cube=True)}{own}"
    )
    if not moving or not question.now_counts or question.end < first:
        return select
    before = f"edge_at <= {_moment(question.as_of)}"
    if question.has_edges:
        relation = (
            f"SELECT *, k_{question.cube} AS key FROM mart.edge WHERE metric = {question.number}"
            f" AND on_day = {day(question.end)} AND {before}"
        )
        where = _where(question, in_cube=True)
    else:
        relation = f"SELECT *, {_key(question)} AS key FROM ({present_day(metric, question.end)})"
        where = f"{before} AND {_where(question, in_cube=False)}"
    return f"{select} UNION ALL SELECT {_CUBED} FROM ({relation}) WHERE {where}{own}"


def _rows(question: Question) -> str:
    """The cases themselves, or what they add over time for a spell seen by time."""
    metric = question.metric
    if not (metric.is_spell and question.by in TIME_BY):
        return (
            "SELECT *, excluded_reason AS reason, 1 AS cases, value AS amount"
            f" FROM ({cases(question)})"
        )
    where = _where(question, in_cube=False)
    if question.by == "hour":
        sides = " UNION ALL ".join(present_edges(metric))
        limit = f"edge_at <= {_moment(question.as_of)}" if question.now_counts else "TRUE"
        return _own(
            question,
            f"SELECT * FROM ({sides}) WHERE on_day <= {day(question.end)} AND {limit} AND {where}",
        )
    moved = contributions(metric, [(_EVER, question.end)])
    if question.now_counts:
        moved = contributions(metric, [(_EVER, question.end - timedelta(days=1))])
        columns = (
            "on_day, source, line, community, grid, unit, class_path, reason,"
            " cases, num, den, amount"
        )
        moved = (
            f"SELECT {columns} FROM ({moved}) UNION ALL SELECT {columns}"
            f" FROM ({present_day(metric, question.end)})"
            f" WHERE edge_at <= {_moment(question.as_of)}"
        )
    return _own(question, f"SELECT * FROM ({moved}) WHERE {where}")


def _own(question: Question, sql: str) -> str:
    """The SELECT over the caller's own cases alone, wherever it reads the metric's rows."""
    if question.scope is None:
        return sql
    rows = view(question.metric)
    cut = f"(SELECT * FROM {rows} WHERE {question.own})"
    return re.sub(rf"\b{re.escape(rows)}\b", lambda _: cut, sql)


def present_edges(metric: MetricDefinition) -> list[str]:
    """Every beginning and end of the spells of a metric, with its hour."""
    places = "source, line, community, grid, unit, class_path, excluded_reason AS reason"
    return [
        f"SELECT {side}_day AS on_day, EXTRACT(HOUR FROM {side}_at) AS on_hour, {places},"
        f" {side}_at AS edge_at, {sign} AS cases, {sign} * num AS num, {sign} * den AS den,"
        f" {sign} * value AS amount FROM {view(metric)} WHERE {side}_at IS NOT NULL"
        for side, sign in (("from", 1), ("until", -1))
    ]


def _running(question: Question) -> str:
    """True for a spell that counts at the end of the period, or at the moment of the data."""
    if question.now_counts:
        moment = _moment(question.as_of)
        return f"from_at <= {moment} AND (until_at IS NULL OR until_at > {moment})"
    last = day(question.last)
    return f"from_day <= {last} AND (until_day IS NULL OR until_day > {last})"


def _where(question: Question, *, in_cube: bool) -> str:
    """The sources, the line and the filters, as parameters."""
    some = ", ".join(f"$source_{n}" for n in range(len(question.sources)))
    parts = [f"source IN ({some})"]
    if question.line is not None:
        parts.append("line = $is_line")
    for dimension in question.filters:
        parameter = f"$is_{dimension}"
        if dimension == "class":
            path = "key" if in_cube else f"coalesce(class_path, '{UNKNOWN}')"
            parts.append(f"({path} = {parameter} OR starts_with({path}, {parameter} || '/'))")
        else:
            own = "key" if in_cube else f"coalesce({dimension}, '{UNKNOWN}')"
            parts.append(f"{own} = {parameter}")
    return " AND ".join(parts)


def _key(question: Question) -> str:
    """What the cube's key is for a row of its table."""
    cube = question.cube or "total"
    if cube == "total":
        return "''"
    if cube.startswith("class"):
        return f"coalesce({class_key(int(cube[-1]))}, '{UNKNOWN}')"
    return f"coalesce({cube}, '{UNKNOWN}')"


def _bucket(question: Question, *, in_cube: bool) -> str:
    """What a series is grouped by, as text; days before the period of a spell are its opening."""
    by = question.by
    if by is None:
        return "NULL"
    if by in TIME_BY:
        shape = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "hour": "%Y-%m-%d"}[by]
        bucket = f"strftime(on_day, '{shape}')"
        if by == "hour":
            clock = f"{bucket} || 'T' || lpad(CAST(on_hour AS VARCHAR), 2, '0')"
            bucket = f"CASE WHEN on_hour IS NULL THEN '{UNKNOWN}' ELSE {clock} END"
        if question.metric.is_spell:
            bucket = f"CASE WHEN on_day < {day(question.first)} THEN '' ELSE {bucket} END"
        return bucket
    if by in ("source", "line"):
        return by
    if by == "class":
        path = "key" if in_cube else "class_path"
        return f"coalesce({class_key(question.level, path)}, '{UNKNOWN}')"
    return "key" if in_cube else f"coalesce({name(by)}, '{UNKNOWN}')"


def _moment(at: datetime) -> str:
    return f"TIMESTAMP '{at.isoformat(sep=' ')}'"
