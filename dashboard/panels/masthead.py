"""The wall's name and, while the demo town feeds it, that its data are demo data."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.wall.parts import Room, View, line, text

TITLE = ""
READS: tuple[str, ...] = ()
LEAST = (20.0, 2.8)
TIGHT = 25.4  # rem, below which the name of eight glyphs and the pill do not fit at full size


@dataclass(frozen=True, slots=True)
class Facts:
    """The centre's name; whether the demo feeds the wall."""

    name: str
    demo: bool


def view(facts: Facts, room: Room) -> View:
    """The name, large, and the raised pill; a narrow place gets a smaller name."""
    tag = text("演示数据", "tag") if facts.demo else None
    return View(
        body=line(
            text(facts.name, "site"),
            tag,
            cls="masthead tight" if room.width < TIGHT else "masthead",
        )
    )
