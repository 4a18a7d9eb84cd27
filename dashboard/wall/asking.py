"""What the wall asks of the warehouse in one update: one generation, each question once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dashboard.source import Data
from warehouse.read import Generation, MetricAnswer, MetricQuery

Row = dict[str, Any]


class Asking:
    """The questions of one update, answered from one published generation."""

    def __init__(self, data: Data, now: datetime, generation: Generation) -> None:
        self.data = data
        self.now = now
        self.generation = generation
        self._answers: dict[Any, Any] = {}

    @property
    def today(self) -> date:
        """The day of the update."""
        return self.now.date()

    def metric(self, name: str, first: date, last: date, **more: Any) -> MetricAnswer:
        """A metric over the days from first to last, both inclusive."""
        key = (name, first, last, tuple(sorted(more.items())))
        if key not in self._answers:
            query = MetricQuery(first, last, **more)
            self._answers[key] = self.data.reader.metric(name, query, self.generation.number)
        answer: MetricAnswer = self._answers[key]
        return answer

    def count(self, name: str, first: date, last: date) -> int:
        """The figure of a count or a stock; 0 where nothing was counted."""
        return int(self.metric(name, first, last).value or 0)

    def pair(self, name: str, first: date, last: date) -> tuple[int, int]:
        """Numerator and denominator of a rate."""
        answer = self.metric(name, first, last)
        return answer.numerator or 0, answer.denominator or 0

    def rows(self, name: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """The rows of a named query."""
        key = (name, tuple(sorted((params or {}).items())))
        if key not in self._answers:
            table = self.data.reader.query(name, params or {}, self.generation.number)
            self._answers[key] = table.to_pylist()
        found: list[Row] = self._answers[key]
        return found
