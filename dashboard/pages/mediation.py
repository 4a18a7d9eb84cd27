"""The mediation page: two lines with their basis, never added; flow, months, units, places."""

from __future__ import annotations

from functools import partial
from typing import Any

from dashboard import wording
from dashboard.pages import mediation_balance, mediation_cases, mediation_split, shell
from dashboard.pages.deadlines import deadline
from dashboard.pages.due import nearness
from dashboard.pages.reading import Glass, pair_of
from dashboard.pages.state import LINES
from dashboard.pages.subject import figures, more, part, trend
from dashboard.pages.subject.beside import Beside
from dashboard.pages.subject.figures import Figure
from dashboard.panels import (
    mediation_flow,
    mediation_line,
    mediation_month,
    mediation_unit,
    open_cases,
    two_lines,
)

PATH = "/mediation"
TITLE = "矛盾纠纷调处"
SHORT = "矛调"
FEEDS = ("mediation",)
FILTERS = ("line", "community", "grid", "class", "unit", "vs")
MAIN = "mediation_accepted"
COUNTED = (
    "mediation_completion_rate",
    "mediation_open",
    "mediation_success_rate",
    "mediation_days",
)
UNITS = mediation_balance.UNITS
RATE = "mediation_completion_rate"
BESIDE = (
    figures.part(
        "petition",
        "信访",
        (
            Figure("petition_registered", "登记", "按登记时间"),
            Figure("petition_open", "在办", "期末"),
            Figure("petition_on_time_rate", "按期办结率", "本期应办结"),
            Figure("petition_repeat_rate", "重复访率", "已登记"),
        ),
        feeds=("petition",),
    ),
    figures.part(
        "peoples",
        "人民调解",
        (
            Figure("peoples_mediation_accepted", "受理", "按受理时间"),
            Figure("peoples_mediation_success_rate", "调解成功率", "已调结"),
            Figure("peoples_mediation_performed_rate", "协议履行率", "应履行"),
        ),
        feeds=("peoples_mediation",),
    ),
    figures.part(
        "police",
        "110 非警务警情",
        (
            Figure("police_calls", "警情", "按报警时间"),
            Figure("police_disputes", "其中纠纷", "按报警时间"),
            Figure("police_settled_rate", "现场处置率", "全部警情"),
        ),
        feeds=("police_110",),
    ),
)
MORE = more.part(
    (*FEEDS, *(key for one in BESIDE for key in one.feeds)), (*COUNTED, *part.metrics(BESIDE))
)
METRICS = (*COUNTED, *part.metrics((*BESIDE, MORE)))
COMPARED = (
    figures.part(
        "flow",
        "两条线",
        tuple(
            Figure(metric, f"{name}{word}", unit=unit, line=line)
            for line, name in (("centre", "中心牵头"), ("unit", "单位"))
            for metric, word, unit in (
                ("mediation_accepted", "受理", UNITS[line]),
                (RATE, "完结率", None),
                ("mediation_success_rate", "调解成功率", None),
                ("mediation_open", "在办", UNITS[line]),
            )
        ),
    ),
    *(
        part.Part(
            area,
            f"{name}受理走势",
            lambda _glass: None,
            beside=Beside(
                partial(trend.paired, metric="mediation_accepted", unit=UNITS[line], line=line)
            ),
        )
        for area, line, name in (("months", "centre", "中心牵头"), ("units", "unit", "单位"))
    ),
    *BESIDE,
    MORE,
)
PROOFS = {**mediation_balance.PROOFS, **mediation_split.PROOFS}
AREAS = (
    "flow",
    "months",
    "units",
    "links",
    "places",
    "types",
    "cases",
    *part.areas((*BESIDE, MORE)),
)


def options(data: Any) -> dict[str, dict[str, str]]:
    """The values the filters of this page may take, with their names."""
    site = data.site
    return {
        "line": dict(LINES),
        "community": {c.code: c.name for c in site.communities},
        "grid": {g.code: g.name for g in site.grids},
        "class": {c.code: c.name for c in site.dispute_types},
        "unit": {u.name: u.name for u in site.units},
    }


def body(glass: Glass) -> Any:
    """The panels of the page in reading order."""
    if glass.want.beside:
        return part.body(glass, layout="mediation", parts=COMPARED, feeds=FEEDS)
    lines = [glass.want.filters["line"]] if "line" in glass.want.filters else list(LINES)
    cards = [
        glass.panel(
            f"line-{name}",
            LINES[name] if name == "centre" else "常驻、轮驻、随驻单位",
            partial(_line_view, glass, name),
            FEEDS,
            show_time=False,
            aside="调处中心自己办的" if name == "centre" else _unit_count(glass),
        )
        for name in lines
    ]
    panels = [
        *cards,
        glass.panel(
            "flow",
            mediation_flow.TITLE,
            lambda: mediation_flow.view(mediation_balance.balance(glass, lines)),
            FEEDS,
            show_time=False,
            basis=partial(_sum_basis, glass, lines),
        ),
        glass.panel(
            "months",
            mediation_month.TITLE,
            lambda: mediation_month.view([mediation_split.months(glass, name) for name in lines]),
            FEEDS,
            show_time=False,
            aside=mediation_split.month_key(),
        ),
        glass.panel(
            "units",
            mediation_unit.TITLE,
            lambda: mediation_unit.view(mediation_split.units(glass)),
            FEEDS,
            show_time=False,
            basis="档内按机构顺序，不排名",
            aside=partial(mediation_split.unit_sum, glass),
        ),
        glass.panel(
            "links",
            "联动方式",
            lambda: two_lines.view(mediation_split.links(glass, lines)),
            FEEDS,
            show_time=False,
            basis="完结/受理",
        ),
        glass.panel(
            "places",
            mediation_split.place_title(glass),
            lambda: two_lines.view(mediation_split.places(glass, lines)),
            FEEDS,
            show_time=False,
            basis="完结/受理 · 按受理合计多少排列",
        ),
        glass.panel(
            "types",
            "纠纷类型",
            lambda: two_lines.view(mediation_split.split(glass, lines, "class")),
            FEEDS,
            show_time=False,
            basis="完结/受理",
        ),
        glass.panel(
            "cases",
            open_cases.TITLE,
            lambda: mediation_cases.body(glass),
            FEEDS,
            show_time=False,
            heading=partial(mediation_cases.head, glass),
            aside="按到期先后 · 姓名脱敏",
        ),
    ]
    panels += [part.panel(glass, one, one.feeds) for one in BESIDE]
    panels += [part.panel(glass, MORE, FEEDS)]
    areas = [f"line-{name}" for name in lines] + list(AREAS)
    return shell.grid("mediation", panels, areas)


def _line_view(glass: Glass, name: str) -> Any:
    return mediation_line.view(_line(glass, name))


def _line(glass: Glass, name: str) -> mediation_line.Line:
    span = glass.want.span
    closed, accepted = pair_of(glass.now_of(RATE, line=name))
    over, soon, normal = _open_parts(glass, name, int(accepted - closed))
    before = (
        [("去年同期", span.year)]
        if span.same
        else [
            ("去年同期", span.year),
            ("上期", span.previous),
        ]
    )
    if glass.want.versus == "previous":
        before.reverse()
    told = []
    for word, period in before:
        answer, known_by = glass.before(RATE, period, line=name)
        num, den = pair_of(answer)
        until = f"完结计至{wording.full_day(known_by.date())}"
        told.append(mediation_line.Before(word, int(num), int(den), until))
    to = glass.doors.to
    return mediation_line.Line(
        closed=int(closed),
        accepted=int(accepted),
        unit=UNITS[name],
        normal=normal,
        soon=soon,
        over=over,
        before=told,
        doors={
            "rate": to(RATE, span.first, span.last, line=name),
            "open": to(RATE, span.first, span.last, "not_numerator", line=name),
        },
    )


def _open_parts(glass: Glass, line: str, still: int) -> tuple[int, int, int]:
    """Overdue, due soon and normal among the period's open cases."""
    if not still:
        return 0, 0, 0
    span = glass.want.span
    rows = glass.rows(
        RATE, span.first, span.last, only="not_numerator", limit=5000, over={"line": line}
    )
    states = [nearness(glass, deadline("mediation_open").of(row)) for row in rows.rows]
    over, soon = states.count("over"), states.count("soon")
    return over, soon, still - over - soon


def _unit_count(glass: Glass) -> str:
    kinds = ("resident", "rotating", "on_call")
    return f"{sum(unit.kind in kinds for unit in glass.data.site.units)} 个单位承办"


def _sum_basis(glass: Glass, lines: list[str]) -> str:
    if len(lines) < 2:
        return ""
    pairs = [pair_of(glass.now_of(RATE, line=name)) for name in lines]
    num, den = (sum(pair[part] for pair in pairs) for part in (0, 1))
    words = "两线单位不同（件次、起），不相加"
    if not den:
        return words
    return f"{words}；若假定互不重叠则 {wording.ratio(num, den)} = {wording.rate(num, den)}"


crumbs = part.crumbs
