"""Two courses beside each other: at each step the first solid, the second outlined, from zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages.marks import attrs, columns, door
from dashboard.wall.charts import steps, top_of

TITLE = "对照走势"
READS = ("hotline_received",)
_WRITTEN = 16  # steps up to which every value is written over its bar


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two at a step: its days in words, its value, its proof."""

    said: str
    value: float
    href: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of both; a course that is over has no side any more."""

    label: str
    first: Side | None
    second: Side | None


@dataclass(frozen=True, slots=True)
class Paired:
    """The steps in order and what the two are called."""

    steps: Sequence[Step]
    names: tuple[str, str]
    unit: str


def view(data: Paired) -> Any:
    """The bars from a true zero with one scale, and the same as a table."""
    sides = [side for step in data.steps for side in (step.first, step.second) if side is not None]
    highest = max([side.value for side in sides] or [1]) or 1
    ticks = steps(max(highest, 2), 3)  # cases come whole
    top = top_of(max(highest, 2), ticks)
    written = len(data.steps) <= _WRITTEN
    every = max(1, -(-len(data.steps) // 12))
    drawn = [
        html.Span(
            [
                _bar(step.first, top, "first", written),
                _bar(step.second, top, "second", written),
                html.Span(step.label if index % every == 0 else "", className="plot-label"),
            ],
            className="plot-column pair-column",
        )
        for index, step in enumerate(data.steps)
    ]
    return [
        html.Div(
            [*_scale(ticks, top, data.unit), html.Div(drawn, className="plot-bars")],
            className="plot pair-plot",
        ),
        _twin(data),
    ]


def _scale(ticks: Sequence[float], top: float, unit: str) -> list[Any]:
    """Lines from a true zero; the highest says the unit."""
    return [
        html.Span(
            html.Span(f"{tick:g} {unit}" if tick == ticks[-1] else f"{tick:g}"),
            className="grid-line",
            style={"bottom": f"{100 * tick / top:.2f}%"},
        )
        for tick in ticks
    ]


def _bar(side: Side | None, top: float, cls: str, written: bool) -> Any:
    if side is None:
        return html.Span(className="pair-hit")
    share = 100 * side.value / top
    value = html.Span(
        wording.count(side.value), className="plot-value", style={"bottom": f"{share:.2f}%"}
    )
    mark = html.Span(className=f"pair-bar {cls}", style={"height": f"{share:.2f}%"})
    return html.A(
        [mark, value if written and side.value else None],
        href=side.href,
        className="pair-hit",
        title=side.said,
        **attrs({"data-go": "1", "aria-label": f"{side.said}，打开证据"}),
    )


def _twin(data: Paired) -> Any:
    rows = [[step.label, _cell(step.first), _cell(step.second)] for step in data.steps]
    return html.Details(
        [
            html.Summary("看表格", className="twin-head"),
            html.Div(columns(rows, heads=["", *data.names], numbers=[1, 2]), className="twin-rows"),
        ],
        className="twin",
    )


def _cell(side: Side | None) -> Any:
    if side is None:
        return wording.NONE
    return door(wording.count(side.value), side.href, about=side.said)
