"""How long the last runs of a platform took, and what came on the last days, as bars from zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages import twin

TITLE = "用时走势"
READS = ("runs",)


@dataclass(frozen=True, slots=True)
class Bar:
    """One run or one day: how high, what to say of it, whether it failed or is not over."""

    value: float
    said: str
    label: str = ""
    failed: bool = False
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from the oldest to the newest, with the words over and under them."""

    bars: Sequence[Bar]
    top: str
    first: str
    last: str
    empty: str = "还没有运行记录。"
    heads: tuple[str, str, str] = ("开始", "用时", "结果")


def view(data: Bars) -> Any:
    """Bars side by side; a failed run is hollow, a day that is not over dashed."""
    if not data.bars:
        return html.P(data.empty, className="nothing")
    top = max(bar.value for bar in data.bars) or 1
    plot = [
        html.Span(
            [
                html.Span(
                    className=_kind(bar),
                    style={"height": f"{max(100 * bar.value / top, 2):.1f}%"},
                    **twin.of(1),
                ),
                html.Span(bar.label, className="bar-label") if bar.label else None,
            ],
            className="bar-slot",
            title=bar.said,
        )
        for bar in data.bars
    ]
    chart = html.Div(
        [
            html.P(data.top, className="basis"),
            html.Div(plot, className="bar-plot", **twin.mute()),
            html.Div([html.Span(data.first), html.Span(data.last)], className="bar-ends"),
        ],
        className="bar-chart",
    )
    return twin.charted(chart, [_twin_line(bar) for bar in data.bars], heads=data.heads)


def _twin_line(bar: Bar) -> twin.Line:
    when, _, value = bar.said.rpartition("　")
    return twin.Line(when, [value, "失败" if bar.failed else "未完" if bar.partial else "正常"])


def _kind(bar: Bar) -> str:
    return "run-bar" + (" failed" if bar.failed else "") + (" partial" if bar.partial else "")
