"""The street's communities shaded by a count, with name and figure; lake and rivers above."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.theme import colour

TITLE = "分布"
READS = ("hotline_received",)


@dataclass(frozen=True, slots=True)
class Place:
    """One outline: its rings in degrees, where its label stands, its count and address."""

    code: str
    name: str
    rings: Sequence[Sequence[tuple[float, float]]]
    label: tuple[float, float]
    count: int
    href: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """All outlines, the waters as lines or rings, and the limits between the shades."""

    places: Sequence[Place]
    waters: Sequence[Mapping[str, Any]]
    shares: Sequence[float] = (0.25, 0.5, 0.75)
    unit: str = "件"


def figure(data: Area) -> dict[str, Any]:
    """A map of filled outlines on a plane; east is stretched by the cosine of the latitude."""
    lats = [lat for place in data.places for ring in place.rings for _, lat in ring]
    stretch = math.cos(math.radians(sum(lats) / len(lats))) if lats else 1.0
    most = max([place.count for place in data.places] or [0])
    traces: list[dict[str, Any]] = []
    for place in data.places:
        step = _class(place.count, most, data.shares)
        for ring in place.rings:
            traces.append(
                _ring(
                    ring, stretch, colour(f"map-{step + 1}", "light"), colour("panel", "light"), 1.4
                )
            )
    for place in data.places:
        if place.chosen:  # above its neighbours, so that the whole outline is seen
            traces += [_outline(ring, stretch) for ring in place.rings]
    for water in data.waters:
        traces.append(_water(water, stretch))
    traces.append(_labels(data, stretch, most))
    return {"data": traces, "layout": _layout()}


def _class(count: int, most: int, shares: Sequence[float]) -> int:
    return sum(count > share * most for share in shares) if most else 0


def _ring(
    ring: Sequence[tuple[float, float]], stretch: float, fill: str, line: str, width: float
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [round(lng * stretch, 5) for lng, _ in ring],
        "y": [lat for _, lat in ring],
        "fill": "toself",
        "fillcolor": fill,
        "line": {"color": line, "width": width, "shape": "linear"},
        "hoverinfo": "skip",
    }


def _outline(ring: Sequence[tuple[float, float]], stretch: float) -> dict[str, Any]:
    return _ring(ring, stretch, "rgba(0,0,0,0)", colour("ink", "light"), 3.0)


def _water(water: Mapping[str, Any], stretch: float) -> dict[str, Any]:
    points = water["points"]
    trace = _ring(points, stretch, colour("water", "light"), colour("grey", "light"), 1.0)
    if not water["closed"]:
        trace |= {"fill": "none", "line": {"color": colour("grey", "light"), "width": 2.2}}
    return trace


def _labels(data: Area, stretch: float, most: int) -> dict[str, Any]:
    dark = [_class(place.count, most, data.shares) == 3 for place in data.places]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [place.label[0] * stretch for place in data.places],
        "y": [place.label[1] for place in data.places],
        "text": [f"{place.name}<br><b>{place.count}</b>" for place in data.places],
        "textfont": {
            "size": 12,
            "color": [colour("on-teal" if d else "ink", "light") for d in dark],
        },
        "marker": {"size": 46, "opacity": 0},
        "customdata": [place.href for place in data.places],
        "hovertext": [f"{place.name} {place.count} {data.unit}" for place in data.places],
        "hoverinfo": "text",
    }


def _layout() -> dict[str, Any]:
    axis = {"visible": False, "fixedrange": True}
    return {
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 2, "r": 2, "t": 2, "b": 2},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "uirevision": "map",
        "xaxis": dict(axis),
        "yaxis": {**axis, "scaleanchor": "x", "scaleratio": 1},
        "font": {"family": '"Noto Sans SC", "Noto Sans CJK SC", sans-serif'},
        "hoverlabel": {
            "bgcolor": colour("ink", "light"),
            "font": {"color": colour("on-teal", "light"), "size": 13},
        },
    }
