"""What has happened since the first reading, to the second; what is only expected is hollow."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.wall.parts import Room, View, placed, rows_in, text

TITLE = "处置时间线"
READS = ()
LEAST = (17.0, 8.0)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its time as words, what it is, who or what; not `done` = expected."""

    at: str
    name: str
    what: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """The steps in order of time, and what the head says, such as 确认用时 48 秒."""

    steps: tuple[Step, ...]
    note: str = ""


def view(facts: Facts, room: Room) -> View:
    """One line a step; when there are more than fit, the first stays and the newest are shown."""
    lines = rows_in(room, first=2.75, pitch=1.56, text_height=1.3, last=room.height - 0.4)
    steps = list(facts.steps)
    if len(steps) > lines.count > 1:
        steps = [steps[0], *steps[len(steps) - lines.count + 1 :]]
    rows = [
        placed(top, _row(step), "step" if step.done else "step expected")
        for top, step in zip(lines.tops, steps, strict=False)
    ]
    return View(basis=facts.note, body=rows)


def _row(step: Step) -> list[html.Span]:
    return [
        text(step.at, "at"),
        html.Span(className="dot"),
        text(step.name, "strong name"),
        text(step.what, "what"),
    ]
