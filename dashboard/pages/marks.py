"""The marks all panels of the pages are made of: doors, n/m bars, strips, intervals, tags.

A mark knows colours and sizes only by class name; numbers come in as they are and leave worded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboard import wording

Node = Any
_Z = 1.96  # 95 % two-sided


def attrs(words: Mapping[str, str]) -> dict[str, Any]:
    """Attributes whose names hold a hyphen, such as aria-label."""
    return dict(words)


def door(shown: Node, href: str | None, *, about: str = "", cls: str = "") -> Node:
    """A figure that opens its proof; without an address it is a figure and nothing else."""
    if href is None:
        return html.Span(shown, className=cls or None)
    said = {"aria-label": f"{about}，打开证据"} if about else {}
    words = attrs({"data-go": "1", **said})
    return html.A(shown, href=href, className=f"door {cls}".strip(), **words)


def pair(num: float | None, den: float | None, href: str | None = None, about: str = "") -> Node:
    """The n/m of a rate, the numerator strong."""
    if den is None or num is None:
        return html.Span(wording.NONE, className="nm")
    if not den:
        return html.Span("0", className="nm zero")
    shown = [html.B(wording.count(num)), f"/{wording.count(den)}"]
    return door(shown, href, about=about, cls="nm")


def bar(num: float, den: float, scale: float, small: Node = None) -> Node:
    """One n/m bar: solid is done, outline is open; `scale` is the length of the full width."""
    inner = 100 * num / den if den else 0
    mark = html.Span(
        html.Span(className="bar-done", style={"width": f"{inner:.2f}%"}),
        className="bar-all" if den else "bar-none",
        style={"--share": f"{den / max(scale, 1):.4f}"},
        **attrs({"data-of": "0"}),
    )
    return html.Span([mark, small], className="bar")


def strip(parts: Sequence[tuple[str, float]], said: str) -> Node:
    """The parts of one whole in one line; each part is a class name and a size."""
    total = sum(size for _, size in parts)
    pieces = [
        html.Span(className=f"part {cls}", style={"width": f"{100 * size / total:.3f}%"})
        for cls, size in parts
        if size > 0 and total > 0
    ]
    return html.Div(pieces, className="strip", role="img", **attrs({"aria-label": said}))


def wilson(num: float, den: float) -> tuple[float, float]:
    """The 95 % Wilson interval of a rate, both ends between 0 and 1."""
    if not den:
        return 0.0, 1.0
    share = num / den
    spread = _Z * math.sqrt(share * (1 - share) / den + _Z**2 / (4 * den**2))
    middle = share + _Z**2 / (2 * den)
    scale = 1 + _Z**2 / den
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def interval(num: float, den: float, floor: float, limits: Sequence[float]) -> Node:
    """A rate as a dot on its interval; the axis runs from `floor` to 1, limits are dashed."""

    def place(share: float) -> str:
        return f"{100 * (max(share, floor) - floor) / (1 - floor):.2f}%"

    low, high = wilson(num, den)
    left, right = float(place(low)[:-1]), float(place(high)[:-1])
    return html.Span(
        [
            *[html.Span(className="limit", style={"left": place(limit)}) for limit in limits],
            html.Span(
                className="reach", style={"left": f"{left:.2f}%", "width": f"{right - left:.2f}%"}
            ),
            html.Span(className="dot", style={"left": place(num / den if den else 0)}),
        ],
        className="interval",
    )


def due_tag(words: str, *, over: bool) -> Node:
    """How much time is left or over: dark when over, outlined when due soon."""
    return html.Span(words, className="tag over" if over else "tag soon")


RANKS = {1: ("Ⅰ", "特别重大"), 2: ("Ⅱ", "重大"), 3: ("Ⅲ", "较大"), 4: ("Ⅳ", "一般")}


def rank(level: int, *, in_force: bool = True) -> Node:
    """A rank by shape, numeral and word: octagon, diamond, triangle, disc; outlined = a limit."""
    numeral, word = RANKS[level]
    held = "" if in_force else " limit-only"
    return html.Span(
        html.Span(numeral, className="numeral"),
        className=f"rank rank-{level}{held}",
        role="img",
        **attrs({"aria-label": f"{numeral}级 {word}"}),
    )


def link(shown: Node, href: str, cls: str = "") -> Node:
    """A link inside the pages: opened in place, kept in the history."""
    return html.A(shown, href=href, className=cls or None, **attrs({"data-go": "1"}))


def fold(lines: Sequence[str], summary: str = "技术原文") -> list[Node]:
    """What only the engineer reads, folded away; nothing when there is nothing."""
    told = [line for line in lines if line]
    if not told:
        return []
    body = html.Div([html.Div(line) for line in told], className="technical")
    return [html.Details([html.Summary(summary), body], className="fold")]


def columns(
    items: Sequence[Sequence[Node]], *, heads: Sequence[Node], numbers: Sequence[int] = ()
) -> Node:
    """A plain table of the pages: hairlines only, numbers to the right."""
    right = set(numbers)

    def cell(kind: Any, column: int, shown: Node) -> Node:
        return kind(shown, className="n" if column in right else None)

    return html.Table(
        [
            html.Thead(html.Tr([cell(html.Th, i, shown) for i, shown in enumerate(heads)])),
            html.Tbody(
                [html.Tr([cell(html.Td, i, x) for i, x in enumerate(row)]) for row in items]
            ),
        ],
        className="rows",
    )
