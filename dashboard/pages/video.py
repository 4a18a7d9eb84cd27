"""The video page: how long cameras were online, by owner, industry and place."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages.subject import bands, figures, months, part
from dashboard.pages.subject.figures import Figure

PATH = "/video"
TITLE = "视频资源"
SHORT = "视频"
FEEDS = ("camera_street", "camera_district")
FILTERS = ("community", "class", "unit", "vs")
MAIN = "camera_online_rate"
PARTS = (
    figures.part(
        "volume", "在线情况", (Figure("camera_online_rate", "在线率", "在线分钟/应在线分钟"),)
    ),
    months.part(
        "months",
        "camera_online_rate",
        "逐月在线率",
        done="在线",
        left="离线",
        unit="分钟 · 上为在线率",
        percent=True,
    ),
    bands.part("units", "camera_online_rate", "管理单位分档", what="在线率", unit="分钟"),
    bands.part(
        "places", "camera_online_rate", "社区（村）分档", by="community", what="在线率", unit="分钟"
    ),
)
METRICS = part.metrics(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN)
crumbs = part.crumbs
body: Any = partial(part.body, layout="video", parts=PARTS, feeds=FEEDS)
