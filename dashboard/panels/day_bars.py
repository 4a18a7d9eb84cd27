"""A count by day, week or month: bars from zero, the mean as a line, the running one outlined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages.marks import attrs, link

TITLE = "受理走势"
READS = ("hotline_received",)
_THICK = 0.55  # half the line's thickness in per cent of the plot


@dataclass(frozen=True, slots=True)
class Bar:
    """One day, week or month: what stands below, its count, whether it is still running."""

    label: str
    said: str
    count: int
    ago: int | None = None
    mean: float | None = None
    running: bool = False
    off: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars in order; `every` says which labels are written, `written` whether values are."""

    bars: Sequence[Bar]
    unit: str
    every: int = 1
    note: str = ""
    mean_name: str = ""


def view(data: Bars) -> Any:
    """Bars that open their day, three lines of a grid from a true zero, the mean over them."""
    top = _round_up(max([max(bar.count, bar.ago or 0, bar.mean or 0) for bar in data.bars] or [1]))
    lines = [
        html.Span(
            html.Span(f"{top * step // 2}" if top * step % 2 == 0 else f"{top * step / 2}"),
            className="grid-line",
            style={"bottom": f"{50 * step}%"},
        )
        for step in (0, 1, 2)
    ]
    written = len(data.bars) <= 16
    bars = [_bar(bar, top, index, data, written) for index, bar in enumerate(data.bars)]
    mean = _mean(data.bars, top)
    return [
        html.Div(
            [*lines, html.Div(bars, className="plot-bars"), mean],
            className="plot" + (" few-bars" if written else ""),
        ),
        html.P(data.note, className="note") if data.note else None,
    ]


def _round_up(value: float) -> int:
    steps = (2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 50, 60, 80, 100, 120, 160, 200, 300, 400, 600)
    found = next((step for step in steps if value <= step), None)
    return found or int(-(-value // 1000) * 1000)


def _bar(bar: Bar, top: int, index: int, data: Bars, written: bool) -> Any:
    share = 100 * bar.count / top
    cls = "plot-bar running" if bar.running else "plot-bar"
    mark = html.Span(
        className=cls + (" day-off" if bar.off else ""), style={"height": f"{share:.2f}%"}
    )
    ago = None
    if bar.ago is not None:
        ago = html.Span(className="plot-ago", style={"bottom": f"{100 * bar.ago / top:.2f}%"})
    value = html.Span(str(bar.count), className="plot-value", style={"bottom": f"{share:.2f}%"})
    inside: Any = [mark, ago, value if written else None]
    hit: Any = html.Span(inside, className="plot-hit", title=bar.said)
    if bar.href:
        hit = html.A(
            inside,
            href=bar.href,
            className="plot-hit",
            title=bar.said,
            **attrs({"data-go": "1", "aria-label": f"{bar.said}，打开证据"}),
        )
    last = len(data.bars) - 1
    near_end = bool(data.bars) and data.bars[-1].running and last - data.every < index < last
    label = bar.label if (index % data.every == 0 and not near_end) or bar.running else ""
    return html.Span(
        [hit, html.Span(label, className="plot-label")],
        className="plot-column last" if bar.running else "plot-column",
    )


def _mean(bars: Sequence[Bar], top: int) -> Any:
    """The running mean as a thin ribbon with straight segments, over finished bars only."""
    points = [
        (100 * (index + 0.5) / len(bars), 100 * (1 - bar.mean / top))
        for index, bar in enumerate(bars)
        if bar.mean is not None and not bar.running
    ]
    if len(points) < 2:
        return None
    upper = [f"{x:.2f}% {y - _THICK:.2f}%" for x, y in points]
    lower = [f"{x:.2f}% {y + _THICK:.2f}%" for x, y in reversed(points)]
    return html.Span(
        className="plot-mean", style={"clipPath": f"polygon({', '.join([*upper, *lower])})"}
    )


def key(data: Bars, link_words: Sequence[tuple[str, str, bool]]) -> Any:
    """What the marks mean, and the steps to choose from."""
    steps = [
        link(words, href, "chip small on" if on else "chip small") for words, href, on in link_words
    ]
    mean: list[Any] = []
    if data.mean_name:
        mean = [html.Span(className="key line ink"), data.mean_name]
    return html.Span([*mean, *steps], className="keys")
