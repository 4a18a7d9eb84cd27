"""Questions to the warehouse at one generation, remembering what was asked for the notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from config.periods import Period
from config.site import Site
from dashboard.reports.figures import Basis, Count, Pair, Rate
from warehouse.read import MetricAnswer, MetricQuery, Reader, Rows

ALL = 100_000  # a week's cases are far fewer


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one issue: the week, what it compares with, what follows, where the data end."""

    now: Period
    before: Period
    year: Period
    until: datetime
    finished: bool
    following: Period


class Reading:
    """All questions go to one generation, so that its figures fit together."""

    def __init__(self, reader: Reader, generation: int, site: Site) -> None:
        self._reader = reader
        self._generation = generation
        self.site = site
        self._answers: dict[str, MetricAnswer] = {}

    def answer(self, metric: str, period: Period, **words: Any) -> MetricAnswer:
        """One metric over a period."""
        query = MetricQuery(first=period.first, last=period.last, **words)
        found = self._reader.metric(metric, query, generation=self._generation)
        self._answers.setdefault(metric, found)
        return found

    def note(self, metric: str, period: Period) -> None:
        """Remember a metric that is cited without a figure of its own."""
        self.answer(metric, period)

    def rows(self, metric: str, period: Period, *, wall: bool = False, **words: Any) -> Rows:
        """The cases behind a metric."""
        query = MetricQuery(first=period.first, last=period.last, **words)
        return self._reader.rows(metric, query, limit=ALL, wall=wall, generation=self._generation)

    def table(self, name: str, **params: Any) -> list[dict[str, Any]]:
        """The rows of a named query."""
        found = self._reader.query(name, params, generation=self._generation)
        rows: list[dict[str, Any]] = found.to_pylist()
        return rows

    def count(self, metric: str, span: Span, **words: Any) -> Count:
        """A number now, before and a year ago."""
        now, before, year = (
            self.answer(metric, period, **words).value
            for period in (span.now, span.before, span.year)
        )
        return Count(now, before, year)

    def rate(self, metric: str, span: Span, **words: Any) -> Rate:
        """A rate now, before and a year ago."""
        return Rate(
            *(self.pair(metric, period, **words) for period in (span.now, span.before, span.year))
        )

    def pair(self, metric: str, period: Period, **words: Any) -> Pair:
        """A rate's two numbers."""
        found = self.answer(metric, period, **words)
        return Pair(found.numerator, found.denominator)

    def by_day(self, metric: str, period: Period) -> dict[date, float]:
        """A count by day."""
        series = self.answer(metric, period, by="day").series
        return {date.fromisoformat(point.key): float(point.value or 0) for point in series}

    def bases(self) -> tuple[Basis, ...]:
        """What every asked metric means, in the order of asking."""
        definitions = self._reader.definitions()
        return tuple(
            Basis(
                metric=metric,
                version=str(found.version),
                name=found.name,
                basis=definitions[metric].formula,
                as_of=found.as_of,
            )
            for metric, found in self._answers.items()
        )

    @property
    def as_of(self) -> datetime | None:
        """The oldest data time of all that was asked."""
        times = [found.as_of for found in self._answers.values() if found.as_of is not None]
        return min(times) if times else None
