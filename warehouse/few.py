"""Small cells of figures about persons: what is under five is not told, nor what would betray it.

A village with three people of a kind, told as 3, tells of three people. Since the total is known, a
single withheld cell could be had by subtraction; so the next smallest ones are withheld with it
until at least two cells with five people together are hidden. Counts of cases are never withheld.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from warehouse.answer import MetricAnswer, Point
from warehouse.assemble.question import Question
from warehouse.metric import MetricDefinition

LEAST: Final = 5
_DIMENSIONS: Final = ("community", "grid", "unit", "class")


def withheld(cells: Mapping[str, int]) -> set[str]:
    """The keys of a partition whose numbers are not told."""
    order = sorted((n, key) for key, n in cells.items() if n > 0)
    hidden = [key for n, key in order if n < LEAST]
    if not hidden:
        return set()
    while len(hidden) < len(order):
        if len(hidden) > 1 and sum(n for n, _ in order[: len(hidden)]) >= LEAST:
            break
        hidden.append(order[len(hidden)][1])
    return set(hidden)


def guarded(question: Question, ask: Callable[[Question], MetricAnswer]) -> MetricAnswer:
    """The answer to a question about persons, without its small cells.

    Places, units and classes are told one at a time: two of them cut finer than can be kept safe.
    """
    answer = ask(question)
    cut = set(question.filters)
    if question.by in _DIMENSIONS:
        cut.add(question.by)
    if len(cut) > 1 or (cut & set(question.filters) and _is_hidden(question, ask)):
        return _nothing_of(answer)
    if question.by in _DIMENSIONS:
        hidden: set[str] = set()
        for line in _lines(question.metric):
            own = {p.key: p.numerator or 0 for p in answer.series if p.key.startswith(line)}
            hidden |= withheld(own)
        return replace(answer, series=tuple(_told(p, p.key in hidden) for p in answer.series))
    series = tuple(_told(p, 0 < (p.numerator or 0) < LEAST) for p in answer.series)
    if 0 < (answer.numerator or 0) < LEAST:
        return replace(_nothing_of(answer), series=series)
    return replace(answer, series=series)


def _is_hidden(question: Question, ask: Callable[[Question], MetricAnswer]) -> bool:
    """Whether the one place, unit or class that is asked for is withheld among its neighbours."""
    (dimension, key) = next(iter(question.filters.items()))
    level = key.count("/") + 1 if dimension == "class" else question.level
    among = ask(replace(question, filters={}, by=dimension, level=level))
    for line in _lines(question.metric, question.line):
        cells = {p.key: p.numerator or 0 for p in among.series if p.key.startswith(line)}
        if f"{line}{key}" in withheld(cells):
            return True
    return False


def _lines(metric: MetricDefinition, only: str | None = None) -> list[str]:
    """What the keys of a series begin with, line by line."""
    return [""] if only or not metric.lines else [f"{line}/" for line, _ in metric.lines]


def _told(point: Point, hide: bool) -> Point:
    return Point(point.key, point.label, None, None, None, withheld=True) if hide else point


def _nothing_of(answer: MetricAnswer) -> MetricAnswer:
    return replace(
        answer,
        value=None,
        numerator=None,
        denominator=None,
        withheld=True,
        series=tuple(_told(point, True) for point in answer.series),
    )
