"""Weather warnings in force, each with its rank; the number of stations over a limit below."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.theme import RANK_WORDS
from dashboard.wall.parts import Room, View, line, mark, text

TITLE = ""
READS = ("weather_warnings", "gauge_latest")
LEAST = (17.0, 2.8)


@dataclass(frozen=True, slots=True)
class Warning:
    """One warning: kind, rank, since when, as words."""

    kind: str
    rank: int
    since: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Warnings with the highest rank first; stations over 警戒 of all that report."""

    warnings: tuple[Warning, ...]
    over: int
    stations: int
    known: bool = True


def view(facts: Facts, room: Room) -> View:
    """The gravest warning, how many more, and the water's count."""
    below = line(text(f"超警戒 {facts.over} / {facts.stations} 站"), cls="below")
    if not facts.known:
        return View(body=[line(text("气象预警未到", "muted"), cls="first"), below])
    if not facts.warnings:
        return View(body=[line(text("无生效气象预警"), cls="first"), below])
    top = facts.warnings[0]
    more = f"另 {len(facts.warnings) - 1} 项 · " if len(facts.warnings) > 1 else ""
    first = line(
        mark(top.rank), text(f"{top.kind}{RANK_WORDS[top.rank]}预警", "strong"), cls="first"
    )
    return View(
        body=[
            first,
            line(
                text(f"{more}{top.since}"),
                text(f"超警戒 {facts.over} / {facts.stations} 站"),
                cls="below",
            ),
        ]
    )
