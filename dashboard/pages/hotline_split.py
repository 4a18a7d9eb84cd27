"""Hotline orders by class, place, unit and hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dash import dcc, html

from dashboard import wording
from dashboard.pages import frame, outlines
from dashboard.pages.marks import link
from dashboard.pages.reading import Glass, by_key, pair_of
from dashboard.panels import area_map, hour_heat, ranked, two_lines

RECEIVED = "hotline_received"


_PLACES = 14
_CLASSES = 12
_HEAT_DAYS = 92
_UNITS_SHOWN = 14


def class_trail(glass: Glass) -> Any:
    """The way down the class tree: every level a link back."""
    chosen = glass.want.filters.get("class", "")
    names = glass.want.options["class"]
    parts: list[Any] = [
        link("全部", glass.state.but(**{"class": None}).href, "underlined")
        if chosen
        else "全部一级"
    ]
    codes = chosen.split("/") if chosen else []
    for depth in range(1, len(codes) + 1):
        path = "/".join(codes[:depth])
        name = names.get(path, codes[depth - 1])
        here = depth == len(codes)
        href = glass.state.but(**{"class": path}).href
        parts += [" › ", html.B(name) if here else link(name, href, "underlined")]
    return html.Span(parts)


def classes(glass: Glass) -> ranked.Ranked:
    """Orders by class at the level below the chosen one, against the compared period."""
    span, names = glass.want.span, glass.want.options["class"]
    versus = span.versus(glass.want.versus)
    now = by_key(glass.now_of(RECEIVED, "class").series)
    before = by_key(glass.metric(RECEIVED, versus.first, versus.last, "class").series)
    chosen = glass.want.filters.get("class", "")
    rows = []
    for key, point in sorted(now.items(), key=lambda one: -(one[1].value or 0)):
        narrower = bool(key) and key != chosen and key in names
        deeper = narrower and any(path.startswith(f"{key}/") for path in names)
        href = glass.doors.to(RECEIVED, span.first, span.last, **{"class": key}) if key else None
        rows.append(
            ranked.Row(
                name=names.get(key) or point.label or "未分类",
                count=int(point.value or 0),
                before=int(pair_of(before.get(key))[0]) if before else None,
                narrow=glass.state.but(**{"class": key}).href if narrower else None,
                href=href,
                deeper=deeper,
            )
        )
    word = "上期" if glass.want.versus == "previous" else "去年同期"
    total = sum(row.count for row in rows)
    counted = [row for row in rows if row.count]
    rest = sum(row.count for row in counted[_CLASSES:])
    note = f"合计 {total} 件" + (f"，其中未列的 {rest} 件" if rest else "")
    return ranked.Ranked(counted[:_CLASSES], word, total, note)


def area(glass: Glass) -> Any:
    """The map of the communities, or of the grids of the chosen one."""
    place = glass.want.filters.get("community")
    by = "grid" if place else "community"
    series = by_key(glass.now_of(RECEIVED, by).series)
    counts = {key: int(point.value or 0) for key, point in series.items()}
    shapes = outlines.load(glass.data.site.area)
    links = {
        shape.code: glass.state.but(community=shape.code).href
        for shape in shapes.places("community")
    }
    if counts and not any(shape.code in counts for shape in shapes.places(by, place)):
        return _places(glass, by, series)
    places = [
        area_map.Place(
            code=shape.code,
            name=shape.name.removesuffix("网格") if place else shape.name,
            rings=shape.rings,
            label=shape.label,
            count=counts.pop(shape.code, 0),
            href="" if place else links[shape.code],
        )
        for shape in shapes.places(by, place)
    ]
    rest = sum(counts.values())
    drawn = area_map.figure(
        area_map.Area(places, [] if place else shapes.waters(), glass.data.thresholds.bands)
    )
    note = f"另有 {rest} 件未定到{'网格' if place else '社区（村）'}。" if rest else ""
    note += "" if place else "点名称看该社区（村）各网格。"
    return [
        html.Div(
            dcc.Graph(
                figure=drawn,
                config={"displayModeBar": False, "responsive": True, "scrollZoom": False},
                className="chart area-map",
            ),
            className="chart-box tall",
        ),
        html.P(note, className="note"),
    ]


def _places(glass: Glass, by: str, series: Mapping[str, Any]) -> Any:
    """Places that are not on the site's map, as bars: those of an imported set."""
    span = glass.want.span
    rows = [
        ranked.Row(
            name=str(point.label),
            count=int(point.value or 0),
            narrow=glass.state.but(**{by: key}).href if key != "unknown" else None,
            href=glass.doors.to(RECEIVED, span.first, span.last, **{by: key}),
        )
        for key, point in series.items()
        if point.value
    ]
    rest = sum(row.count for row in rows[_PLACES:])
    note = f"另有 {len(rows) - _PLACES} 处共 {rest} 件" if rest else ""
    return ranked.view(ranked.Ranked(rows[:_PLACES], "", 0, note))


def units(glass: Glass) -> Any:
    """On-time orders by unit in the order of the institution list."""
    span = glass.want.span
    received = by_key(glass.now_of(RECEIVED, "unit").series)
    on_time = by_key(glass.now_of("hotline_on_time_rate", "unit").series)
    listed = [unit.name for unit in glass.data.site.units]
    found = {key for key, point in on_time.items() if pair_of(point)[1]}
    names = [name for name in listed if name in found] + sorted(found - set(listed))
    biggest = sorted(names, key=lambda name: -pair_of(received.get(name))[1])[:_UNITS_SHOWN]
    rows = []
    for name in names:
        if name not in biggest:
            continue
        num, den = pair_of(on_time.get(name))
        href = glass.doors.to("hotline_on_time_rate", span.first, span.last, unit=name)
        cell = two_lines.Cell(int(num), int(den), href)
        rows.append(
            two_lines.Row(
                str(on_time[name].label),
                [cell],
                glass.state.but(unit=name).href if name != "unknown" else None,
            )
        )
    if not rows:
        return frame.empty("本期没有应办结的件", "放宽时段或筛选再看。")
    rest = len(names) - len(rows)
    note = f"另有 {rest} 个单位件数更少，未列" if rest > 0 else ""
    return two_lines.view(two_lines.Split(["按时/应办结 · 件"], rows, note))


def hours(glass: Glass) -> hour_heat.Hours:
    """Orders by weekday and hour over the last days of the period."""
    span = glass.want.span
    first = max(span.first, span.last - timedelta(days=_HEAT_DAYS - 1))
    cells: dict[tuple[int, int], int] = {}
    unknown = 0
    for point in glass.metric(RECEIVED, first, span.last, "hour").series:
        day, _, hour = str(point.key).partition("T")
        count = int(point.value or 0)
        if not hour.isdecimal():
            unknown += count
        elif count:
            spot = (date.fromisoformat(day).weekday(), int(hour))
            cells[spot] = cells.get(spot, 0) + count
    days = f"{wording.day(first)}—{wording.day(span.last)}"
    return hour_heat.Hours(cells, unknown, days)
