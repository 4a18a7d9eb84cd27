"""The hotline page: volume and rates with both comparisons, trend, places, units, classes."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages import hotline_split
from dashboard.pages.subject import bands, cases, classes, figures, flow, more, part, places, trend
from dashboard.pages.subject.figures import Figure
from dashboard.panels import day_bars, hour_heat, order_list, ranked

PATH = "/hotline"
TITLE = "12345 热线"
SHORT = "热线"
FEEDS = ("hotline_12345",)
FILTERS = ("community", "grid", "class", "unit", "vs")
MAIN = "hotline_received"
CASES = cases.Cases("hotline_open", "hotline_overdue", order_list.TITLE, closed="closed_at")
SHOWN = (
    figures.part(
        "volume",
        "受理与办结",
        (
            Figure("hotline_received", "受理", "按受理时间"),
            Figure("hotline_closed", "办结", "按办结时间"),
            Figure("hotline_open", "在办", "期末"),
            Figure("hotline_overdue", "超期在办", "期末"),
        ),
    ),
    figures.part(
        "rates",
        "时限与三率",
        (
            Figure("hotline_on_time_rate", "按时办结率", "本期应办结"),
            Figure("hotline_response_rate", "响应率", "有效回访"),
            Figure("hotline_resolution_rate", "解决率", "有效回访"),
            Figure("hotline_satisfaction_rate", "满意率", "已评价"),
            Figure(
                "hotline_handling_days",
                "办理时长",
                "中位数",
                unit="天",
                under=(
                    Figure("hotline_handling_workdays", "折", unit="个工作日"),
                    Figure("hotline_repeat_rate", "重复诉求"),
                ),
            ),
        ),
    ),
    flow.part(
        "flow",
        flow.Source(
            subject="hotline",
            open="hotline_open",
            entered="hotline_received",
            closed="hotline_closed",
            words=("本期受理", "本期办结", "退单、并单"),
        ),
    ),
    trend.part("trend", "hotline_received", day_bars.TITLE),
    classes.part("classes", "hotline_received", ranked.TITLE),
    places.part("map", "hotline_received", "受理"),
    bands.part("units", "hotline_on_time_rate", "承办单位分档", what="按时办结率"),
    part.Part(
        "hours",
        hour_heat.TITLE,
        lambda glass: hour_heat.view(hotline_split.hours(glass)),
        ("hotline_received",),
    ),
    cases.part("cases", CASES),
)
PARTS = more.completed(SHOWN, FEEDS)
METRICS = part.metrics(PARTS)
PROOFS = part.proofs(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN, classes="hotline_classes")
crumbs = part.crumbs
body: Any = partial(part.body, layout="hotline", parts=PARTS, feeds=FEEDS)
