"""A count by day or month: columns from zero, the mean as a line, the running one hollow, apart."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html
from dash_svg import Line, Polyline, Rect, Svg

from dashboard import wording
from dashboard.wall.charts import steps, top_of
from dashboard.wall.label_places import text_width
from dashboard.wall.parts import Node, Room, View, beside_seams, text

HEAD, FOOT, SIDE, AXIS = 2.9, 2.9, 1.1, 2.3  # rem the card keeps for head, labels, edge, scale
TICK = 1.24  # rem a word of the scale is high
APART = 1.5  # columns between the last finished one and the running one
FILLED = 0.7  # of a column's width


@dataclass(frozen=True, slots=True)
class Facts:
    """Finished columns with the oldest first, and the running one."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    running: int
    running_label: str = "今日"
    mean: tuple[float | None, ...] = ()
    mean_name: str = ""
    basis: str = ""


def view(facts: Facts, room: Room) -> View:
    """The drawing in rem, its words as text over it."""
    highest = max([facts.running, *facts.counts, *[v for v in facts.mean if v is not None], 1])
    ticks = steps(highest, 2 if room.height < 12 else 3)
    top = top_of(highest, ticks)
    wide, high = room.width - 2 * SIDE - AXIS, room.height - HEAD - FOOT
    step = wide / (len(facts.counts) + APART) if facts.counts else wide

    def y(value: float) -> float:
        return high * (1 - value / top)

    drawn: list[Node] = [
        Line(x1="0", x2=f"{wide:.2f}", y1=f"{y(t):.3f}", y2=f"{y(t):.3f}", className="grid")
        for t in ticks
    ]
    drawn += [
        _column(step * (index + 0.5), y(count), high, step, "column")
        for index, count in enumerate(facts.counts)
    ]
    last = wide - step / 2
    drawn.append(_column(last, y(facts.running), high, step, "column running"))
    points = [
        f"{step * (index + 0.5):.2f},{y(value):.2f}"
        for index, value in enumerate(facts.mean)
        if value is not None
    ]
    if points:
        drawn.append(Polyline(points=" ".join(points), className="mean"))
    frame = {
        "left": f"{SIDE + AXIS:.2f}rem",
        "top": f"{HEAD}rem",
        "width": f"{wide:.2f}rem",
        "height": f"{high:.2f}rem",
    }
    drawing = html.Div(
        Svg(drawn, viewBox=f"0 0 {wide:.2f} {high:.2f}"), className="columns", style=frame
    )
    tops = [beside_seams(room, HEAD + y(t) - TICK / 2, TICK) for t in ticks]
    scale = [
        _word(wording.fixed(t), SIDE + AXIS - 0.4, place, "tick")
        for t, place in zip(ticks, tops, strict=True)
    ]
    return View(basis=facts.basis, body=[drawing, *scale, *_labels(facts, room, step)])


def _column(middle: float, top: float, bottom: float, step: float, cls: str) -> Node:
    width = step * FILLED
    return Rect(
        x=f"{middle - width / 2:.3f}",
        y=f"{min(top, bottom - 0.05):.3f}",
        width=f"{width:.3f}",
        height=f"{max(bottom - top, 0.05):.3f}",
        className=cls,
    )


def _labels(facts: Facts, room: Room, step: float) -> list[Node]:
    """The first column's label, names where they have room, the running one's figure."""
    below = room.height - FOOT + 0.35
    said = f"{facts.running_label} {wording.count(facts.running)}"
    right = html.Div(
        text(said, "present"), className="axis-word end", style={"top": f"{below:.2f}rem"}
    )
    left = SIDE + AXIS
    end = room.width - SIDE - text_width(said, 1.1) - 0.8
    found: list[Node] = [right]
    free = left
    every = len(facts.labels) <= 13
    for index, label in enumerate(facts.labels):
        middle = left + step * (index + 0.5)
        width = text_width(label, 1.0)
        start = max(middle - width / 2, left) if every or index == 0 else end
        if start >= free and start + width <= end:
            found.append(_at(label, start, below))
            free = start + width + 0.5
    if facts.mean_name and free + text_width(facts.mean_name, 1.0) + 1.0 <= end:
        place = (free + end - text_width(facts.mean_name, 1.0)) / 2
        found.append(_at(facts.mean_name, place, below))
    return found


def _at(words: str, left: float, top: float) -> Node:
    style = {"left": f"{left:.2f}rem", "top": f"{top:.2f}rem"}
    return html.Div(words, className="axis-word", style=style)


def _word(words: str, right: float, top: float, cls: str) -> Node:
    style = {"left": "0", "width": f"{right:.2f}rem", "top": f"{top:.2f}rem"}
    return html.Div(words, className=f"axis-word {cls}", style=style)
