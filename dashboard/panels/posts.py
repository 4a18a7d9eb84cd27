"""Who is on duty by post, never by name: leader's post, seats, switchboard."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.wall.parts import Room, View, line, text

TITLE = ""
READS: tuple[str, ...] = ()
LEAST = (17.0, 2.8)


@dataclass(frozen=True, slots=True)
class Facts:
    """The duty leader's post, how many seats, the switchboard."""

    leader: str
    seats: int
    switchboard: str


def view(facts: Facts, room: Room) -> View:
    """Two lines."""
    return View(
        body=[
            line(text(facts.leader), text(f"坐席 {facts.seats} 席"), cls="first"),
            line(text(f"总机 {facts.switchboard}"), cls="below"),
        ]
    )
