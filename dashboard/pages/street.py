"""The map page: places shaded by a count, and what stands where now, layer by layer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

from dash import html

from dashboard import wording
from dashboard.pages import frame, ground, layer_proofs, street_beside
from dashboard.pages.map_layers import KINDS, Layer
from dashboard.pages.marks import attrs, columns, door, link
from dashboard.pages.reading import Glass, by_key
from dashboard.pages.subject import beside, level, part
from dashboard.pages.subject.beside import Beside
from dashboard.pages.subject.level import Level
from dashboard.pages.subject.part import Part
from dashboard.panels import street_map

PATH = "/map"
TITLE = street_map.TITLE
SHORT = "地图"
FILTERS = ("community", "grid")
AGAINST = FILTERS
NONE: Final = "none"
SHADES: Final = {  # what the places may be shaded by; the first unless another is asked for
    "hotline_received": "热线受理",
    "grid_reported": "网格上报",
    "mediation_accepted": "纠纷受理",
    "land_clue": "图斑发现",
}
SHADE_FEEDS: Final = {
    "hotline_received": "hotline_12345",
    "grid_reported": "grid_event",
    "mediation_accepted": "mediation",
    "land_clue": "land_watch",
}
STOCKS: Final = tuple(kind.metric for kind in KINDS if kind.metric)
FEEDS = (*dict.fromkeys(feed for kind in KINDS for feed in kind.feeds), "hotline_12345")
PROOFS = layer_proofs.PROOFS
_LISTED = 60


def options(data: Any) -> dict[str, dict[str, str]]:
    """The places of the site."""
    return {
        "community": {c.code: c.name for c in data.site.communities},
        "grid": {g.code: g.name for g in data.site.grids},
    }


def chosen(glass: Glass) -> tuple[str, ...]:
    """The layers that are drawn: those of the address, or those shown from the start."""
    said = glass.state.get("layers")
    if not said:
        return tuple(kind.key for kind in KINDS if kind.shown)
    return tuple(kind.key for kind in KINDS if kind.key in said.split(","))


def toggled(glass: Glass, key: str) -> str:
    """The address with a layer drawn that was not, or the other way round."""
    now = set(chosen(glass)) ^ {key}
    return glass.state.but(layers=",".join(k.key for k in KINDS if k.key in now) or NONE).href


def shade(glass: Glass) -> str:
    """The metric by which the places are shaded; empty for none."""
    said = glass.state.get("shade")
    if said == NONE:
        return ""
    return said if said in SHADES else next(iter(SHADES))


def _areas(glass: Glass) -> list[street_map.Area]:
    found: list[street_map.Area] = glass.once("map areas", lambda: _read_areas(glass))
    return found


def _read_areas(glass: Glass) -> list[street_map.Area]:
    asked, metric = _level(glass), shade(glass)
    if not metric:
        return ground.areas(glass, asked, None)
    series = by_key(glass.now_of(metric, asked.by, **level.place_filters(asked)).series)
    counts = {key: int(point.value or 0) for key, point in series.items()}
    return ground.areas(glass, asked, counts)


def _level(glass: Glass) -> Level:
    """What the map shows; two communities beside each other lie on that of the street."""
    if glass.want.beside and glass.want.beside[0] == "community":
        return Level("community", None, glass.want.filters.get("community"))
    return level.places(glass)


def _map(glass: Glass) -> Any:
    on, picked = chosen(glass), glass.state.get("thing")
    drawn = ground.chart(glass, _level(glass), _areas(glass), on, picked=picked)
    return street_map.view(drawn)


def _picked(glass: Glass) -> Any:
    """Which one the address asks for, whether it can be shown, and the way back to all."""
    name = glass.state.get("thing")
    if not name:
        return None
    found = ground.pick(ground.layers(glass, chosen(glass)), name)
    said = "地址里要标出的不在图上，或没有坐标" if found is None else f"已标出 {found[1].name}"
    return [said, "；", link("看全图", glass.state.but(thing=None).href, "underlined"), " · "]


def _both(glass: Glass, second: Glass) -> Any:
    """Two periods as a table of the places; two places marked on one map, with their signs."""
    asked, metric = _level(glass), shade(glass) or next(iter(SHADES))
    dimension, value = glass.want.beside
    if dimension == beside.PERIOD:
        return beside.split(metric, asked.by)(glass, second)
    both = {asked.chosen, value}
    areas = [replace(area, chosen=area.code in both) for area in _areas(glass)]
    drawn = ground.chart(glass, asked, areas, chosen(glass))
    if asked.chosen:  # else the whole street is the first of the two, the second within it
        drawn = street_beside.joined(drawn, ground.chart(second, asked, areas, chosen(glass)))
    return street_map.view(drawn)


def _map_title(glass: Glass) -> str:
    asked, metric = _level(glass), shade(glass)
    if not metric:
        return "辖区"
    where = f"{glass.want.name_of('community')}各网格" if asked.inside else "各社区（村）"
    return f"{where}{SHADES[metric]}"


def _map_basis(glass: Glass) -> Any:
    said = "点一处加筛选，再点去掉；点标记看详情"
    gone = _silence(glass, (SHADE_FEEDS.get(shade(glass), ""),))
    if gone:
        said = f"底色的平台{gone}，不是现在的数；{said}"
    said = f"示意 · {said}" if glass.data.site.outlines_schematic else said
    picked = _picked(glass)
    return [*picked, said] if picked else said


def _list_title(glass: Glass) -> str:
    return "受理、在办与设施" if glass.want.beside else "图层"


def _list(glass: Glass) -> Any:
    on = chosen(glass)
    rows = [_layer_row(glass, layer, layer.kind.key in on) for layer in ground.layers(glass)]
    return [
        html.Div(rows, className="map-layers", role="group", **attrs({"aria-label": "图层"})),
        html.P("网格事件和城管案件的位置只到约 100 米。", className="note"),
        html.Div(
            [html.Span("底色", className="muted"), *_shades(glass)],
            className="map-shades",
        ),
        _areas_twin(glass),
    ]


def _layer_row(glass: Glass, layer: Layer, on: bool) -> Any:
    kind, total = layer.kind, layer.total
    pressing = f"，{kind.standing} {layer.pressing}" if kind.standing and layer.pressing else ""
    lost = [
        f"{words} {n}"
        for words, n in (
            ("没有坐标", layer.unplaced),
            ("在辖区图外", layer.outside),
            ("更晚到期而未画", total - len(layer.things)),
        )
        if n
    ]
    gone = _silence(glass, kind.feeds)
    lost += [f"{gone}，不是现在的数"] if gone else []
    silent = not glass.shows(kind.feeds)
    href = _proof(glass, kind.metric) or layer_proofs.href(glass, kind.key)
    figure: Any = [door(str(total), href, about=kind.name), f" {kind.unit}{pressing}"]
    if silent:
        figure = "还没有到过数"
    box = html.A(
        [
            html.Span(className="box", **attrs({"aria-hidden": "true"})),
            html.Span(kind.sign, className="mk", **attrs({"aria-hidden": "true"})),
            html.Span(kind.name),
        ],
        href=toggled(glass, kind.key),
        className="map-layer",
        role="checkbox",
        **attrs({"data-go": "1", "aria-checked": "true" if on else "false"}),
    )
    note = html.Span("，".join(lost), className="note") if lost else None
    count = html.Span([html.Span(figure), note], className="map-count")
    return html.Div([box, count], className="map-row")


def _silence(glass: Glass, keys: tuple[str, ...]) -> str:
    """断 3 时 12 分, where a platform has been silent past its limit."""
    feed = glass.feed(*keys)
    return f"断 {wording.age(feed.age)}" if feed is not None and feed.stale else ""


def _proof(glass: Glass, metric: str) -> str | None:
    span = glass.want.span
    return glass.doors.to(metric, span.first, span.last) if metric else None


def _shades(glass: Glass) -> list[Any]:
    now = shade(glass) or NONE
    return [
        link(name, glass.state.but(shade=key).href, "chip small on" if key == now else "chip small")
        for key, name in {**SHADES, NONE: "不着色"}.items()
    ]


def _areas_twin(glass: Glass) -> Any:
    asked, metric, span = level.places(glass), shade(glass), glass.want.span
    rows = []
    for area in sorted(_areas(glass), key=lambda one: -int(one.figure or 0)):
        href = None
        if metric:
            href = glass.doors.to(metric, span.first, span.last, **{asked.by: area.code})
        mark = "row-button on" if area.chosen else "row-button"
        rows.append([link(area.name, area.href, mark), door(area.figure, href, about=area.name)])
    heads = ("网格" if asked.by == "grid" else "社区（村）", SHADES.get(metric, ""))
    return html.Div(columns(rows, heads=heads, numbers=[1]), className="map-areas")


def _tables(glass: Glass) -> Any:
    on = chosen(glass)
    shown = [layer for layer in ground.layers(glass) if layer.kind.key in on]
    if not shown:
        return frame.empty("没有选图层", "在“图层”里选一个。")
    return html.Div([_table(glass, layer) for layer in shown], className="map-tables")


def _table(glass: Glass, layer: Layer) -> Any:
    kind, total = layer.kind, layer.total
    rows = [
        [
            link(thing.number, thing.href, "case-no") if thing.href else thing.number,
            thing.name,
            glass.data.site.community_name(thing.community or None),
            thing.state,
            "" if thing.at else "没有坐标",
        ]
        for thing in layer.things[:_LISTED]
    ]
    rest = f"，先列 {_LISTED} {kind.unit}" if total > _LISTED else ""
    return html.Details(
        [
            html.Summary(f"{kind.name} {wording.count(total)} {kind.unit}{rest}"),
            html.Div(
                columns(rows, heads=("编号", "名称", "社区（村）", "状态", "")),
                className="twin-rows",
            ),
        ],
        className="twin",
    )


PARTS = (
    Part(
        "map",
        _map_title,
        _map,
        (next(iter(SHADES)),),
        basis=_map_basis,
        beside=Beside(_both),
    ),
    Part(
        "layers",
        _list_title,
        _list,
        STOCKS,
        aside="此刻",
        beside=Beside(partial(street_beside.figures, shades=SHADES)),
    ),
    Part("tables", "图上的都在这里", _tables, basis="每层一张表，编号打开案件"),
)
METRICS = part.metrics(PARTS)
AREAS = part.areas(PARTS)
crumbs = part.crumbs
body: Any = partial(part.body, layout="map", parts=PARTS, feeds=())
