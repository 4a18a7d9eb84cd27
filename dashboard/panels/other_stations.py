"""All other stations, the nearest to its limit first: level, movement, distance to the limit."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.parts import Room, View, mark, placed, rows_in, text
from dashboard.wall.water import StationNow, distance_words, rise_words

TITLE = "其他测站"
READS = ("gauge_latest",)
LEAST = (21.0, 9.0)
NARROW = 24.0  # rem, below which a station's name leaves no room for its movement
SHOWN_M = 2.0  # the bar is the last 2 m below the limit


@dataclass(frozen=True, slots=True)
class Facts:
    """The stations in order of urgency, without the one shown large."""

    stations: tuple[StationNow, ...]


def view(facts: Facts, room: Room) -> View:
    """One line a station, as many as the room holds; the rest summed up in a line."""
    pitch, first = (2.02, 2.7) if room.height > 20 else (1.82, 2.6)
    lines = rows_in(room, first=first, pitch=pitch, text_height=1.55, last=room.height - 0.3)
    shown = facts.stations[: lines.count]
    hidden = facts.stations[lines.count :]
    if hidden and lines.count:
        shown, hidden = facts.stations[: lines.count - 1], facts.stations[lines.count - 1 :]
    rows = [
        placed(top, _row(station, room), "station")
        for top, station in zip(lines.tops, shown, strict=False)
    ]
    if hidden:
        rows.append(placed(lines.tops[-1], [text(_rest(hidden), "muted")], "rest"))
    if not facts.stations:
        rows = [placed(3.0, [text("没有其他测站", "muted")])]
    return View(basis="" if room.width < NARROW else "1 小时涨落", body=rows)


def _row(station: StationNow, room: Room) -> list[html.Span | html.Div]:
    margin = station.margin_m
    share = 0.0 if margin is None else 1 - max(0.0, min(margin, SHOWN_M)) / SHOWN_M
    name = [mark(station.rank) if station.rank else None, text(station.name)]
    level = wording.NONE if station.level_m is None else wording.fixed(station.level_m, 2)
    if station.silent:
        last = station.age
        middle = [text("无读数" if last is None else f"停更 {wording.age(last)}", "away silent")]
    else:
        away = text(distance_words(station, ""), "away")
        rise = text(rise_words(station.rise_m, ""), "rise")
        middle = [away] if room.width < NARROW else [rise, away]
    return [
        html.Span(name, className="name"),
        html.Span([text(level, "value"), text("m", "unit")], className="level"),
        *middle,
        html.Div(
            html.Span(className="fill", style={"width": f"{100 * share:.1f}%"}),
            className="reach",
        ),
    ]


def _rest(stations: tuple[StationNow, ...]) -> str:
    margins = [s.margin_m for s in stations if s.margin_m is not None]
    if not margins:
        return f"其余 {len(stations)} 站无读数"
    return f"其余 {len(stations)} 站距限值均在 {wording.fixed(min(margins), 2)} m 以上"
