"""The ribbon while alarms are on: the one that has been acknowledged with its clock running, the
next one beside a takeover, or 解除 for ten minutes; over five of them as a count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dash import html

from dashboard.theme import RANK_NUMERALS, RANK_WORDS
from dashboard.wall.parts import Node, Room, View, counting, fitting, mark, text

TITLE = ""
READS = ()
LEAST = (20.0, 3.2)
_SIZES: Final = {"strong": 1.35, "state": 1.35, "muted": 1.1}  # rem, as wall.css sets them
_GAP: Final = 1.1


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
    doubt: str = ""  # Ⅱ 待核实: a single reading is past a higher limit


def view(facts: Facts, room: Room) -> View:
    """Two halves, so that no word crosses the seam in the middle."""
    aside = f"停用 {facts.shelved} 项" if facts.shelved else ""
    if facts.rank is None:
        said = [[text(facts.what)], [text(facts.where), text(aside, "muted") if aside else None]]
        halves = [html.Div(each, className="half") for each in said]
        return View(body=html.Div(halves, className="ribbon calm"))
    left: list[Node] = [
        mark(facts.rank, limit=facts.over),
        text("演练", "drill-pill") if facts.drill else None,
        *_told(facts, aside, room.width / 2 - (9.3 if facts.drill else 5.1)),
    ]
    right: list[Node] = [text(facts.where), text(facts.state, "state")]
    if facts.since_ms is not None:
        right.append(counting(facts.since_ms, "ribbon-clock"))
    look = "ribbon over" if facts.over else f"ribbon in-force rank-edge-{facts.rank}"
    return View(
        body=html.Div(
            [html.Div(left, className="half"), html.Div(right, className="half end small")],
            className=look,
        )
    )


def _told(facts: Facts, aside: str, wide: float) -> Iterator[Node]:
    """What it is, what is in doubt, what is put aside, what else there is, as far as a half holds.

    Doubt and shelves are never left out: the words of colour and kind give way to them, since the
    mark and the other half say what it is.
    """
    numeral = f"{RANK_NUMERALS[facts.rank]}级" if facts.rank and not facts.over else ""
    colour = RANK_WORDS[facts.rank] if facts.rank and numeral else ""
    firsts = [" ".join(filter(None, words)) for words in (
        (numeral, colour, facts.what), (numeral, facts.what), (numeral or facts.what,),
    )]  # fmt: skip
    kept = [(words, look) for words, look in ((facts.doubt, "state"), (aside, "muted")) if words]
    more = [(f"另 {facts.others} 项", "muted")] if facts.others else []
    first = next((one for one in firsts if _fits([(one, "strong"), *kept], wide)), firsts[-1])
    given = [(first, "strong"), *kept]
    for words, look in given + (more if _fits(given + more, wide) else []):
        yield text(words, look)


def _fits(given: list[tuple[str, str]], wide: float) -> bool:
    return len(fitting([(words, _SIZES[look]) for words, look in given], wide, _GAP)) == len(given)


def least(_facts: object) -> Node:
    """The ribbon that cannot be drawn, which is not the same as that there is nothing to tell."""
    return html.Div(html.Div(text("其他告警读取失败"), className="half"), className="ribbon calm")
