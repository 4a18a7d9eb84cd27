"""What is noticed while something is drawn: the faults it tells, and how long its words are true.

What is drawn for many is kept until the first moment at which it would say something else. Whoever
looks at the clock says until when that holds; who says nothing finer is true for a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)


@dataclass
class Watched:
    """Faults that were told, and the moment from which the words are others (None: midnight)."""

    faults: list[Exception] = field(default_factory=list)
    until: datetime | None = None


_watched: ContextVar[Watched | None] = ContextVar("honglan_watched", default=None)


@contextmanager
def watching() -> Iterator[Watched]:
    """Notice what is drawn within."""
    found = Watched()
    mark = _watched.set(found)
    try:
        yield found
    finally:
        _watched.reset(mark)


def noted(error: Exception) -> None:
    """A fault is told, or something is left out because of one; it is drawn anew for the next."""
    found = _watched.get()
    if found is not None:
        found.faults.append(error)


def until(moment: datetime) -> None:
    """From a moment on something says other words than it does now."""
    found = _watched.get()
    if found is not None and (found.until is None or moment < found.until):
        found.until = moment


def to_the_minute(now: datetime) -> datetime:
    """A moment as words tell it: they are others with the next minute of the clock."""
    until(now.replace(second=0, microsecond=0) + _MINUTE)
    return now
