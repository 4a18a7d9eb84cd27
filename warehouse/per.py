"""Figures per head: cases by the people of a place or by the officers there are.

How many there are is a fact of the site's file, not a column of any row; it is that of now, also
for earlier periods, and a definition that counts per head says so.
"""

from __future__ import annotations

from typing import Final

from config.site import Site, load_site
from warehouse.answer import Number, Sums
from warehouse.assemble.question import Question

_NOBODY: Final = 0


def value(question: Question, found: Sums, key: str = "") -> Number | None:
    """The figure of a question, or of one key of its series."""
    metric = question.metric
    if not metric.per:
        return found.value(metric.kind)
    heads = _heads(question, key, load_site())
    return found.num * metric.times / heads if heads else None


def _heads(question: Question, key: str, site: Site) -> int:
    """How many of whom the figure is told by; nobody where that is not known."""
    if question.metric.per == "officers":
        return site.officers
    if question.by == "grid" or "grid" in question.filters:
        return _NOBODY
    people = {one.code: one.population for one in site.communities}
    if question.by == "community" and key:
        return people.get(key, _NOBODY)
    if "community" in question.filters:
        return people.get(question.filters["community"], _NOBODY)
    if question.scope is not None:  # of a village's own figures, by its own people
        return sum(people.get(code, _NOBODY) for code in question.scope.communities)
    return site.population
