"""The whistle page: whistles blown, departments that came in time, what was resolved."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages.subject import bands, classes, figures, part, trend
from dashboard.pages.subject.figures import Figure

PATH = "/whistle"
TITLE = "吹哨报到"
SHORT = "吹哨"
FEEDS = ("whistle",)
FILTERS = ("community", "class", "unit", "vs")
MAIN = "whistle_blown"
PARTS = (
    figures.part(
        "figures",
        "吹哨与报到",
        (
            Figure("whistle_blown", "吹哨", "按吹哨时间"),
            Figure("whistle_on_time_rate", "按时报到率", "部门次，本期应报到"),
            Figure("whistle_resolved_rate", "解决率", "已销哨"),
        ),
    ),
    trend.part("trend", "whistle_blown", "吹哨走势", unit="次"),
    classes.part("classes", "whistle_blown", "事项类别", unit="次"),
    bands.part("units", "whistle_on_time_rate", "部门报到分档", what="按时报到率", unit="次"),
)
METRICS = part.metrics(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN)
crumbs = part.crumbs
body: Any = partial(part.body, layout="whistle", parts=PARTS, feeds=FEEDS)
