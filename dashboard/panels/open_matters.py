"""Open matters by the time left, composed of codes only: class, place, unit, source, state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from dash import html

from dashboard import wording
from dashboard.wall.label_places import text_width
from dashboard.wall.parts import Node, Room, View, fitting, pill, placed, rows_in, text

TITLE = "待办事项"
READS = ("open_matters", "hotline_open", "mediation_open")
LEAST = (22.0, 10.0)
BESIDE, SMALL = 9.3, 1.1  # rem: time left, gaps and padding of a row; size of its second line
WIDE = 40.0  # rem from which a matter takes one line


@dataclass(frozen=True, slots=True)
class Matter:
    """One open matter; nothing in it was written by a citizen."""

    left: timedelta | None
    kind: str
    place: str
    unit: str
    source: str
    state: str
    dispute: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """The matters with the least time left; how many orders and how many disputes are open."""

    matters: tuple[Matter, ...]
    hotline: int
    disputes: int


def view(facts: Facts, room: Room) -> View:
    """As many rows as the room holds; how many more are open stands below."""
    wide = room.width >= WIDE
    pitch, height = (1.72, 1.3) if wide else (3.5, 2.75)
    end = room.height - (0.5 if wide else 2.1)
    lines = rows_in(room, first=2.75, pitch=pitch, text_height=height, last=end)
    if not facts.matters:
        return View(body=[placed(3.0, [text("当前没有在办事项", "calm")])], basis=_total(facts))
    shown = facts.matters[: lines.count]
    rows = [
        placed(top, _one_line(one), "matter wide")
        if wide
        else placed(top, _two_lines(one, room), "matter")
        for top, one in zip(lines.tops, shown, strict=False)
    ]
    if wide:
        return View(body=rows, basis=f"{_total(facts)} · 按剩余时间列前 {len(shown)}")
    return View(body=rows, foot=html.Div(_rest(facts, shown), className="facts muted"))


def _total(facts: Facts) -> str:
    """Orders and disputes are two units: never added."""
    return f"在办 热线 {facts.hotline} 件 · 纠纷 {facts.disputes} 起"


def _rest(facts: Facts, shown: tuple[Matter, ...]) -> str:
    disputes = sum(1 for one in shown if one.dispute)
    orders = len(shown) - disputes
    return f"其余 热线 {facts.hotline - orders} 件 · 纠纷 {facts.disputes - disputes} 起"


def _left(one: Matter) -> Node:
    if one.left is None:
        return text("未定时限", "left muted")
    words = wording.remaining(one.left)
    over = one.left < timedelta(0)
    return html.Span(pill(words) if over else text(words, "in-time"), className="left")


def _two_lines(one: Matter, room: Room) -> list[html.Span | html.Div]:
    """What and where, then who and how far; the platform gives way where the names are long."""
    free = room.width - BESIDE - text_width(one.state, SMALL)
    who = " · ".join(fitting([(one.unit, SMALL), (one.source, SMALL)], free, gap=0.9))
    first = html.Div(text(f"{one.kind} · {one.place}", "name"), className="line")
    second = html.Div([text(who, "muted"), text(one.state, "state")], className="line")
    return [_left(one), html.Div([first, second], className="names")]


def _one_line(one: Matter) -> list[html.Span]:
    return [
        _left(one),
        text(one.kind, "name"),
        text(one.place, "place"),
        text(one.unit, "place"),
        text(one.source, "muted source"),
        text(one.state, "state"),
    ]
