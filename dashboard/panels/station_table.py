"""All gauges: level, movement, distance to the limit in words and on a scale of four limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import twin
from dashboard.pages.marks import due_tag, link, rank

TITLE = "各站水位"
READS = ("gauge_latest",)
_SHORT = {4: "设", 3: "警", 2: "保", 1: "高"}


@dataclass(frozen=True, slots=True)
class Station:
    """One gauge as last heard; `limits` by rank (1 record, 2 guarantee, 3 warning, 4 patrol)."""

    name: str
    river: str
    level_m: float | None
    rise: str
    distance: str
    rank: int | None
    limits: dict[int, float]
    rain: str
    at: str
    href: str
    chosen: bool = False
    silent: str = ""


def view(data: Sequence[Station]) -> Any:
    """One row a station, the most urgent first; a silent one is grey and says since when."""
    heads = ["站", "", "水位 m", "近 1 小时", "距离", "四线位置", "雨 1/24 时 mm", "观测"]
    head = twin.heads([html.Span(word) for word in heads], "station-row split-head")
    return twin.table([head, *[_row(station) for station in data]], "stations")


def _row(station: Station) -> Any:
    mark = rank(station.rank) if station.rank and not station.silent else None
    level = html.B(wording.fixed(station.level_m, 2))
    distance = html.Span(station.distance, className="over" if _over(station) else None)
    last = due_tag(station.silent, over=True) if station.silent else html.Span(station.at)
    cls = (
        "station-row"
        + (" chosen" if station.chosen else "")
        + (" silent" if station.silent else "")
    )
    return twin.row(
        [
            html.Span(
                [link(html.B(station.name), station.href, "quiet"), html.Span(station.river)],
                className="station-name",
            ),
            html.Span(mark, className="station-mark"),
            html.Span(level, className="n"),
            html.Span(station.rise),
            distance,
            _scale(station),
            html.Span(station.rain, className="n"),
            html.Span(last),
        ],
        cls,
    )


def _over(station: Station) -> bool:
    return station.distance.startswith("超")


def _scale(station: Station) -> Any:
    """A line from two metres below the lowest limit to a little above the highest."""
    if not station.limits:
        return html.Span("未设限值", className="basis")
    low = min(station.limits.values()) - 2.0
    high = max(station.limits.values()) + 0.2
    if station.level_m is not None:
        low, high = min(low, station.level_m - 0.2), max(high, station.level_m + 0.1)

    def at(metres: float) -> dict[str, str]:
        return {"left": f"{100 * (metres - low) / (high - low):.1f}%"}

    ticks = [
        html.Span(
            className=f"tick tick-{level}",
            style=at(metres),
            title=f"{_SHORT[level]} {wording.fixed(metres, 2)} m",
        )
        for level, metres in sorted(station.limits.items(), reverse=True)
    ]
    if station.level_m is not None:
        width = f"{100 * (station.level_m - low) / (high - low):.1f}%"
        ticks = [
            html.Span(className="water", style={"width": width}),
            *ticks,
            html.Span(className="scale-dot", style=at(station.level_m)),
        ]
    return html.Span(ticks, className="level-scale")
