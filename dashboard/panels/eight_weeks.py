"""Eight finished weeks of a few figures as small bars, read with the number at their right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import twin
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


def view(data: Sequence[Line], weeks: Sequence[str]) -> Any:
    """The last week filled, the seven before it lighter; the mean as a thin line."""
    plot = html.Div([_line(line, n) for n, line in enumerate(data, 1)], className="weeks")
    lines = [
        twin.Line(week, [_written(line, index) for line in data])
        for index, week in enumerate(weeks)
    ]
    return twin.charted(plot, lines, heads=["周", *(line.name for line in data)])


def _written(line: Line, index: int) -> str:
    value = line.values[index] if index < len(line.values) else None
    if value is None:
        return wording.NONE
    return f"{wording.fixed(100 * value, 1)} %" if line.floor else wording.count(value)


def _line(line: Line, column: int) -> Any:
    known = [value for value in line.values if value is not None]
    top = max([*known, line.floor + 1e-9])
    mean = sum(known) / len(known) if known else None

    def high(value: float) -> str:
        return f"{max(0.0, 100 * (value - line.floor) / (top - line.floor)):.1f}%"

    bars = [
        html.Span(
            html.Span(style={"height": "0%" if value is None else high(value)}, **twin.of(column)),
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
            html.Span([*bars, level], className="weeks-plot", **twin.mute()),
            html.B(door(line.shown, line.href, about=line.name), className="weeks-value"),
            html.Span(line.told, className="basis"),
        ],
        className="weeks-line",
    )
