"""What falls due on the coming days: bars from zero, days off grey, holidays named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages import twin
from dashboard.pages.marks import door

TITLE = "到期量"
READS = ("hotline_open", "mediation_open")


@dataclass(frozen=True, slots=True)
class Day:
    """One coming day: what stands under it, how much falls due, whether offices are shut."""

    label: str
    weekday: str
    count: int
    off: bool
    said: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Wave:
    """The coming days and one sentence on them."""

    days: Sequence[Day]
    note: Sequence[Any]


def view(data: Wave) -> Any:
    """One column a day; a day off has a grey ground and the word 休."""
    top = max([day.count for day in data.days] or [1]) or 1
    columns = [
        html.Div(
            [
                html.Div(
                    [
                        html.Div(
                            className="wave-bar",
                            style={"height": f"{100 * day.count / top:.1f}%"},
                            **twin.of(1),
                        ),
                        html.B(
                            _pressed(day) if day.count else "",
                            className="wave-value",
                            style={"bottom": f"{100 * day.count / top:.1f}%"},
                        ),
                    ],
                    className="wave-plot",
                ),
                html.Span(day.label),
                html.Span("休" if day.off else day.weekday),
            ],
            className="wave-day off" if day.off else "wave-day",
            title=day.said,
        )
        for day in data.days
    ]
    lines = [
        twin.Line(day.said.partition(" 到期")[0], [str(day.count)], proof=day.href)
        for day in data.days
    ]
    plot = html.Div(columns, className="wave", **twin.mute())
    return [
        twin.charted(plot, lines, heads=("日期", "到期 件")),
        html.P(list(data.note), className="note"),
    ]


def _pressed(day: Day) -> Any:
    """A press for the mouse; for keyboards and readers the same stands in the table."""
    shown = door(str(day.count), day.href)
    if day.href is not None:
        shown.tabIndex = "-1"
    return shown
