"""The ribbon while alarms are on: the one that has been acknowledged with its clock running, the
next one beside a takeover, or 解除 for ten minutes; over five of them as a count.
"""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.theme import RANK_NUMERALS, RANK_WORDS
from dashboard.wall.parts import Node, Room, View, counting, mark, text

TITLE = ""
READS = ()
LEAST = (20.0, 3.2)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ribbon says; `over` means the alarm has ended or is not confirmed yet, its mark is
    only outlined. Without a rank there is nothing but the words.
    """

    rank: int | None
    what: str
    where: str
    state: str
    since_ms: int | None = None
    others: int = 0
    over: bool = False
    drill: bool = False
    shelved: int = 0  # alarms that are put aside


def view(facts: Facts, room: Room) -> View:
    """Two halves, so that no word crosses the seam in the middle."""
    aside = text(f"停用 {facts.shelved} 项", "muted") if facts.shelved else None
    if facts.rank is None:
        said = [[text(facts.what)], [text(facts.where), aside]]
        halves = [html.Div(each, className="half") for each in said]
        return View(body=html.Div(halves, className="ribbon calm"))
    word = "" if facts.over else f"{RANK_NUMERALS[facts.rank]}级 {RANK_WORDS[facts.rank]} "
    left: list[Node] = [
        mark(facts.rank, limit=facts.over),
        text("演练", "drill-pill") if facts.drill else None,
        text(f"{word}{facts.what}", "strong"),
    ]
    right: list[Node] = [text(facts.where), text(facts.state, "state")]
    if facts.since_ms is not None:
        right.append(counting(facts.since_ms, "ribbon-clock"))
    if facts.others:
        left.append(text(f"另 {facts.others} 项", "muted"))
    left.append(aside)
    look = "ribbon over" if facts.over else f"ribbon in-force rank-edge-{facts.rank}"
    return View(
        body=html.Div(
            [html.Div(left, className="half"), html.Div(right, className="half end small")],
            className=look,
        )
    )


def least(_facts: object) -> Node:
    """The ribbon that cannot be drawn, which is not the same as that there is nothing to tell."""
    return html.Div(html.Div(text("其他告警读取失败"), className="half"), className="ribbon calm")
