"""Eight finished weeks of a few figures as small bars, read with the number at their right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages.marks import door

TITLE = "近 8 周走势"
READS = ("hotline_received", "hotline_on_time_rate", "mediation_accepted")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over eight weeks; a rate is drawn from `floor`, counts from zero."""

    name: str
    values: Sequence[float | None]
    shown: str
    told: str
    href: str | None = None
    floor: float = 0.0


def view(data: Sequence[Line]) -> Any:
    """The last week filled, the seven before it lighter; the mean as a thin line."""
    return html.Div([_line(line) for line in data], className="weeks")


def _line(line: Line) -> Any:
    known = [value for value in line.values if value is not None]
    top = max([*known, line.floor + 1e-9])
    mean = sum(known) / len(known) if known else None

    def high(value: float) -> str:
        return f"{max(0.0, 100 * (value - line.floor) / (top - line.floor)):.1f}%"

    bars = [
        html.Span(
            html.Span(style={"height": "0" if value is None else high(value)}),
            className="week last" if index == len(line.values) - 1 else "week",
        )
        for index, value in enumerate(line.values)
    ]
    level = None
    if mean is not None:
        level = html.Span(className="week-mean", style={"bottom": high(mean)})
    return html.Div(
        [
            html.Span(line.name, className="weeks-name"),
            html.Span([*bars, level], className="weeks-plot"),
            html.B(door(line.shown, line.href, about=line.name), className="weeks-value"),
            html.Span(line.told, className="basis"),
        ],
        className="weeks-line",
    )
