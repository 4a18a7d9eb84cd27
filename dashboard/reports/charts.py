"""The report's charts, drawn by matplotlib as outlines: no browser, no system font.

Zero base, the value at every bar, the reported week darker, the mean dashed and named. A chart is
drawn at its printed size, so that its type sizes are points on paper.
"""

from __future__ import annotations

import math
import os
from functools import cache, lru_cache
from io import BytesIO
from typing import Any

from config.environment import environment
from dashboard import wording
from dashboard.reports.content import Chart, Series
from dashboard.reports.paper import FONTS, FOOT_PT, LINE_PT, TEXT_WIDTH_PT
from dashboard.theme import colour

POINTS = 72.0
LABEL_PT = 9.5
_PALE, _STRONG, _INK = "#B9CBCF", "teal", "ink"
_BARS_LINES = 6
_MONTHS_SPELT = 8
_REACH_ROW_PT, _REACH_HEAD_PT = 14.0, 18.0


def chart_lines(chart: Chart) -> int:
    """How many lines of the page's grid the drawing and its foot take, the caption not counted."""
    if chart.kind == "bars":
        return _BARS_LINES
    rows = len(chart.series[0].values)
    return math.ceil((rows * _REACH_ROW_PT + _REACH_HEAD_PT + FOOT_PT) / LINE_PT)


def size_pt(chart: Chart) -> tuple[float, float]:
    """Width and height of the drawing in points."""
    return TEXT_WIDTH_PT, chart_lines(chart) * LINE_PT - FOOT_PT


@cache
def _plotting() -> tuple[Any, Any]:
    """Matplotlib's figure class and the report's sans face, loaded with the first chart."""
    cache_folder = environment().var / "cache" / "matplotlib"
    cache_folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("MPLCONFIGDIR", str(cache_folder))
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    # outlines, so that the picture looks the same whatever fonts the reader's machine has
    mpl.rcParams["svg.fonttype"] = "path"
    mpl.rcParams["svg.hashsalt"] = "honglan"  # the same content gives the same bytes
    mpl.rcParams["axes.unicode_minus"] = True
    return Figure, font_manager.FontProperties(fname=str(FONTS / "report-hei.otf"))


@lru_cache(maxsize=8)  # the PDF and the document take the same drawing
def svg(chart: Chart) -> bytes:
    """The drawing as SVG."""
    return _saved(chart, "svg", {"Date": None})


def png(chart: Chart, dpi: int = 220) -> bytes:
    """The drawing as PNG, for readers that cannot show SVG."""
    return _saved(chart, "png", {"Software": None}, dpi=dpi)


def _saved(chart: Chart, kind: str, metadata: dict[str, None], **options: int) -> bytes:
    buffer = BytesIO()
    _drawn(chart).savefig(buffer, format=kind, metadata=metadata, transparent=False, **options)
    return buffer.getvalue()


@lru_cache(maxsize=2)  # drawing costs more than saving; SVG and PNG follow each other
def _drawn(chart: Chart) -> Any:
    figure_class, font = _plotting()
    width, height = size_pt(chart)
    figure = figure_class(figsize=(width / POINTS, height / POINTS))
    if chart.kind == "reach":
        head = _REACH_HEAD_PT / height
        _reach(figure.add_axes((0.25, 0.0, 0.65, 1 - head)), chart, chart.series[0], font)
        return figure
    count = len(chart.series)
    for index, series in enumerate(chart.series):
        left = 0.02 + index * 0.98 / count
        room = 0.83 if count == 1 else 0.98 / count - 0.05
        axes = figure.add_axes((left, 0.14, room, 0.70 if count > 1 else 0.84))
        _bars(axes, chart, series, font, shared=_top(chart))
        if count > 1:
            axes.set_title(series.name, fontproperties=font, fontsize=LABEL_PT, loc="left", pad=7)
    return figure


def _top(chart: Chart) -> float:
    return max((value for one in chart.series for value in one.values), default=0) or 1


def _text(font: Any, size: float = LABEL_PT) -> dict[str, Any]:
    return {"fontproperties": font, "fontsize": size, "color": colour(_INK, "light")}


def _bare(axes: Any) -> None:
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, pad=4)


def _bars(axes: Any, chart: Chart, series: Series, font: Any, *, shared: float) -> None:
    """Upright bars from zero, all charts of one picture on one scale."""
    strong = colour(_STRONG, "light")
    places = list(range(len(series.values)))
    tints = [strong if n == series.strong else _PALE for n in places]
    axes.bar(places, series.values, width=0.66, color=tints, linewidth=0)
    if series.parts:
        axes.bar(places, series.parts, width=0.66, color=strong, linewidth=0)
    if series.mean is not None:
        _mean(axes, series, font)
    for place, value in zip(places, series.values, strict=True):
        if value or not series.parts:
            _value(axes, chart, series, place, font, shared)
    axes.set_ylim(0, shared * (1.04 if series.mean is not None else 1.16))
    axes.set_xlim(-0.6, len(places) - 0.4)
    _bare(axes)
    axes.axhline(0, color=colour(_INK, "light"), linewidth=0.9)
    axes.set_yticks([])
    axes.set_xticks(places, _labels(series.labels), **_text(font))


def _labels(labels: tuple[str, ...]) -> list[str]:
    """The labels under the bars; of many months only the first says 月."""
    if len(labels) <= _MONTHS_SPELT:
        return list(labels)
    return [label if n == 0 else label.removesuffix("月") for n, label in enumerate(labels)]


def _value(axes: Any, chart: Chart, series: Series, place: int, font: Any, shared: float) -> None:
    """The bar's value: above it, or inside it below the line of the mean."""
    value = series.values[place]
    shown = wording.fixed(value, chart.decimals)
    words = {**_text(font), "ha": "center", "textcoords": "offset points"}
    below = min(value, series.mean) if series.mean is not None else 0.0
    if below < shared * 0.2:
        axes.annotate(shown, (place, value), (0, 2.5), **words)
        return
    if place == series.strong:
        words["color"] = "white"
    axes.annotate(shown, (place, below), (0, -4), va="top", **words)


def _mean(axes: Any, series: Series, font: Any) -> None:
    """The mean as a dashed line behind the bars' values, named at its right end."""
    axes.axhline(
        series.mean, color=colour("second", "light"), linewidth=0.8, dashes=(4, 3), zorder=3
    )
    axes.annotate(
        f"均值{wording.fixed(series.mean, 1)}",
        (len(series.values) - 0.4, series.mean or 0),
        (5, 0),
        textcoords="offset points",
        va="center",
        annotation_clip=False,
        **_text(font),
    )


def _reach(axes: Any, chart: Chart, series: Series, font: Any) -> None:
    """Lying bars that reach from the limit: to the left below it, to the right above it."""
    places = list(range(len(series.values)))
    strong = colour(_STRONG, "light")
    tints = [strong if n == series.strong or v >= 0 else _PALE for n, v in enumerate(series.values)]
    axes.barh(places, series.values, height=0.62, color=tints, linewidth=0)
    low, high = min(0.0, *series.values), max(0.0, *series.values)
    span = (high - low) or 1.0
    for place, value in zip(places, series.values, strict=True):
        side = "left" if value >= 0 else "right"
        offset = (4, 0) if value >= 0 else (-4, 0)
        axes.annotate(
            wording.fixed(abs(value), chart.decimals),
            (value, place),
            offset,
            textcoords="offset points",
            ha=side,
            va="center",
            **_text(font, 9),
        )
    axes.set_xlim(low - span * 0.14, high + span * 0.14)
    axes.set_ylim(len(places) - 0.4, -0.6)
    _bare(axes)
    axes.axvline(0, color=colour(_INK, "light"), linewidth=1.0)
    axes.set_xticks([])
    axes.set_yticks(places, series.labels, **_text(font, 9))
    axes.annotate(
        "警戒",
        (0, -0.6),
        (0, 2),
        textcoords="offset points",
        ha="center",
        va="bottom",
        annotation_clip=False,
        **_text(font, 9),
    )
