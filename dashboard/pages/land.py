"""The illegal building page: spots found, checked, unlawful, cleared, by kind and place."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages.subject import bands, classes, figures, months, part, places, trend
from dashboard.pages.subject.figures import Figure

PATH = "/land"
TITLE = "智慧控违"
SHORT = "控违"
FEEDS = ("land_watch",)
FILTERS = ("community", "grid", "class", "vs")
MAIN = "land_clue"
PARTS = (
    figures.part(
        "figures",
        "发现与销号",
        (
            Figure("land_clue", "疑似图斑", "按发现时间"),
            Figure("land_confirmed_rate", "属实率", "本期核查"),
            Figure("land_cleared_rate", "销号率", "本期发现且属实"),
        ),
    ),
    months.part(
        "months", "land_cleared_rate", "逐月销号/属实", done="已销号", left="未销号", unit="处"
    ),
    trend.part("trend", "land_clue", "发现走势", unit="处"),
    classes.part("classes", "land_clue", "变化类型", unit="处"),
    places.part("map", "land_clue", "疑似图斑", unit="处"),
    bands.part(
        "places", "land_cleared_rate", "社区（村）分档", by="community", what="销号率", unit="处"
    ),
)
METRICS = part.metrics(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN)
crumbs = part.crumbs
body: Any = partial(part.body, layout="land", parts=PARTS, feeds=FEEDS)
