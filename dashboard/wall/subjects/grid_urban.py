"""网格与城管: what grids report and close, who is out, and the cases of 数字化城管."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from dashboard import wording
from dashboard.panels.shapes import columns, figure, flow, pairs, ranked, rates, table
from dashboard.panels.shapes.table import Cell, Column
from dashboard.wall.asking import Asking
from dashboard.wall.map_places import short_name
from dashboard.wall.panel import Panel
from dashboard.wall.subjects import asked
from dashboard.wall.subjects.asked import Subject

GRID, URBAN, HAZARD = ("grid_event",), ("urban_case",), ("safety_hazard",)
GRIDS = Subject("grid", "grid_reported", "grid_closed", "grid_open")
CASES = Subject("urban", "urban_reported", "urban_closed", "urban_open", verb="结案")
GRID_RATES = (
    ("grid_on_time_rate", "按期处置率"),
    ("grid_self_handled_rate", "自处置率"),
    ("grid_valid_rate", "有效上报率"),
    ("grid_closed_rate", "办结率"),
)
URBAN_RATES = (
    ("urban_on_time_closure_rate", "按期结案率"),
    ("urban_closure_rate", "结案率"),
    ("urban_filed_rate", "立案率"),
    ("urban_rework_rate", "返工率"),
)


def staff(ask: Asking) -> figure.Figure:
    """How many grid workers are out today, of those that should be."""
    rows = ask.rows("grid_staff", {"on_day": ask.today})
    expected = sum(row["expected"] for row in rows)
    out = sum(row["on_duty"] for row in rows)
    walked = sum(row["patrolled"] for row in rows)
    visits = sum(int(row["visits"]) for row in rows)
    made = figure.rate((out, expected), None, names=("在岗", "应在岗"), unit="人", basis="今日")
    beside = (("有巡查", f"{walked} 人"), ("走访", f"{visits} 户"))
    return figure.Figure(made.value, made.unit, beside, made.below, made.basis)


def places(ask: Asking) -> table.Facts:
    """Grid workers by community: expected, out, visits, reports of today."""
    rows = ask.rows("grid_staff", {"on_day": ask.today})
    shown = tuple(
        (
            Cell(short_name(row["community_name"]), "strong"),
            Cell(f"{row['on_duty']} / {row['expected']}"),
            Cell(str(int(row["visits"])), "muted"),
            Cell(str(int(row["reports"]))),
        )
        for row in sorted(rows, key=lambda r: (-int(r["reports"]), r["community"]))
    )
    heads = (
        Column("村居", 5),
        Column("在岗", 4, right=True),
        Column("走访", 4, right=True),
        Column("上报", 4, right=True),
    )
    return table.Facts(heads, shown, len(shown), "个村居", "今日", nothing="今日尚无在岗记录")


def hazards(ask: Asking) -> pairs.Facts:
    """Hazards of safety and fire: open, overdue, major, found this month."""
    first = ask.today.replace(day=1)
    told = (
        ("未销号", f"{ask.count('hazard_open', ask.today, ask.today)} 处"),
        ("逾期未改", f"{ask.count('hazard_overdue', ask.today, ask.today)} 处"),
        ("重大隐患", f"{ask.count('hazard_major_open', ask.today, ask.today)} 处"),
        ("本月排查", f"{ask.count('hazard_found', first, ask.today)} 处"),
    )
    pair = ask.pair("hazard_on_time_rate", first, ask.today)
    below = (f"按期整改 {wording.rate(*pair)}", f"{wording.ratio(*pair)} 处")
    return pairs.Facts(told, "安全生产与消防", below)


PANELS: Mapping[str, Panel] = {
    "grid_today": Panel(
        "网格今日上报", figure.view, partial(asked.today, one=GRIDS), GRID,
        ("grid_reported", "grid_closed", "grid_open", "matter_flow"),
    ),
    "grid_staff": Panel("网格员在岗", figure.view, staff, GRID, ("grid_staff",), inner=True),
    "grid_places": Panel(
        "网格力量", table.view, places, GRID, ("grid_staff",), inner=True
    ),
    "grid_rates": Panel(
        "网格处置", rates.view, partial(asked.month_rates, wanted=GRID_RATES), GRID,
        tuple(key for key, _ in GRID_RATES),
    ),
    "grid_in_time": Panel(
        "网格按期处置率", figure.view,
        partial(asked.month_rate, metric="grid_on_time_rate", names=("按期", "应处置")), GRID,
        ("grid_on_time_rate",),
    ),
    "grid_trend": Panel(
        "网格上报", columns.view, partial(asked.days, metric="grid_reported"), GRID,
        ("grid_reported",),
    ),
    "grid_kinds": Panel(
        "网格事件类别", ranked.view,
        partial(asked.by, metric="grid_reported", dimension="class", level=1), GRID,
        ("grid_reported",),
    ),
    "grid_communities": Panel(
        "网格事件分布", ranked.view,
        partial(asked.by, metric="grid_reported", dimension="community"), GRID,
        ("grid_reported",),
    ),
    "grid_stages": Panel(
        "网格环节用时", table.view, partial(asked.stages, query="grid_stages"), GRID,
        ("grid_stages",),
    ),
    "grid_flow": Panel(
        "网格存量与流量", flow.view, partial(asked.balance, subject="grid"), GRID,
        ("matter_flow",),
    ),
    "grid_list": Panel(
        "网格在办", table.view, partial(asked.open_list, subject="grid"), GRID,
        ("matter_open",), inner=True,
    ),
    "urban_today": Panel(
        "城管今日上报", figure.view, partial(asked.today, one=CASES), URBAN,
        ("urban_reported", "urban_closed", "urban_open", "matter_flow"),
    ),
    "urban_in_time": Panel(
        "城管按期结案率", figure.view,
        partial(asked.month_rate, metric="urban_on_time_closure_rate", names=("按期", "应结案")),
        URBAN, ("urban_on_time_closure_rate",),
    ),
    "urban_rates": Panel(
        "城管办理", rates.view, partial(asked.month_rates, wanted=URBAN_RATES), URBAN,
        tuple(key for key, _ in URBAN_RATES),
    ),
    "urban_trend": Panel(
        "城管上报", columns.view, partial(asked.days, metric="urban_reported"), URBAN,
        ("urban_reported",),
    ),
    "urban_kinds": Panel(
        "城管案件类别", ranked.view,
        partial(asked.by, metric="urban_reported", dimension="class", level=2), URBAN,
        ("urban_reported",),
    ),
    "urban_communities": Panel(
        "城管案件分布", ranked.view,
        partial(asked.by, metric="urban_reported", dimension="community"), URBAN,
        ("urban_reported",),
    ),
    "urban_stages": Panel(
        "城管环节用时", table.view, partial(asked.stages, query="urban_stages"), URBAN,
        ("urban_stages",),
    ),
    "urban_flow": Panel(
        "城管存量与流量", flow.view, partial(asked.balance, subject="urban"), URBAN,
        ("matter_flow",),
    ),
    "urban_list": Panel(
        "城管在办", table.view, partial(asked.open_list, subject="urban"), URBAN,
        ("matter_open",), inner=True,
    ),
    "hazards": Panel(
        "安全隐患", pairs.view, hazards, HAZARD,
        ("hazard_open", "hazard_overdue", "hazard_major_open", "hazard_found",
         "hazard_on_time_rate"),
    ),
}  # fmt: skip
