"""A platform's cases by the day they began, listed by when they last changed.

A day is drawn when it is asked for and forgotten again, so two years of cases cost no memory; how
long a case can go on changing says how far back a question must look.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from demo.town import Town


class Matter(Protocol):
    """What changes at known moments: the first is when it began."""

    @property
    def moments(self) -> Sequence[datetime]:
        """When it changed, in order."""


_M = TypeVar("_M", bound=Matter)
_DAY = timedelta(days=1)


class Ledger(Generic[_M]):
    """All matters of one kind."""

    def __init__(
        self, town: Town, draw: Callable[[Town, date], Sequence[_M]], life: timedelta
    ) -> None:
        self.town = town
        self._life = life
        self._on = lru_cache(maxsize=90)(lambda day: draw(town, day))

    def listing(self, now: datetime, since: datetime) -> list[tuple[datetime, _M]]:
        """What last changed from `since` until now, in the order of the change."""
        found = []
        day = max(self.town.first, (since - self._life).date())
        while day <= now.date():
            for matter in self._on(day):
                changed = last_change(matter, now)
                if changed is not None and changed >= since:
                    found.append((changed, matter))
            day += _DAY
        found.sort(key=lambda pair: pair[0])
        return found


def last_change(matter: Matter, now: datetime) -> datetime | None:
    """When a matter last changed as of now; None before it began."""
    steps = bisect_right(matter.moments, now)
    return matter.moments[steps - 1] if steps else None
