"""The station that is nearest to its limit, or furthest over it: level, rank, distance, rise."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.parts import Room, View, headline, line, mark, pill, text
from dashboard.wall.water import StationNow, distance_words, rise_words, state_words

TITLE = "最近警戒水位"
READS = ("gauge_latest",)
LEAST = (22.0, 8.0)


@dataclass(frozen=True, slots=True)
class Facts:
    """The station, how many stand over 警戒, how many report."""

    station: StationNow | None
    over: int
    stations: int


def view(facts: Facts, room: Room) -> View:
    """Level in metres, its rank by mark and words, the movement of the last hour."""
    station = facts.station
    count = text(f"超警戒 {facts.over} / {facts.stations} 站")
    if station is None or station.level_m is None:
        return View(
            body=html.Div([headline(wording.NONE, "m")], className="kpi"),
            foot=line(text("暂无水位"), count, cls="facts spread"),
        )
    said = state_words(station)
    if station.silent:  # the level stays, it is not shown as live
        moved = [line(text("末次读数", "muted")), line(pill(f"停更 {wording.age(station.age)}"))]
    else:
        moved = [line(text("近 1 小时", "muted")), line(text(rise_words(station.rise_m)))]
    aside = html.Div(moved, className="aside")
    look = "muted" if station.silent else ""
    level = headline(wording.fixed(station.level_m, 2), "m", look)
    words = [
        mark(station.rank) if station.rank else None,
        text(station.name, "strong"),
        text(distance_words(station), "strong" if station.rank else ""),
    ]
    return View(
        of=station.observed_at,
        basis=said.removeprefix("水位"),
        body=html.Div([level, aside], className="kpi"),
        foot=html.Div([line(*words), line(count, cls="muted")], className="facts spread"),
    )
