"""矛盾调处: both lines and never their sum, kinds, units, petitions, police calls, the rota."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial

from dashboard import wording
from dashboard.panels.shapes import columns, figure, flow, pairs, ranked, rates, table
from dashboard.panels.shapes.table import Cell, Column
from dashboard.wall.asking import Asking
from dashboard.wall.panel import Panel
from dashboard.wall.subjects import asked
from warehouse.read import Point

MEDIATION, PETITION, PEOPLES = ("mediation",), ("petition",), ("peoples_mediation",)
POLICE = ("police_110",)
LINES = {"centre": "中心牵头", "unit": "常轮随驻"}
KINDS = {"resident": "常驻", "rotating": "轮驻", "on_call": "随驻"}
PEOPLES_RATES = (
    ("peoples_mediation_success_rate", "人民调解成功率"),
    ("peoples_mediation_performed_rate", "协议履行率"),
    ("peoples_mediation_confirmed_rate", "司法确认率"),
)
PETITION_RATES = (
    ("petition_on_time_rate", "按期办结率"),
    ("petition_kept_rate", "吸附率"),
    ("petition_repeat_rate", "重复信访率"),
)


def line_rate(ask: Asking, metric: str) -> rates.Facts:
    """A rate of both lines of this year so far, side by side."""
    first, last = asked.this_year(ask)
    found = {str(p.key): p for p in ask.metric(metric, first, last).series}
    target = ask.thresholds.targets.get(metric)
    return rates.Facts(
        tuple(
            rates.Rate(name, found[key].numerator or 0, found[key].denominator or 0, target)
            for key, name in LINES.items()
            if key in found
        ),
        "本年至今",
    )


def taken(ask: Asking) -> pairs.Facts:
    """How many days a dispute takes, by line: the median of this year so far."""
    first, last = asked.this_year(ask)
    found = {str(p.key): p for p in ask.metric("mediation_days", first, last).series}
    shown = []
    below = []
    for key, name in LINES.items():
        point = found.get(key)
        value = None if point is None else point.value
        shown.append((name, f"{wording.fixed(value, 1)} 天" if value is not None else wording.NONE))
        below.append(f"{name}完结 {0 if point is None else point.denominator or 0}")
    return pairs.Facts(tuple(shown), "本年中位数", tuple(below))


def flows(ask: Asking) -> flow.Facts:
    """This month's stock and flow of each line."""
    first = ask.today.replace(day=1)
    rows = ask.rows("mediation_flow", {"first": first, "last": ask.today, "as_of": ask.as_of})
    found = {row["line"]: row for row in rows}
    return flow.Facts(
        tuple(
            flow.Flow(
                opening=asked.number(found[key], "opening"),
                received=asked.number(found[key], "accepted"),
                closed=asked.number(found[key], "closed"),
                dropped=asked.number(found[key], "withdrawn"),
                still_open=asked.number(found[key], "open"),
                name=name,
            )
            for key, name in LINES.items()
            if key in found
        ),
        "本月",
        names=("结转", "受理", "完结", "剔出", "在办"),
        counts_overdue=False,
    )


def kinds(ask: Asking) -> table.Facts:
    """Disputes of this year by kind, a column a line: two populations, never added."""
    first, last = asked.this_year(ask)
    answer = ask.metric("mediation_accepted", first, last, by="class", level=1)
    return _by_line(answer.series, "纠纷类型", "类")


def units(ask: Asking) -> ranked.Facts:
    """Disputes that the units of the house took themselves, this year."""
    first, last = asked.this_year(ask)
    answer = ask.metric("mediation_accepted", first, last, by="unit")
    own = [p for p in answer.series if str(p.key).startswith("unit/")]
    counted = sorted(own, key=lambda p: (-(p.value or 0), str(p.key)))
    total = sum(int(p.value or 0) for p in own)
    return ranked.Facts(
        tuple(ranked.Bar(str(p.key).partition("/")[2], int(p.value or 0)) for p in counted),
        total,
        "起",
        f"本年 {total} 起",
        note="常轮随驻一线",
    )


def months(ask: Asking) -> table.Facts:
    """Accepted by month, a column a line, the running month first."""
    first = (ask.today.replace(day=1) - timedelta(days=330)).replace(day=1)
    answer = ask.metric("mediation_accepted", first, ask.today, by="month")
    counts: dict[str, dict[str, int]] = {}
    for point in answer.series:
        line, _, key = str(point.key).partition("/")
        counts.setdefault(key, {})[line] = int(point.value or 0)
    rows = tuple(
        (
            Cell("本月至今" if key == f"{ask.today:%Y-%m}" else f"{int(key[5:])}月", "strong"),
            Cell(str(counts[key].get("centre", 0))),
            Cell(str(counts[key].get("unit", 0))),
        )
        for key in sorted(counts, reverse=True)
    )
    heads = (
        Column("月份", 6),
        Column("中心牵头 件次", 7, right=True),
        Column("常轮随驻 起", 7, right=True),
    )
    return table.Facts(heads, rows, len(rows), "个月", "受理")


def _by_line(series: Iterable[Point], head: str, unit: str) -> table.Facts:
    counts: dict[str, dict[str, int]] = {}
    names: dict[str, str] = {}
    for point in series:
        line, _, key = str(point.key).partition("/")
        counts.setdefault(key, {})[line] = int(point.value or 0)
        names[key] = str(point.label).partition(" ")[2] or str(point.label)
    order = sorted(counts, key=lambda k: (-max(counts[k].values()), k))
    rows = tuple(
        (
            Cell(ranked.short(names[key]), "strong"),
            Cell(str(counts[key].get("centre", 0))),
            Cell(str(counts[key].get("unit", 0))),
        )
        for key in order
    )
    heads = (Column(head, 7), Column("中心 件次", 5, right=True), Column("单位 起", 5, right=True))
    return table.Facts(heads, rows, len(rows), unit, "本年受理", below="两线不相加")


def rota(ask: Asking) -> pairs.Facts:
    """Which unit is in turn today and tomorrow, and who is always there."""
    site = ask.site
    weekday = ask.today.weekday()
    named = [
        (word, "、".join(one.name for one in site.units if one.kind == kind))
        for kind, word in KINDS.items()
    ]
    turn = [
        ("今日轮驻", site.rotating_on(weekday) or "无"),
        ("明日轮驻", site.rotating_on((weekday + 1) % 7) or "无"),
    ]
    return pairs.Facts((*turn, *_units(named)), "矛调中心")


def _units(named: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """常驻 and 随驻 as counts: their names would not fit beside each other."""
    return [(word, f"{len(names.split('、')) if names else 0} 家") for word, names in named]


def calls(ask: Asking) -> figure.Figure:
    """Disputes that the police were called to this month, and how many were settled there."""
    found = asked.month_count(ask, "police_disputes", "起")
    first = ask.today.replace(day=1)
    settled = ask.pair("police_settled_rate", first, ask.today)
    said = f"现场处置 {wording.rate(*settled)}（{wording.ratio(*settled)}）"
    return figure.Figure(found.value, found.unit, found.beside, (said,), "本月")


PANELS: Mapping[str, Panel] = {
    "mediation_success": Panel(
        "调解成功率", rates.view,
        partial(line_rate, metric="mediation_success_rate"), MEDIATION,
        ("mediation_success_rate",),
    ),
    "mediation_in_time": Panel(
        "调解按期办结率", rates.view,
        partial(line_rate, metric="mediation_on_time_rate"), MEDIATION,
        ("mediation_on_time_rate",),
    ),
    "mediation_taken": Panel(
        "化解天数", pairs.view, taken, MEDIATION, ("mediation_days",)
    ),
    "mediation_stock": Panel(
        "纠纷存量与流量", flow.view, flows, MEDIATION, ("mediation_flow",)
    ),
    "mediation_kinds": Panel(
        "纠纷类型", table.view, kinds, MEDIATION, ("mediation_accepted",)
    ),
    "mediation_units": Panel(
        "单位自行受理", ranked.view, units, MEDIATION, ("mediation_accepted",)
    ),
    "mediation_months": Panel(
        "逐月受理", table.view, months, MEDIATION, ("mediation_accepted",)
    ),
    "mediation_list": Panel(
        "纠纷在办", table.view, partial(asked.open_list, subject="mediation", unit="起"),
        MEDIATION, ("matter_open",), inner=True,
    ),
    "mediation_rota": Panel("驻点轮值", pairs.view, rota),
    "police_disputes": Panel(
        "警情纠纷", figure.view, calls, POLICE, ("police_disputes", "police_settled_rate")
    ),
    "police_trend": Panel(
        "警情纠纷走势", columns.view, partial(asked.days, metric="police_disputes"), POLICE,
        ("police_disputes",),
    ),
    "peoples_rates": Panel(
        "人民调解", rates.view, partial(asked.year_rates, wanted=PEOPLES_RATES), PEOPLES,
        tuple(key for key, _ in PEOPLES_RATES),
    ),
    "petition_rates": Panel(
        "信访", rates.view, partial(asked.year_rates, wanted=PETITION_RATES), PETITION,
        tuple(key for key, _ in PETITION_RATES),
    ),
    "petition_kinds": Panel(
        "信访类别", ranked.view,
        partial(asked.by, metric="petition_registered", dimension="class", level=1, year=True),
        PETITION, ("petition_registered",),
    ),
}  # fmt: skip
