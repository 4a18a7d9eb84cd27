"""Stock and flow over the period from a named query, with the proofs of all five figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import own_proof
from dashboard.pages.own_proof import OwnProof
from dashboard.pages.reading import Glass
from dashboard.pages.subject import ended
from dashboard.pages.subject.part import Part
from dashboard.panels import balance

DROPPED, CLOSED = "dropped", "closed"


@dataclass(frozen=True, slots=True)
class Source:
    """Which subject of the query of all matters, by which metrics proved, how its columns are
    called.

    Without a metric the closed are proved by the list of them, as the dropped are. `undivided`
    says of a filter why this balance cannot be had within it.
    """

    subject: str
    open: str
    entered: str
    closed: str = ""
    unit: str = "件"
    words: tuple[str, str, str] = ("本期新增", "本期办结", "退单、作废")
    undivided: Mapping[str, str] = field(default_factory=dict)


_COLUMNS = ("opening", "received", "closed", "withdrawn", "open")


def part(area: str, source: Source) -> Part:
    """The balance of a subject, within what the page has chosen."""
    reads = tuple(name for name in (source.open, source.entered, source.closed) if name)
    proofs = {f"{area}-{DROPPED}": partial(_proof, source=source, dropped=True)}
    if not source.closed:
        proofs[f"{area}-{CLOSED}"] = partial(_proof, source=source, dropped=False)
    return Part(
        area,
        balance.TITLE,
        partial(_view, area=area, source=source),
        reads,
        basis=partial(_basis, source=source),
        proofs=proofs,
    )


def _why(glass: Glass, source: Source) -> str:
    """Why there is no balance within the page's choice; nothing where there is one."""
    return next((why for name, why in source.undivided.items() if name in glass.want.filters), "")


def _basis(glass: Glass, *, source: Source) -> str:
    return "" if _why(glass, source) else "期初 + 新增 − 办结 − 剔出 = 期末"


def _values(glass: Glass, source: Source) -> list[int]:
    found = ended.asked(glass, "matter_flow", source.open, subject=source.subject)
    row: Mapping[str, Any] = found[0] if found else {}
    return [int(row.get(name) or 0) for name in _COLUMNS]


def _view(glass: Glass, *, area: str, source: Source) -> Any:
    if why := _why(glass, source):
        return html.P(why, className="nothing")
    span = glass.want.span
    before = span.first - timedelta(days=1)
    to = glass.doors.to
    closed = own_proof.href(glass, f"{area}-{CLOSED}")
    hrefs = (
        to(source.open, before, before),
        to(source.entered, span.first, span.last),
        to(source.closed, span.first, span.last) if source.closed else closed,
        own_proof.href(glass, f"{area}-{DROPPED}"),
        to(source.open, span.first, span.last),
    )
    end = "现在在办" if span.last == span.today else f"{wording.day(span.last)}在办"
    heads = (f"期初在办 {wording.day(span.first)}", *source.words, end)
    opening, entered, ended_, dropped, left = _values(glass, source)
    flow = balance.Flow("", source.unit, opening, entered, ended_, dropped, left, hrefs)
    return balance.view(balance.Balance([flow], heads))


def _proof(glass: Glass, *, source: Source, dropped: bool) -> OwnProof:
    _, _, closed, withdrawn, _ = _values(glass, source)
    return ended.proof(
        glass,
        source.subject,
        source.open,
        withdrawn if dropped else closed,
        title=source.words[2 if dropped else 1],
        unit=source.unit,
        dropped=dropped,
    )
