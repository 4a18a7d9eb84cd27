"""One gauge's level over time with its limits named, and the rain above it hanging from the top.

Colours are left to the style sheet of the pages, which knows light, dark and paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dashboard import wording

TITLE = "水位过程"
READS = ("gauge_series",)
_NAMES = {4: "设防", 3: "警戒", 2: "保证", 1: "历史最高"}
_GAP = 2.5


@dataclass(frozen=True, slots=True)
class Curve:
    """Readings in order of time; `limits` by rank; `step` is how far apart readings lie."""

    times: Sequence[datetime]
    levels: Sequence[float | None]
    rain: Sequence[float | None]
    limits: Mapping[int, float] = field(default_factory=dict)
    step: timedelta = timedelta(minutes=5)
    begin: datetime | None = None
    end: datetime | None = None
    small: bool = False


def figure(data: Curve) -> dict[str, Any]:
    """Straight segments, gaps left open, dashed limits with name and figure at the right end."""
    times, levels = _with_gaps(data)
    known = [level for level in data.levels if level is not None]
    low, high = _range(known, data.limits)
    shown = {rank: metres for rank, metres in data.limits.items() if low <= metres <= high}
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": times,
            "y": levels,
            "line": {"width": 2, "shape": "linear"},
            "connectgaps": False,
            "meta": {"column": 1, "digits": 2},  # of the table beside the curve
            "hovertemplate": "%{text}<extra></extra>",
            "text": [_said(t, v) for t, v in zip(times, levels, strict=True)],
        }
    ]
    if known:
        traces.append(_last(data))
    if not data.small and any(data.rain):
        traces.append(_rain(data))
    shapes, notes = [], []
    for rank, metres in shown.items():
        shapes.append(
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": metres,
                "y1": metres,
                "line": {"width": 1.3, "dash": "dash"},
            }
        )
        notes.append(_note(f"{_NAMES[rank]} {wording.fixed(metres, 2)}", metres))
    return {"data": traces, "layout": _layout(data, (low, high), shapes, notes)}


def _with_gaps(data: Curve) -> tuple[list[str], list[float | None]]:
    times: list[str] = []
    levels: list[float | None] = []
    before: datetime | None = None
    for at, level in zip(data.times, data.levels, strict=True):
        if before is not None and at - before > _GAP * data.step:
            times.append(f"{before + data.step:%Y-%m-%d %H:%M}")
            levels.append(None)
        times.append(f"{at:%Y-%m-%d %H:%M}")
        levels.append(level)
        before = at
    return times, levels


def _range(known: Sequence[float], limits: Mapping[int, float]) -> tuple[float, float]:
    """The readings with some air, and the first limit above them."""
    if not known:
        values = list(limits.values()) or [0.0, 1.0]
        return min(values) - 0.5, max(values) + 0.3
    low, high = min(known), max(known)
    above = sorted(metres for metres in limits.values() if metres >= high - 0.02)
    if above and above[0] - high < 2.5:
        high = above[0]
    room = max(high - low, 0.2)
    return low - 0.08 * room, high + 0.12 * room


def _said(at: str, level: float | None) -> str:
    return "" if level is None else f"{at[5:]}　{wording.fixed(level, 2)} m"


def _last(data: Curve) -> dict[str, Any]:
    at, level = next(
        (t, v)
        for t, v in zip(reversed(data.times), reversed(data.levels), strict=True)
        if v is not None
    )
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [f"{at:%Y-%m-%d %H:%M}"],
        "y": [level],
        "marker": {"size": 8},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _rain(data: Curve) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": [f"{at:%Y-%m-%d %H:%M}" for at in data.times],
        "y": list(data.rain),
        "yaxis": "y2",
        "meta": {"column": 2, "digits": 1},
        "text": [
            f"{at:%m-%d %H:%M}　雨 {wording.fixed(value, 1)} mm"
            for at, value in zip(data.times, data.rain, strict=True)
        ],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _note(words: str, metres: float) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 1,
        "y": metres,
        "xanchor": "left",
        "yanchor": "middle",
        "xshift": 4,
        "text": words,
        "showarrow": False,
        "font": {"size": 12},
    }


def ticks(begin: datetime, end: datetime) -> tuple[list[str], list[str]]:
    """Where the time axis is written and with what: hours within two days, days beyond."""
    length = end - begin
    if length <= timedelta(hours=49):
        step, shape = timedelta(hours=4 if length <= timedelta(hours=25) else 8), "%H:%M"
        first = begin.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        first += timedelta(hours=-first.hour % (step // timedelta(hours=1)))
    else:
        step = timedelta(days=1 if length <= timedelta(days=8) else 5)
        shape = "%m-%d"
        first = begin.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    at, values, words = first, [], []
    while at <= end:
        values.append(f"{at:%Y-%m-%d %H:%M}")
        midnight = shape == "%H:%M" and at.hour == 0
        words.append(f"{at:%m-%d}" if midnight else f"{at:{shape}}")
        at += step
    return values, words


def _layout(
    data: Curve, span: tuple[float, float], shapes: list[Any], notes: list[Any]
) -> dict[str, Any]:
    begin = data.begin or (data.times[0] if data.times else datetime(2026, 1, 1))
    end = data.end or (data.times[-1] if data.times else begin + timedelta(hours=24))
    values, words = ticks(begin, end)
    rainy = not data.small and any(data.rain)
    layout: dict[str, Any] = {
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 42, "r": 88, "t": 6, "b": 24},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest" if data.small else "x",
        "uirevision": "level",
        "bargap": 0.1,
        "font": {"family": '"Noto Sans SC", "Noto Sans CJK SC", sans-serif', "size": 12},
        "hoverlabel": {"font": {"size": 13}},
        "xaxis": {
            "type": "date",
            "range": [f"{begin:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}"],
            "tickvals": values,
            "ticktext": words,
            "showgrid": False,
            "fixedrange": True,
            "zeroline": False,
            "showline": True,
            "showspikes": False,
            "hoverformat": "%m-%d %H:%M",
        },
        "yaxis": {
            "range": list(span),
            "domain": [0, 0.72 if rainy else 1],
            "tickformat": ".1f" if span[1] - span[0] > 0.5 else ".2f",
            "nticks": 5,
            "zeroline": False,
            "fixedrange": True,
        },
        "shapes": shapes,
        "annotations": notes,
    }
    if rainy:
        most = max([value for value in data.rain if value is not None] or [1])
        layout["yaxis2"] = {
            "domain": [0.78, 1],
            "range": [max(most * 1.15, 1), 0],
            "nticks": 3,
            "zeroline": False,
            "fixedrange": True,
            "anchor": "x",
            "side": "right",
            "ticksuffix": " mm",
        }
    return layout
