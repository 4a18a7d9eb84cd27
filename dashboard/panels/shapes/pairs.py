"""A few facts by name: the name quiet, its words strong, in two columns or one."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.wall.label_places import text_width
from dashboard.wall.parts import Room, View, line, placed, rows_in, text
from dashboard.wall.widths import shared_out

FIRST, PITCH, SPACED = 2.8, 2.95, 4.2  # rem: the first pair, its height, the most between two
SIDE, GAP, SIZE = 1.1, 0.8, 1.4  # rem: the card's edge, between cells, of the words


@dataclass(frozen=True, slots=True)
class Facts:
    """Name and words of each, the weightiest first; where room is short the last ones go."""

    pairs: tuple[tuple[str, str], ...]
    basis: str = ""
    below: tuple[str, ...] = ()
    columns: int = 2


def view(facts: Facts, room: Room) -> View:
    """The first pairs on top, off the seams."""
    end = room.height - (2.2 if facts.below else 0.7)
    wanted = -(-len(facts.pairs) // facts.columns)
    pitch = min(SPACED, max(PITCH, (end - FIRST) / max(wanted, 1)))
    lines = rows_in(room, first=FIRST, pitch=pitch, text_height=PITCH - 0.1, last=end)
    widths = _widths(facts, room.width - 2 * SIDE)
    rows = [
        placed(top, _cells(facts, number, widths), "pair-row")
        for number, top in enumerate(lines.tops[:wanted])
    ]
    foot = [text(words, "" if index == 0 else "muted") for index, words in enumerate(facts.below)]
    below = line(*foot, cls="facts spread") if foot else None
    return View(basis=facts.basis, body=rows, foot=below)


def _widths(facts: Facts, width: float) -> list[float]:
    """Of the columns: equal ones, unless words of one need more."""
    needs = [
        GAP + max((text_width(words, SIZE) for _, words in facts.pairs[column :: facts.columns]),
                  default=0.0)
        for column in range(facts.columns)
    ]  # fmt: skip
    return shared_out(width, [1.0] * facts.columns, needs)


def _cells(facts: Facts, number: int, widths: list[float]) -> list[html.Div]:
    part = facts.pairs[number * facts.columns : (number + 1) * facts.columns]
    return [
        html.Div(
            [text(name, "muted"), text(words, "value")],
            className="pair-cell",
            style={"width": f"{rem:.3f}rem"},
        )
        for (name, words), rem in zip(part, widths, strict=False)
    ]
