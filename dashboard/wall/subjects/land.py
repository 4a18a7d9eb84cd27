"""智慧控违: from the suspected spot to the cleared one; flights, kinds, places, what is open."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from dashboard import wording
from dashboard.panels import district_map
from dashboard.panels.shapes import columns, figure, funnel, ranked, rates, table
from dashboard.panels.shapes.table import Cell, Column
from dashboard.wall.asking import Asking
from dashboard.wall.content_matters import counted_map
from dashboard.wall.map_places import short_name
from dashboard.wall.panel import Panel
from dashboard.wall.subjects import asked

LAND = ("land_watch",)
FLIGHTS = 12
RATES = (
    ("land_check_on_time_rate", "及时核查率"),
    ("land_confirmed_rate", "属实率"),
    ("land_demolished_rate", "拆除率"),
    ("land_cleared_rate", "销号率"),
    ("land_rebuilt_rate", "反弹率"),
)


def found(ask: Asking) -> figure.Figure:
    """Spots found this year, and this month against the like days of last month."""
    first, last = asked.this_year(ask)
    made = asked.month_count(ask, "land_clue", "处")
    year = f"本年 {ask.count('land_clue', first, last)} 处"
    now = f"在办 {ask.count('land_open', ask.today, ask.today)} 处"
    return figure.Figure(made.value, made.unit, made.beside, (f"{year}　{now}",), "本月")


def cleared(ask: Asking) -> figure.Figure:
    """Ground that was demolished this year, and this month."""
    first, last = asked.this_year(ask)
    year = ask.metric("land_demolished_area", first, last).value or 0
    month = ask.metric("land_demolished_area", ask.today.replace(day=1), ask.today).value or 0
    beside = (("本月", f"{wording.fixed(month)} m²"),)
    lines = ask.metric("land_unlawful", first, last).series
    counted = " · ".join(f"{p.label} {int(p.value or 0)}" for p in lines)
    below = (f"认定 {counted} 处",) if counted else ()
    return figure.Figure(wording.fixed(year), "m²", beside, below, "本年至今")


def steps(ask: Asking) -> funnel.Facts:
    """How far this year's spots have come; new and old buildings apart."""
    first, last = asked.this_year(ask)
    rows = ask.rows("land_funnel", {"first": first, "last": last})
    row = {key: int(value or 0) for key, value in rows[0].items()} if rows else {}
    names = (
        ("疑似", "found"),
        ("核查", "checked"),
        ("属实", "confirmed"),
        ("拆除", "demolished"),
        ("销号", "cleared"),
    )
    before = 0
    made = []
    for name, key in names:
        count = row.get(key, 0)
        made.append(funnel.Step(name, count, wording.rate(count, before) if before else ""))
        before = count
    split = f"新增 {row.get('confirmed_new', 0)} 处 · 存量 {row.get('confirmed_old', 0)} 处"
    return funnel.Facts(tuple(made), "处", "本年发现", (split, "百分数为占上一步"))


def where(ask: Asking) -> district_map.Facts:
    """The street with this year's spots by community."""
    first, last = asked.this_year(ask)
    answer = ask.metric("land_clue", first, last, by="community")
    return counted_map(ask, answer, "本年疑似", "处")


def flights(ask: Asking) -> table.Facts:
    """The last monthly flights: when, how much ground, how many spots."""
    rows = ask.rows("land_flights", {"limit": FLIGHTS})
    shown = tuple(
        (
            Cell(wording.day(row["flown_at"].date()), "strong"),
            Cell(wording.fixed(row["area_km2"], 1)),
            Cell(str(row["spots"] or 0), "strong"),
            Cell(row["state"] or wording.NONE, "muted"),
        )
        for row in rows
    )
    heads = (
        Column("航飞", 5.4),
        Column("覆盖 km²", 4.6, right=True),
        Column("疑似", 3, right=True),
        Column("状态", 4, right=True),
    )
    return table.Facts(heads, shown, len(shown), "次", "每月定期")


def rows(ask: Asking) -> table.Facts:
    """Spots that are not cleared, the oldest first: kind, place, state, days."""
    found_rows = asked.open_rows(ask, "land")
    total = int(found_rows[0]["total"]) if found_rows else 0
    shown = tuple(
        (
            Cell(f"{(ask.now - row['opened_at']).days} 天", "strong"),
            Cell(ranked.short(row["class_name"] or "未分类")),
            Cell(short_name(row["community_name"] or "未定"), "muted"),
            Cell((row["state"] or "在办")[:6]),
        )
        for row in found_rows
    )
    heads = (
        Column("已历", 4.4),
        Column("变化", 5.4),
        Column("村居", 3.2),
        Column("状态", 5.4, right=True),
    )
    return table.Facts(heads, shown, total, "处", "发现早的在前", nothing="没有在办图斑")


PANELS: Mapping[str, Panel] = {
    "land_found": Panel(
        "疑似图斑", figure.view, found, LAND, ("land_clue", "land_open")
    ),
    "land_area": Panel(
        "拆除面积", figure.view, cleared, LAND, ("land_demolished_area", "land_unlawful")
    ),
    "land_confirmed": Panel(
        "图斑属实率", figure.view,
        partial(asked.month_rate, metric="land_confirmed_rate", names=("属实", "核查"), unit="处"),
        LAND, ("land_confirmed_rate",),
    ),
    "land_cleared": Panel(
        "违建销号率", figure.view,
        partial(asked.month_rate, metric="land_cleared_rate", names=("销号", "属实"), unit="处"),
        LAND, ("land_cleared_rate",),
    ),
    "land_steps": Panel("处置进展", funnel.view, steps, LAND, ("land_funnel",)),
    "land_rates": Panel(
        "控违成效", rates.view, partial(asked.year_rates, wanted=RATES, unit="处"), LAND,
        tuple(key for key, _ in RATES),
    ),
    "land_flights": Panel("航飞比对", table.view, flights, LAND, ("land_flights",)),
    "land_months": Panel(
        "逐月疑似图斑", columns.view, partial(asked.months, metric="land_clue", unit="处"), LAND,
        ("land_clue",),
    ),
    "land_kinds": Panel(
        "变化类型", ranked.view,
        partial(asked.by, metric="land_clue", dimension="class", level=1, unit="处", year=True),
        LAND, ("land_clue",),
    ),
    "land_places": Panel(
        "图斑分布", ranked.view,
        partial(asked.by, metric="land_clue", dimension="community", unit="处", year=True), LAND,
        ("land_clue",),
    ),
    "land_map": Panel("图斑态势", district_map.view, where, LAND, ("land_clue",)),
    "land_still": Panel(
        "在办分布", ranked.view,
        partial(asked.stock, metric="land_open", dimension="community", unit="处"), LAND,
        ("land_open",),
    ),
    "land_list": Panel(
        "在办图斑", table.view, rows, LAND, ("matter_open",), inner=True
    ),
}  # fmt: skip
