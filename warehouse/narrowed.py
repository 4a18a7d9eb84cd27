"""A reader for someone who may read only some units' and villages' rows.

Every question goes through the whole reader with the scope in it. What this class does not answer
itself is not answered: it has no snapshot of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

import pyarrow as pa

from warehouse.answer import MetricAnswer, MetricQuery, Rows
from warehouse.errors import QueryFailed
from warehouse.generation import Generation
from warehouse.matter import Matter
from warehouse.metric import MetricDefinition
from warehouse.read import Reader
from warehouse.scope import Scope
from warehouse.since import Since


class Narrowed(Reader):
    """Answers like the reader it stands before, from the scope's rows alone."""

    def __init__(self, reader: Reader, scope: Scope | None, *, wall: bool = False) -> None:
        self._reader, self.scope, self._wall = reader, scope, wall

    def close(self) -> None:
        """The whole reader goes on; others read through it."""

    def within(self, scope: Scope | None, *, wall: bool = False) -> Reader:
        """A scope is never widened, nor changed for another."""
        fits = scope in (None, self.scope) and wall <= self._wall
        return self if fits else self._refuse("scope")

    def current(self) -> Generation | None:
        """The newest published generation."""
        return self._reader.current()

    def definitions(self) -> Mapping[str, MetricDefinition]:
        """What every metric means."""
        return self._reader.definitions()

    def metric(
        self, metric_id: str, query: MetricQuery, generation: int | None = None
    ) -> MetricAnswer:
        """The figure over the scope's cases."""
        return self._reader.metric(metric_id, replace(query, scope=self.scope), generation)

    def ahead(
        self, wanted: Iterable[tuple[str, MetricQuery]], generation: int | None = None
    ) -> None:
        """The figures over the scope's cases, answered together."""
        narrow = [(metric, replace(query, scope=self.scope)) for metric, query in wanted]
        self._reader.ahead(narrow, generation)

    def rows(self, metric_id: str, query: MetricQuery, *place: Any, **options: Any) -> Rows:
        """The scope's cases behind a figure, in the columns that may be seen."""
        if self._wall:
            options["wall"] = True
        return self._reader.rows(metric_id, replace(query, scope=self.scope), *place, **options)

    def class_names(self, domain: str, generation: int | None = None) -> Mapping[str, str]:
        """The names of the classes of a domain."""
        return self._reader.class_names(domain, generation)

    def since(
        self, metric_id: str, query: MetricQuery, moment: datetime, *place: Any, **options: Any
    ) -> Since:
        """The scope's cases alone; a public room is told of none."""
        if self._wall:
            self._refuse("since")
        narrow = replace(query, scope=self.scope)
        return self._reader.since(metric_id, narrow, moment, *place, **options)

    def labels(self, fact: str, generation: int | None = None) -> Mapping[str, str]:
        """How people call the columns of a fact."""
        return self._reader.labels(fact, generation)

    def every(
        self, metric_id: str, query: MetricQuery, **options: Any
    ) -> Iterator[list[dict[str, Any]]]:
        """All of the scope's cases behind a figure; a public room takes nothing away."""
        if self._wall:
            self._refuse("every")
        return self._reader.every(metric_id, replace(query, scope=self.scope), **options)

    def query(
        self,
        name: str,
        params: Mapping[str, Any] | None = None,
        generation: int | None = None,
        scope: Scope | None = None,
        wall: bool = False,
    ) -> pa.Table:
        """The answer of a named query over the scope's rows."""
        return self._reader.query(name, params, generation, self.scope, wall=self._wall)

    def case(
        self, source: str, key: str, generation: int | None = None, scope: Scope | None = None
    ) -> Matter | None:
        """One of the scope's cases; the wall shows no case in full."""
        if self._wall:
            return self._refuse("case")
        return self._reader.case(source, key, generation, self.scope)

    def latest(
        self, source: str, limit: int = 20, generation: int | None = None
    ) -> Mapping[str, Rows]:
        """What a platform sent last is for those who read all of it."""
        return {}

    def sql(self, text: str) -> pa.Table:
        """Free questions are the engineer's at the shell."""
        return self._refuse("sql")

    def _refuse(self, what: str) -> NoReturn:
        raise QueryFailed(what, f"{what}: not for a reader of some units' rows")
