"""The open cases that are due first: number, matter, unit, days in hand, due day, state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages.marks import columns, due_tag, link

TITLE = "在办案件"
READS = ("mediation_open",)


@dataclass(frozen=True, slots=True)
class Case:
    """One open case as it may be shown: no name in the clear, nothing a citizen wrote."""

    number: str
    line: str
    matter: str
    parties: str
    unit: str
    days: str
    due: str
    state: str
    href: str | None = None
    over: bool = False
    soon: bool = False


def view(data: Sequence[Case]) -> Any:
    """Overdue first, then by due day, as the caller sorted them."""
    rows = []
    for case in data:
        plain = html.Span(case.state, className="calm")
        state = due_tag(case.state, over=case.over) if case.over or case.soon else plain
        rows.append(
            [
                link(case.number, case.href, "underlined case-no") if case.href else case.number,
                case.line,
                case.matter,
                case.parties,
                case.unit,
                case.days,
                case.due,
                state,
            ]
        )
    heads = ["案号", "线", "类型 · 社区", "当事人", "承办", "已办", "到期", "状态"]
    return html.Div(columns(rows, heads=heads), className="case-list")
