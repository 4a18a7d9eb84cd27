"""The chip 对照: whom or which days the page is held against, and the way back to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from dash import html

from config import periods
from dashboard.pages.marks import attrs, link
from dashboard.pages.state import PROOF, Resolved, State
from dashboard.pages.subject import beside

_HEADS: Final = {
    "community": "社区（村）",
    "grid": "网格",
    "unit": "单位",
    "class": "类别",
    "station": "测站",
}
_MOST: Final = 40  # choices of one dimension; more belong into the filters


def chip(offered: Sequence[str], state: State, want: Resolved) -> Any:
    """The chip with what can be chosen; nothing on a page that can hold nothing beside."""
    dimensions = [name for name in offered if name in _HEADS]
    plain = state.without(PROOF)
    choices: list[Any] = [html.Span("时段", className="menu-head")]
    choices += [
        _choice(words, f"{beside.PERIOD}:{key}", plain, want) for key, words in _periods(want)
    ]
    for name in dimensions:
        values = _values(name, want)
        if values:
            choices.append(html.Span(_HEADS[name], className="menu-head"))
            choices += [_choice(text, f"{name}:{key}", plain, want) for key, text in values]
    on = bool(want.beside)
    label = f"对照：{_name(want)}" if on else "对照"
    drop = html.Details(
        [
            html.Summary(
                [html.Span(label), html.Span("▼", className="caret")],
                className="chip on" if on else "chip",
            ),
            html.Div(choices, className="menu many beside-menu"),
        ],
        className="drop",
    )
    if not on:
        return drop
    off = html.A(
        "×",
        href=plain.but(beside=None).href,
        className="chip-off",
        **attrs({"data-go": "1", "aria-label": "去掉对照"}),
    )
    return html.Span([drop, off], className="chip-pair")


def _choice(words: str, value: str, plain: State, want: Resolved) -> Any:
    on = value == ":".join(want.beside)
    return link(words, plain.but(beside=value).href, "choice on" if on else "choice")


def _periods(want: Resolved) -> list[tuple[str, str]]:
    """The period before and a year ago as days, then the last whole months."""
    span = want.span
    found = [(f"{span.previous.first}..{span.previous.last}", "上期同样天数")]
    if not span.same:
        found.append((f"{span.year.first}..{span.year.last}", "去年同期"))
    month = span.today.replace(day=1)
    for _ in range(3):
        month = (month - timedelta(days=1)).replace(day=1)
        found.append((f"{month:%Y-%m}", f"{month.year}年{month.month}月"))
    return found


def _values(name: str, want: Resolved) -> list[tuple[str, str]]:
    """What may stand beside the chosen value: its like, never itself."""
    chosen, values = want.filters.get(name, ""), want.options.get(name, {})
    if name == "station":
        chosen = want.station
    if name == "grid":
        inside = want.filters.get("community") or chosen[:12]
        values = {key: text for key, text in values.items() if inside and key.startswith(inside)}
    if name == "class":
        above, depth = chosen.rpartition("/")[0], chosen.count("/")
        values = {
            key: text
            for key, text in values.items()
            if key.count("/") == depth and key.rpartition("/")[0] == above
        }
    return [(key, text) for key, text in values.items() if key != chosen][:_MOST]


def _name(want: Resolved) -> str:
    dimension, value = want.beside
    if dimension == beside.PERIOD:
        return periods.parse(value, want.span.today).dates
    return want.options.get(dimension, {}).get(value, value)
