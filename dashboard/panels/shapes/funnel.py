"""Steps that each hold a part of the one before, as centred bars with their counts."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.parts import Room, View, line, placed, rows_in, text


@dataclass(frozen=True, slots=True)
class Step:
    """One step, how many came to it, and what is said beside it."""

    name: str
    count: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The steps in order."""

    steps: tuple[Step, ...]
    unit: str
    basis: str = ""
    below: tuple[str, ...] = ()


def view(facts: Facts, room: Room) -> View:
    """One line a step; the bar's length is its count."""
    end = room.height - 2.3
    pitch = min(3.0, (end - 2.8) / max(len(facts.steps), 1))
    lines = rows_in(room, first=2.85, pitch=pitch, text_height=1.45, last=end)
    most = max([one.count for one in facts.steps] or [1]) or 1
    rows = [
        placed(top, _row(one, most), "funnel-row")
        for top, one in zip(lines.tops, facts.steps, strict=False)
    ]
    foot = [text(words, "" if index == 0 else "muted") for index, words in enumerate(facts.below)]
    return View(basis=facts.basis, body=rows, foot=line(*foot, cls="facts spread"))


def _row(one: Step, most: int) -> list[html.Span]:
    share = 100 * one.count / most
    return [
        text(one.name, "name"),
        html.Span(
            html.Span(className="fill", style={"width": f"{share:.2f}%"}), className="funnel-bar"
        ),
        text(wording.count(one.count), "count"),
        text(one.note, "muted funnel-note"),
    ]
