"""Stock and flow over the period from a named query, with the proofs of all five figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from dashboard import wording
from dashboard.pages.reading import Glass
from dashboard.pages.subject.part import Part
from dashboard.panels import balance


@dataclass(frozen=True, slots=True)
class Source:
    """Which query gives the five figures, by which metrics they are proved, how they are called.

    `columns` are the columns of opening, entered, closed, dropped and open; the query of all
    matters is told the `subject`.
    """

    open: str
    entered: str
    closed: str = ""
    subject: str = ""
    query: str = "matter_flow"
    unit: str = "件"
    words: tuple[str, str, str] = ("本期新增", "本期办结", "退单、作废")
    columns: tuple[str, str, str, str, str] = (
        "opening",
        "received",
        "closed",
        "withdrawn",
        "open",
    )


def part(area: str, source: Source) -> Part:
    """The balance of a subject; of the whole street, so a filter hides it."""
    reads = tuple(name for name in (source.open, source.entered, source.closed) if name)
    return Part(
        area,
        balance.TITLE,
        partial(_view, source=source),
        reads,
        basis="期初 + 新增 − 办结 − 剔出 = 期末",
        shown=_whole,
    )


def _whole(glass: Glass) -> bool:
    narrowed = set(glass.want.filters) & {"community", "grid", "unit", "class", "source"}
    return not narrowed


def _view(glass: Glass, *, source: Source) -> Any:
    span = glass.want.span
    told: dict[str, Any] = {"subject": source.subject} if source.subject else {}
    known = glass.metric(source.open, span.first, span.last).as_of
    if known is not None:
        told["as_of"] = known
    found = glass.query(source.query, first=span.first, last=span.last, **told)
    row: Mapping[str, Any] = found[0] if found else {}
    values = [int(row.get(name) or 0) for name in source.columns]
    before = span.first - timedelta(days=1)
    to = glass.doors.to
    hrefs = (
        to(source.open, before, before),
        to(source.entered, span.first, span.last),
        to(source.closed, span.first, span.last) if source.closed else None,
        None,
        to(source.open, span.first, span.last),
    )
    end = "现在在办" if span.last == span.today else f"{wording.day(span.last)}在办"
    heads = (f"期初在办 {wording.day(span.first)}", *source.words, end)
    opening, entered, closed, dropped, still_open = values
    flow = balance.Flow("", source.unit, opening, entered, closed, dropped, still_open, hrefs=hrefs)
    return balance.view(balance.Balance([flow], heads))
