"""The flood page for two: two stations as they stand now, or every station over two periods."""

from __future__ import annotations

from typing import Any, Final

from dash import dcc, html

from dashboard import wording
from dashboard.pages import frame, reached, shell, twin, water
from dashboard.pages.marks import door, link
from dashboard.pages.reached import Extreme
from dashboard.pages.reading import Glass
from dashboard.pages.subject import beside, trend
from dashboard.wall.water import StationNow, rise_words

OVER: Final = "gauge_over_warning"
_CURVE: Final[Any] = {"displayModeBar": False, "responsive": True}
_RULE: Final = "差 = 前者 − 后者"
_FIELDS: Final = (("最高水位 m", 2, "high_m"), ("雨量 mm", 1, "rain_mm"))
_DATUM: Final = "各站基面不同，水位不互比"


def body(glass: Glass, chosen: StationNow | None) -> Any:
    """Two stations, or two periods; `chosen` is the station the page shows."""
    if glass.want.beside[0] == beside.PERIOD:
        return _periods(glass)
    stations = {station.code: station for station in water.stations(glass)}
    second = stations.get(glass.want.beside[1])
    if chosen is None or second is None:
        return frame.empty("还没有站点报到", "遥测站的数据到后自动显示。")
    return _stations(glass, chosen, second)


def _periods(glass: Glass) -> Any:
    second = beside.other(glass)
    panels = [
        glass.panel("summary", "超警戒", lambda: _over(glass, second), ("gauge",)),
        glass.panel(
            "curve",
            "逐日末超警戒站数",
            lambda: trend.paired(glass, second, metric=OVER, unit="站"),
            ("gauge",),
        ),
        glass.panel(
            "stations",
            "各站最高水位与雨量",
            lambda: _reached(glass, second),
            ("gauge",),
            basis="最高水位 m，雨量合计 mm · 站名打开过程线",
        ),
    ]
    head = beside.head(glass, rule=_RULE)
    return html.Div([head, shell.grid("flood", panels, ("summary", "curve", "stations"))])


def _over(glass: Glass, second: Glass) -> Any:
    """The stations over their warning level at the end of both, and the worst day of both."""
    rows = [beside.line(glass, second, OVER, "期末超警戒（站）")]
    worst = [_worst(one) for one in (glass, second)]
    rows.append(
        ["最多的一天", *(f"{day} {count} 站" if count else "无" for day, count in worst), ""]
    )
    return beside.table(glass, rows)


def _worst(glass: Glass) -> tuple[str, int]:
    span = glass.want.span
    series = glass.metric(OVER, span.first, span.last, "day").series
    top = max(series, key=lambda point: point.value or 0, default=None)
    if top is None:
        return "", 0
    return wording.day(trend.bounds(str(top.key), "day")[0]), int(top.value or 0)


def _reached(glass: Glass, second: Glass) -> Any:
    both = glass, second
    found = [reached.extremes(one) for one in both]
    stations = water.stations(glass)
    if not stations:
        return frame.empty("还没有站点报到", "遥测站的数据到后自动显示。")
    rows: list[list[Any]] = []
    for station in stations:
        sides = [one.get(station.code, Extreme()) for one in found]
        name = link(
            station.name, glass.state.but(station=station.code, beside=None).href, "underlined"
        )
        for label, digits, field in _FIELDS:
            told = [name, html.Small(f" {label}")] if field == "high_m" else label
            rows.append([told, *_pair(both, station, sides, field, digits)])
    return beside.table(glass, rows, "站")


def _pair(
    both: tuple[Glass, Glass], station: StationNow, sides: list[Extreme], field: str, digits: int
) -> list[Any]:
    """A figure of both with the day it was reached, and their difference, each with its proof."""
    values = [getattr(side, field) for side in sides]
    cells: list[Any] = []
    for one, side, value in zip(both, sides, values, strict=True):
        day = side.on if field == "high_m" else ""
        shown = door(
            wording.fixed(value, digits), reached.href(one, station.code), about=station.name
        )
        cells.append([shown, html.Small(f" {day}") if day else None])
    by = reached.difference(values, digits)
    apart = reached.apart(*both, station.code)
    return [*cells, door(by, apart, about=f"{station.name}之差") if by else ""]


def _stations(glass: Glass, first: StationNow, second: StationNow) -> Any:
    names = first.name, second.name
    panels = [
        glass.panel(
            "summary",
            "两站此刻",
            lambda: _now(glass, first, second),
            ("gauge",),
            basis=_DATUM,
        ),
        glass.panel(
            "curve",
            "水位过程",
            lambda: _curves(glass, (first, second)),
            ("gauge",),
            basis="水位 m，左轴 · 雨量 mm，右轴 · 两图时间相同",
        ),
    ]
    head = beside.head(glass, names, _RULE)
    return html.Div([head, shell.grid("flood", panels, ("summary", "curve"))])


def _now(glass: Glass, first: StationNow, second: StationNow) -> Any:
    both, found, today = (first, second), reached.extremes(glass), glass.today
    tops = [found.get(station.code, Extreme()) for station in both]
    proof = reached.two(glass, first.code, second.code)
    days = [reached.href(glass, station.code) for station in both]

    def told(name: str, values: list[float | None], digits: int, hrefs: list[str]) -> list[Any]:
        cells = [
            door(wording.fixed(value, digits), href, about=f"{station.name}{name}")
            for station, value, href in zip(both, values, hrefs, strict=True)
        ]
        return [name, *cells]

    def held(
        name: str, values: list[float | None], digits: int, hrefs: list[str] | None = None
    ) -> list[Any]:
        by = reached.difference(values, digits)
        apart = door(by, proof, about=f"{name}之差") if by and hrefs is None else by
        return [*told(name, values, digits, hrefs or [proof, proof]), apart]

    rows: list[list[Any]] = [
        [*told("水位 m", [s.level_m for s in both], 2, [proof, proof]), ""],
        held("距警戒 m", [reached.to_warning(station) for station in both], 2),
        ["近 1 小时", *(rise_words(s.rise_m) for s in both), ""],
        held("雨量 1 小时 mm", [s.rain_1h_mm for s in both], 1),
        held("雨量 24 小时 mm", [s.rain_24h_mm for s in both], 1),
        [*told("本期最高水位 m", [one.high_m for one in tops], 2, days), ""],
        held("本期雨量 mm", [one.rain_mm for one in tops], 1, days),
        ["观测", *(wording.moment(s.observed_at, today) for s in both), ""],
    ]
    return beside.table(glass, rows, pair=(first.name, second.name))


def _curves(glass: Glass, stations: tuple[StationNow, StationNow]) -> Any:
    view = glass.want.view or "24h"
    return html.Div(
        [
            html.Div(
                [
                    html.P(html.B(station.name)),
                    twin.curved(
                        html.Div(
                            dcc.Graph(
                                figure=water.curve(glass, station, view),
                                config=_CURVE,
                                className="chart",
                            ),
                            className="chart-box",
                            **twin.mute(),
                        ),
                        heads=water.HEADS,
                    ),
                ]
            )
            for station in stations
        ],
        className="two-curves",
    )
