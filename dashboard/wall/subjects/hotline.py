"""热线与事项: the hotline's processes, places and units, and the orders of 社会治理大联动."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from dashboard import wording
from dashboard.panels.shapes import columns, figure, flow, ranked, rates, table
from dashboard.panels.shapes.table import Cell, Column
from dashboard.wall.asking import Asking
from dashboard.wall.content_hotline import month
from dashboard.wall.panel import Panel
from dashboard.wall.subjects import asked
from dashboard.wall.subjects.asked import Subject
from warehouse.read import MetricAnswer

HOTLINE, LINKAGE = ("hotline_12345",), ("linkage",)
DISPATCH = Subject("linkage", "linkage_received", open="linkage_open")
PROCESS = (
    ("hotline_sign_on_time_rate", "按时签收率"),
    ("hotline_repeat_rate", "重复诉求率"),
    ("hotline_extended_rate", "延期率"),
    ("hotline_rework_rate", "重办率"),
)


def units(ask: Asking) -> table.Facts:
    """Who has how many orders open, over their time, and received this month."""
    now, _ = month(ask)
    held = ask.metric("hotline_open", ask.today, ask.today, by="unit")
    over = _counts(ask.metric("hotline_overdue", ask.today, ask.today, by="unit"))
    received = ask.metric("hotline_received", now.first, now.last, by="unit")
    names = {str(p.key): str(p.label) for p in (*received.series, *held.series)}
    open_now, came = _counts(held), _counts(received)
    kept = [key for key in names if open_now.get(key) or came.get(key)]
    rows = tuple(
        (
            Cell("未派单" if key == "unknown" else ranked.short(names[key])),
            Cell(str(open_now.get(key, 0)), "strong"),
            Cell(str(over.get(key, 0)), "pill" if over.get(key) else "muted"),
            Cell(str(came.get(key, 0)), "muted"),
        )
        for key in sorted(
            kept, key=lambda k: (-over.get(k, 0), -open_now.get(k, 0), -came.get(k, 0), names[k])
        )
    )
    heads = (
        Column("承办单位", 7.5),
        Column("在办", 3.5, right=True),
        Column("超期", 3.5, right=True),
        Column("本月受理", 5, right=True),
    )
    return table.Facts(heads, rows, len(rows), "家", "超期、在办多的在前")


def _counts(answer: MetricAnswer) -> dict[str, int]:
    return {str(point.key): int(point.value or 0) for point in answer.series}


def handling(ask: Asking) -> figure.Figure:
    """How long orders took that were closed this month: median in days and workdays."""
    now, before = month(ask)
    taken = ask.metric("hotline_handling_days", now.first, now.last)
    then = ask.metric("hotline_handling_days", before.first, before.last)
    work = ask.metric("hotline_handling_workdays", now.first, now.last)
    moved = None
    if taken.value is not None and then.value is not None:
        moved = round(taken.value - then.value, 1)
    return figure.Figure(
        wording.fixed(taken.value, 1),
        "天" if taken.value is not None else "",
        (("较上月同期", wording.arrow(moved)),),
        (f"折合 {wording.fixed(work.value, 1)} 个工作日", f"办结 {taken.denominator or 0} 件"),
        "本月中位数",
    )


PANELS: Mapping[str, Panel] = {
    "hotline_days": Panel(
        "热线办理时长", figure.view, handling, HOTLINE,
        ("hotline_handling_days", "hotline_handling_workdays"),
    ),
    "hotline_process": Panel(
        "热线过程质量", rates.view, partial(asked.month_rates, wanted=PROCESS), HOTLINE,
        tuple(key for key, _ in PROCESS),
    ),
    "hotline_units": Panel(
        "热线承办单位", table.view, units, HOTLINE,
        ("hotline_open", "hotline_overdue", "hotline_received"),
    ),
    "hotline_places": Panel(
        "热线村居分布", ranked.view,
        partial(asked.by, metric="hotline_received", dimension="community"), HOTLINE,
        ("hotline_received",),
    ),
    "hotline_flow": Panel(
        "热线存量与流量", flow.view, partial(asked.balance, subject="hotline"), HOTLINE,
        ("matter_flow",),
    ),
    "hotline_list": Panel(
        "热线在办", table.view, partial(asked.open_list, subject="hotline"), HOTLINE,
        ("matter_open",), inner=True,
    ),
    "linkage_today": Panel(
        "联动今日建单", figure.view, partial(asked.today, one=DISPATCH), LINKAGE,
        ("linkage_received", "linkage_open", "matter_flow"),
    ),
    "linkage_rate": Panel(
        "联动按时办结率", figure.view,
        partial(asked.month_rate, metric="linkage_on_time_rate", names=("按时", "应办结")), LINKAGE,
        ("linkage_on_time_rate",),
    ),
    "linkage_units": Panel(
        "联动派往单位", ranked.view,
        partial(asked.by, metric="linkage_received", dimension="unit"), LINKAGE,
        ("linkage_received",),
    ),
    "linkage_trend": Panel(
        "联动建单", columns.view, partial(asked.days, metric="linkage_received"), LINKAGE,
        ("linkage_received",),
    ),
    "linkage_flow": Panel(
        "联动存量与流量", flow.view, partial(asked.balance, subject="linkage"), LINKAGE,
        ("matter_flow",),
    ),
    "linkage_list": Panel(
        "联动在办", table.view, partial(asked.open_list, subject="linkage"), LINKAGE,
        ("matter_open",), inner=True,
    ),
}  # fmt: skip
