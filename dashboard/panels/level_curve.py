"""The level of the last 24 hours at the station nearest to its limit, under its four limits.

Limits within reach of the curve stand to scale; those further up are stacked above a break, each
with its distance in words, so that the curve keeps the room.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import html

from dashboard import wording
from dashboard.theme import RANK_NUMERALS, colour
from dashboard.wall.charts import Figure, axis, base, line_trace, text_mark
from dashboard.wall.parts import Room, View, line, mark, text
from dashboard.wall.water import NAMES, Limits

TITLE = "水情"
READS = ("gauge_series", "gauge_latest")
LEAST = (22.0, 10.0)
NARROW = 24.0  # rem, below which the datum does not fit between the times
LEAST_SPAN = 0.5  # m, so that a movement of centimetres does not look like a flood
REACH = 0.45  # m above the highest reading within which a limit stands to scale
TICK_PITCH = 1.6  # rem between two ticks
STEP = 1.55  # rem a stacked limit takes
TALL = 12.5  # rem from which stacked limits take a line each
HEAD = 3.3  # rem of the card above and below the chart
WORDS = 1.45  # rem that the words above a limit's line take
LEFT, BOTTOM, RIGHT = 2.45, 1.75, 0.55


@dataclass(frozen=True, slots=True)
class Facts:
    """The station's name and datum, its limits, readings in order."""

    station: str | None
    datum: str
    limits: Limits
    times: tuple[datetime, ...]
    levels: tuple[float | None, ...]
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is drawn to scale: lowest and highest level, limits inside, limits stacked above."""

    low: float
    high: float
    inside: tuple[tuple[int, float], ...]
    above: tuple[tuple[int, float], ...]
    columns: int

    @property
    def top(self) -> float:
        """Rem that the stacked limits take."""
        rows = math.ceil(len(self.above) / self.columns)
        return STEP * rows + (0.55 if self.above else 0.2)


def view(facts: Facts, room: Room) -> View:
    """The chart, with the limits' marks and words laid over it."""
    known = [level for level in facts.levels if level is not None]
    title = f"水情 · {facts.station}" if facts.station else TITLE
    if not known:
        return View(title=title, body=line(text("近 24 小时没有水位", "muted"), cls="empty"))
    frame = _frame(facts.limits, known, room.height)
    return View(
        title=title,
        figure=figure(facts, frame, room),
        over=_over(frame, facts.rank, known[-1]),
    )


def figure(facts: Facts, frame: _Frame, room: Room) -> Figure:
    """The curve in straight segments, its last reading as a dot, three times below."""
    place = [_hours(facts.times[0], at) for at in facts.times]
    curve = line_trace(place, facts.levels, "cyan", 0.2)
    last = next(i for i in reversed(range(len(place))) if facts.levels[i] is not None)
    dot = {
        "type": "scatter",
        "mode": "markers",
        "x": [place[last]],
        "y": [facts.levels[last]],
        "marker": {"color": colour("text"), "size": 0.62},
        "cliponaxis": False,
    }
    layout = base({"l": LEFT, "r": RIGHT, "t": frame.top, "b": BOTTOM})
    length = place[-1] or 1
    ticks = _ticks(frame, room.height - HEAD - frame.top - BOTTOM)
    layout["xaxis"] = axis(range=[0, length], showticklabels=False)
    layout["yaxis"] = axis(
        range=[frame.low, frame.high],
        tickvals=ticks,
        ticktext=[wording.fixed(tick, 1) for tick in ticks],
        showgrid=True,
        gridcolor=colour("line"),
        gridwidth=0.05,
    )
    layout["annotations"] = _times(facts, length, frame.low, is_narrow=room.width < NARROW)
    return {"data": [curve, dot], "layout": layout}


def _frame(limits: Limits, known: list[float], height: float) -> _Frame:
    lowest, highest = min(known), max(known)
    inside: list[tuple[int, float]] = []
    above: list[tuple[int, float]] = []
    for rank, limit in sorted(limits.by_rank().items()):
        (inside if limit <= highest + REACH else above).append((rank, limit))
    top = max([highest, *(limit for _, limit in inside if limit >= lowest)])
    span = max(top - lowest, LEAST_SPAN)
    low = lowest - 0.12 * span
    top = max(top, low + LEAST_SPAN)
    columns = 1 if len(above) <= 2 and height >= TALL else 2
    frame = _Frame(low, top, tuple(r for r in inside if r[1] > low), tuple(above), columns)
    plot = max(height - HEAD - frame.top - BOTTOM, 2.0)
    room = min(WORDS / plot, 0.4)  # above the highest limit stand its words
    return _Frame(low, low + (top - low) / (1 - room), frame.inside, frame.above, columns)


def _ticks(frame: _Frame, plot: float) -> list[float]:
    span = frame.high - frame.low
    step = next((s for s in (0.1, 0.2, 0.5, 1, 2, 5) if s / span * plot >= TICK_PITCH), 10)
    first = int(frame.low / step) + 1
    marks = [round(k * step, 2) for k in range(first, int(frame.high / step) + 1)]
    near, top = 0.1 * span, frame.high - 0.12 * span
    return [m for m in marks if m < top and all(abs(m - v) > near for _, v in frame.inside)]


def _times(facts: Facts, length: float, low: float, *, is_narrow: bool) -> list[Figure]:
    first, last = facts.times[0], facts.times[-1]
    whole = f"近 24 小时 {facts.datum} m".replace("  ", " ")
    marks = [
        (0.0, f"{first.day}日 {wording.clock(first)}", "left"),
        (length / 2, "近 24 小时" if is_narrow else whole, "center"),
        (length, wording.clock(last), "right"),
    ]
    return [
        text_mark(x, low, words, xanchor=anchor, yanchor="top", yshift=-0.35)
        for x, words, anchor in marks
    ]


def _hours(first: datetime, at: datetime) -> float:
    return round((at - first).total_seconds() / 3600, 4)


def _over(frame: _Frame, rank: int | None, level: float) -> Any:
    rows = []
    for place, (limit_rank, limit) in enumerate(frame.above):
        gap = text(_gap(limit, level), "gap") if frame.columns == 1 else None
        rows.append(
            html.Div(
                [*_named(limit_rank, limit), gap],
                className="limit stacked" + (" column" if frame.columns == 2 else ""),
                style={
                    "top": f"{place // frame.columns * STEP:.2f}rem",
                    "height": f"{STEP - 0.12:.2f}rem",
                    "left": "52%" if place % frame.columns else "0",
                },
            )
        )
    if frame.above:
        rows.append(html.Div(className="break", style={"top": f"{frame.top - 0.45:.2f}rem"}))
    for limit_rank, limit in frame.inside:
        share = (frame.high - limit) / (frame.high - frame.low)
        passed = rank is not None and level >= limit
        place_css = f"calc({frame.top:.2f}rem + {share:.4f} * (100% - {frame.top + BOTTOM:.2f}rem))"
        rows.append(
            html.Div(
                _named(limit_rank, limit, passed=passed),
                className="limit inside",
                style={"top": place_css, "left": f"{LEFT}rem"},
            )
        )
    return rows


def _named(rank: int, limit: float, *, passed: bool = False) -> list[Any]:
    words = f"{RANK_NUMERALS[rank]} {NAMES[rank]} {wording.fixed(limit, 2)}"
    return [mark(rank, limit=not passed), text(words)]


def _gap(limit: float, level: float) -> str:
    return f"高 {wording.fixed(limit - level, 2)} m"
