"""A count on the map: the communities of the street, or the grids of the one gone into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from dash import html

from dashboard.pages import ground, map_layers, twin
from dashboard.pages.marks import link
from dashboard.pages.reading import Glass, by_key
from dashboard.pages.subject import beside, level
from dashboard.pages.subject.beside import Beside
from dashboard.pages.subject.part import Part
from dashboard.panels import ranked, street_map

_SHOWN = 14


def part(
    area: str,
    metric: str,
    what: str,
    unit: str = "件",
    line: str | None = None,
    layers: tuple[str, ...] = (),
) -> Part:
    """The map of a metric that adds up; `what` is what is counted: 受理, 上报.

    A metric with lines is drawn by the one chosen, else by `line`. `layers` are those of the map
    page whose signs stand on it: the subject's open matters, where they are.
    """
    kinds = [kind for kind in map_layers.KINDS if kind.key in layers]
    return Part(
        area,
        partial(_title, what),
        partial(_view, metric=metric, unit=unit, line=line, layers=layers),
        (metric, *(kind.metric for kind in kinds if kind.metric)),
        basis=partial(_basis, unit),
        beside=Beside(beside.split(metric, "community"), ("community", "grid")),
    )


def _title(what: str, glass: Glass) -> str:
    if level.places(glass).by == "grid":
        return f"{glass.want.name_of('community')}各网格{what}"
    return f"各社区（村）{what}"


def _basis(unit: str, glass: Glass) -> str:
    return f"{unit} · 示意" if glass.data.site.outlines_schematic else unit


def _view(
    glass: Glass, *, metric: str, unit: str, line: str | None, layers: tuple[str, ...]
) -> Any:
    asked = level.places(glass)
    by = asked.by
    line = glass.want.filters.get("line") or line
    over = {**level.place_filters(asked), "line": line}
    series = by_key(glass.now_of(metric, by, **over).series)
    counts = {key: int(point.value or 0) for key, point in series.items()}
    drawn = ground.areas(glass, asked, counts)
    if counts and not any(area.code in counts for area in drawn):
        return _bars(glass, metric, by, series, unit)
    here = {area.code for area in drawn}
    rest = sum(count for code, count in counts.items() if code not in here)
    note = f"另有 {rest} {unit}未定到{'网格' if by == 'grid' else '社区（村）'}。" if rest else ""
    note += "点一处加筛选，再点去掉。" + _signs(glass, layers)
    return [
        html.Figure(
            [
                street_map.view(ground.chart(glass, asked, drawn, layers, small=True)),
                _twin(glass, metric, by, drawn, unit, line),
            ],
            className="charted",
        ),
        html.P([note, link("看大图 →", _large(glass, layers), "underlined")], className="note"),
    ]


def _signs(glass: Glass, layers: tuple[str, ...]) -> str:
    """What the signs on the map are, with their number."""
    told = [
        f"{layer.kind.sign} 为{layer.kind.name} {layer.total} {layer.kind.unit}"
        for layer in ground.layers(glass, layers)
    ]
    return f"{'，'.join(told)}。" if told else ""


def _large(glass: Glass, layers: tuple[str, ...]) -> str:
    """The same on the map page."""
    kept = glass.state.only(("period", "at", "community", "grid", "down"))
    return replace(kept, path="/map").but(layers=",".join(layers) or "none").href


def _twin(
    glass: Glass,
    metric: str,
    by: str,
    places: list[street_map.Area],
    unit: str,
    line: str | None,
) -> Any:
    """The map as a table: each place a button that filters, each figure a door."""
    span = glass.want.span
    lines = [
        twin.Line(
            place.name,
            [f"{place.figure} {unit}"],
            place.href,
            glass.doors.to(metric, span.first, span.last, **{by: place.code, "line": line}),
        )
        for place in sorted(places, key=lambda one: -int(one.figure))
    ]
    return twin.twin(lines, heads=("网格" if by == "grid" else "社区（村）", "数"))


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
