"""The panels of the overview and of every scene's header."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from dashboard.panels import (
    district_map,
    hotline_trend,
    level_curve,
    link_clock,
    masthead,
    mediation_lines,
    nearest_level,
    on_time_rate,
    open_matters,
    other_stations,
    overdue,
    platform_lamps,
    posts,
    rain,
    received_today,
    revisit_rates,
    ribbon,
    scene,
    top_classes,
    warnings,
)
from dashboard.wall import content_hotline as hotline
from dashboard.wall import content_matters as matters
from dashboard.wall import content_water as water
from dashboard.wall.asking import Asking
from dashboard.wall.panel import Panel

HOTLINE, MEDIATION, GAUGE, WEATHER = "hotline_12345", "mediation", "gauge", "weather"


def _drawn_by(
    module: ModuleType,
    ask: Callable[[Asking], Any] | None = None,
    *behind: str,
    inner: bool = False,
    chart: bool = False,
) -> Panel:
    least = getattr(module, "LEAST", None)
    return Panel(module.TITLE, module.view, ask, behind, module.READS, inner, chart, least)


PANELS: Mapping[str, Panel] = {
    "masthead": _drawn_by(masthead),
    "posts": _drawn_by(posts),
    "link_clock": _drawn_by(link_clock),
    "platform_lamps": _drawn_by(platform_lamps),
    "received_today": _drawn_by(received_today, hotline.received, HOTLINE),
    "on_time_rate": _drawn_by(on_time_rate, hotline.on_time, HOTLINE),
    "overdue": _drawn_by(overdue, hotline.over_time, HOTLINE),
    "hotline_trend": _drawn_by(hotline_trend, hotline.trend, HOTLINE, chart=True),
    "revisit_rates": _drawn_by(revisit_rates, hotline.rates, HOTLINE),
    "top_classes": _drawn_by(top_classes, hotline.classes, HOTLINE),
    "mediation_lines": _drawn_by(mediation_lines, matters.mediation, MEDIATION),
    "district_map": _drawn_by(district_map, matters.district, HOTLINE),
    "open_matters": _drawn_by(open_matters, matters.matters, HOTLINE, MEDIATION, inner=True),
    "nearest_level": _drawn_by(nearest_level, water.nearest, GAUGE),
    "level_curve": _drawn_by(level_curve, water.curve, GAUGE, chart=True),
    "other_stations": _drawn_by(other_stations, water.others, GAUGE),
    "rain": _drawn_by(rain, water.wet, WEATHER, chart=True),
    "scene": _drawn_by(scene, water.day, WEATHER),
    "warnings": _drawn_by(warnings, water.warned, WEATHER, GAUGE),
    "ribbon": _drawn_by(ribbon, water.gravest, GAUGE, WEATHER),
}
