"""调处情况: both mediation lines side by side, each with its own unit, never added."""

from __future__ import annotations

from dashboard.reports import phrase
from dashboard.reports.content import Cell, Chart, Column, Paragraph, Series, Table
from dashboard.reports.draft import Draft
from dashboard.reports.figures import Line, Pair
from dashboard.reports.overall import LINE_UNITS, line

_TYPES_NAMED = 3


def line_blocks(draft: Draft) -> tuple[Paragraph | Table | Chart, ...]:
    """The paragraph, the table and the chart of the two lines."""
    centre, unit = line(draft, "centre"), line(draft, "unit")
    if centre is None or unit is None:
        return ()
    table = _table(draft, centre, unit)
    chart = _months(draft, (centre, unit))
    said = [
        _types(draft, (centre, unit)),
        draft.say("mediation.basis", table=str(table.number), chart=str(chart.number)),
        _year_change(draft, centre, unit),
        _days(draft, (centre, unit)),
    ]
    metrics = (
        "mediation_accepted",
        "mediation_completion_rate",
        "mediation_success_rate",
        "mediation_days",
    )
    return (draft.paragraph("lines", said, *metrics), table, chart)


def _types(draft: Draft, lines: tuple[Line, ...]) -> str:
    said = []
    for one in lines:
        unit = LINE_UNITS[one.key]
        types = [part for part in one.types if part.count.now][:_TYPES_NAMED]
        named = [f"{part.name}{phrase.plain(part.count.now)}{unit}" for part in types]
        if named:
            said.append(f"{draft.layout.words[f'mediation.{one.key}']}有{phrase.listed(named)}")
    if not said:
        return draft.say("mediation.types_none")
    return draft.say("mediation.types", types="，".join(said))


def _year_change(draft: Draft, centre: Line, unit: Line) -> str:
    moved = [phrase.points(one.year_rate.now, one.year_rate.year) for one in (centre, unit)]
    if phrase.NONE in moved:
        return ""
    return draft.say("mediation.year_change", centre=moved[0], unit=moved[1])


def _days(draft: Draft, lines: tuple[Line, ...]) -> str:
    named = [
        f"{draft.layout.words[f'mediation.{one.key}']}{phrase.plain(one.days.now, 1)}天"
        for one in lines
        if one.days.now is not None
    ]
    return draft.say("mediation.days", lines=phrase.listed(named)) if named else ""


def _table(draft: Draft, centre: Line, unit: Line) -> Table:
    def row(name: str, cells: tuple[Cell, Cell], basis: str) -> tuple[Cell, ...]:
        return (Cell(name), *cells, Cell(basis))

    def numbers(values: tuple[float | None, float | None], digits: int = 0) -> tuple[Cell, Cell]:
        first, second = (phrase.number_cell(value, digits) for value in values)
        return first, second

    rows = []
    if centre.flow and unit.flow:
        flows = (centre.flow, unit.flow)
        rows += [
            row("期初在办", numbers((flows[0].opening, flows[1].opening)), "期初时点"),
            row("新增受理", numbers((flows[0].added, flows[1].added)), "按受理时间"),
            row("办理完结", numbers((flows[0].closed, flows[1].closed)), "按办结时间"),
            row("撤回并案等", numbers((flows[0].left, flows[1].left)), "按了结时间"),
            row("期末在办", numbers((flows[0].open, flows[1].open)), "期初＋新增－完结－撤并"),
        ]
    else:
        rows += [
            row("新增受理", numbers((centre.accepted.now, unit.accepted.now)), "按受理时间"),
            row("办理完结", numbers((centre.closed.now, unit.closed.now)), "按办结时间"),
        ]
    now = (centre.year_rate.now, unit.year_rate.now)
    year = (centre.year_rate.year, unit.year_rate.year)
    rows += [
        row("今年累计受理", numbers((now[0].den, now[1].den)), "按受理时间，不含撤并"),
        row("其中已完结", numbers((now[0].num, now[1].num)), "上行案件中已完结的"),
        row("完结率（%）", _rates(now), "已完结／累计受理"),
        row("去年同期（%）", _rates(year), "同口径、同日数，完结计至去年同一日"),
        row(
            "调解成功率（%）",
            _rates((centre.success, unit.success)),
            "今年，成功／（成功＋不成功）",
        ),
    ]
    columns = (
        Column("项目", "left", 1.2),
        Column(f"中心牵头（{LINE_UNITS['centre']}）", "center", 1.2, decimals=1),
        Column(f"各单位（{LINE_UNITS['unit']}）", "center", decimals=1),
        Column("口径", "left", 2.3),
    )
    metrics = ("mediation_accepted", "mediation_closed", "mediation_open")
    return draft.table("lines", columns, rows, (*metrics, "mediation_completion_rate"))


def _rates(pairs: tuple[Pair, Pair]) -> tuple[Cell, Cell]:
    return phrase.rate_cell(pairs[0]), phrase.rate_cell(pairs[1])


def _months(draft: Draft, lines: tuple[Line, Line]) -> Chart:
    series = tuple(
        Series(
            name=f"{draft.layout.words[f'mediation.{one.key}']}（{LINE_UNITS[one.key]}）",
            labels=tuple(month.label for month in one.months),
            values=tuple(month.accepted for month in one.months),
            parts=tuple(month.closed for month in one.months),
        )
        for one in lines
    )
    return draft.chart("lines", "bars", series, ("mediation_completion_rate",))
