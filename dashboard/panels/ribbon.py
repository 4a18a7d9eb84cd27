"""The highest rank in force: its mark, what, where, by how much; one calm sentence when none."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.theme import RANK_NUMERALS, RANK_WORDS
from dashboard.wall.parts import Room, View, line, mark, text

TITLE = ""
READS = ("gauge_latest", "weather_warnings")


@dataclass(frozen=True, slots=True)
class Facts:
    """The matter with the highest rank, or a sentence that says nothing is in force."""

    rank: int | None
    what: str
    where: str = ""
    figure: str = ""
    others: int = 0
    calm: str = ""


def view(facts: Facts, room: Room) -> View:
    """The ribbon; quiet text without mark and fill when nothing is in force."""
    if facts.rank is None:
        return View(body=line(text(facts.calm), cls="ribbon calm"))
    words = f"{RANK_NUMERALS[facts.rank]}级 {RANK_WORDS[facts.rank]} {facts.what}"
    more = text(f"另 {facts.others} 项", "muted") if facts.others else None
    return View(
        body=line(
            mark(facts.rank),
            text(words, "strong"),
            text(facts.where, "where"),
            text(facts.figure, "figure"),
            more,
            cls=f"ribbon in-force rank-edge-{facts.rank}",
        )
    )
