"""The grid page: what the grids report, who settles it, where, and what is late."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages.subject import (
    bands,
    cases,
    classes,
    figures,
    flow,
    more,
    part,
    places,
    stages,
    trend,
)
from dashboard.pages.subject.figures import Figure

PATH = "/grid"
TITLE = "网格治理"
SHORT = "网格"
FEEDS = ("grid_event",)
FILTERS = ("community", "grid", "class", "unit", "vs")
MAIN = "grid_reported"
SHOWN = (
    figures.part(
        "volume",
        "上报与办结",
        (
            Figure("grid_reported", "上报", "按上报时间"),
            Figure("grid_closed", "办结", "按结案时间"),
            Figure("grid_open", "在办", "期末"),
            Figure("grid_overdue", "超期在办", "期末"),
        ),
    ),
    figures.part(
        "rates",
        "时限与质量",
        (
            Figure("grid_on_time_rate", "按期处置率", "本期应处置"),
            Figure("grid_closed_rate", "办结率", "本期应办结"),
            Figure("grid_self_handled_rate", "自处置率", "已结案"),
            Figure("grid_valid_rate", "有效上报率", "已上报"),
            Figure("grid_handling_hours", "处置时长", "中位数，上交的", unit="小时"),
        ),
    ),
    flow.part(
        "flow",
        flow.Source(
            subject="grid",
            open="grid_open",
            entered="grid_reported",
            closed="grid_closed",
            words=("本期上报", "本期办结", "作废、无效"),
        ),
    ),
    trend.part("trend", "grid_reported", "上报走势"),
    classes.part("classes", "grid_reported", "事件类别"),
    places.part("map", "grid_reported", "上报", layers=("grid",)),
    bands.part("places", "grid_on_time_rate", "社区（村）分档", by="community", what="按期处置率"),
    bands.part("units", "grid_on_time_rate", "处置单位分档", what="按期处置率"),
    stages.standing(
        "steps",
        "grid_open",
        "在办的在哪一步",
        "state",
        ("待接收", "待派遣", "待处理", "待核查", "待结案"),
    ),
    figures.part(
        "team",
        "网格员",
        (
            Figure("grid_on_duty_rate", "在岗率", "人日"),
            Figure("grid_patrol_rate", "巡查覆盖率", "格日"),
            Figure("grid_visits", "走访", "户次"),
        ),
    ),
    figures.part(
        "linkage",
        "大联动",
        (
            Figure("linkage_received", "联动派单", "按建单时间"),
            Figure("linkage_open", "联动在办", "期末"),
            Figure("linkage_sign_on_time_rate", "按时签收率", "本期应签收"),
            Figure("linkage_on_time_rate", "按期办结率", "本期应办结"),
        ),
        feeds=("linkage",),
    ),
    figures.part(
        "hazard",
        "安全隐患",
        (
            Figure("hazard_found", "排查隐患", "按发现时间"),
            Figure("hazard_open", "未销号", "期末"),
            Figure("hazard_overdue", "超期未改", "期末"),
            Figure("hazard_on_time_rate", "按期整改率", "本期应整改"),
        ),
        feeds=("safety_hazard",),
    ),
    cases.part("cases", cases.Cases("grid_open", "grid_overdue", "在办事件")),
)
PARTS = more.completed(SHOWN, FEEDS)
METRICS = part.metrics(PARTS)
PROOFS = part.proofs(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN, classes="grid_classes")
crumbs = part.crumbs
body: Any = partial(part.body, layout="grid", parts=PARTS, feeds=FEEDS)
