"""Who must act: unit, matter, kind of duty, time left, one button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages.marks import due_tag, link

TITLE = "谁要动"
READS = ("hotline_open", "mediation_open")


@dataclass(frozen=True, slots=True)
class Duty:
    """One unit's duty with the address of its cases."""

    unit: str
    matter: str
    left: str
    until: str
    href: str
    over: bool


def view(data: Sequence[Duty]) -> Any:
    """Those still in time first, then the overdue by length, as the caller sorted them."""
    if not data:
        return html.P("近两个工作日没有到期的件，也没有超期的件。", className="nothing")
    rows = [
        html.Div(
            [
                html.Div([html.B(duty.unit), html.P(duty.matter)], className="duty-who"),
                html.Div(
                    [due_tag(duty.left, over=duty.over), html.Span(duty.until)],
                    className="duty-left",
                ),
                link("打开", duty.href, "button"),
            ],
            className="duty",
        )
        for duty in data
    ]
    return html.Div(rows, className="duties")
