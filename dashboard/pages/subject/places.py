"""A count on the map: the communities of the street, or the grids of the one gone into."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from dash import dcc, html

from config.outlines import load_outlines
from dashboard.pages.marks import twin
from dashboard.pages.reading import Glass, by_key
from dashboard.pages.subject import level
from dashboard.pages.subject.part import Part
from dashboard.panels import area_map, ranked

_SHOWN = 14


def part(area: str, metric: str, what: str, unit: str = "件", line: str | None = None) -> Part:
    """The map of a metric that adds up; `what` is what is counted: 受理, 上报.

    A metric with lines is drawn by the one chosen, else by `line`.
    """
    return Part(
        area,
        partial(_title, what),
        partial(_view, metric=metric, unit=unit, line=line),
        (metric,),
        basis=partial(_basis, unit),
    )


def _title(what: str, glass: Glass) -> str:
    if level.places(glass).by == "grid":
        return f"{glass.want.name_of('community')}各网格{what}"
    return f"各社区（村）{what}"


def _basis(unit: str, glass: Glass) -> str:
    return f"{unit} · 示意" if glass.data.site.outlines_schematic else unit


def _view(glass: Glass, *, metric: str, unit: str, line: str | None) -> Any:
    asked = level.places(glass)
    by = asked.by
    line = glass.want.filters.get("line") or line
    over = {**level.place_filters(asked), "line": line}
    series = by_key(glass.now_of(metric, by, **over).series)
    counts = {key: int(point.value or 0) for key, point in series.items()}
    shapes = load_outlines(glass.data.site)
    drawn = shapes.places(by, asked.inside)
    if counts and not any(shape.code in counts for shape in drawn):
        return _bars(glass, metric, by, series, unit)
    places = [
        area_map.Place(
            code=shape.code,
            name=shape.name.removesuffix("网格") if by == "grid" else shape.name,
            rings=shape.rings,
            label=shape.label,
            count=counts.get(shape.code, 0),
            href=glass.state.toggled(by, shape.code).href,
            chosen=shape.code == asked.chosen,
        )
        for shape in drawn
    ]
    rest = sum(count for code, count in counts.items() if code not in {p.code for p in places})
    note = f"另有 {rest} {unit}未定到{'网格' if by == 'grid' else '社区（村）'}。" if rest else ""
    note += "点一处加筛选，再点去掉。"
    waters = [] if by == "grid" else shapes.waters()
    figure = area_map.figure(area_map.Area(places, waters, glass.data.thresholds.bands, unit))
    return [
        html.Div(
            dcc.Graph(
                figure=figure,
                config={"displayModeBar": False, "responsive": True, "scrollZoom": False},
                className="chart area-map",
            ),
            className="chart-box tall",
        ),
        html.P(note, className="note"),
        _twin(glass, metric, by, places, unit, line),
    ]


def _twin(
    glass: Glass,
    metric: str,
    by: str,
    places: list[area_map.Place],
    unit: str,
    line: str | None,
) -> Any:
    """The map as a table: each place a button that filters, each figure a door."""
    span = glass.want.span
    lines = [
        (
            place.name,
            place.href,
            f"{place.count} {unit}",
            glass.doors.to(metric, span.first, span.last, **{by: place.code, "line": line}),
        )
        for place in sorted(places, key=lambda one: -one.count)
    ]
    return twin(lines, heads=("网格" if by == "grid" else "社区（村）", "数"))


def _bars(glass: Glass, metric: str, by: str, series: Mapping[str, Any], unit: str) -> Any:
    """Places that are not on the site's map, as bars: those of an imported set."""
    span = glass.want.span
    rows = [
        ranked.Row(
            name=str(point.label),
            count=int(point.value or 0),
            narrow=glass.state.toggled(by, key).href if key != "unknown" else None,
            href=glass.doors.to(metric, span.first, span.last, **{by: key}),
        )
        for key, point in series.items()
        if point.value
    ]
    rest = sum(row.count for row in rows[_SHOWN:])
    note = f"另有 {len(rows) - _SHOWN} 处共 {rest} {unit}" if rest else ""
    return ranked.view(ranked.Ranked(rows[:_SHOWN], "", 0, note, unit=unit))
