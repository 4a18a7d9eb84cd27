"""The whistle page: whistles blown, departments that came in time, what was resolved."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages.subject import bands, cases, classes, figures, flow, more, part, trend
from dashboard.pages.subject.figures import Figure

PATH = "/whistle"
TITLE = "吹哨报到"
SHORT = "吹哨"
FEEDS = ("whistle",)
FILTERS = ("community", "class", "unit", "vs")
MAIN = "whistle_blown"
SHOWN = (
    figures.part(
        "volume",
        "吹哨与销哨",
        (
            Figure("whistle_blown", "吹哨", "按吹哨时间"),
            Figure("whistle_open", "在办哨", "期末"),
            Figure("whistle_resolved_rate", "解决率", "已销哨"),
            Figure(
                "whistle_days",
                "销哨天数",
                "中位数",
                unit="天",
                under=(Figure("whistle_returned_rate", "退哨率"),),
            ),
        ),
    ),
    figures.part(
        "rates",
        "部门到位",
        (
            Figure("whistle_sign_on_time_rate", "按时签收率", "1 小时内"),
            Figure("whistle_contact_on_time_rate", "按时联系率", "24 小时内"),
            Figure("whistle_on_time_rate", "按时报到率", "3 或 5 个工作日"),
        ),
        "一哨多部门分别计",
    ),
    flow.part(
        "flow",
        flow.Source(
            subject="whistle",
            open="whistle_open",
            entered="whistle_blown",
            unit="次",
            words=("本期吹哨", "本期销哨", "退哨"),
            undivided={"unit": "一哨多部门，哨不归哪一个部门，存量与流量不分单位。"},
        ),
    ),
    trend.part("trend", "whistle_blown", "吹哨走势", unit="次", rare=True),
    classes.part("classes", "whistle_blown", "事项类别", unit="次"),
    bands.part("units", "whistle_on_time_rate", "部门报到", what="按时报到率", unit="次"),
    cases.part("cases", cases.Cases("whistle_open", title="在办的哨", unit="次")),
)
PARTS = more.completed(SHOWN, FEEDS)
METRICS = part.metrics(PARTS)
PROOFS = part.proofs(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN)
crumbs = part.crumbs
body: Any = partial(part.body, layout="whistle", parts=PARTS, feeds=FEEDS)
