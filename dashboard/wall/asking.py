"""What the wall asks of the warehouse: one generation an update, each question once.

An answer is kept while no row of its platforms changed, for a few minutes at most: what only the
passing of time changes, such as what is overdue, is then asked anew. Answers do not all end at
once, so that no update pays for all of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import structlog

from dashboard.source import Data
from warehouse.errors import WarehouseError
from warehouse.read import Generation, MetricAnswer, MetricQuery, SourceState, named_query

log = structlog.get_logger()
Row = dict[str, Any]
T = TypeVar("T")
KEPT = timedelta(minutes=4)
LEAST = timedelta(minutes=2)  # between the two, by the question


def stands_for(key: Any) -> timedelta:
    """How long the answer to a question stands."""
    share = zlib.crc32(repr(key).encode()) % 256 / 256
    return LEAST + share * (KEPT - LEAST)


class Memory:
    """Answers of earlier updates, each with the deliveries it stands on, since when and until.

    It also knows which figures the last update showed: the next one will want them again.
    """

    def __init__(self) -> None:
        self._answers: dict[Any, tuple[Any, datetime, datetime, Any]] = {}
        self._wanted: dict[Any, None] = {}

    def begin(self) -> tuple[Any, ...]:
        """An update begins: the figures of the one before."""
        before, self._wanted = tuple(self._wanted), {}
        return before

    def want(self, key: Any) -> None:
        """A figure is shown in this update."""
        self._wanted[key] = None

    def recall(self, key: Any, deliveries: Any, at: datetime) -> Any:
        """An answer that still stands; None otherwise."""
        found = self._answers.get(key)
        if found is None or found[0] != deliveries or not found[1] <= at < found[2]:
            return None
        return found[3]

    def keep(self, key: Any, deliveries: Any, at: datetime, answer: Any) -> None:
        """Remember an answer, and forget what is too old to stand."""
        if len(self._answers) > 200:
            self._answers = {k: kept for k, kept in self._answers.items() if at < kept[2]}
        self._answers[key] = deliveries, at, at + stands_for(key), answer


class Asking:
    """The questions of one update, answered from one published generation."""

    def __init__(
        self, data: Data, now: datetime, generation: Generation, memory: Memory | None = None
    ) -> None:
        self.data = data
        self.platforms = data.platforms  # looked up once: each asks the file whether it changed
        self.site = data.site
        self.thresholds = data.thresholds
        self.now = now
        self.generation = generation
        self._memory = memory or Memory()
        self._before = self._memory.begin()
        self._known: dict[str, Any] = {}
        self._rows_of = {one.platform: _rows(one) for one in generation.sources if one.own}

    @property
    def today(self) -> date:
        """The day of the update."""
        return self.now.date()

    @property
    def minute(self) -> datetime:
        """The update's moment without seconds: what is shown in minutes changes once a minute."""
        return self.now.replace(second=0, microsecond=0)

    @property
    def as_of(self) -> datetime:
        """The moment the generation was published: what its rows are asked as of."""
        return self.generation.published_at

    def metric(self, name: str, first: date, last: date, **more: Any) -> MetricAnswer:
        """A metric over the days from first to last, both inclusive."""
        key = (name, first, last, self.today, tuple(sorted(more.items())))
        self._memory.want(key)
        found = self._recalled(key)
        if found is None:
            self._ask_together()
            query = MetricQuery(first, last, **more)
            found = self.data.reader.metric(name, query, self.generation.number)
            self._memory.keep(key, self._behind_metric(name), self.now, found)
        answer: MetricAnswer = found
        return answer

    def _ask_together(self) -> None:
        """Ask at once what the last update showed and this one has to ask anew.

        Planning a question costs more than answering it, and twenty figures are one question.
        """
        before, self._before = self._before, ()
        wanted = [
            (name, MetricQuery(first, last, **dict(more)))
            for name, first, last, day, more in before
            if day == self.today and self._recalled((name, first, last, day, more)) is None
        ]
        if len(wanted) > 1:
            try:
                self.data.reader.ahead(wanted, self.generation.number)
            except WarehouseError as error:
                # each panel then asks by itself, and says what is wrong
                log.warning("figures_not_asked_together", why=str(error))

    def _recalled(self, key: Any) -> Any:
        return self._memory.recall(key, self._behind_metric(key[0]), self.now)

    def _behind_metric(self, name: str) -> tuple[Any, ...]:
        return self._behind(self.data.reader.definitions()[name].platforms)

    def count(self, name: str, first: date, last: date) -> int:
        """The figure of a count or a stock; 0 where nothing was counted."""
        return int(self.metric(name, first, last).value or 0)

    def pair(self, name: str, first: date, last: date) -> tuple[int, int]:
        """Numerator and denominator of a rate."""
        answer = self.metric(name, first, last)
        return answer.numerator or 0, answer.denominator or 0

    def rows(self, name: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """The rows of a named query; its moment `as_of` is not part of what is remembered."""
        given = dict(params or {})
        steady = sorted((k, v) for k, v in given.items() if k != "as_of")
        key = (name, self.today, tuple(steady))
        behind = self._behind(named_query(name, dict(given)).platforms)
        found = self._memory.recall(key, behind, self.now)
        if found is None:
            table = self.data.reader.query(name, given, self.generation.number)
            found = table.to_pylist()
            self._memory.keep(key, behind, self.now, found)
        rows: list[Row] = found
        return rows

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What several panels make from the same rows; made once an update."""
        if name not in self._known:
            self._known[name] = make()
        found: T = self._known[name]
        return found

    def _behind(self, platforms: tuple[str, ...]) -> tuple[Any, ...]:
        return tuple(self._rows_of.get(key) for key in platforms)


def _rows(one: SourceState) -> tuple[str, Any]:
    """Changes with the rows of a source; by its successes where more is not told."""
    return one.source, one.last_success_at if one.changed is None else one.changed
