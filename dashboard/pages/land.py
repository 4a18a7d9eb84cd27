"""The illegal building page: spots found, checked, unlawful, pulled down, cleared."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages.subject import (
    bands,
    cases,
    classes,
    figures,
    flow,
    months,
    more,
    part,
    places,
    stages,
    trend,
)
from dashboard.pages.subject.figures import Figure

PATH = "/land"
TITLE = "智慧控违"
SHORT = "控违"
FEEDS = ("land_watch",)
FILTERS = ("community", "grid", "class", "vs")
MAIN = "land_clue"
SHOWN = (
    figures.part(
        "volume",
        "发现与认定",
        (
            Figure("land_clue", "疑似图斑", "按发现时间"),
            Figure("land_unlawful", "认定新增违建", "按发现时间", line="new"),
            Figure("land_unlawful", "认定存量违建", "按发现时间", line="old"),
            Figure("land_open", "在办", "期末"),
            Figure("land_demolished_area", "拆除面积", "按拆除时间"),
        ),
    ),
    figures.part(
        "rates",
        "核查与销号",
        (
            Figure("land_check_on_time_rate", "及时核查率", "本期应核查"),
            Figure("land_confirmed_rate", "属实率", "本期核查"),
            Figure("land_demolished_rate", "拆除率", "本期发现且属实"),
            Figure(
                "land_cleared_rate",
                "销号率",
                "本期发现且属实",
                under=(Figure("land_rebuilt_rate", "反弹率"),),
            ),
        ),
    ),
    stages.funnel(
        "stages",
        "land_clue",
        "走到哪一步",
        (
            stages.Stage("疑似"),
            stages.Stage("已核查", "checked_at"),
            stages.Stage("属实", "verdict", ("合法", "已批")),
            stages.Stage("已拆除", "demolished_at"),
            stages.Stage("已销号", "cleared_at"),
        ),
        "处",
    ),
    flow.part(
        "flow",
        flow.Source(
            subject="land",
            open="land_open",
            entered="land_clue",
            unit="处",
            words=("本期发现", "本期了结", "剔出"),
        ),
    ),
    months.part(
        "months", "land_cleared_rate", "逐月销号/属实", done="已销号", left="未销号", unit="处"
    ),
    trend.part("trend", "land_clue", "发现走势", unit="处", rare=True),
    classes.part("classes", "land_clue", "变化类型", unit="处"),
    places.part("map", "land_clue", "疑似图斑", unit="处", layers=("plot",)),
    bands.part(
        "places", "land_cleared_rate", "社区（村）销号", by="community", what="销号率", unit="处"
    ),
    cases.part(
        "cases",
        cases.Cases(
            "land_open",
            title="在办图斑",
            unit="处",
            heads=("编号", "变化", "社区（村）", "承办", "发现", "核查时限", "状态"),
        ),
    ),
)
PARTS = more.completed(SHOWN, FEEDS)
METRICS = part.metrics(PARTS)
PROOFS = part.proofs(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN)
crumbs = part.crumbs
body: Any = partial(part.body, layout="land", parts=PARTS, feeds=FEEDS)
