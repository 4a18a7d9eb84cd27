"""The four figures of a takeover, each in a card of its own: for water the level, how far over the
limit, how fast it rises, when the next limit is expected.
"""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.wall.parts import Node, Room, View, mark, pill, text

TITLE = ""
READS = ("gauge_latest", "gauge_series")
LEAST = (60.0, 4.2)
NARROW = 84.0  # rem of all four below which the figures are one step smaller


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: title, a note below it, the value with its unit; `told` stands in for a value."""

    title: str
    note: str
    value: str = ""
    unit: str = ""
    about: bool = False  # an estimate
    rank: int | None = None
    missing: str = ""  # 数据中断 12 分
    told: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Four figures from left to right; `muted` once no new reading comes."""

    figures: tuple[Figure, ...]
    muted: bool = False
    drill: bool = False


def view(facts: Facts, room: Room) -> View:
    """Four cards side by side, their edges on the seams."""
    look = "alarm-figures"
    if facts.muted:
        look += " muted"
    if room.width < NARROW:
        look += " narrow"
    return View(body=html.Div([_figure(one, facts.drill) for one in facts.figures], className=look))


def least(_facts: object) -> Node:
    """The card that stands where none of the four can be drawn."""
    one = html.Div(text("读取失败", "told"), className="alarm-figure")
    return html.Div(one, className="alarm-figures")


def _figure(one: Figure, drill: bool) -> Node:
    names = [
        html.Div(
            [
                text(one.title, "title"),
                mark(one.rank) if one.rank else None,
                text("演练", "drill-pill") if drill else None,
            ],
            className="line",
        ),
        html.Div(pill(one.missing) if one.missing else text(one.note, "second"), className="line"),
    ]
    shown = (
        [text(one.told, "told")]
        if one.told
        else [
            text("约", "about") if one.about else None,
            text(one.value, "value"),
            text(one.unit, "unit"),
        ]
    )
    return html.Div(
        [html.Div(names, className="names"), html.Div(shown, className="shown")],
        className="alarm-figure",
    )
