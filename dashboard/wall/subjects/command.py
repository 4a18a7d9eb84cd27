"""指挥调度 and 夜间: whistles by department, who is on duty, what sensors and towers report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial

from dashboard import wording
from dashboard.panels.shapes import columns, figure, pairs, ranked, rates, table
from dashboard.panels.shapes.table import Cell, Column
from dashboard.wall.asking import Asking, Row
from dashboard.wall.map_places import short_name
from dashboard.wall.panel import Panel
from dashboard.wall.subjects import asked

WHISTLE, DEVICES, FIRES = ("whistle",), ("iot_device",), ("straw_fire",)
LISTED = 30
RATES = (
    ("whistle_sign_on_time_rate", "按时签收率"),
    ("whistle_contact_on_time_rate", "按时联系率"),
    ("whistle_on_time_rate", "按时报到率"),
)


def blown(ask: Asking) -> figure.Figure:
    """Whistles of this year, open ones and solved ones."""
    first, last = asked.this_year(ask)
    solved = ask.pair("whistle_resolved_rate", first, last)
    open_now = ask.count("whistle_open", ask.today, ask.today)
    beside = (("在办", f"{open_now} 次"), ("已解决", f"{solved[0]} / {solved[1]}"))
    days = ask.metric("whistle_days", first, last).value
    below = (f"销哨中位 {wording.fixed(days, 1)} 天",)
    return figure.Figure(
        wording.count(ask.count("whistle_blown", first, last)), "次", beside, below, "本年至今"
    )


def board(ask: Asking) -> table.Facts:
    """Each department of the whistles that are open: signed, in touch, here; or the time left."""
    rows = ask.rows("whistle_list", {"limit": LISTED})
    live = [row for row in rows if row["closed_at"] is None and row["department"]]
    shown = tuple(
        (
            Cell(ranked.short(row["class_name"] or "未分类"), "strong"),
            Cell(row["department"]),
            _step(ask, row["signed_at"], row["sign_due_at"]),
            _step(ask, row["contacted_at"], row["contact_due_at"]),
            _step(ask, row["arrived_at"], row["report_due_at"]),
        )
        for row in live
    )
    heads = (
        Column("事由", 4.9),
        Column("部门", 3.4),
        Column("签收", 4.2, right=True),
        Column("联系", 4.2, right=True),
        Column("报到", 4.2, right=True),
    )
    whistles = len({row["whistle_no"] for row in live})
    return table.Facts(
        heads, shown, len(shown), "家部门", f"在办 {whistles} 次", nothing="当前没有在办的哨"
    )


def _step(ask: Asking, done: datetime | None, due: datetime | None) -> Cell:
    """A step of a department: done in time, done late, or the time that is left or over."""
    if done is not None:
        late = due is not None and done > due
        return Cell("迟" if late else "✓", "strong" if late else "muted")
    if due is None:
        return Cell(wording.NONE, "muted")
    left = due - ask.minute
    return Cell(wording.remaining(left), "pill" if left < timedelta(0) else "strong")


def duty(ask: Asking) -> pairs.Facts:
    """The posts on duty: never a person's name."""
    site = ask.site
    rotating = site.rotating_on(ask.today.weekday()) or "无"
    resident = sum(1 for unit in site.units if unit.kind == "resident")
    leader, _, line = site.duty_leader.partition(" ")
    told = (
        (leader, line or leader),
        ("指挥坐席", f"{site.seats} 席"),
        ("总机", site.switchboard),
        ("今日轮驻", rotating),
        ("矛调常驻", f"{resident} 家"),
    )
    return pairs.Facts(told, wording.weekday(ask.today))


def sensors(ask: Asking) -> table.Facts:
    """Alarms of sensors that have not gone back to normal, the oldest first."""
    rows: list[Row] = ask.rows("iot_open", {"limit": LISTED})
    total = int(rows[0]["total"]) if rows else 0
    shown = tuple(
        (
            Cell(wording.moment(row["occurred_at"], ask.today), "strong"),
            Cell(ranked.short(f"{row['kind']} {row['event'] or ''}".strip())),
            Cell(short_name(row["community_name"] or "未定"), "muted"),
            Cell(row["state"] or wording.NONE),
        )
        for row in rows
    )
    heads = (
        Column("时间", 6.4),
        Column("报警", 7),
        Column("村居", 3.2),
        Column("状态", 3.6, right=True),
    )
    return table.Facts(heads, shown, total, "件", "未恢复", nothing="没有未恢复的报警")


def _in_a_week(at: datetime, today: date) -> str:
    """A moment of the last seven days, as short as it is clear: 10:09, 昨 20:40, 26日 20:40."""
    days = (today - at.date()).days
    said = {0: "", 1: "昨 "}.get(days, f"{at.day}日 ")
    return f"{said}{wording.clock(at)}"


def fires(ask: Asking) -> table.Facts:
    """Alarms of the watch towers in the last week."""
    first = ask.today - timedelta(days=6)
    given = {"first": first, "last": ask.today, "limit": LISTED}
    rows: list[Row] = ask.rows("straw_alarms", given)
    total = int(rows[0]["total"]) if rows else 0
    shown = tuple(
        (
            Cell(_in_a_week(row["alarmed_at"], ask.today), "strong"),
            Cell(row["kind"] or "烟火"),
            Cell(short_name(row["community_name"] or "未定"), "muted"),
            Cell(row["state"] or wording.NONE),
        )
        for row in rows
    )
    heads = (
        Column("时间", 7),
        Column("类型", 3.4),
        Column("村居", 3.2),
        Column("状态", 4, right=True),
    )
    return table.Facts(heads, shown, total, "件", "近 7 日", nothing="近 7 日没有火情报警")


PANELS: Mapping[str, Panel] = {
    "whistles": Panel(
        "吹哨报到", figure.view, blown, WHISTLE,
        ("whistle_blown", "whistle_open", "whistle_resolved_rate", "whistle_days"),
    ),
    "whistle_board": Panel(
        "部门报到", table.view, board, WHISTLE, ("whistle_list",), inner=True
    ),
    "whistle_rates": Panel(
        "部门响应", rates.view, partial(asked.year_rates, wanted=RATES, unit="家次"), WHISTLE,
        tuple(key for key, _ in RATES),
    ),
    "whistle_kinds": Panel(
        "吹哨事由", ranked.view,
        partial(
            asked.by, metric="whistle_blown", dimension="class", level=1, unit="次", year=True
        ),
        WHISTLE, ("whistle_blown",),
    ),
    "whistle_months": Panel(
        "逐月吹哨", columns.view, partial(asked.months, metric="whistle_blown", unit="次"),
        WHISTLE, ("whistle_blown",),
    ),
    "duty_posts": Panel("值班", pairs.view, duty),
    "sensor_alarms": Panel(
        "物联报警", table.view, sensors, DEVICES, ("iot_open",), inner=True
    ),
    "sensor_kinds": Panel(
        "物联报警类别", ranked.view,
        partial(asked.by, metric="iot_alarms", dimension="class", level=1), DEVICES,
        ("iot_alarms",),
    ),
    "sensor_places": Panel(
        "物联报警分布", ranked.view,
        partial(asked.by, metric="iot_alarms", dimension="community"), DEVICES, ("iot_alarms",),
    ),
    "fire_places": Panel(
        "火点分布", ranked.view,
        partial(asked.by, metric="straw_fires", dimension="community", unit="处", year=True),
        FIRES, ("straw_fires",),
    ),
    "fire_alarms": Panel("秸秆禁烧", table.view, fires, FIRES, ("straw_alarms",)),
}  # fmt: skip
