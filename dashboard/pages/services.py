"""The services page: what the service hall took, did in time, and how people rated it."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages.subject import bands, classes, figures, months, more, part, trend
from dashboard.pages.subject.figures import Figure

PATH = "/services"
TITLE = "便民服务"
SHORT = "服务"
FEEDS = ("gov_service",)
FILTERS = ("community", "class", "unit", "vs")
MAIN = "service_accepted"
SHOWN = (
    figures.part(
        "volume",
        "办件",
        (
            Figure("service_accepted", "受理", "按受理时间"),
            Figure("service_wait_minutes", "窗口等候", "中位数", unit="分钟"),
        ),
    ),
    figures.part(
        "rates",
        "时限与评价",
        (
            Figure("service_on_time_rate", "按时办结率", "本期应办结"),
            Figure("service_good_rate", "好评率", "已评价"),
        ),
    ),
    months.part("months", "service_on_time_rate", "逐月按时/应办结", done="按时", left="未按时"),
    trend.part("trend", "service_accepted", "受理走势"),
    classes.part("classes", "service_accepted", "事项"),
    bands.part("units", "service_on_time_rate", "窗口单位分档", what="按时办结率"),
)
PARTS = more.completed(SHOWN, FEEDS)
METRICS = part.metrics(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN)
crumbs = part.crumbs
body: Any = partial(part.body, layout="services", parts=PARTS, feeds=FEEDS)
