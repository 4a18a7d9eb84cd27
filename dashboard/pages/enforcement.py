"""The enforcement page: filed, decided within the law's time, closed; no money, no people."""

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

PATH = "/enforcement"
TITLE = "综合执法"
SHORT = "执法"
FEEDS = ("enforcement",)
FILTERS = ("community", "class", "vs")
MAIN = "enforcement_filed"
SHOWN = (
    figures.part(
        "volume",
        "立案与结案",
        (
            Figure("enforcement_filed", "立案", "按立案时间"),
            Figure("enforcement_closed", "结案", "按结案时间"),
            Figure("enforcement_open", "在办", "期末"),
            Figure("enforcement_days", "办案天数", "普通程序，中位数", unit="天"),
        ),
    ),
    figures.part(
        "rates",
        "时限与质量",
        (
            Figure("enforcement_on_time_rate", "按期决定率", "法定 90 日"),
            Figure("enforcement_closed_rate", "结案率", "本期立案"),
            Figure("enforcement_recorded_rate", "全过程记录率", "已结案"),
            Figure(
                "enforcement_published_rate",
                "公示率",
                "已决定",
                under=(Figure("enforcement_simple_rate", "简易程序占比"),),
            ),
        ),
    ),
    flow.part(
        "flow",
        flow.Source(
            subject="enforcement",
            open="enforcement_open",
            entered="enforcement_filed",
            closed="enforcement_closed",
            words=("本期立案", "本期结案", "移送、撤案"),
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
    stages.standing(
        "steps",
        "enforcement_open",
        "在办的在哪一步",
        "state",
        (
            "线索",
            "核查",
            "立案",
            "调查取证",
            "调查终结",
            "法制审核",
            "事先告知",
            "听证",
            "已决定",
            "已送达",
            "执行",
        ),
    ),
    figures.part(
        "market",
        "双随机检查",
        (
            Figure("market_checks", "检查", "户次"),
            Figure("market_problem_rate", "发现问题率", "已检查"),
            Figure("market_rectified_rate", "整改率", "应整改"),
        ),
        feeds=("market_inspection",),
    ),
    cases.part(
        "cases",
        cases.Cases(
            "enforcement_open",
            heads=("案号", "领域与案由", "社区（村）", "承办", "立案", "决定期限", "状态"),
        ),
    ),
)
PARTS = more.completed(SHOWN, FEEDS)
METRICS = part.metrics(PARTS)
PROOFS = part.proofs(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN)
crumbs = part.crumbs
body: Any = partial(part.body, layout="enforcement", parts=PARTS, feeds=FEEDS)
