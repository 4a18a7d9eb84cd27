"""视频健康: how many cameras of both platforms see, whose and where, which are dark longest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from dashboard import wording
from dashboard.panels.shapes import figure, rates, table
from dashboard.panels.shapes.ranked import short
from dashboard.panels.shapes.table import Cell, Column
from dashboard.wall.asking import Asking, Row
from dashboard.wall.map_places import short_name
from dashboard.wall.panel import Panel

BOTH, DEVICES = ("camera_district", "camera_street"), ("iot_device",)
SETS = {"camera_street": "雪亮工程", "camera_district": "视频共享"}
LISTED = 60
SPANS = ((1, "今日"), (7, "近 7 日"), (30, "近 30 日"))


def seeing(ask: Asking, platform: str = "") -> figure.Figure:
    """Cameras that are online now, of those registered; of one platform or of both."""
    rows = [row for row in ask.rows("camera_counts") if not platform or row["platform"] == platform]
    online, registered = _sum(rows, "online"), _sum(rows, "registered")
    made = figure.rate((online, registered), None, names=("在线", "登记"), unit="路", basis="此刻")
    beside = (("离线", f"{registered - online} 路"),)
    return figure.Figure(made.value, made.unit, beside, made.below, made.basis)


def _sum(rows: list[Row], key: str) -> int:
    return sum(int(row[key]) for row in rows)


def over_time(ask: Asking) -> rates.Facts:
    """The share of minutes online, today, in seven and in thirty days."""
    target = ask.thresholds.targets.get("camera_online_rate")
    found = []
    for days, name in SPANS:
        first = ask.today - timedelta(days=days - 1)
        found.append((name, *ask.pair("camera_online_rate", first, ask.today)))
    return rates.Facts(
        tuple(rates.Rate(name, num, den, target, "分") for name, num, den in found), "在线分钟"
    )


def _grouped(
    ask: Asking, key: Callable[[Row], str], head: str, unit: str, basis: str
) -> table.Facts:
    counted: dict[str, list[int]] = {}
    for row in ask.rows("camera_counts"):
        held = counted.setdefault(key(row), [0, 0])
        held[0] += int(row["online"])
        held[1] += int(row["registered"])
    order = sorted(counted, key=lambda name: (counted[name][0] - counted[name][1], name))
    shown = tuple(
        (
            Cell(short(name), "strong"),
            Cell(f"{counted[name][0]} / {counted[name][1]}"),
            Cell(str(counted[name][1] - counted[name][0]), "strong"),
            Cell(wording.rate(*counted[name])),
        )
        for name in order
    )
    heads = (
        Column(head, 6.4),
        Column("在线/登记", 5.2, right=True),
        Column("离线", 3, right=True),
        Column("在线率", 4.6, right=True),
    )
    return table.Facts(heads, shown, len(shown), unit, basis)


def owners(ask: Asking) -> table.Facts:
    """Cameras by owner, most dark ones first."""
    return _grouped(ask, lambda row: row["owner"] or "未登记", "归属单位", "家", "离线多的在前")


def places(ask: Asking) -> table.Facts:
    """Cameras by community, most dark ones first."""
    return _grouped(
        ask,
        lambda row: short_name(row["community_name"] or "未定到村"),
        "村居",
        "个村居",
        "离线多的在前",
    )


def dark(ask: Asking) -> table.Facts:
    """Cameras that are offline, the longest first."""
    rows = ask.rows("camera_list", {"as_of": ask.as_of, "limit": LISTED})
    off = [row for row in rows if row["state"] == "离线" and row["changed_at"] is not None]
    shown = tuple(
        (
            Cell(_since(ask, row), "strong"),
            Cell(short(row["name"] or row["camera_no"][-7:])),
            Cell(short(row["owner"] or "未登记"), "muted"),
        )
        for row in off
    )
    counts = ask.rows("camera_counts")
    total = _sum(counts, "registered") - _sum(counts, "online")
    heads = (Column("已离线", 5.6), Column("点位", 8.6), Column("归属", 6, right=True))
    return table.Facts(
        heads, shown, max(total, len(shown)), "路", "离线久的在前", nothing="全部在线"
    )


def _since(ask: Asking, row: Row) -> str:
    hours = int((ask.minute - row["changed_at"]).total_seconds() // 3600)
    if hours < 1:
        return wording.age(ask.minute - row["changed_at"])
    return f"{hours} 时" if hours < 48 else f"{hours // 24} 天"


def devices(ask: Asking) -> table.Facts:
    """Sensors by kind: how many gave a sign of life within two hours."""
    rows = ask.rows("iot_devices", {"as_of": ask.as_of})
    shown = tuple(
        (
            Cell(short(row["kind"]), "strong"),
            Cell(f"{row['alive']} / {row['devices']}"),
            Cell(wording.rate(row["alive"], row["devices"])),
        )
        for row in rows
    )
    heads = (
        Column("设备", 6),
        Column("有心跳/台数", 6, right=True),
        Column("比例", 4.6, right=True),
    )
    return table.Facts(heads, shown, len(shown), "类", "2 小时内", nothing="近 7 日没有心跳")


PANELS: Mapping[str, Panel] = {
    "cameras": Panel("视频在线率", figure.view, seeing, BOTH, ("camera_counts",)),
    "cameras_street": Panel(
        "雪亮工程", figure.view, partial(seeing, platform="camera_street"), ("camera_street",),
        ("camera_counts",),
    ),
    "cameras_district": Panel(
        "视频共享平台", figure.view, partial(seeing, platform="camera_district"),
        ("camera_district",), ("camera_counts",),
    ),
    "cameras_time": Panel("在线时长率", rates.view, over_time, BOTH, ("camera_online_rate",)),
    "cameras_owners": Panel("按归属单位", table.view, owners, BOTH, ("camera_counts",)),
    "cameras_places": Panel("按村居", table.view, places, BOTH, ("camera_counts",)),
    "cameras_dark": Panel(
        "离线点位", table.view, dark, BOTH, ("camera_list", "camera_counts"), inner=True
    ),
    "devices": Panel("物联设备", table.view, devices, DEVICES, ("iot_devices",)),
}  # fmt: skip
