"""The urban management page: cases reported, filed, closed in time, by place, class and unit."""

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

PATH = "/urban"
TITLE = "数字城管"
SHORT = "城管"
FEEDS = ("urban_case",)
FILTERS = ("community", "grid", "class", "unit", "vs")
MAIN = "urban_reported"
SHOWN = (
    figures.part(
        "volume",
        "上报与结案",
        (
            Figure("urban_reported", "上报", "按上报时间"),
            Figure("urban_closed", "结案", "按结案时间"),
            Figure("urban_open", "在办", "期末"),
            Figure("urban_overdue", "超期在办", "期末"),
        ),
    ),
    figures.part(
        "rates",
        "时限与质量",
        (
            Figure("urban_closure_rate", "结案率", "本期应结案"),
            Figure("urban_on_time_closure_rate", "按期结案率", "本期应结案"),
            Figure("urban_on_time_handling_rate", "按期处置率", "本期应处置"),
            Figure("urban_filed_rate", "立案率", "已上报"),
            Figure(
                "urban_handling_hours",
                "办理时长",
                "中位数",
                unit="小时",
                under=(Figure("urban_rework_rate", "返工率"),),
            ),
        ),
    ),
    flow.part(
        "flow",
        flow.Source(
            subject="urban",
            open="urban_open",
            entered="urban_reported",
            closed="urban_closed",
            words=("本期上报", "本期结案", "不予立案、作废"),
        ),
    ),
    months.part(
        "months", "urban_on_time_closure_rate", "逐月按期结案/应结案", done="按期", left="未按期"
    ),
    classes.part("classes", "urban_reported", "问题类别"),
    trend.part("trend", "urban_reported", "上报走势"),
    places.part("map", "urban_reported", "上报", layers=("urban",)),
    bands.part(
        "places", "urban_on_time_closure_rate", "社区（村）分档", by="community", what="按期结案率"
    ),
    bands.part("units", "urban_on_time_closure_rate", "处置部门分档", what="按期结案率"),
    stages.standing(
        "steps",
        "urban_open",
        "在办的在哪一步",
        "state",
        ("待受理", "待立案", "待派遣", "处置中", "待核查", "挂账"),
    ),
    figures.part(
        "air",
        "环境与秸秆",
        (
            Figure("air_good_rate", "PM2.5 达标率", "站日"),
            Figure("straw_fires", "火点核实", "按报警时间"),
            Figure("straw_handling_minutes", "火点处置", "中位数", unit="分钟"),
        ),
        feeds=("environment", "straw_fire"),
    ),
    figures.part(
        "iot",
        "物联感知",
        (
            Figure("iot_alarms", "报警", "按发生时间"),
            Figure("iot_alarms_open", "未恢复", "期末"),
        ),
        feeds=("iot_device",),
    ),
    cases.part("cases", cases.Cases("urban_open", "urban_overdue", "在办案件")),
)
PARTS = more.completed(SHOWN, FEEDS)
METRICS = part.metrics(PARTS)
PROOFS = part.proofs(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN, classes="urban_classes")
crumbs = part.crumbs
body: Any = partial(part.body, layout="urban", parts=PARTS, feeds=FEEDS)
