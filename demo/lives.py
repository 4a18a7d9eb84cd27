"""Matters with a life: drawn day by day from seed and date, shown as far as they have come.

A life begins on a day and is over within the span of its kind. Lives that are over are kept as
one number each (when they were last changed, which day, which of that day), the others are drawn
when they are looked at. So three years of a busy platform need a few megabytes.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

from demo.town import Town

Cell = str | int | float | bool | datetime | date | None
Row = dict[str, Cell]
AT: Final = "@"
_SECOND: Final = timedelta(seconds=1)
_DAY_BITS: Final = 13
_NUMBER_BITS: Final = 11  # at most 2,047 lives a day


class Step(NamedTuple):
    """One step of a life: when, and what it sets."""

    at: datetime
    sets: Row


@dataclass(frozen=True, slots=True)
class Life:
    """One matter with everything that will happen to it."""

    facts: Row
    steps: tuple[Step, ...]

    @property
    def ends(self) -> datetime:
        """When it changes for the last time."""
        return self.steps[-1].at

    def updated_at(self, now: datetime) -> datetime | None:
        """When it was last changed as of now; None before it began."""
        seen = bisect_right(self.steps, now, key=lambda step: step.at)
        return self.steps[seen - 1].at if seen else None

    def row(self, now: datetime) -> Row:
        """What a reader sees of it at this moment."""
        row = dict(self.facts)
        for step in self.seen(now):
            row |= step.sets
        return row

    def seen(self, now: datetime) -> tuple[Step, ...]:
        """The steps that have happened."""
        return self.steps[: bisect_right(self.steps, now, key=lambda step: step.at)]


class Pen:
    """Writes the steps of one life one after another; time never runs backwards.

    A value `AT` stands for the moment that the step really got; `stamp` is the column, if any, that
    says when the matter was last changed.
    """

    def __init__(self, at: datetime, stamp: str = "", /, **sets: Cell) -> None:
        self.stamp = stamp
        self.at = datetime.min
        self.steps: list[Step] = []
        self.step(at, **sets)

    def step(self, at: datetime, **sets: Cell) -> datetime:
        """Write one step at this moment, or a second after the one before; when it was."""
        if at.microsecond:
            at = at.replace(microsecond=0)
        self.at = at if at > self.at else self.at + _SECOND
        made = {name: self.at if value == AT else value for name, value in sets.items()}
        if self.stamp:
            made[self.stamp] = self.at
        self.steps.append(Step(self.at, made))
        return self.at

    def life(self, **facts: Cell) -> Life:
        """The life that was written."""
        return Life(facts, tuple(self.steps))


class Drawn(Protocol):
    """What a book can hold: something that changes for a while and then no more."""

    @property
    def ends(self) -> datetime:
        """When it changes for the last time."""

    def updated_at(self, now: datetime) -> datetime | None:
        """When it was last changed as of now; None before it began."""

    def row(self, now: datetime) -> dict[str, Any]:
        """What a reader sees of it at this moment."""


_Life = TypeVar("_Life", bound=Drawn)


class Book(Generic[_Life]):
    """All lives of one kind, in the order in which they were last changed."""

    def __init__(
        self, town: Town, draw: Callable[[Town, date], Sequence[_Life]], span: int, keep: int = 40
    ) -> None:
        """`span`: days within which every life is over; `keep`: drawn days kept beyond these."""
        self._town = town
        self._span = span
        self._first = datetime.combine(town.first, time())
        self.day = lru_cache(maxsize=span + keep)(lambda day: draw(town, day))
        self._over: list[int] = []  # of the days from _from until before _next
        self._from = self._next = town.first
        self._lock = threading.Lock()

    def changed(self, now: datetime, since: datetime) -> list[int]:
        """The lives last changed from `since` until now, in the order of change."""
        with self._lock:
            self._turn(now.date(), since)
            low = self._packed(since, self._town.first, 0)
            found = self._over[bisect_left(self._over, low) :]
            day = self._next
            while day <= now.date():
                for number, life in enumerate(self.day(day)):
                    updated = life.updated_at(now)
                    if updated is not None and updated >= since:
                        found.append(self._packed(updated, day, number))
                day += timedelta(days=1)
        found.sort()
        return found

    def following(self, now: datetime, after: int, count: int) -> list[int]:
        """The first `count` entries after one, drawing no more days than that takes.

        What changes while somebody goes on from entry to entry is told later, at its new place.
        """
        since = max(self.updated(after), self._first)
        day = max(self._town.first, since.date() - timedelta(days=self._span + 1))
        found: list[int] = []
        while day <= now.date():
            for number, life in enumerate(self.day(day)):
                updated = life.updated_at(now)
                if updated is not None and updated >= since:
                    entry = self._packed(updated, day, number)
                    if entry > after:
                        found.append(entry)
            day += timedelta(days=1)
            if len(found) >= count:  # what begins later comes after the end of this day
                end = self.before(datetime.combine(day, time()))
                if sum(entry <= end for entry in found) >= count:
                    break
        return sorted(found)[:count]

    def before(self, moment: datetime) -> int:
        """The entry after which everything lies that changed at this moment or later."""
        return self._packed(moment, self._town.first, 0) - 1

    def life(self, entry: int) -> _Life:
        """The life that an entry of `changed` stands for."""
        number = entry & ((1 << _NUMBER_BITS) - 1)
        day = entry >> _NUMBER_BITS & ((1 << _DAY_BITS) - 1)
        return self.day(self._town.first + timedelta(days=day))[number]

    def updated(self, entry: int) -> datetime:
        """When the life of an entry was last changed."""
        return self._first + timedelta(seconds=max(0, entry) >> (_DAY_BITS + _NUMBER_BITS))

    def row(self, entry: int, now: datetime) -> dict[str, Any]:
        """What a reader sees of it at this moment."""
        return self.life(entry).row(now)

    def before_last(self, entry: int) -> datetime | None:
        """A moment at which the life of an entry was as before its last change; None if there was
        no life."""
        at = self.updated(entry) - _SECOND
        return None if self.life(entry).updated_at(at) is None else at

    def _turn(self, today: date, since: datetime) -> None:
        """Put aside the lives that are over, none that ended before `since` could matter."""
        span = timedelta(days=self._span + 1)
        horizon = max(self._town.first, today - span)
        begin = max(self._town.first, min(horizon, max(since, self._first).date() - span))
        if self._next > horizon or begin > self._next:  # set back, or far ahead of the last time
            self._over, self._from, self._next = [], begin, begin
        elif self._from == self._next:
            self._from = self._next = begin
        self._put_aside(begin, self._from)
        self._put_aside(self._next, horizon)
        self._from, self._next = min(begin, self._from), horizon
        self._over.sort()

    def _put_aside(self, day: date, until: date) -> None:
        while day < until:
            for number, life in enumerate(self.day(day)):
                self._over.append(self._packed(life.ends, day, number))
            day += timedelta(days=1)

    def _packed(self, updated: datetime, day: date, number: int) -> int:
        seconds = max(0, int((updated - self._first).total_seconds()))
        days = (day - self._town.first).days
        return seconds << (_DAY_BITS + _NUMBER_BITS) | days << _NUMBER_BITS | number


def as_text(row: Row) -> dict[str, str | None]:
    """A row as platforms of this kind send it: everything is text, yes is 1."""
    return {name: _text(value) for name, value in row.items()}


def _text(value: Cell) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)
