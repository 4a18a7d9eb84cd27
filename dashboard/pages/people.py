"""The people page: how many live here and of which kind; aggregates only."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages.subject import figures, more, part, places
from dashboard.pages.subject.figures import Figure

PATH = "/people"
TITLE = "人口与群体"
SHORT = "人口"
FEEDS = ("population_stat",)
FILTERS = ("community", "line", "vs")
MAIN = "population"
SHOWN = (
    figures.part(
        "volume",
        "人口",
        (
            Figure("population", "常住人口", "期末", unit="人", line="01"),
            Figure("population", "户籍人口", "期末", unit="人", line="02"),
            Figure("population", "流动人口", "期末", unit="人", line="03"),
            Figure("population", "出租房屋", "期末", unit="套", line="08"),
        ),
    ),
    figures.part(
        "groups",
        "群体",
        (
            Figure("population", "60 岁及以上", "期末", unit="人", line="04"),
            Figure("population", "80 岁及以上", "期末", unit="人", line="05"),
            Figure("population", "持证残疾人", "期末", unit="人", line="06"),
            Figure("population", "低保对象", "期末", unit="人", line="07"),
            Figure("population", "社区矫正", "期末", unit="人", line="09"),
        ),
        "各类相互包含，不相加",
    ),
    places.part("map", "population", "人数", unit="人", line="01"),
    figures.part(
        "civil",
        "民政",
        (
            Figure("civil_applied", "申请", "按申请日期"),
            Figure("civil_on_time_rate", "按期审批率", "本期应审批"),
            Figure("civil_recipients", "在享", "期末"),
        ),
        feeds=("civil_affairs",),
    ),
)
PARTS = more.completed(SHOWN, FEEDS)
METRICS = part.metrics(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN, lines=True)
crumbs = part.crumbs
WORDS = {"line": ("人群", "常住人口")}
body: Any = partial(part.body, layout="people", parts=PARTS, feeds=FEEDS)
