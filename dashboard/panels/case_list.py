"""Open matters of a subject as rows composed from codes: the due first, each with its case page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages.marks import columns, due_tag, link

TITLE = "要办的件"
READS = ("hotline_open",)


@dataclass(frozen=True, slots=True)
class Matter:
    """One open matter; nothing a citizen wrote stands in it."""

    number: str
    matter: str
    place: str
    unit: str
    since: str
    due: str
    left: str
    href: str | None = None
    over: bool = False
    soon: bool = False


def view(data: Sequence[Matter], heads: Sequence[str] | None = None) -> Any:
    """Overdue first, then by due time, as the caller sorted them."""
    rows = [
        [
            link(one.number, one.href, "underlined") if one.href else html.Span(one.number),
            one.matter,
            one.place,
            one.unit,
            one.since,
            one.due,
            due_tag(one.left, over=one.over)
            if one.over or one.soon
            else html.Span(one.left, className="calm"),
        ]
        for one in data
    ]
    names = heads or ("编号", "类别", "社区（村）", "承办", "受理", "到期", "状态")
    return html.Div(columns(rows, heads=names), className="case-list matters")
