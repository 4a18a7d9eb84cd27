"""A count by day, week or month: bars from zero, the mean as a line, the running one outlined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import twin
from dashboard.pages.marks import attrs, door, link

TITLE = "受理走势"
READS = ("hotline_received",)
_WORD = 12  # how high a figure stands over its bar, in per cent of the plot
_THICK = 0.55  # half the line's thickness in per cent of the plot


@dataclass(frozen=True, slots=True)
class Bar:
    """One day, week or month: what stands below, its count, whether it is still running.

    `href` is the proof of its count, `pick` the address with these days alone, or without them.
    """

    label: str
    said: str
    count: int
    ago: int | None = None
    mean: float | None = None
    running: bool = False
    off: bool = False
    href: str | None = None
    when: str = ""
    pick: str | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars in order; `every` says which labels are written, `written` whether values are."""

    bars: Sequence[Bar]
    unit: str
    every: int = 1
    note: str = ""
    mean_name: str = ""


def view(data: Bars) -> Any:
    """Bars that choose their days, three lines of a grid from a true zero, the mean over them."""
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
    flat = bool(bars) and not any(bar.count or bar.ago or bar.mean for bar in data.bars)
    none = html.Span(f"这段时间都是 0 {data.unit}", className="plot-none") if flat else None
    plot = html.Div(
        [*lines, html.Div(bars, className="plot-bars"), none, mean],
        className="plot" + (" few-bars" if written else ""),
        **twin.mute(),
    )
    return [
        twin.charted(plot, _lines(data), heads=_heads(data)),
        html.P(data.note, className="note") if data.note else None,
    ]


def _heads(data: Bars) -> list[str]:
    ago = ["去年同月"] if any(bar.ago is not None for bar in data.bars) else []
    mean = ["均值"] if any(bar.mean is not None for bar in data.bars) else []
    return ["时段", data.unit, *ago, *mean]


def _lines(data: Bars) -> list[twin.Line]:
    """The bars as rows; the name does what the bar does, the count opens its proof."""
    heads = _heads(data)
    lines = []
    for bar in data.bars:
        figures = [str(bar.count) + ("（未完）" if bar.running else "")]
        if "去年同月" in heads:
            figures.append(wording.NONE if bar.ago is None else str(bar.ago))
        if "均值" in heads:
            shown = wording.NONE if bar.running else wording.fixed(bar.mean, 1)
            figures.append(shown)
        proof = bar.href if bar.pick else None
        lines.append(twin.Line(bar.when or bar.label, figures, bar.pick or bar.href, proof))
    return lines


def _round_up(value: float) -> int:
    steps = (2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 50, 60, 80, 100, 120, 160, 200, 300, 400, 600)
    found = next((step for step in steps if value <= step), None)
    return found or int(-(-value // 1000) * 1000)


def _bar(bar: Bar, top: int, index: int, data: Bars, written: bool) -> Any:
    share = 100 * bar.count / top
    cls = "plot-bar running" if bar.running else "plot-bar"
    mark = html.Span(
        className=cls + (" day-off" if bar.off else ""),
        style={"height": f"{share:.2f}%"},
        **twin.of(1),
    )
    ago = None
    if bar.ago is not None:
        ago = html.Span(
            className="plot-ago", style={"bottom": f"{100 * bar.ago / top:.2f}%"}, **twin.of(2)
        )
    ago_at = 100 * (bar.ago or 0) / top
    clear = ago_at if share < ago_at < share + _WORD else share  # no line through the figure
    hit: Any = html.Span([mark, ago], className="plot-hit", title=bar.said)
    if bar.pick or bar.href:
        hit = html.A(
            [mark, ago],
            href=bar.pick or bar.href,
            className="plot-hit chosen" if bar.chosen else "plot-hit",
            title=bar.said,
            tabIndex="-1",  # the way of the keyboard is the table
            **attrs({"data-go": "1"}),
        )
    value = None
    if written:
        count = door(str(bar.count), bar.href, about=bar.said)
        count.tabIndex = "-1"  # as above
        value = html.Span(
            count,
            className="plot-value",
            style={"bottom": f"{clear:.2f}%"},
        )
    last = len(data.bars) - 1
    near_end = bool(data.bars) and data.bars[-1].running and last - data.every < index < last
    label = bar.label if (index % data.every == 0 and not near_end) or bar.running else ""
    return html.Span(
        [hit, value, html.Span(label, className="plot-label")],
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
