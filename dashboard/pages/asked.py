"""The question that an open proof asks: one metric over some days with some filters, pinned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dashboard.pages import render
from dashboard.pages.reading import Glass
from dashboard.pages.state import FILTERS, PARTS, State
from warehouse.errors import GenerationGone
from warehouse.read import MetricAnswer, MetricQuery, Rows


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric question taken from an address, with the answer it got."""

    glass: Glass
    metric: str
    definition: Any
    query: MetricQuery
    part: str | None
    answer: MetricAnswer
    renewed: bool = False

    @property
    def filters(self) -> dict[str, str]:
        """The filters of this question alone."""
        return proof_filters(self.glass.state)

    def rows(
        self, *, limit: int, offset: int = 0, sort: str | None = None, part: str | None = None
    ) -> Rows:
        """Rows of the question, of its chosen part when none is named."""
        found: Rows = self.glass.data.reader.rows(
            self.metric,
            self.query,
            limit=limit,
            offset=offset,
            sort=sort,
            only=part or self.part,
            generation=self.glass.generation.number,
        )
        return found

    @property
    def columns(self) -> frozenset[str]:
        """The names of the columns a table of this question has."""
        return frozenset(column.name for column in self.rows(limit=0).columns)


def proof_filters(state: State) -> dict[str, str]:
    """The filters that a proof was opened with."""
    found = {name: state.get(f"p-{name}") for name in FILTERS}
    return {name: value for name, value in found.items() if value}


def ask(pages: Sequence[Any], state: State) -> Asked | None:
    """The question of an address and its answer; None when there is none to answer."""
    metric = state.get("proof")
    if not metric:
        return None
    page = render.find(pages, state.path)
    wanted = state.get("gen")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 12 else None
    glass = render.glass(page, render.placed(page, state), number)
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
    return Asked(glass, metric, definition, query, part, answer, renewed)


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
