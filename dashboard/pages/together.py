"""The figures that a page is going to ask, asked together: those that its last drawing asked.

What a figure costs is the planning of its statement, and a page has up to ninety. The page of
another village, another month or another snapshot asks the same of other days and places: days are
known again by what they are to the period, places by the filters. What was asked in vain costs
next to nothing, and what was not foreseen is asked by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from weakref import WeakKeyDictionary

from dashboard.pages.reading import Glass, log
from dashboard.pages.state import Span
from warehouse.errors import WarehouseError
from warehouse.read import MetricQuery

_FILTERS: Final = ("level", "source", "community", "grid", "unit", "class_path", "line")
_PAGES: Final = 40
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What a drawing asked, over which days and under which filters."""

    span: Span
    filters: MetricQuery
    asked: tuple[tuple[str, MetricQuery], ...]


# by reader: that of a unit's or a village's reader is made for the request, and its figures have to
# be asked one by one anyway
_last: WeakKeyDictionary[Any, dict[str, _Drawing]] = WeakKeyDictionary()


@contextmanager
def asking(glass: Glass) -> Iterator[None]:
    """Ask what the page's last drawing asked, and remember what this one asks."""
    reader = glass.data.reader
    pages = _last.setdefault(reader, {})
    span, path = glass.want.span, glass.state.path
    if glass.state.get("more"):  # the page with all its figures is another than that with the first
        path = f"{path}?more"
    filters = glass.ask(span.first, span.last)
    before = pages.get(path)
    if before is not None:
        wanted = [
            (metric, found)
            for metric, query in before.asked
            if (found := _moved(query, before, span, filters)) is not None
        ]
        try:
            reader.ahead(wanted, glass.generation.number)
        except WarehouseError as error:  # each figure that is shown asks again, and tells it
            log.warning("figures_not_asked_together", page=path, why=str(error))
    yield
    asked = tuple((key[1], key[2]) for key in glass.known if key[0] == "metric")
    if len(pages) < _PAGES or path in pages:
        pages[path] = _Drawing(span, filters, asked)


def _moved(
    query: MetricQuery, before: _Drawing, span: Span, filters: MetricQuery
) -> MetricQuery | None:
    """A question of the last drawing as this one asks it; None where that is not known."""
    then = query.first, query.last
    days = _roles(before.span, span).get(then, then if before.span == span else None)
    if days is None or query.known_by is not None:
        return None
    places = {
        name: getattr(filters, name)
        for name in _FILTERS
        if getattr(query, name) == getattr(before.filters, name)
    }
    return replace(query, first=days[0], last=days[1], **places)


def _roles(before: Span, now: Span) -> Mapping[Days, Days]:
    """The days of one period by what they are to it, each with those of the other."""
    return {
        (before.today, before.today): (now.today, now.today),
        (before.year.first, before.year.last): (now.year.first, now.year.last),
        (before.previous.first, before.previous.last): (now.previous.first, now.previous.last),
        (before.first, before.last): (now.first, now.last),
    }
