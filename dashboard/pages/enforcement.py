"""The enforcement page: filed, decided within the law's time, closed; no money, no people."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages.subject import bands, classes, figures, months, part, places, trend
from dashboard.pages.subject.figures import Figure

PATH = "/enforcement"
TITLE = "综合执法"
SHORT = "执法"
FEEDS = ("enforcement",)
FILTERS = ("community", "class", "vs")
MAIN = "enforcement_filed"
PARTS = (
    figures.part(
        "figures",
        "立案与结案",
        (
            Figure("enforcement_filed", "立案", "按立案时间"),
            Figure("enforcement_closed_rate", "结案率", "本期立案"),
            Figure("enforcement_on_time_rate", "按期决定率", "本期应决定，法定 90 日"),
        ),
    ),
    months.part("months", "enforcement_closed_rate", "逐月结案/立案", done="已结案", left="在办"),
    trend.part("trend", "enforcement_filed", "立案走势"),
    classes.part("classes", "enforcement_filed", "领域与案由"),
    places.part("map", "enforcement_filed", "立案"),
    bands.part(
        "places",
        "enforcement_on_time_rate",
        "社区（村）按期决定",
        by="community",
        what="按期决定率",
    ),
)
METRICS = part.metrics(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN)
crumbs = part.crumbs
body: Any = partial(part.body, layout="enforcement", parts=PARTS, feeds=FEEDS)
