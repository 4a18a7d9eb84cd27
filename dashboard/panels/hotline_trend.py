"""Orders a day for 30 days, the mean of seven days as a line, the running day hollow and apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard import wording
from dashboard.theme import colour
from dashboard.wall.charts import Figure, axis, base, line_trace, steps, text_mark, top_of
from dashboard.wall.parts import Room, View

TITLE = "12345 热线受理"
READS = ("hotline_received",)
LEAST = (22.0, 9.0)
APART = 1.6  # bars between yesterday and the running day
WINDOW = 7
LOW = 11.0  # rem below which fewer ticks stand at the axis


@dataclass(frozen=True, slots=True)
class Facts:
    """The finished days in order, oldest first, and the running day."""

    days: tuple[date, ...]
    counts: tuple[int, ...]
    mean: tuple[float | None, ...]
    today: int


def view(facts: Facts, room: Room) -> View:
    """The chart."""
    return View(basis=f"{len(facts.days)} 日", figure=figure(facts, room))


def figure(facts: Facts, room: Room) -> Figure:
    """Bars from zero, straight segments for the mean, a hollow bar for today."""
    finished = list(range(len(facts.counts)))
    now = len(finished) - 1 + APART if finished else 0.0
    means = [value for value in facts.mean if value is not None]
    highest = max([facts.today, *facts.counts, *means, 1])
    ticks = steps(highest, 2 if room.height < LOW else 3)
    bars = {
        "type": "bar",
        "x": finished,
        "y": list(facts.counts),
        "marker": {"color": colour("teal"), "line": {"width": 0}},
        "cliponaxis": False,
    }
    hollow = {
        "type": "bar",
        "x": [now],
        "y": [facts.today],
        "marker": {
            "color": "rgba(0,0,0,0)",
            "line": {"color": colour("cyan"), "width": 0.14},
        },
        "cliponaxis": False,
    }
    layout = base({"l": 1.7, "r": 0.2, "t": 0.7, "b": 1.95})
    layout["bargap"] = 0.28
    layout["xaxis"] = axis(range=[-0.7, now + 0.7], showticklabels=False)
    layout["yaxis"] = axis(
        range=[0, top_of(highest, ticks)],
        tickvals=ticks,
        ticktext=[wording.fixed(v, 0) for v in ticks],
        showgrid=True,
        gridcolor=colour("line"),
        gridwidth=0.05,
    )
    layout["annotations"] = [*_words(facts.days), _today(now, facts.today)]
    traces = [bars, hollow, line_trace(finished, facts.mean, "text", 0.17)]
    return {"data": traces, "layout": layout}


def seven_day_mean(counts: tuple[int, ...]) -> tuple[float | None, ...]:
    """The mean of each day and the six before it; None for the first six days."""
    return tuple(
        None if i < WINDOW - 1 else sum(counts[i - WINDOW + 1 : i + 1]) / WINDOW
        for i in range(len(counts))
    )


def _words(days: tuple[date, ...]) -> list[Figure]:
    if not days:
        return []
    first = text_mark(-0.5, 0, wording.day(days[0]), xanchor="left", yanchor="top", yshift=-0.35)
    if len(days) < 2 * WINDOW:
        return [first]
    line_name = text_mark(
        len(days) / 2, 0, "白线 7 日均", xanchor="center", yanchor="top", yshift=-0.35
    )
    return [first, line_name]


def _today(x: float, count: int) -> Figure:
    return text_mark(
        x + 0.5,
        0,
        f"<b>今日 {count}</b>",
        xanchor="right",
        yanchor="top",
        yshift=-0.3,
        font={"color": colour("cyan"), "size": 1.1},
    )
