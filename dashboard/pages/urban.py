"""The urban management page: cases due, closed in time, by place, class and unit."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages.subject import bands, figures, months, part
from dashboard.pages.subject.figures import Figure

PATH = "/urban"
TITLE = "数字城管"
SHORT = "城管"
FEEDS = ("urban_case",)
FILTERS = ("community", "grid", "class", "unit", "vs")
MAIN = "urban_closure_rate"
PARTS = (
    figures.part(
        "figures",
        "结案与按期",
        (
            Figure("urban_closure_rate", "结案率", "本期应结案"),
            Figure("urban_on_time_closure_rate", "按期结案率", "本期应结案"),
        ),
    ),
    months.part(
        "months",
        "urban_on_time_closure_rate",
        "逐月按期结案/应结案",
        done="按期结案",
        left="未按期",
    ),
    bands.part("units", "urban_on_time_closure_rate", "处置部门分档", what="按期结案率"),
    bands.part(
        "places",
        "urban_on_time_closure_rate",
        "社区（村）分档",
        by="community",
        what="按期结案率",
    ),
)
METRICS = part.metrics(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN, classes="urban_classes")
crumbs = part.crumbs
body: Any = partial(part.body, layout="urban", parts=PARTS, feeds=FEEDS)
