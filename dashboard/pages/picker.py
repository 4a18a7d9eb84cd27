"""The period picker: five presets, the rest in a list, days of one's own, both arrows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dash import html

from config import periods
from dashboard.pages import state as states
from dashboard.pages.marks import attrs, link
from dashboard.pages.state import PROOF, Resolved, State

Node = Any


def picker(state: State, want: Resolved) -> list[Node]:
    """The periods: five presets, the rest in a list, days of one's own, and both arrows."""
    span = want.span
    plain = state.without(("at", *PROOF))
    presets = periods.choices(span.today)
    first, more = presets[:5], presets[5:]
    chosen = span.period.key
    buttons = [
        link(label, plain.but(period=key).href, "segment on" if key == chosen else "segment")
        for key, label in first
    ]
    own = chosen not in dict(first)
    rest = [
        link(label, plain.but(period=key).href, "choice on" if key == chosen else "choice")
        for key, label in [*more, *_recent(span.today)]
    ]
    menu = html.Details(
        [
            html.Summary("自选…", className="segment on" if own else "segment"),
            html.Div(
                [
                    html.Div(rest, className="choices"),
                    html.Div(
                        className="calendar",
                        **attrs(
                            {
                                "data-first": str(span.first),
                                "data-last": str(span.last),
                                "data-today": str(span.today),
                                "data-base": plain.but(period=None).href,
                            }
                        ),
                    ),
                ],
                className="menu wide right",
            ),
        ],
        className="drop",
    )
    before, after = states.neighbours(span)
    shown = span.period.dates if not span.running else _dates(span.first, span.last)
    ahead = (
        link("›", plain.but(period=after).href, "arrow")
        if after
        else html.Span("›", className="arrow off")
    )
    return [
        html.Div(
            [*buttons, menu], className="segments", role="group", **attrs({"aria-label": "时段"})
        ),
        html.Div(
            [
                link("‹", plain.but(period=before).href, "arrow"),
                html.B(shown, className="days"),
                ahead,
            ],
            className="stepper",
        ),
    ]


def _dates(first: date, last: date) -> str:
    return periods.parse(f"{first}..{last}", last).dates


def _recent(today: date) -> list[tuple[str, str]]:
    """Last week, last month, last quarter: what a report on Monday is about."""
    year, week, _ = (today - timedelta(weeks=1)).isocalendar()
    month = today.replace(day=1) - timedelta(days=1)
    quarter = periods.step(periods.parse(periods.choices(today)[2][0], today), -1)
    return [(f"{year}-W{week:02d}", "上周"), (f"{month:%Y-%m}", "上月"), (quarter, "上季")]
