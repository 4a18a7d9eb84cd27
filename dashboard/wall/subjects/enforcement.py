"""综合执法: procedure and time limits; never money, never people ranked (行政处罚法 art. 74)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from dashboard import wording
from dashboard.panels.shapes import columns, figure, flow, pairs, ranked, rates, table
from dashboard.panels.shapes.table import Cell, Column
from dashboard.wall.asking import Asking
from dashboard.wall.content_hotline import month
from dashboard.wall.panel import Panel
from dashboard.wall.subjects import asked

CASES, MARKET = ("enforcement",), ("market_inspection",)
RATES = (
    ("enforcement_recorded_rate", "全过程记录率"),
    ("enforcement_published_rate", "处罚公示率"),
    ("enforcement_closed_rate", "结案率"),
    ("enforcement_simple_rate", "简易程序占比"),
)


def filed(ask: Asking) -> figure.Figure:
    """Cases filed this month, and this year."""
    first, last = asked.this_year(ask)
    year = f"本年 {ask.count('enforcement_filed', first, last)} 件"
    closed = f"本月结案 {ask.count('enforcement_closed', ask.today.replace(day=1), ask.today)}"
    made = asked.month_count(ask, "enforcement_filed", "件")
    return figure.Figure(made.value, made.unit, made.beside, (f"{year}　{closed}",), "本月")


def still_open(ask: Asking) -> figure.Figure:
    """Open cases, and those whose ninety days end within ten."""
    rows = ask.rows("enforcement_stages", {"as_of": ask.as_of})
    cases = sum(row["cases"] for row in rows)
    soon = sum(row["due_soon"] for row in rows)
    over = sum(row["overdue"] for row in rows)
    beside = (("10 天内到期", f"{soon} 件"), ("已过期限", f"{over} 件"))
    return figure.Figure(wording.count(cases), "件", beside, ("决定期限为立案起 90 日",), "现在")


def stages(ask: Asking) -> table.Facts:
    """Open cases by stage, and how many of them near or past their limit."""
    rows = ask.rows("enforcement_stages", {"as_of": ask.as_of})
    shown = tuple(
        (
            Cell(row["stage"] or "未定", "strong"),
            Cell(str(row["cases"])),
            Cell(str(row["due_soon"]), "strong" if row["due_soon"] else "muted"),
            Cell(str(row["overdue"]), "pill" if row["overdue"] else "muted"),
        )
        for row in rows
    )
    heads = (
        Column("阶段", 6),
        Column("在办", 3.4, right=True),
        Column("10 天内", 4.2, right=True),
        Column("过期", 3.4, right=True),
    )
    total = sum(row["cases"] for row in rows)
    return table.Facts(heads, shown, len(shown), "个阶段", f"在办 {total} 件")


def duration(ask: Asking) -> figure.Figure:
    """Days from filing to decision of this month's ordinary cases: the median."""
    now, before = month(ask)
    taken = ask.metric("enforcement_days", now.first, now.last)
    then = ask.metric("enforcement_days", before.first, before.last)
    moved = None
    if taken.value is not None and then.value is not None:
        moved = round(taken.value - then.value, 1)
    return figure.Figure(
        wording.fixed(taken.value, 1),
        "天" if taken.value is not None else "",
        (("较上月同期", wording.arrow(moved)),),
        (f"作出决定 {taken.denominator or 0} 件", "限 90 天"),
        "本月中位数",
    )


def market(ask: Asking) -> pairs.Facts:
    """Inspections of the market office this month."""
    first = ask.today.replace(day=1)
    problem = ask.pair("market_problem_rate", first, ask.today)
    mended = ask.pair("market_rectified_rate", first, ask.today)
    told = (
        ("检查", f"{ask.count('market_checks', first, ask.today)} 户次"),
        ("发现问题", wording.ratio(*problem)),
        ("问题整改", wording.ratio(*mended)),
        ("整改率", wording.rate(*mended)),
    )
    return pairs.Facts(told, "本月")


PANELS: Mapping[str, Panel] = {
    "enforcement_filed": Panel(
        "执法立案", figure.view, filed, CASES, ("enforcement_filed", "enforcement_closed")
    ),
    "enforcement_open": Panel(
        "执法在办", figure.view, still_open, CASES, ("enforcement_stages",)
    ),
    "enforcement_in_time": Panel(
        "按期作出决定率", figure.view,
        partial(
            asked.month_rate, metric="enforcement_on_time_rate", names=("按期", "应作出决定")
        ),
        CASES, ("enforcement_on_time_rate",),
    ),
    "enforcement_days": Panel(
        "办案天数", figure.view, duration, CASES, ("enforcement_days",)
    ),
    "enforcement_rates": Panel(
        "程序质量", rates.view, partial(asked.month_rates, wanted=RATES), CASES,
        tuple(key for key, _ in RATES),
    ),
    "enforcement_stages": Panel(
        "所处阶段", table.view, stages, CASES, ("enforcement_stages",)
    ),
    "enforcement_domains": Panel(
        "执法领域", ranked.view,
        partial(asked.by, metric="enforcement_filed", dimension="class", level=1, year=True),
        CASES, ("enforcement_filed",),
    ),
    "enforcement_causes": Panel(
        "案由", ranked.view,
        partial(asked.by, metric="enforcement_filed", dimension="class", level=2, year=True),
        CASES, ("enforcement_filed",),
    ),
    "enforcement_places": Panel(
        "立案分布", ranked.view,
        partial(asked.by, metric="enforcement_filed", dimension="community", year=True), CASES,
        ("enforcement_filed",),
    ),
    "enforcement_months": Panel(
        "逐月立案", columns.view,
        partial(asked.months, metric="enforcement_filed", unit="件"), CASES,
        ("enforcement_filed",),
    ),
    "enforcement_flow": Panel(
        "执法存量与流量", flow.view, partial(asked.balance, subject="enforcement"), CASES,
        ("matter_flow",),
    ),
    "enforcement_list": Panel(
        "在办案件", table.view, partial(asked.open_list, subject="enforcement"), CASES,
        ("matter_open",), inner=True,
    ),
    "market": Panel(
        "市场检查", pairs.view, market, MARKET,
        ("market_checks", "market_problem_rate", "market_rectified_rate"),
    ),
}  # fmt: skip
