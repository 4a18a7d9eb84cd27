"""The readers' side of the warehouse: figures, the rows behind them, named queries.

A reader opens only published generations, read-only and locked down. When the pointer moves, the
new generation is opened first; the old one is closed after its last query (`opened.py`).
"""

import atexit
import threading
import weakref
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from warehouse import asked, figure, listing, matter
from warehouse.answer import ColumnInfo, MetricAnswer, MetricQuery, Point, Rows
from warehouse.contribution import Contribution, Part, contribution, displayed
from warehouse.errors import NoSnapshot, UnknownParameter
from warehouse.generation import Generation, SourceState
from warehouse.matter import Change, Matter, Steps
from warehouse.metric import MetricDefinition, load_metrics
from warehouse.named import QUERIES, load_queries, named_query, of_sources
from warehouse.opened import Opened
from warehouse.scope import NOTHING, Scope, narrowed
from warehouse.sift import EVERY, ORDER_TESTS, TESTS, TEXT_TESTS, Filter, Sift
from warehouse.since import Moved, Since, since
from warehouse.snapshot import Snapshot
from warehouse.together import ahead

__all__ = [
    "EVERY",
    "NOTHING",
    "ORDER_TESTS",
    "QUERIES",
    "TESTS",
    "TEXT_TESTS",
    "Change",
    "ColumnInfo",
    "Contribution",
    "Filter",
    "Generation",
    "Matter",
    "MetricAnswer",
    "MetricDefinition",
    "MetricQuery",
    "Moved",
    "Part",
    "Point",
    "Reader",
    "Rows",
    "Scope",
    "Sift",
    "Since",
    "SourceState",
    "Steps",
    "contribution",
    "displayed",
    "load_metrics",
    "load_queries",
    "named_query",
]

# Whoever waits longer reloads and asks the same again; a page of eight such questions would hold
# both cores for a minute. What takes longer by its nature, an export, runs in a process of its own.
LONGEST_S = 5.0
_MOST_ROWS = 100_000


class Reader:
    """Answers from the published snapshot; safe to use from many threads."""

    scope: Scope | None = None  # whose rows it reads; None is the whole street

    def __init__(
        self,
        var: Path,
        *,
        seconds: float = LONGEST_S,
        memory: str = "256MB",
        threads: int = 1,  # of a question: many ask at a time, and parts cost more than a whole
        remembers: int = 500,
    ) -> None:
        limits: dict[str, Any] = {
            "seconds": seconds,
            "memory": memory,
            "threads": threads,
            "remembers": remembers,  # answers of a generation; 0 asks each anew, to measure
        }
        self._lock = threading.Lock()
        self._opened = Opened(Path(var), limits)
        atexit.register(_close, weakref.ref(self))

    def close(self) -> None:
        """Close what is open; a query still running ends first."""
        with self._lock:
            self._opened.close()

    def within(self, scope: Scope | None, *, wall: bool = False) -> "Reader":
        """A reader of the scope's rows, or of what a public room may see; else this one."""
        from warehouse.narrowed import Narrowed

        return Narrowed(self, scope, wall=wall) if wall or scope is not None else self

    def current(self) -> Generation | None:
        """The newest published generation that can be read; None before the first."""
        try:
            with self._reading(None) as snapshot:
                return replace(snapshot.generation, trouble=self._opened.trouble)
        except NoSnapshot:
            return None

    def definitions(self) -> Mapping[str, MetricDefinition]:
        """What every metric means; needs no snapshot."""
        return load_metrics()

    def metric(
        self, metric_id: str, query: MetricQuery, generation: int | None = None
    ) -> MetricAnswer:
        """The figure of a metric with its series."""
        metric = self._definition(metric_id)
        with self._reading(generation) as snapshot:
            return snapshot.once((metric_id, query), lambda: _figure(snapshot, metric, query))

    def ahead(
        self, wanted: Iterable[tuple[str, MetricQuery]], generation: int | None = None
    ) -> None:
        """Answer in few statements what `metric` is going to be asked one by one."""
        named = [(self._definition(metric), query) for metric, query in wanted]
        with self._reading(generation) as snapshot:
            ahead(snapshot, named)

    def rows(  # noqa: PLR0913 - one page of a table needs its place, order and share
        self,
        metric_id: str,
        query: MetricQuery,
        limit: int = 100,
        offset: int = 0,
        sort: str | None = None,
        wall: bool = False,
        only: str | None = None,
        generation: int | None = None,
        sift: Sift = EVERY,
    ) -> Rows:
        """One page of the cases behind a figure; sort is a column, with a minus for downwards."""
        metric = self._of_cases(metric_id)
        if not 0 <= limit <= _MOST_ROWS:
            raise UnknownParameter("limit", limit, f"0 to {_MOST_ROWS}")
        if offset < 0:
            raise UnknownParameter("offset", offset, "0 or more")
        with self._reading(generation) as snapshot:
            question = asked.check(snapshot, metric, query)
            if question is None:
                return Rows((), [], 0, 0, 0)
            place: dict[str, Any] = {
                "limit": limit,
                "offset": offset,
                "sort": sort,
                "wall": wall,
                "only": only,
            }

            def ask() -> Rows:
                return listing.rows(snapshot, question, sift=sift, **place)

            if not sift.is_open:  # what somebody searches for is not remembered
                return ask()
            found = snapshot.once(("rows", metric_id, query, *place.values()), ask, _cells)
            return replace(found, rows=[dict(row) for row in found.rows])

    def class_names(self, domain: str, generation: int | None = None) -> Mapping[str, str]:
        """The names of the classes of a domain by code."""
        with self._reading(generation) as snapshot:
            return dict(snapshot.labels.get(f"class_{domain}", {}))

    def since(
        self,
        metric_id: str,
        query: MetricQuery,
        moment: datetime,
        generation: int | None = None,
        limit: int = 200,
    ) -> Since:
        """The cases that make a figure other than it was at a moment, from the history of rows."""
        metric = self._of_cases(metric_id)
        with self._reading(generation) as snapshot:
            question = asked.check(snapshot, metric, query)
            if question is None:
                return Since((), {}, 0, 0)
            return since(snapshot, question, moment, listing.models(), limit)

    def labels(self, fact: str, generation: int | None = None) -> Mapping[str, str]:
        """How people call the columns of a fact; nothing where there is no such fact yet."""
        try:
            with self._reading(generation) as snapshot:
                return {info.name: info.label for info, _, _ in snapshot.columns.get(fact, ())}
        except NoSnapshot:
            return {}

    def every(  # noqa: PLR0913 - all rows of a table need its order and share
        self,
        metric_id: str,
        query: MetricQuery,
        *,
        most: int,
        block: int = 5000,
        sort: str | None = None,
        only: str | None = None,
        generation: int | None = None,
        sift: Sift = EVERY,
    ) -> Iterator[list[dict[str, Any]]]:
        """All cases behind a figure up to `most`, block by block, from one generation."""
        metric = self._of_cases(metric_id)
        with self._reading(generation) as snapshot:
            question = asked.check(snapshot, metric, query)
            if question is not None:
                yield from listing.every(
                    snapshot, question, most=most, block=block, sort=sort, only=only, sift=sift
                )

    def query(
        self,
        name: str,
        params: Mapping[str, Any] | None = None,
        generation: int | None = None,
        scope: Scope | None = None,
        wall: bool = False,
    ) -> pa.Table:
        """The answer of a named query; $as_of is that of its platforms unless it is given."""
        given = dict(params or {})
        wanted = named_query(name, given)
        if wall and not wanted.is_for_wall:
            raise UnknownParameter("query", name, "a query that a public room may see")
        with self._reading(generation) as snapshot:
            if "as_of" in wanted.params:
                given.setdefault("as_of", asked.as_of_platforms(snapshot, wanted.platforms))
            missing = [each for each in wanted.params if each not in given]
            if missing:
                raise UnknownParameter(missing[0], None, f"a value for ${missing[0]}")

            def ask() -> pa.Table:
                sql = of_sources(wanted, snapshot.generation)
                if scope is None or wanted.is_of_street:
                    return snapshot.arrow(name, sql, given)
                sql = narrowed(sql, snapshot.relations)
                return snapshot.arrow(name, sql, {**given, **scope.words(sql)})

            # the text, for a subject stands in it and not among the values
            question = ("query", wanted.sql, scope, *sorted(given.items()))
            if not all(isinstance(value, Hashable) for value in given.values()):
                return ask()
            return snapshot.once(question, ask, lambda table: table.num_rows * table.num_columns)

    def latest(
        self, source: str, limit: int = 20, generation: int | None = None
    ) -> Mapping[str, Rows]:
        """The rows of a source that came last, by fact; personal columns stand there masked."""
        with self._reading(generation) as snapshot:
            return listing.latest(snapshot, source, limit)

    def case(
        self, source: str, key: str, generation: int | None = None, scope: Scope | None = None
    ) -> Matter | None:
        """One case with its steps and changes; None where the source has no such number.

        To a scope a case that is not its own is not there.
        """
        with self._reading(generation) as snapshot:
            return matter.find(snapshot, source, key, scope)

    def sql(self, text: str) -> pa.Table:
        """One SELECT of the engineer at the shell, on the snapshot; the web never calls this."""
        with self._reading(None) as snapshot:
            return snapshot.typed("sql", text)

    def _of_cases(self, metric_id: str) -> MetricDefinition:
        """A metric whose rows may be listed; those about persons are told as figures alone."""
        metric = self._definition(metric_id)
        if metric.about_persons:
            raise UnknownParameter("rows of metric", metric_id, "its figures only")
        return metric

    def _definition(self, metric_id: str) -> MetricDefinition:
        definitions = load_metrics()
        if metric_id not in definitions:
            raise UnknownParameter("metric", metric_id, definitions)
        return definitions[metric_id]

    @contextmanager
    def _reading(self, generation: int | None) -> Iterator[Snapshot]:
        with self._lock:
            opened = self._opened
            snapshot = opened.newest() if generation is None else opened.kept(generation)
            snapshot.enter()
        try:
            yield snapshot
        finally:
            snapshot.leave()


def _close(reader: "weakref.ref[Reader]") -> None:
    """What is still open when the process ends."""
    found = reader()
    if found is not None:
        found.close()


def _cells(found: Rows) -> int:
    return 1 + len(found.rows) * len(found.columns)


def _figure(snapshot: Snapshot, metric: MetricDefinition, query: MetricQuery) -> MetricAnswer:
    question = asked.check(snapshot, metric, query)
    if question is None:
        return _nothing(metric, query, snapshot.generation.number)
    return figure.answer(snapshot, question)


def _nothing(metric: MetricDefinition, query: MetricQuery, generation: int) -> MetricAnswer:
    """The answer while no source of a metric has ever delivered."""
    return MetricAnswer(
        id=metric.id,
        version=metric.version,
        name=metric.name,
        unit=metric.unit,
        basis=metric.basis,
        first=query.first,
        last=query.last,
        value=None,
        numerator=None,
        denominator=None,
        excluded={},
        as_of=None,
        generation=generation,
    )
