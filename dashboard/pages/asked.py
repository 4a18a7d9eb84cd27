"""The question that an open proof asks: one metric over some days with some filters, pinned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from config import clock
from dashboard.pages import case_address, render
from dashboard.pages.circumstances import Circumstances
from dashboard.pages.deadlines import DUE
from dashboard.pages.reading import Glass
from dashboard.pages.state import FILTERS, PARTS, State
from dashboard.pages.view import ALL, TableView, opened, sift
from dashboard.pages.watched import until
from warehouse.errors import GenerationGone
from warehouse.read import ColumnInfo, MetricAnswer, MetricQuery, Rows, Sift

_MINUTE: Final = timedelta(minutes=1)
_HISTORY: Final = timedelta(days=36_500)


@dataclass(frozen=True)
class Asked:
    """A metric question taken from an address, with the answer it got."""

    glass: Glass
    metric: str
    definition: Any
    query: MetricQuery
    part: str | None
    answer: MetricAnswer
    renewed: bool = False
    view: TableView = ALL

    @property
    def filters(self) -> dict[str, str]:
        """The filters of this question alone."""
        return proof_filters(self.glass.state)

    def rows(
        self,
        *,
        limit: int,
        offset: int = 0,
        sort: str | None = None,
        part: str | None = None,
        view: TableView | None = None,
    ) -> Rows:
        """Rows of the question, of its chosen part when none is named, as a view leaves them."""
        options: dict[str, Any] = {}
        if view is not None and (sifted := self.sift(view)) and not sifted.is_open:
            options["sift"] = sifted
        found: Rows = self.glass.data.reader.rows(
            self.metric,
            self.reach(view),
            limit=limit,
            offset=offset,
            sort=sort,
            only=part or self.part,
            generation=self.glass.generation.number,
            **options,
        )
        return found

    def reach(self, view: TableView | None) -> MetricQuery:
        """The question over its own days, or over the whole history when the view looks there."""
        if view is None or not view.everywhere or self.definition.is_spell:
            return self.query
        return replace(self.query, first=self.query.last - _HISTORY)

    def sift(self, view: TableView) -> Sift:
        """A view as the warehouse reads it."""
        if view.due:
            until(clock.local().replace(second=0, microsecond=0) + _MINUTE)
        return sift(self.glass.data.site, view, self.types, (self.metric, self.query.last))

    @cached_property
    def types(self) -> dict[str, str]:
        """The columns a table of this question has, with their types."""
        return {column.name: column.type for column in self.shape}

    @cached_property
    def shape(self) -> tuple[ColumnInfo, ...]:
        """The columns a table of this question has."""
        return self.rows(limit=0).columns

    @cached_property
    def is_of_cases(self) -> bool:
        """Whether the number of a row is that of a case with a page of its own."""
        found = self.rows(limit=1)
        return any(
            case_address.of(found, row) == case_address.href(str(row["source"]), str(row["key"]))
            for row in found.rows
        )

    @property
    def columns(self) -> frozenset[str]:
        """The names of the columns a table of this question has."""
        return frozenset(self.types)


def proof_filters(state: State) -> dict[str, str]:
    """The filters that a proof was opened with."""
    found = {name: state.get(f"p-{name}") for name in FILTERS}
    return {name: value for name, value in found.items() if value}


def ask(pages: Sequence[Any], state: State, seen: Circumstances | None = None) -> Asked | None:
    """The question of an address and its answer; None when there is none to answer."""
    metric = state.get("proof")
    if not metric:
        return None
    page = render.find(pages, state.path)
    wanted = state.get("gen")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 12 else None
    glass = render.glass(page, render.placed(page, state), number, seen)
    if glass is None:
        return None
    definition = glass.data.reader.definitions().get(metric)
    if definition is None:
        return None
    query = _query(glass, state)
    part = state.get("part") if state.get("part") in PARTS else None
    try:
        answer, renewed = _answer(glass, metric, query), False
    except GenerationGone:
        current = glass.data.reader.current()
        glass = replace(glass, generation=current)
        answer, renewed = _answer(glass, metric, query), True
    view = opened(glass.data.store, state.get("view"), metric)
    if state.get("due") in DUE:
        view = replace(view, due=state.get("due"))
    return Asked(glass, metric, definition, query, part, answer, renewed, view)


def _answer(glass: Glass, metric: str, query: MetricQuery) -> MetricAnswer:
    answer: MetricAnswer = glass.data.reader.metric(
        metric, query, generation=glass.generation.number
    )
    return answer


def _query(glass: Glass, state: State) -> MetricQuery:
    span = glass.want.span
    filters: dict[str, Any] = proof_filters(state)
    path = filters.pop("class", None)
    return MetricQuery(
        first=_day(state.get("from"), span.first),
        last=_day(state.get("to"), span.last),
        class_path=path,
        **filters,
    )


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
