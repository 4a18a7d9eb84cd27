"""The level of the last 12 hours under its limits, and where the present rise leads.

Limits that the curve or its projection comes near stand to scale, named at the right edge; the
others are told above a break with their distance. The limit that has been passed is a solid line
in its rank's colour with the area above it tinted. The projection is dashed, its band is the middle
half of the slopes; there is none when the rise is not clear.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dash import html

from dashboard import wording
from dashboard.theme import RANK_NUMERALS, colour
from dashboard.wall.ahead import dot, passed, projection
from dashboard.wall.charts import Figure, axis, base, line_trace, text_mark
from dashboard.wall.parts import Room, View, mark, placed, text
from dashboard.wall.rise import Reach, Rise
from dashboard.wall.water import NAMES, Limits

TITLE = "水位过程"
READS = ("gauge_series",)
LEAST = (26.0, 9.0)
PAST = timedelta(hours=12)
AHEAD = timedelta(hours=4)  # how far the axis goes beyond the last reading at most
LEAST_SPAN = 0.4  # m
REACHABLE = 1.2  # m above the curve within which a limit stands to scale
LEFT, RIGHT, BOTTOM, TOP, HEAD = 2.6, 9.2, 1.9, 0.5, 3.3
PITCH = 1.5  # rem between two named limits
STACKED = 1.5
NARROWEST = 3.4  # rem between two times on the axis
CLEAR = 1.7  # rem that half a time takes, to keep off seams


@dataclass(frozen=True, slots=True)
class Facts:
    """Readings in order, limits, the rank in force, how it rises and when that reaches a limit."""

    station: str
    datum: str
    limits: Limits
    times: tuple[datetime, ...]
    levels: tuple[float | None, ...]
    rank: int | None = None
    rise: Rise | None = None
    reach: Reach | None = None
    target: float | None = None
    why: str = ""  # why there is no projection


@dataclass(frozen=True, slots=True)
class _Frame:
    low: float
    high: float
    inside: tuple[tuple[int, float], ...]
    above: tuple[tuple[int, float], ...]
    top: float
    hours: float  # from the first time to the right edge


def view(facts: Facts, room: Room) -> View:
    """The chart with the limits' marks and words laid over it."""
    title = f"{facts.station} 水位".strip()
    known = [level for level in facts.levels if level is not None]
    if not known:
        return View(
            title=title or TITLE,
            body=placed(2.9, [text("近 12 小时没有水位", "muted")]),
        )
    frame = _frame(facts, known)
    said = "虚线为推算" if facts.reach else facts.why
    basis = f"近 12 时 · m {facts.datum}" + (f" · {said}" if said else "")
    return View(
        title=title,
        basis=basis,
        figure=_figure(facts, frame, room),
        over=_over(facts, frame, known[-1], room),
    )


def _frame(facts: Facts, known: list[float]) -> _Frame:
    lowest, highest = min(known), max(known)
    near = highest + REACHABLE
    goal = facts.target if facts.reach and facts.target else highest
    inside: list[tuple[int, float]] = []
    above: list[tuple[int, float]] = []
    for rank, limit in sorted(facts.limits.by_rank().items()):
        fits = limit <= near or (facts.reach is not None and limit <= goal)
        (inside if fits else above).append((rank, limit))
    top = max([highest, goal, *(limit for _, limit in inside)])
    low = min([lowest, *(limit for _, limit in inside if limit > lowest - 0.4)])
    span = max(top - low, LEAST_SPAN)
    first, last = facts.times[0], facts.times[-1]
    ahead = timedelta(0)
    if facts.reach:
        ahead = min(facts.reach.about - last, AHEAD)
    hours = _hours(first, last + ahead) or 1.0
    return _Frame(
        low - 0.1 * span,
        top + 0.12 * span,
        tuple(one for one in inside if one[1] >= low - 0.1 * span),
        tuple(above),
        TOP + STACKED * len(above) + (0.4 if above else 0.0),
        hours,
    )


def _figure(facts: Facts, frame: _Frame, room: Room) -> Figure:
    place = [_hours(facts.times[0], at) for at in facts.times]
    data: list[Figure] = []
    over = [limit for rank, limit in frame.inside if rank == facts.rank]
    if facts.reach and facts.rise and facts.target is not None:
        data += projection(facts.rise, facts.target, place[-1], frame.hours)
    data.append(line_trace(place, facts.levels, "cyan", 0.26))
    last = next(i for i in reversed(range(len(place))) if facts.levels[i] is not None)
    data.append(dot(place[last], facts.levels[last], filled=True))
    layout = base({"l": LEFT, "r": RIGHT, "t": frame.top, "b": BOTTOM})
    layout["xaxis"] = axis(range=[0, frame.hours], showticklabels=False)
    ticks = _ticks(frame, room.height - HEAD - frame.top - BOTTOM)
    layout["yaxis"] = axis(
        range=[frame.low, frame.high],
        tickvals=ticks,
        ticktext=[wording.fixed(tick, 1) for tick in ticks],
        showgrid=True,
        gridcolor=colour("line"),
        gridwidth=0.05,
    )
    layout["annotations"] = _times(facts, frame, room)
    if over and facts.rank:
        layout["shapes"] = passed(over[0], frame.high, facts.rank)
    return {"data": data, "layout": layout}


def _ticks(frame: _Frame, plot: float) -> list[float]:
    span = frame.high - frame.low
    step = next((s for s in (0.1, 0.2, 0.5, 1, 2) if s / span * plot >= 1.6), 5)
    first = int(frame.low / step) + 1
    marks = [round(k * step, 2) for k in range(first, int(frame.high / step) + 1)]
    half = 0.6 / plot * span
    return [m for m in marks if frame.low + half < m < frame.high - half]


def _times(facts: Facts, frame: _Frame, room: Room) -> list[Figure]:
    """The times below: first, full hours, the last reading, the expected time; none on a seam."""
    first, last = facts.times[0], facts.times[-1]
    plot = room.width - 2.2 - LEFT - RIGHT
    wanted: list[tuple[float, str, bool]] = [(_hours(first, last), wording.clock(last), True)]
    if facts.reach and _hours(first, facts.reach.about) <= frame.hours + 0.2:
        wanted.append((frame.hours, wording.clock(facts.reach.about), True))
    wanted.append((0.0, wording.clock(first), False))
    hour = first.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while hour <= last:
        if hour.hour % 3 == 0:
            wanted.append((_hours(first, hour), wording.clock(hour), False))
        hour += timedelta(hours=1)
    kept: list[tuple[float, str, bool]] = []
    for x, words, loud in wanted:
        at = 1.1 + LEFT + x / frame.hours * plot
        if any(abs(at - seam) < CLEAR + 0.3 for seam in room.across):
            continue
        if all(abs(x - other) / frame.hours * plot >= NARROWEST for other, _, _ in kept):
            kept.append((x, words, loud))
    return [
        text_mark(
            x,
            frame.low,
            words,
            xanchor="center",
            yanchor="top",
            yshift=-0.35,
            font={"color": colour("text" if loud else "muted")},
        )
        for x, words, loud in kept
    ]


def _hours(first: datetime, at: datetime) -> float:
    return round((at - first).total_seconds() / 3600, 4)


def _over(facts: Facts, frame: _Frame, level: float, room: Room) -> list[Any]:
    rows: list[Any] = []
    for place, (rank, limit) in enumerate(frame.above):
        gap = text(f"还高 {wording.fixed(limit - level, 2)} m", "gap")
        rows.append(
            html.Div(
                [*_named(rank, limit), gap],
                className="limit stacked",
                style={"top": f"{place * STACKED:.2f}rem", "height": f"{STACKED - 0.1:.2f}rem"},
            )
        )
    if frame.above:
        rows.append(html.Div(className="break", style={"top": f"{frame.top - 0.55:.2f}rem"}))
    plot = max(room.height - HEAD - frame.top - BOTTOM, 2.0)
    inside = sorted(frame.inside, key=lambda one: -one[1])
    true = [
        frame.top + (frame.high - limit) / (frame.high - frame.low) * plot for _, limit in inside
    ]
    for (rank, limit), line_at, label_at in zip(inside, true, _apart(true), strict=True):
        is_passed = facts.rank is not None and level >= limit
        if not is_passed or rank != facts.rank:
            rows.append(
                html.Div(
                    className="limit-line",
                    style={
                        "top": f"{line_at:.2f}rem",
                        "left": f"{LEFT}rem",
                        "right": f"{RIGHT}rem",
                    },
                )
            )
        rows.append(
            html.Div(
                _named(rank, limit, passed=is_passed),
                className="limit named" + (" strong" if is_passed and rank == facts.rank else ""),
                style={"top": f"{label_at - 0.7:.2f}rem"},
            )
        )
    return rows


def _apart(places: list[float]) -> list[float]:
    """Places from the top down, moved so that no two names touch."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + PITCH) if moved else place)
    return moved


def _named(rank: int, limit: float, *, passed: bool = False) -> list[Any]:
    words = f"{RANK_NUMERALS[rank]} {NAMES[rank]} {wording.fixed(limit, 2)}"
    return [mark(rank, limit=not passed), text(words)]
