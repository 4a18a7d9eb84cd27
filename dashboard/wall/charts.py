"""Plain Plotly figures for the wall, measured in rem; the browser scales them to its pixels.

Every size in a figure (type, lines, marks, margins) is in canvas units, so that the same figure is
drawn on a desk screen and on the wall; assets/wall/wall.js multiplies them by the pixels of 1 rem.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.theme import colour

Figure = dict[str, Any]
TICK = 1.0  # rem, the smallest type on the wall


def base(margin: Mapping[str, float]) -> dict[str, Any]:
    """A layout without template, legend, hover and zoom, on the panel's own ground."""
    return {
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0, **margin},
        "showlegend": False,
        "hovermode": False,
        "uirevision": "wall",
        "font": {
            "family": "Noto Sans SC, Noto Sans CJK SC",
            "size": TICK,
            "color": colour("muted"),
        },
    }


def axis(**more: Any) -> dict[str, Any]:
    """An axis with fixed range and quiet lines."""
    return {
        "fixedrange": True,
        "zeroline": False,
        "showgrid": False,
        "showline": False,
        "ticks": "",
        "automargin": False,
        "tickangle": 0,
        "tickfont": {"size": TICK, "color": colour("muted")},
        **more,
    }


def steps(highest: float, most: int = 3) -> list[float]:
    """Round tick values from 0 up to `highest`, at most `most` above the zero."""
    for size in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000):
        count = int(highest / size + 1e-9)
        if count <= most:
            return [round(size * k, 6) for k in range(max(count, 1) + 1)]
    return [0, highest]


def top_of(highest: float, ticks: Sequence[float]) -> float:
    """Where an axis from zero ends: a little above the highest value and the last tick."""
    return max(highest * 1.05, ticks[-1] * 1.02)


def text_mark(x: float, y: float, words: str, **more: Any) -> dict[str, Any]:
    """A label in data coordinates without arrow."""
    font = {"size": TICK, "color": colour("muted"), **more.pop("font", {})}
    return {"x": x, "y": y, "text": words, "showarrow": False, "font": font, **more}


def line_trace(x: Sequence[float], y: Sequence[float | None], role: str, width: float) -> Figure:
    """A line of straight segments; a missing value is a gap."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": list(y),
        "line": {"color": colour(role), "width": width, "shape": "linear"},
        "connectgaps": False,
        "cliponaxis": False,
    }
