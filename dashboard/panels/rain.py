"""Rain by the weather office: last hour, last 24 hours, what is expected; hours as bars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dash import html

from dashboard import wording
from dashboard.theme import colour
from dashboard.wall.charts import Figure, axis, base, steps, text_mark, top_of
from dashboard.wall.parts import Node, Room, View, line, text

TITLE = "雨量气象"
READS = ("weather_now", "weather_hours", "gauge_latest")
LEAST = (22.0, 7.0)
TALL = 9.0  # rem below which the bars are left out


@dataclass(frozen=True, slots=True)
class Facts:
    """Rain in mm, the hours' bars oldest first, the wettest station, air and wind."""

    rain_1h: float | None
    rain_24h: float | None
    next_low: float | None
    next_high: float | None
    hours: tuple[datetime, ...]
    bars: tuple[float | None, ...]
    wettest: str | None
    wettest_mm: float | None
    temp_c: float | None
    humidity: float | None
    wind_ms: float | None
    wind_dir: str | None
    sky: str | None


def view(facts: Facts, room: Room) -> View:
    """Three figures, the bars of 24 hours, and one line of air."""
    figures = html.Div(
        [
            _figure("1 小时", _mm(facts.rain_1h)),
            _figure("24 小时", _mm(facts.rain_24h)),
            _figure("未来 6 小时", _range(facts.next_low, facts.next_high)),
        ],
        className="trio",
    )
    chart = figure(facts) if room.height >= TALL and facts.hours else None
    return View(
        body=figures, figure=chart, foot=line(_air(facts), _wettest(facts), cls="facts spread")
    )


def figure(facts: Facts) -> Figure:
    """Bars from zero; a dry day is a bare base line with its zero."""
    highest = max([value for value in facts.bars if value is not None], default=0.0)
    ticks = steps(max(highest, 1.0), 2)
    hours = list(range(len(facts.hours)))
    layout = base({"l": 1.5, "r": 0.1, "t": 0.55, "b": 1.75})
    layout["bargap"] = 0.3
    layout["xaxis"] = axis(range=[-0.6, len(hours) - 0.4], showticklabels=False)
    layout["yaxis"] = axis(
        range=[0, top_of(highest, ticks)],
        tickvals=[0, ticks[-1]],
        ticktext=["0", wording.fixed(ticks[-1], 0 if ticks[-1] >= 1 else 1)],
        showgrid=True,
        gridcolor=colour("line"),
        gridwidth=0.05,
    )
    first, last = facts.hours[0], facts.hours[-1]
    marks = [
        (-0.5, f"{first.day}日 {wording.clock(first)}", "left"),
        (len(hours) - 0.5, wording.clock(last), "right"),
    ]
    layout["annotations"] = [
        text_mark(x, 0, words, xanchor=anchor, yanchor="top", yshift=-0.3)
        for x, words, anchor in marks
    ]
    bars = {
        "type": "bar",
        "x": hours,
        "y": list(facts.bars),
        "marker": {"color": colour("teal"), "line": {"width": 0}},
        "cliponaxis": False,
    }
    return {"data": [bars], "layout": layout}


def _figure(label: str, value: str) -> html.Div:
    return html.Div(
        [
            text(label, "muted"),
            html.Span([text(value, "value"), text("mm" if value != wording.NONE else "", "unit")]),
        ],
        className="figure-small",
    )


def _mm(value: float | None) -> str:
    return wording.fixed(value, 1)


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return wording.NONE
    if high == 0:
        return "0"
    return f"{wording.fixed(low, 0)}—{wording.fixed(high, 0)}"


def _air(facts: Facts) -> Node:
    air = [f"湿度 {wording.fixed(facts.humidity, 0)} %"]
    if facts.wind_ms is not None:
        wind = (facts.wind_dir or "").removesuffix("风")
        air.append(f"{wind}风 {wording.fixed(facts.wind_ms, 1)} m/s")
    return text(" · ".join(air))


def _wettest(facts: Facts) -> Node:
    if facts.wettest is None:
        return None
    if not facts.wettest_mm:
        return text("各测站 24 小时无雨", "muted")
    return text(
        f"最大 {facts.wettest.removesuffix('站')} {wording.fixed(facts.wettest_mm, 1)}", "muted"
    )
