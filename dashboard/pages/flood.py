"""The flood page: every gauge against its four limits, one curve in full, rain, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dash import dcc, html

from cases.alarm import FLOOD
from dashboard import wording
from dashboard.desk.ribbon import ribbon
from dashboard.pages import (
    flood_beside,
    flood_force_proofs,
    flood_forces,
    flood_level,
    flood_proofs,
    frame,
    own_proof,
    reached,
    shell,
    twin,
    water,
)
from dashboard.pages.marks import link
from dashboard.pages.reading import Glass
from dashboard.pages.state import SPANS, State
from dashboard.pages.subject.trend import bounds
from dashboard.panels import day_bars, gauge_curve, station_table, tiles, weather_facts
from dashboard.wall.water import NAMES, StationNow, distance_words, rise_words

PATH = "/flood"
TITLE = "防汛水情"
SHORT = "防汛"
FEEDS = ("gauge", "weather")
FILTERS = ()
AGAINST = ("station",)
PROOFS = {**flood_proofs.PROOFS, **reached.PROOFS, **flood_force_proofs.PROOFS}
METRICS = ("gauge_over_warning", *flood_force_proofs.METRICS)
CURVE: Any = {"displayModeBar": False, "responsive": True}
OVER = "gauge_over_warning"
AREAS = (
    "response",
    "summary",
    "weather",
    "stations",
    "curve",
    "over",
    "ready",
    "teams",
    "stores",
    "works",
)
LEVELS = {"红": 1, "橙": 2, "黄": 3, "蓝": 4}


def options(data: Any) -> dict[str, dict[str, str]]:
    """This page has no filters but its period and its station."""
    return {"station": {station.code: station.name for station in data.thresholds.stations}}


def crumbs(_state: State, _want: Any) -> list[str]:
    """Where the filters have led, in words."""
    return []


def body(glass: Glass) -> Any:
    """The panels of the page in reading order."""
    chosen = glass.state.get("station")
    if glass.want.beside:
        return flood_beside.body(glass, _chosen(water.stations(glass), chosen))
    panels = [
        glass.panel("response", "应急响应", lambda: flood_level.view(glass)),
        glass.panel("summary", "此刻", lambda: tiles.view(_summary(glass)), ("gauge",)),
        glass.panel(
            "weather",
            weather_facts.TITLE,
            lambda: weather_facts.view(_weather(glass)),
            ("weather",),
        ),
        glass.panel(
            "stations",
            station_table.TITLE,
            lambda: _stations(glass, chosen),
            ("gauge",),
            basis="米 · 各站基面不同，不互比 · 竖线依次为设防、警戒、保证、历史最高",
        ),
        glass.panel(
            "curve",
            _curve_title(glass, chosen),
            lambda: _curve(glass, chosen),
            ("gauge",),
            basis="水位 m，左轴 · 雨量 mm，右轴",
            aside=_spans(glass),
        ),
        glass.panel(
            "over",
            "超警戒站数",
            lambda: day_bars.view(_over(glass)),
            ("gauge",),
            basis="逐日末 · 站",
        ),
        *_forces(glass),
    ]
    return html.Div([ribbon(glass.data, kind=FLOOD), shell.grid("flood", panels, AREAS)])


def _forces(glass: Glass) -> list[Any]:
    """What stands ready of this minute, with whom to ring."""
    both = (*flood_forces.SUPPLIES, *flood_forces.PUMPS)
    supplies, pumps = (flood_forces.contact(glass, key) for key in both)
    return [
        glass.panel("ready", "备汛力量", lambda: flood_forces.ready(glass), both),
        glass.panel(
            "teams",
            "防汛队伍",
            lambda: flood_forces.team_list(glass),
            flood_forces.SUPPLIES,
            basis=f"在外的在前 · 联系 {supplies}",
        ),
        glass.panel(
            "stores",
            "防汛物资",
            lambda: flood_forces.store_list(glass),
            flood_forces.SUPPLIES,
            basis=f"库存不低于储备定额为达标 · 联系 {supplies}",
        ),
        glass.panel(
            "works",
            "泵站、闸站",
            lambda: flood_forces.work_list(glass),
            flood_forces.PUMPS,
            basis=f"故障、停更的在前 · 联系 {pumps}",
        ),
    ]


def _chosen(stations: list[StationNow], code: str) -> StationNow | None:
    return next((s for s in stations if s.code == code), stations[0] if stations else None)


def _summary(glass: Glass) -> list[tiles.Tile]:
    span = glass.want.span
    stations = water.stations(glass)
    heard = [s for s in stations if not s.silent]
    answer = glass.metric(OVER, span.today, span.today)
    top = stations[0] if stations else None
    rising = flood_proofs.rising(stations)
    wettest = flood_proofs.wettest(stations)
    limit = None if top is None else water.hours_to(top)
    ahead = "" if limit is None else f"；照此约 {_hours(limit[1])}到{NAMES[limit[0]]}"
    return [
        tiles.Tile(
            name="超警戒",
            shown=wording.count(answer.value),
            unit=f"站，共 {len(stations)} 站",
            extra=_note(f"{len(heard)} 站按时报到"),
            href=glass.doors.to(OVER, span.today, span.today),
        ),
        tiles.Tile(
            name="最近警戒" if top is None else f"最近警戒 · {top.name}",
            shown=wording.NONE if top is None else wording.fixed(top.level_m, 2),
            unit="m",
            extra=_note("" if top is None else distance_words(top) + ahead),
            href=own_proof.href(glass, "nearest"),
        ),
        tiles.Tile(
            name="正在上涨",
            shown=str(len(rising)),
            unit="站",
            extra=_note("".join(f"最快 {s.name} {rise_words(s.rise_m)}/时" for s in rising[:1])),
            href=own_proof.href(glass, "rising"),
        ),
        tiles.Tile(
            name="24 小时雨量最大",
            shown=wording.NONE if wettest is None else wording.fixed(wettest.rain_24h_mm, 1),
            unit="mm",
            extra=_note(_wettest(wettest)),
            href=own_proof.href(glass, "rain"),
        ),
    ]


def _note(words: str) -> list[Any]:
    return [html.Div(words, className="tile-note")] if words else []


def _wettest(station: StationNow | None) -> str:
    if station is None:
        return ""
    return station.name if station.rain_24h_mm else "各站无雨"


def _hours(hours: float) -> str:
    if hours > 72:
        return "72 小时以上"
    return "不到 1 小时" if hours < 1 else f"{wording.fixed(hours)} 小时"


def _stations(glass: Glass, chosen: str) -> Any:
    found = water.stations(glass)
    if not found:
        return frame.empty("还没有站点报到", "遥测站的数据到后自动显示。")
    here = _chosen(found, chosen)
    rivers = {s.code: s.river for s in glass.data.thresholds.stations}
    rows = [
        station_table.Station(
            name=s.name,
            river=rivers.get(s.code, ""),
            level_m=s.level_m,
            rise=rise_words(s.rise_m),
            distance=distance_words(s),
            rank=s.rank,
            limits=s.limits.by_rank(),
            rain=f"{wording.fixed(s.rain_1h_mm, 1)} / {wording.fixed(s.rain_24h_mm, 1)}",
            at=wording.moment(s.observed_at, glass.today),
            href=glass.state.but(station=s.code).href,
            chosen=here is not None and s.code == here.code,
            silent=_silence(glass, s),
        )
        for s in found
    ]
    return station_table.view(rows)


def _silence(glass: Glass, station: StationNow) -> str:
    if not station.silent:
        return ""
    at = station.observed_at
    return "未报到" if at is None else f"断 {wording.age(glass.now - at)}"


def _curve_title(glass: Glass, chosen: str) -> str:
    known = {s.code: s for s in glass.data.thresholds.stations}
    if chosen in known:
        return f"{known[chosen].name}（{known[chosen].river}）{gauge_curve.TITLE}"
    return gauge_curve.TITLE


def _spans(glass: Glass) -> Any:
    view = glass.want.view or "24h"
    return html.Span(
        [
            link(
                words,
                glass.state.but(span=key).href,
                "chip small on" if key == view else "chip small",
            )
            for key, words in SPANS.items()
        ],
        className="keys",
    )


def _curve(glass: Glass, chosen: str) -> Any:
    station = _chosen(water.stations(glass), chosen)
    if station is None:
        return frame.empty("还没有站点报到", "遥测站的数据到后自动显示。")
    view = glass.want.view or "24h"
    drawn = water.curve(glass, station, view)
    limits = [
        f"{NAMES[rank]} {wording.fixed(m, 2)}" for rank, m in station.limits.by_rank().items()
    ]
    datum = {s.code: s.datum for s in glass.data.thresholds.stations}.get(station.code, "")
    words = [
        station.name,
        f"{wording.fixed(station.level_m, 2)} m",
        f"近 1 小时{rise_words(station.rise_m)}",
        distance_words(station),
    ]
    return [
        html.P(
            [
                "，".join(words),
                "。",
                html.Span(
                    f"{'、'.join(reversed(limits))} m，{datum}基面；灰柱为时段雨量。",
                    className="note",
                ),
            ],
        ),
        twin.curved(
            html.Div(
                dcc.Graph(figure=drawn, config=CURVE, className="chart"),
                className="chart-box",
                **twin.mute(),
            ),
            heads=water.HEADS,
        ),
    ]


def _over(glass: Glass) -> day_bars.Bars:
    span = glass.want.span
    first = min(span.first, span.last - timedelta(days=13))
    days = (span.last - first).days
    step = "day" if days <= 62 else "week" if days <= 190 else "month"
    bars = []
    for point in glass.metric(OVER, first, span.last, step).series:
        start, stop = bounds(str(point.key), step)
        stop = min(stop, span.last)
        count = int(point.value or 0)
        bars.append(
            day_bars.Bar(
                label=f"{start.month}.{start.day}" if step != "month" else f"{start.month}月",
                said=f"{wording.day(stop)}末 {count} 站",
                when=f"{wording.day(stop)}末",
                count=count,
                running=span.running and stop == span.last,
                href=glass.doors.to(OVER, stop, stop),
            )
        )
    note = "末日为此刻" if span.running else ""
    return day_bars.Bars(bars, "站", max(1, -(-len(bars) // 8)), note)


def _weather(glass: Glass) -> weather_facts.Weather:
    now = glass.query("weather_now")
    facts: list[tuple[str, str]] = []
    if now:
        row = now[0]
        low, high = row.get("next_6h_low_mm"), row.get("next_6h_high_mm")
        facts = [
            ("天气", f"{row.get('sky') or wording.NONE} {wording.fixed(row.get('temp_c'), 1)} ℃"),
            ("风", f"{row.get('wind_dir') or ''} {wording.fixed(row.get('wind_ms'), 1)} m/s"),
            ("近 1 小时雨量", f"{wording.fixed(row.get('rain_1h_mm'), 1)} mm"),
            ("近 24 小时雨量", f"{wording.fixed(row.get('rain_24h_mm'), 1)} mm"),
            ("未来 6 小时", f"{wording.fixed(low, 0)}—{wording.fixed(high, 0)} mm"),
            ("观测", wording.moment(row.get("observed_at"), glass.today)),
        ]
    warnings = [
        weather_facts.Warning_(
            LEVELS.get(str(row["level"]), 4),
            f"{row['kind']}{row['level']}色预警",
            _issued(glass, row),
        )
        for row in glass.query("weather_warnings")
    ]
    warnings.sort(key=lambda w: w.rank)
    return weather_facts.Weather(facts, warnings, wording.clock(glass.now))


def _issued(glass: Glass, row: Mapping[str, Any]) -> str:
    at = wording.moment(row["issued_at"], glass.today)
    return f"{at} 发布；{row.get('summary') or ''}"
