"""The video page: which cameras are off now, how many are on by owner and place, online time."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard.pages import video_cameras
from dashboard.pages.subject import figures, months, more, part
from dashboard.pages.subject.figures import Figure

PATH = "/video"
TITLE = "视频资源"
SHORT = "视频"
FEEDS = ("camera_street", "camera_district")
FILTERS = ("community", "class", "unit", "vs")
MAIN = "camera_online_rate"
PROOFS = video_cameras.PROOFS
SHOWN = (
    video_cameras.now_part("now"),
    figures.part(
        "volume", "在线时长", (Figure("camera_online_rate", "在线率", "在线分钟/应在线分钟"),)
    ),
    months.part(
        "months",
        "camera_online_rate",
        "逐月在线率",
        done="在线",
        left="离线",
        unit="按分钟计 · 上为在线率，%",
        percent=True,
    ),
    video_cameras.off_part("off"),
    video_cameras.grouped("units", "归属单位", "unit"),
    video_cameras.grouped("places", "社区（村）", "community"),
)
PARTS = more.completed(SHOWN, FEEDS)
METRICS = part.metrics(PARTS)
AREAS = part.areas(PARTS)
options = part.options(main=MAIN)
crumbs = part.crumbs
body: Any = partial(part.body, layout="video", parts=PARTS, feeds=FEEDS)
