"""The two lines of the mediation centre, each with its basis, never added."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.parts import Node, Room, View, bar, line, text

TITLE = "矛盾纠纷办结"
READS = ("mediation_completion_rate",)
LEAST = (22.5, 11.4)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: accepted in the period, of those closed by now, in what they are counted.

    `so_far` is the same pair of the year up to today, where the period is over.
    """

    name: str
    closed: int
    accepted: int
    unit: str
    so_far: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Both lines, the words of the period, today's rotating unit, how many resident units."""

    lines: tuple[Line, ...]
    period: str
    rotating: str | None
    resident: int


def view(facts: Facts, room: Room) -> View:
    """Rate and n/m of each line, and who is on duty in turn today."""
    rotating = f"今日轮驻 {facts.rotating}" if facts.rotating else "今日无轮驻单位"
    return View(
        basis=facts.period,
        body=html.Div([_line(one) for one in facts.lines], className="mediation"),
        foot=line(
            text(f"{rotating} · 常驻 {facts.resident} 家"),
            text("两线不相加", "muted"),
            cls="facts spread",
        ),
    )


def _line(one: Line) -> html.Div:
    small = wording.is_small(one.accepted)
    shown = wording.percent(one.closed, one.accepted)
    value = (
        [text(wording.ratio(one.closed, one.accepted), "value")]
        if small
        else [text(shown, "value"), text("%" if shown != wording.NONE else "", "unit")]
    )
    share = one.closed / one.accepted if one.accepted else 0.0
    return html.Div(
        [
            html.Div(
                [
                    html.Div(
                        [
                            line(text(one.name, "name"), _so_far(one)),
                            text(f"办结 {one.closed} / 受理 {one.accepted} {one.unit}", "pair"),
                        ],
                        className="names",
                    ),
                    html.Span(value, className="rate"),
                ],
                className="line-head",
            ),
            bar(share),
        ],
        className="mediation-line",
    )


def _so_far(one: Line) -> Node:
    if one.so_far is None:
        return None
    return text(f"至今 {wording.ratio(*one.so_far)}", "muted")
