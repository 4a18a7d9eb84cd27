"""Which models and metrics a build must bring up to date, and for which days."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter

from warehouse.assemble.cube import LAYOUT, Span
from warehouse.errors import BadDeclaration
from warehouse.header import SqlFile, tables_read
from warehouse.metric import MetricDefinition

# More spans than this cost more than counting the days between them.
_MOST_SPANS = 6
_WHOLE_SHARE = 400

Days = set[date] | None  # None: every day


@dataclass(frozen=True)
class Step:
    """One relation to bring up to date: anew from nothing, or some of its days.

    `much` says that every row of what it reads must be looked at.
    """

    name: str
    anew: bool
    days: Days
    much: bool


@dataclass
class Plan:
    """The steps of a build in order; what is not named is up to date.

    Of the relations that changed it knows the days, and whether they are small: of a small whole
    model every day is not more than a few.
    """

    models: list[Step] = field(default_factory=list)
    metrics: list[Step] = field(default_factory=list)
    changed: dict[str, Days] = field(default_factory=dict)
    small: set[str] = field(default_factory=set)

    def is_much(self, reads: Iterable[str]) -> bool:
        """Whether every day of it means every row of a fact, not only of a small whole model."""
        return any(
            self.changed.get(each, set()) is None and each not in self.small for each in reads
        )

    def days_for(self, reads: Iterable[str], spread: int) -> tuple[bool, Days]:
        """Whether what it reads has changed, and for which days that counts."""
        touched = [self.changed[each] for each in reads if each in self.changed]
        days: set[date] = set()
        for each in touched:
            if each is None:
                return True, None
            days |= each
        days = {each + timedelta(days=n) for each in days for n in range(spread + 1)}
        return bool(touched), None if len(days) > _WHOLE_SHARE else days


def plan(
    dirty: Mapping[str, set[date]],
    models: Iterable[SqlFile],
    metrics: Iterable[MetricDefinition],
    marks: Mapping[str, str],
    built: Mapping[str, str],
) -> Plan:
    """What to build: models in the given order, then metrics."""
    found = Plan(changed=dict(dirty))
    for file in models:
        name = f"mart.{file.name}"
        reads = tables_read(file.sql)
        needed, days = found.days_for(reads, int(file.word("spread", "0")))
        anew = built.get(name) != marks[name]
        if not (needed or anew):
            continue
        is_view = file.words.get("kind") == "view"
        by_day = is_view or "partition" in file.words
        days = None if anew or not by_day else days
        much = anew or found.is_much(reads)
        found.models.append(Step(name, anew or (not is_view and days is None), days, much))
        found.changed[name] = days
        if not by_day:
            found.small.add(name)
    for metric in metrics:
        reads = tables_read(metric.sql)
        needed, days = found.days_for(reads, metric.spread)
        anew = built.get(metric.id) != marks[metric.id]
        if needed or anew:
            much = anew or (days is None and found.is_much(reads))
            found.metrics.append(Step(metric.id, anew, None if anew else days, much))
    return found


def spans_of(days: Days) -> list[Span]:
    """Days as few unbroken spans; nothing for every day."""
    if days is None:
        return []
    spans: list[Span] = []
    for each in sorted(days):
        if spans and each - spans[-1][1] <= timedelta(days=1):
            spans[-1] = (spans[-1][0], each)
        else:
            spans.append((each, each))
    while len(spans) > _MOST_SPANS:
        gaps = [(spans[n + 1][0] - spans[n][1], n) for n in range(len(spans) - 1)]
        n = min(gaps)[1]
        spans[n : n + 2] = [(spans[n][0], spans[n + 1][1])]
    return spans


def parts_of(first: date, last: date, rows: int, most: int) -> Iterator[Span]:
    """The days from first to last in stretches of about so many rows, if rows come evenly."""
    parts = max(1, -(-rows // most))
    days = -(-((last - first).days + 1) // parts)
    while first <= last:
        yield first, min(last, first + timedelta(days=days - 1))
        first += timedelta(days=days)


def model_order(models: Mapping[str, SqlFile]) -> list[str]:
    """Models in the order in which they can be built, as their SQL says."""
    graph = {
        each: {
            read.removeprefix("mart.")
            for read in tables_read(file.sql)
            if read.startswith("mart.") and read.removeprefix("mart.") in models
        }
        for each, file in sorted(models.items())
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise BadDeclaration(error.args[1][0], f"models read each other: {circle}") from None


def marks_of(
    models: Mapping[str, SqlFile],
    metrics: Mapping[str, MetricDefinition],
    dimensions: Mapping[str, str],
) -> dict[str, str]:
    """A word for each relation that changes when it, or anything below it, is defined anew."""
    marks = {f"core.{each}": mark for each, mark in dimensions.items()}

    def mark(sql: str) -> str:
        below = [marks.get(each, each) for each in sorted(tables_read(sql))]
        return hashlib.sha256("\n".join([sql, *below]).encode()).hexdigest()[:16]

    for each in model_order(models):
        file = models[each]
        marks[f"mart.{each}"] = mark(file.sql + str(sorted(file.words.items())))
    for each, metric in metrics.items():
        marks[each] = mark(f"{metric.sql} {metric.kind} {metric.spread} cube {LAYOUT}")
    return marks
