"""The newest cases of a table, found from the present backwards until there are enough.

Who reads a table sees a hundred rows of what may be ten million, the newest first. They lie in the
last days: only these are put in order, and of a searched word only their texts are read.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from warehouse.assemble.listing import Table
from warehouse.assemble.question import Question

NEWEST: Final = "-on_at"
_FIRST_DAYS: Final = 8
_TIMES: Final = 8  # what the next stretch is longer than all before it, at most
_SPARE: Final = 1.25

Places = list[tuple[Any, ...]]
Asked = Callable[[str], Places]


def fits(question: Question, sort: str | None) -> bool:
    """Whether days of a table follow each other as its rows do: not those of what goes on."""
    return sort in (None, NEWEST) and not question.metric.is_spell


def newest(table: Table, order: str, most: int, asked: Asked) -> Places:
    """Where the newest rows lie, with what they count, in order; all there are if these are fewer
    than `most`."""
    question, found = table.question, Places()
    top = min(question.last, question.as_of.date())
    last, first = question.last, _before(top, _FIRST_DAYS, question.first)
    least = 1
    while True:
        found += asked(table.newest(order, (first, last), most - len(found)))
        if len(found) >= most or first <= question.first:
            return found
        seen = (top - first).days + 1
        last = first - timedelta(days=1)
        first = _before(last, max(least, _stretch(len(found), seen, most)), question.first)
        least = seen  # where days are not alike a second guess is no better: twice as many then


def _stretch(found: int, seen: int, most: int) -> int:
    """The days in which the rest may lie, if they are like those seen."""
    if not found:
        return seen * _TIMES
    return min(int((most - found) * seen / found * _SPARE) + 1, seen * _TIMES)


def _before(last: date, days: int, first: date) -> date:
    """The first of some days up to the last one, not before the first of all."""
    return max(first, last - timedelta(days=min(days - 1, (last - date.min).days)))
