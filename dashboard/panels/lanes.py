"""One matter over its platforms: a lane each, dots at what happened, squares at deadlines, now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dash import html

from dashboard.pages import twin
from dashboard.pages.marks import link

TITLE = "一件事，各平台"
READS = ()
_TICKS = 8


@dataclass(frozen=True, slots=True)
class Dot:
    """One event on a lane; `seen` is whether the reader may know more than that it was."""

    at: datetime
    what: str
    seen: bool = True
    deadline: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One platform's part of the matter; its own lane is drawn thick."""

    name: str
    number: str
    dots: Sequence[Dot]
    own: bool = False
    until: datetime | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Lanes:
    """All lanes with the moment that is now, and the days off by what they are called."""

    lanes: Sequence[Lane]
    now: datetime
    off: Sequence[tuple[date, str]] = ()


def view(data: Lanes) -> Any:
    """Lanes on one time axis: days off grey, the present an ink line."""
    times = [dot.at for lane in data.lanes for dot in lane.dots]
    if not times:
        return html.P("还没有可画的时间。", className="nothing")
    first, last = bounds(times, data.now)
    axis = _Axis(first, last)
    rows = [_lane(lane, axis, data.now) for lane in data.lanes]
    dots = sorted((dot.at, lane.name, dot.what) for lane in data.lanes for dot in lane.dots)
    told = [twin.Line(f"{at:%Y-%m-%d %H:%M}", [name, what]) for at, name, what in dots]
    plot = html.Div(
        [
            html.Div(_ticks(axis), className="lane-axis"),
            html.Div(
                [
                    html.Div(_off(axis, data.off), className="lane-offs"),
                    html.Div(rows, className="lane-rows"),
                    html.Div(_now(axis, data.now), className="lane-nows"),
                ],
                className="lane-plot",
            ),
        ],
        className="lanes",
        **twin.mute(),
    )
    return twin.charted(plot, told, heads=("时间", "平台", "事项"))


def bounds(times: Sequence[datetime], now: datetime) -> tuple[datetime, datetime]:
    """The span of the axis: all events and, while something is to come, the present."""
    first, last = min(times), max(times)
    if any(at > now for at in times) or now - last < timedelta(days=30):
        last = max(last, now)
    room = max((last - first) * 0.06, timedelta(hours=2))
    return first - room, last + room


@dataclass(frozen=True, slots=True)
class _Axis:
    first: datetime
    last: datetime

    def at(self, moment: datetime) -> float:
        """Per cent of the width."""
        return 100 * ((moment - self.first) / (self.last - self.first))


def _ticks(axis: _Axis) -> list[Any]:
    days = (axis.last.date() - axis.first.date()).days
    every = max(1, -(-days // _TICKS))
    found = []
    for step in range(0, days + 1, every):
        day = axis.first.date() + timedelta(days=step)
        place = axis.at(datetime(day.year, day.month, day.day))
        if 2 <= place <= 97:
            words = f"{day.month}月{day.day}日"
            found.append(html.Span(words, style={"left": f"{place:.2f}%"}))
    return found


def _off(axis: _Axis, off: Sequence[tuple[date, str]]) -> list[Any]:
    found = []
    for day, named in off:
        left = max(0.0, axis.at(datetime(day.year, day.month, day.day)))
        right = min(100.0, axis.at(datetime(day.year, day.month, day.day) + timedelta(days=1)))
        style = {"left": f"{left:.2f}%", "width": f"{right - left:.2f}%"}
        found.append(html.Span(className="lane-off", style=style, title=named))
    return found


def _now(axis: _Axis, now: datetime) -> Any:
    if not axis.first <= now <= axis.last:
        return None
    return html.Span(
        html.Span("现在", className="lane-now-word"),
        className="lane-now",
        style={"left": f"{axis.at(now):.2f}%"},
    )


def _lane(lane: Lane, axis: _Axis, now: datetime) -> Any:
    past = [dot for dot in lane.dots if not dot.deadline]
    marks: list[Any] = []
    if past:
        left = axis.at(min(dot.at for dot in past))
        end = lane.until or (now if lane.own else max(dot.at for dot in past))
        width = max(0.0, axis.at(min(end, axis.last)) - left)
        marks.append(
            html.Span(
                className="lane-line own" if lane.own else "lane-line",
                style={"left": f"{left:.2f}%", "width": f"{width:.2f}%"},
            )
        )
    marks += [_mark(dot, axis) for dot in lane.dots]
    marks += _words(lane, axis)
    number: Any = link(lane.number, lane.href, "underlined") if lane.href else lane.number
    return html.Div(
        [
            html.Div([html.B(lane.name), html.Span(number)], className="lane-name"),
            html.Div(marks, className="lane-track"),
        ],
        className="lane own" if lane.own else "lane",
    )


def _mark(dot: Dot, axis: _Axis) -> Any:
    kind = "deadline" if dot.deadline else "seen" if dot.seen else "unseen"
    return html.Span(
        className=f"lane-dot {kind}",
        style={"left": f"{axis.at(dot.at):.2f}%"},
        title=f"{dot.at:%m-%d %H:%M} {dot.what}",
    )


def _words(lane: Lane, axis: _Axis) -> list[Any]:
    """Labels where there is room for them; what has none is told in the list below."""
    found: list[Any] = []
    free = -1.0
    for dot in sorted(lane.dots, key=lambda one: one.at):
        place = axis.at(dot.at)
        length = 1.1 * len(dot.what) + 2
        if place < free or place + length > 100:
            continue
        cls = "lane-word below" if lane.own else "lane-word"
        found.append(html.Span(dot.what, className=cls, style={"left": f"{place:.2f}%"}))
        free = place + length
    return found
