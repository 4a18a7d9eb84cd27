"""Figures that are going to be asked, answered together before they are."""

from collections.abc import Hashable, Iterable
from contextlib import suppress

from warehouse import asked, figure
from warehouse.answer import MetricQuery
from warehouse.assemble import several
from warehouse.assemble.question import Question
from warehouse.errors import UnknownParameter
from warehouse.metric import MetricDefinition
from warehouse.snapshot import Snapshot


def ahead(snapshot: Snapshot, wanted: Iterable[tuple[MetricDefinition, MetricQuery]]) -> None:
    """Ask in one statement a table of the cube and filter, and have the answers remembered.

    What does not fit among others is left to be asked by itself, and so is what is wrong.
    """
    tables: dict[Hashable, dict[tuple[str, MetricQuery], Question]] = {}
    for metric, query in wanted:
        key = metric.id, query
        if snapshot.knows(key):
            continue
        with suppress(UnknownParameter):
            question = asked.check(snapshot, metric, query)
            if question is not None and several.fits(question):
                table = question.cube, question.scope, tuple(question.filters.items())
                tables.setdefault(table, {})[key] = question
    for questions in tables.values():
        if len(questions) > 1:
            found = figure.answers(snapshot, list(questions.values()))
            for key, answer in zip(questions, found, strict=True):
                snapshot.remember(key, answer)
