"""The highest rank in force: its mark, what, where, by how much; one calm sentence when none."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.theme import RANK_NUMERALS, RANK_WORDS
from dashboard.wall.parts import Node, Room, View, mark, text

TITLE = ""
READS = ("gauge_latest", "weather_warnings")
LEAST = (38.0, 2.8)


@dataclass(frozen=True, slots=True)
class Facts:
    """The matter with the highest rank, or what says that nothing is in force."""

    rank: int | None
    what: str
    where: str = ""
    figure: str = ""
    others: int = 0
    calm: tuple[str, ...] = ()


def view(facts: Facts, room: Room) -> View:
    """Two halves, so that no word crosses the seam in the middle; quiet words when all is calm."""
    if facts.rank is None:
        halves = [_half(text(words)) for words in facts.calm]
        return View(body=html.Div(halves, className="ribbon calm"))
    words = f"{RANK_NUMERALS[facts.rank]}级 {RANK_WORDS[facts.rank]} {facts.what}"
    more = text(f"另 {facts.others} 项", "muted") if facts.others else None
    left = _half(mark(facts.rank), text(words, "strong"), more)
    right = _half(text(facts.where), text(facts.figure), end=True)
    look = f"ribbon in-force rank-edge-{facts.rank}"
    return View(body=html.Div([left, right], className=look))


def _half(*parts: Node, end: bool = False) -> Node:
    return html.Div(list(parts), className="half end" if end else "half")
