"""The street as a map that moves: shaded places, waters, and points by layer with their clusters.

Nothing is asked for from outside: outlines come from the site's file, and tiles only from a server
of its own. What the browser draws of a feature (assets/pages/map.js) is text, never HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_leaflet as dl
from dash import html

from dashboard.pages.marks import attrs

TITLE = "一张图"
Point = tuple[float, float]
Ring = Sequence[Point]
_WIDEST, _NEAREST = 9, 18
_START: Final = 12  # the browser fits the frame as soon as it knows its room
_APART: Final = 72  # pixels between two clusters


@dataclass(frozen=True, slots=True)
class Area:
    """A place: its outline, its name and figure, its shade, and where a click leads."""

    code: str
    name: str
    parts: Sequence[Sequence[Ring]]
    label: Point
    figure: str
    step: int  # 1 to 4
    href: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of a layer: its sign, how it stands (calm, soon, over, off, rank-2), its words."""

    at: Point
    sign: str
    look: str
    words: str
    href: str = ""
    picked: bool = False  # the one that the address names


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is drawn; `frame` is west, south, east, north."""

    areas: Sequence[Area]
    lines: Sequence[Sequence[Sequence[Ring]]]
    waters: Sequence[Mapping[str, Any]]
    layers: Mapping[str, Sequence[Spot]]
    frame: tuple[float, float, float, float]
    tiles: str = ""
    apart: frozenset[str] = frozenset()  # layers whose points are never gathered
    small: bool = False  # one panel among others: the wheel scrolls the page


def view(chart: Chart) -> Any:
    """The map in its box."""
    west, south, east, north = chart.frame
    under = [dl.TileLayer(url=chart.tiles, maxZoom=_NEAREST)] if chart.tiles else []
    return html.Div(
        dl.Map(
            [
                *under,
                _layer(
                    "areas",
                    [_area(one) for one in chart.areas],
                    style=_js("area"),
                    onEachFeature=_js("each"),
                    hideout={"frame": list(chart.frame), "tiles": bool(chart.tiles)},
                ),
                _layer(
                    "lines",
                    [_polygon(parts, {}, digits=4) for parts in chart.lines],
                    style=_js("line"),
                ),
                _layer("waters", _waters(chart.waters), style=_js("water")),
                _layer("labels", [_label(one) for one in chart.areas], pointToLayer=_js("label")),
                *[_points(key, spots, chart.apart) for key, spots in chart.layers.items()],
            ],
            id="street-map",
            center=[(south + north) / 2, (west + east) / 2],
            zoom=_START,
            minZoom=_WIDEST,
            maxZoom=_NEAREST,
            zoomSnap=0.1,
            attributionControl=False,
            scrollWheelZoom=not chart.small,
            className="street-map",
        ),
        className="street-box small" if chart.small else "street-box",
        role="group",
        **attrs({"aria-label": "辖区地图，方向键移动，加减键缩放；同样的内容在旁边的表格中"}),
    )


def _js(name: str) -> dict[str, str]:
    """A function of assets/pages/map.js."""
    return {"variable": f"honglan.map.{name}"}


def _layer(key: str, features: Sequence[Any], **words: Any) -> Any:
    return dl.GeoJSON(id=f"map-{key}", data=_collection(features), **words)


def _points(key: str, spots: Sequence[Spot], apart: frozenset[str]) -> Any:
    gathered = key not in apart
    return dl.GeoJSON(
        id=f"map-{key}",
        data=_collection([_spot(one) for one in spots]),
        pointToLayer=_js("point"),
        clusterToLayer=_js("cluster"),
        cluster=gathered,
        superClusterOptions={"radius": _APART, "maxZoom": _NEAREST},
        spiderfyOnMaxZoom=True,
        zoomToBoundsOnClick=gathered,
        hideout={"sign": spots[0].sign if spots else ""},
    )


def _collection(features: Sequence[Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def _polygon(
    parts: Sequence[Sequence[Ring]], told: Mapping[str, Any], digits: int = 5
) -> dict[str, Any]:
    shape = [[_ring(ring, digits) for ring in part] for part in parts]
    return _feature({"type": "MultiPolygon", "coordinates": shape}, told)


def _area(one: Area) -> dict[str, Any]:
    told = {"step": one.step, "chosen": one.chosen, "href": one.href}
    return _polygon(one.parts, {**told, "words": f"{one.name} {one.figure}"})


def _label(one: Area) -> dict[str, Any]:
    told = {"name": one.name, "figure": one.figure, "step": one.step}
    return _feature({"type": "Point", "coordinates": _place(one.label)}, told)


def _spot(one: Spot) -> dict[str, Any]:
    told: dict[str, Any] = {"sign": one.sign, "look": one.look, "words": one.words}
    told["href"] = one.href
    if one.picked:
        told["picked"] = True
    return _feature({"type": "Point", "coordinates": _place(one.at)}, told)


def _waters(waters: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        _feature(
            {"type": "Polygon", "coordinates": [[_place(p) for p in water["points"]]]}
            if water["closed"]
            else {"type": "LineString", "coordinates": [_place(p) for p in water["points"]]},
            {"closed": water["closed"]},
        )
        for water in waters
    ]


def _feature(geometry: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": dict(told)}


def _ring(ring: Ring, digits: int) -> list[list[float]]:
    """A ring without the points that fall together."""
    points = [_place(point, digits) for point in ring]
    return [p for n, p in enumerate(points) if n in (0, len(points) - 1) or p != points[n - 1]]


def _place(point: Point, digits: int = 5) -> list[float]:
    """A metre is enough."""
    return [round(point[0], digits), round(point[1], digits)]
