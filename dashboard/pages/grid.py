"""The grid page: what the grids report, who settles it, where, and what is not settled in time."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages.subject import bands, classes, figures, months, part, places, trend
from dashboard.pages.subject.figures import Figure

PATH = "/grid"
TITLE = "网格治理"
SHORT = "网格"
FEEDS = ("grid_event",)
FILTERS = ("community", "grid", "class", "unit", "vs")
MAIN = "grid_reported"
PARTS = (
    figures.part(
        "figures",
        "上报与办结",
        (
            Figure("grid_reported", "上报", "按上报时间"),
            Figure("grid_closed_rate", "办结率", "本期应办结"),
        ),
    ),
    months.part("months", "grid_closed_rate", "逐月办结/应办结", done="已办结", left="未办结"),
    trend.part("trend", "grid_reported", "上报走势"),
    classes.part("classes", "grid_reported", "事件类别"),
    places.part("map", "grid_reported", "上报"),
    bands.part("places", "grid_closed_rate", "社区（村）分档", by="community", what="办结率"),
    bands.part("units", "grid_closed_rate", "处置单位分档", what="办结率"),
)
METRICS = part.metrics(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN, classes="grid_classes")
crumbs = part.crumbs
body: Any = partial(part.body, layout="grid", parts=PARTS, feeds=FEEDS)
