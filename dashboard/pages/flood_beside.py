"""The flood page for two: two stations as they stand now, or every station over two periods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dash import dcc, html

from dashboard import wording
from dashboard.pages import frame, shell, twin, water
from dashboard.pages.marks import link
from dashboard.pages.reading import Glass
from dashboard.pages.subject import beside, trend
from dashboard.wall.water import StationNow, rise_words

OVER: Final = "gauge_over_warning"
_CURVE: Final[Any] = {"displayModeBar": False, "responsive": True}
_RULE: Final = "差 = 前者 − 后者"
_DATUM: Final = "各站基面不同，水位不互比"


@dataclass(frozen=True, slots=True)
class Extreme:
    """What a station reached over some days: its highest level with its day, and the rain."""

    high_m: float | None
    on: str
    rain_mm: float | None


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


def extremes(glass: Glass) -> Mapping[str, Extreme]:
    """What every station reached over the page's days."""
    span = glass.want.span
    days = defaultdict(list)
    for row in glass.query("gauge_day", first=span.first, last=span.last):
        days[str(row["station"])].append(row)
    found = {}
    for station, rows in days.items():
        known = [row for row in rows if row["high_m"] is not None]
        top = max(known, key=lambda row: row["high_m"], default=None)
        rain = [row["rain_day_mm"] for row in rows if row["rain_day_mm"] is not None]
        found[station] = Extreme(
            None if top is None else top["high_m"],
            "" if top is None else f"{top['on_day'].month}.{top['on_day'].day}",
            sum(rain) if rain else None,
        )
    return found


def _reached(glass: Glass, second: Glass) -> Any:
    now, then = extremes(glass), extremes(second)
    stations = water.stations(glass)
    if not stations:
        return frame.empty("还没有站点报到", "遥测站的数据到后自动显示。")
    rows: list[list[Any]] = []
    for station in stations:
        one, two = now.get(station.code), then.get(station.code)
        href = glass.state.but(station=station.code, beside=None).href
        name = link(station.name, href, "underlined")
        rows.append([[name, html.Small(" 最高水位 m")], *_pair(one, two, "high_m", 2)])
        rows.append([html.Span("雨量 mm", className="calm"), *_pair(one, two, "rain_mm", 1)])
    return beside.table(glass, rows, "站")


def _pair(one: Extreme | None, two: Extreme | None, name: str, digits: int) -> list[Any]:
    """A figure of both with the day it was reached, and their difference."""
    values = [None if side is None else getattr(side, name) for side in (one, two)]
    cells: list[Any] = []
    for side, value in zip((one, two), values, strict=True):
        day = side.on if side is not None and name == "high_m" else ""
        cells.append([wording.fixed(value, digits), html.Small(f" {day}") if day else None])
    return [*cells, difference(values, digits)]


def difference(values: list[float | None], digits: int) -> str:
    """First minus second as they are shown: +0.31, −1.2, 0; nothing where a side is missing."""
    first, second = values
    if first is None or second is None:
        return ""
    by = float(wording.fixed(first, digits)) - float(wording.fixed(second, digits))
    shown = wording.fixed(abs(by), digits)
    if float(shown) == 0:
        return "0"
    return f"{'+' if by > 0 else '−'}{shown}"


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
    both, reached, today = (first, second), extremes(glass), glass.now.date()
    gaps = [_to_warning(station) for station in both]
    tops = [reached.get(station.code) for station in both]
    rows: list[list[Any]] = [
        ["水位 m", *(wording.fixed(s.level_m, 2) for s in both), ""],
        ["距警戒 m", *(wording.fixed(gap, 2) for gap in gaps), difference(gaps, 2)],
        ["近 1 小时", *(rise_words(s.rise_m) for s in both), ""],
        _measured("雨量 1 小时 mm", [s.rain_1h_mm for s in both], 1),
        _measured("雨量 24 小时 mm", [s.rain_24h_mm for s in both], 1),
        ["本期最高水位 m", *(_top(one) for one in tops), ""],
        _measured("本期雨量 mm", [one.rain_mm if one else None for one in tops], 1),
        ["观测", *(wording.moment(s.observed_at, today) for s in both), ""],
    ]
    return beside.table(glass, rows, pair=(first.name, second.name))


def _to_warning(station: StationNow) -> float | None:
    """Metres that are left to the warning level; negative above it."""
    if station.level_m is None or station.limits.warning is None:
        return None
    return station.limits.warning - station.level_m


def _measured(name: str, values: list[float | None], digits: int) -> list[Any]:
    shown = (wording.fixed(value, digits) for value in values)
    return [name, *shown, difference(values, digits)]


def _top(one: Extreme | None) -> Any:
    if one is None or one.high_m is None:
        return wording.NONE
    return [wording.fixed(one.high_m, 2), html.Small(f" {one.on}")]


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
