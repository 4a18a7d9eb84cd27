"""Units in bands by completion rate with their intervals; few cases are listed, never ranked."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import twin
from dashboard.pages.marks import interval, link, pair, wilson

TITLE = "承办单位分档"
READS = ("mediation_completion_rate",)
_WORDS = "一二三四五"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit with its closed and accepted cases, or any other rate by unit or place."""

    name: str
    closed: int
    accepted: int
    href: str | None = None
    narrow: str | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Units:
    """The units in the order of the institution list, and the limits between the bands."""

    units: Sequence[Unit]
    limits: Sequence[float]
    small: int = wording.SMALL_N
    what: str = "完结率"
    unit: str = "起"
    note: str = ""


def view(data: Units) -> Any:
    """Bands from the highest limit down; inside a band the order is that of the list."""
    big = [unit for unit in data.units if unit.accepted >= data.small]
    few = [unit for unit in data.units if unit.accepted < data.small]
    lows = [wilson(unit.closed, unit.accepted)[0] for unit in big]
    floor = min([0.6, *[math.floor(low * 10) / 10 for low in lows]])
    limits = sorted(data.limits, reverse=True)
    rows = [_axis(floor, limits)] if big else []
    for index, name in enumerate(_names(limits)):
        upper = limits[index - 1] if index else math.inf
        lower = limits[index] if index < len(limits) else 0.0
        members = [u for u in big if lower <= u.closed / u.accepted < upper]
        rows.append(_band((f"{_WORDS[index]}档", name), members, floor, limits, data.what))
    listed = [_few(unit, data.what) for unit in few]
    if listed:
        rows.append(
            html.Div(
                [
                    _label("不分档", f"不足 {data.small} {data.unit}"),
                    html.Div(listed, className="few-list"),
                ],
                className="band few-band",
            )
        )
    foot = (
        f"圆点为{data.what}，横条为 95 % 置信区间；横轴自 {floor * 100:.0f} % 起。" if big else ""
    )
    foot += data.note
    longest = max([len(wording.ratio(u.closed, u.accepted)) for u in big] or [0])
    room = {"--nm": f"{0.58 * longest + 0.4:.1f}em"} if longest > 5 else {}
    return [html.Div(rows, className="bands", style=room), html.P(foot, className="note")]


def _names(limits: Sequence[float]) -> list[str]:
    shown = [f"{limit * 100:.0f}" for limit in limits]
    names = [f"{shown[0]} % 及以上"]
    names += [f"{low}—{high} %" for high, low in itertools.pairwise(shown)]
    return [*names, f"{shown[-1]} % 以下"]


def _label(name: str, range_: str) -> Any:
    return html.Div([html.B(name), html.Span(range_)], className="band-label")


def _axis(floor: float, limits: Sequence[float]) -> Any:
    ticks = [
        html.Span(f"{100 * share:.0f}", style={"left": f"{100 * (share - floor) / (1 - floor)}%"})
        for share in sorted(limits)
    ]
    return html.Div(
        [html.Span(f"{floor * 100:.0f} %", className="axis-floor"), *ticks], className="band-axis"
    )


def _band(
    label: tuple[str, str],
    members: Sequence[Unit],
    floor: float,
    limits: Sequence[float],
    what: str,
) -> Any:
    rows = [
        twin.row(
            [
                html.Span(_name(unit), className="unit-name"),
                html.Span(
                    pair(unit.closed, unit.accepted, unit.href, f"{unit.name}{what}"),
                    className="nm",
                ),
                html.Span(wording.rate(unit.closed, unit.accepted), className="share"),
                interval(unit.closed, unit.accepted, floor, limits),
            ],
            "unit-row chosen" if unit.chosen else "unit-row",
        )
        for unit in members
    ]
    body = html.Div(html.Span("无", className="none"), className="unit-rows")
    if rows:
        body = twin.table(rows, "unit-rows", about=" ".join(label))
    return html.Div([_label(*label), body], className="band")


def _name(unit: Unit) -> Any:
    return link(unit.name, unit.narrow, "quiet") if unit.narrow else unit.name


def _few(unit: Unit, what: str) -> Any:
    shown = pair(unit.closed, unit.accepted, unit.href, f"{unit.name}{what}")
    return html.Span([_name(unit), " ", shown], className="few chosen" if unit.chosen else "few")
