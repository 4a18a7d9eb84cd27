# ruff: noqa: S608 - names come from .sql headers and fixed lists, a user's words are parameters
"""The SELECTs that answer a question, from the cube where it knows the dimensions, else rows."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from warehouse.answer import TIME_BY
from warehouse.assemble.cube import (
    TABLES,
    UNKNOWN,
    class_key,
    contributions,
    key_value,
    keys_of,
    present_day,
    view,
)
from warehouse.assemble.text import day, name, within
from warehouse.metric import MetricDefinition
from warehouse.scope import Scope, of_keys, of_lent

PLACES: Final = ("community", "grid", "unit")
DEEPEST: Final = 3
_EVER = date(1, 1, 1)
_CUBED: Final = "on_day, source, line, {key} AS key, reason, cases, num, den, amount"


@dataclass(frozen=True)
class Question:
    """A checked question: known sources and words only.

    `lent` are source and key of the cases that lie with the caller's units though these are not
    the main one; None where these are too many to be named one by one. `tables` are those of the
    cube that the generation has: one that an older version published lacks the newer ones.
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
    tables: frozenset[str] = frozenset(TABLES)

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
            if "$lent_keys" in self.own:
                found |= self._lent_words
        return found

    @property
    def _lent_words(self) -> dict[str, Any]:
        sources, keys = zip(*self.lent or (), strict=True)
        return {"lent_sources": list(sources), "lent_keys": list(keys)}

    def words(self, sql: str) -> dict[str, Any]:
        """The words that a statement names; the engine takes no others."""
        found = self.parameters
        if self.lent:
            found |= self._lent_words
        named = set(re.findall(r"\$(\w+)", sql))
        return {key: value for key, value in found.items() if key in named}

    @property
    def own_by(self) -> tuple[str, ...] | None:
        """The dimensions by which the cube tells the caller's rows from others, but for lent ones;
        none where everything may be read, None where only the rows can tell."""
        scope = self.scope
        if scope is None:
            return ()
        if self.lent is None or UNKNOWN in (*scope.units, *scope.communities):  # a word for none
            return None
        own = (("unit", scope.units), ("community", scope.communities))
        return tuple(dimension for dimension, some in own if some) or None

    @property
    def cube(self) -> str | None:
        """The table of the cube that can answer, or None when the rows must."""
        if self.metric.kind == "median" or self.by == "hour" or self.known_by is not None:
            return None
        if self.own_by is None:
            return None
        wanted = {*self.filters, *self.own_by}
        if self.by in (*PLACES, "class"):
            wanted.add(self.by)
        if "class" in wanted:
            wanted.remove("class")
            wanted.add(
                f"class{max(len(self.filters.get('class', '').split('/')), self.class_level)}"
            )
        if not wanted:
            return "total"
        return next((each for each in self.tables if set(keys_of(each)) == wanted), None)

    def key(self, dimension: str | None) -> str:
        """The column of its table of the cube in which a dimension stands; any of one that is
        none."""
        found = keys_of(self.cube or "total")
        return next((key for each, key in found.items() if dimension in (each, each[:-1])), "key")

    @property
    def class_level(self) -> int:
        """The level of the class tree that is asked for."""
        return self.level if self.by == "class" else 0


def sums(question: Question) -> str:
    """Bucket, line, reason, cases, numerator, denominator, amount."""
    relation = _cube(question) if question.cube else _rows(question)
    if question.cube and question.lent:  # the cube knows a case by its main unit alone
        lent = replace(question, own=of_lent(question.scope))
        relation += f" UNION ALL SELECT {_CUBED.format(key=_told(question))} FROM ({_rows(lent)})"
    by = bucket(question, key="key" if question.cube else None)
    return (
        f"SELECT {by} AS bucket, line, reason, sum(cases), sum(num), sum(den), sum(amount)"
        f" FROM ({relation}) GROUP BY ALL"
    )


def medians(question: Question, by: str | None) -> str:
    """Bucket, line, reason, cases, median of the values, one row a group."""
    key = bucket(question) if by else "NULL"
    line = "line" if by or (question.metric.lines and question.line is None) else "NULL"
    return (
        f"SELECT {key} AS bucket, {line} AS line, excluded_reason AS reason, count(*),"
        f" quantile_cont(value, {question.metric.quantile}) FROM ({cases(question)})"
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
    first, last = span(question)
    key = question.key(question.by)
    cubed = _CUBED.format(key=key)
    own = owned(question)
    select = (
        f"SELECT {cubed} FROM mart.cube_{question.cube} WHERE metric = {question.number}"
        f" AND on_day BETWEEN {day(first)} AND {day(last)}"
        f" AND {_where(question, in_cube=True)} AND {own}"
    )
    moment = edge_at(question)
    if moment is None:
        return select
    before = f"edge_at <= {moment}"
    keys = keys_of(question.cube or "total") or {"total": "key"}
    if question.has_edges:
        named = ", ".join(f"k_{each} AS {key}" for each, key in keys.items())
        relation = (
            f"SELECT *, {named} FROM mart.edge WHERE metric = {question.number}"
            f" AND on_day = {day(question.end)} AND {before}"
        )
        where = _where(question, in_cube=True)
    else:
        named = ", ".join(f"{key_value(each)} AS {key}" for each, key in keys.items())
        relation = f"SELECT *, {named} FROM ({present_day(metric, question.end)})"
        where = f"{before} AND {_where(question, in_cube=False)}"
    return f"{select} UNION ALL SELECT {cubed} FROM ({relation}) WHERE {where} AND {own}"


def owned(question: Question) -> str:
    """The condition on its table of the cube that leaves the caller's own keys."""
    scope = question.scope
    if scope is None:
        return "TRUE"
    own = [of_keys(scope, each, question.key(each)) for each in question.own_by or ()]
    return f"({' OR '.join(own)})" if own else "TRUE"


def span(question: Question) -> tuple[date, date]:
    """The days of the cube that a question adds up; of what the clock moves only those over."""
    first = _EVER if question.metric.is_spell else question.first
    if not _is_moving(question):
        return first, question.last
    return first, question.end - timedelta(days=1) if question.now_counts else question.end


def edge_at(question: Question) -> str | None:
    """Up to which moment the day that is not over counts, case by case; None where it does not."""
    first = _EVER if question.metric.is_spell else question.first
    if not _is_moving(question) or not question.now_counts or question.end < first:
        return None
    return _moment(question.as_of)


def _is_moving(question: Question) -> bool:
    return question.metric.is_spell or question.metric.basis == "due"


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
    return " AND ".join([*parts, *chosen(question, in_cube=in_cube)])


def chosen(question: Question, *, in_cube: bool) -> list[str]:
    """The conditions of the filters, whose words are parameters."""
    parts = []
    for dimension in question.filters:
        parameter = f"$is_{dimension}"
        key = question.key(dimension)
        if dimension == "class":
            path = key if in_cube else f"coalesce(class_path, '{UNKNOWN}')"
            parts.append(f"({path} = {parameter} OR starts_with({path}, {parameter} || '/'))")
        else:
            own = key if in_cube else f"coalesce({dimension}, '{UNKNOWN}')"
            parts.append(f"{own} = {parameter}")
    return parts


def _told(question: Question) -> str:
    """What the key that a series is grouped by is for a row of the metric."""
    keys = keys_of(question.cube or "total")
    return next(
        (key_value(each) for each, key in keys.items() if key == question.key(question.by)), "''"
    )


def bucket(question: Question, key: str | None = None) -> str:
    """What a series is grouped by, as text; days before the period of a spell are its opening.

    `key` is the column of the cube that has it; without one these are rows of the metric.
    """
    by = question.by
    if by is None:
        return "NULL"
    if by in TIME_BY:
        shape = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "hour": "%Y-%m-%d"}[by]
        found = f"strftime(on_day, '{shape}')"
        if by == "hour":
            clock = f"{found} || 'T' || lpad(CAST(on_hour AS VARCHAR), 2, '0')"
            found = f"CASE WHEN on_hour IS NULL THEN '{UNKNOWN}' ELSE {clock} END"
        if question.metric.is_spell:
            found = f"CASE WHEN on_day < {day(question.first)} THEN '' ELSE {found} END"
        return found
    if by in ("source", "line"):
        return by
    if by == "class":
        path = key or "class_path"
        return f"coalesce({class_key(question.level, path)}, '{UNKNOWN}')"
    return key or f"coalesce({name(by)}, '{UNKNOWN}')"


def _moment(at: datetime) -> str:
    return f"TIMESTAMP '{at.isoformat(sep=' ')}'"
