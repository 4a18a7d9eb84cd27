"""一、总体情况: three paragraphs with the week's figures and the table of main figures."""

from __future__ import annotations

from dashboard import wording
from dashboard.reports import phrase
from dashboard.reports.content import Cell, Column, Paragraph, Section, Table
from dashboard.reports.draft import Draft
from dashboard.reports.figures import Count, Gauge, Line, Rate

TOP = 3
LINE_UNITS = {"centre": "件次", "unit": "起"}


def overall(draft: Draft) -> Section:
    """The first section of the issue."""
    paragraphs = (_hotline(draft), _mediation(draft), _flood(draft))
    return Section(draft.layout.words["sections.overall"], (*paragraphs, _main(draft)))


def _hotline(draft: Draft) -> Paragraph:
    hotline = draft.figures.hotline
    said = [
        draft.say(
            "hotline.received",
            count=phrase.plain(hotline.received.now),
            daily=phrase.plain(_daily(draft, hotline.received.now), 1),
            changes=_changes(draft, hotline.received),
        ),
        _on_time(draft, hotline.on_time),
    ]
    if hotline.received.now and hotline.classes:
        said.append(_top(draft, hotline.received.now))
    if hotline.flow is not None:
        flow = hotline.flow
        said.append(
            draft.say(
                "hotline.flow",
                opening=phrase.plain(flow.opening),
                added=phrase.plain(flow.added),
                closed=phrase.plain(flow.closed),
                left=phrase.plain(flow.left),
                open=phrase.plain(flow.open),
            )
        )
    said.append(overdue(draft, hotline.overdue))
    metrics = ("hotline_received", "hotline_on_time_rate", "hotline_closed", "hotline_open")
    return draft.paragraph("hotline", said, *metrics, "hotline_overdue")


def overdue(draft: Draft, stock: Count) -> str:
    """What is open past its date at the end of the week."""
    if not stock.now:
        return draft.say("hotline.overdue_none")
    changes = draft.against(phrase.change(stock.now, stock.before))
    return draft.say("hotline.overdue", count=phrase.plain(stock.now), changes=changes)


def _daily(draft: Draft, value: float | None) -> float | None:
    days = max(1, (draft.figures.until.date() - draft.figures.period.first).days)
    return None if value is None else value / days


def _changes(draft: Draft, count: Count) -> str:
    return draft.against(
        phrase.change(count.now, count.before), phrase.change(count.now, count.year)
    )


def _on_time(draft: Draft, rate: Rate) -> str:
    due, met = phrase.plain(rate.now.den), phrase.plain(rate.now.num)
    if not rate.now.den:
        return draft.say("hotline.on_time_none")
    if wording.is_small(rate.now.den):
        return draft.say("hotline.on_time_small", due=due, met=met)
    changes = draft.against(phrase.points(rate.now, rate.before))
    return draft.say(
        "hotline.on_time", due=due, met=met, rate=phrase.rate(rate.now), changes=changes
    )


def _top(draft: Draft, total: float) -> str:
    top = draft.figures.hotline.classes[:TOP]
    named = phrase.listed([f"{part.name}{phrase.plain(part.count.now)}件" for part in top])
    held = sum(part.count.now or 0 for part in top)
    rank = {1: "一", 2: "二", 3: "三"}[len(top)]
    return draft.say(
        "hotline.top",
        rank=rank,
        classes=named,
        count=phrase.plain(held),
        share=phrase.share(held, total),
    )


def line(draft: Draft, key: str) -> Line | None:
    """The mediation line of this key."""
    return next((one for one in draft.figures.mediation.lines if one.key == key), None)


def _mediation(draft: Draft) -> Paragraph:
    centre, unit = line(draft, "centre"), line(draft, "unit")
    if centre is None or unit is None:
        return draft.paragraph("mediation", [draft.say("mediation.types_none")])
    links = phrase.listed(
        [
            draft.say("mediation.link", kind=kind, count=str(count))
            for kind, count in draft.figures.mediation.links
        ]
    )
    said = [
        draft.say(
            "mediation.accepted",
            centre=phrase.plain(centre.accepted.now),
            unit=phrase.plain(unit.accepted.now),
            links=draft.say("mediation.links", links=links) if links else "",
        ),
        draft.say(
            "mediation.closed",
            centre=phrase.plain(centre.closed.now),
            unit=phrase.plain(unit.closed.now),
        ),
        draft.say(
            "mediation.year",
            centre_accepted=phrase.plain(centre.year_rate.now.den),
            centre_closed=phrase.plain(centre.year_rate.now.num),
            centre_rate=phrase.rate(centre.year_rate.now),
            unit_accepted=phrase.plain(unit.year_rate.now.den),
            unit_closed=phrase.plain(unit.year_rate.now.num),
            unit_rate=phrase.rate(unit.year_rate.now),
        ),
        draft.say("mediation.apart"),
    ]
    return draft.paragraph(
        "mediation", said, "mediation_accepted", "mediation_closed", "mediation_completion_rate"
    )


def distance(draft: Draft, level: float, warning: float) -> str:
    """距警戒0.78米 or 超警戒0.01米; at the warning level it is reached, 超警戒0.00米."""
    key = "flood.above" if level >= warning else "flood.below"
    return draft.say(key, metres=phrase.plain(abs(level - warning), 2))


def _moved(draft: Draft, gauge: Gauge) -> str:
    if gauge.start is None or gauge.last is None:
        return ""
    metres = phrase.plain(abs(gauge.last - gauge.start), 2)
    key = "same" if metres == "0.00" else ("rose" if gauge.last > gauge.start else "fell")
    start = f"{wording.weekday(draft.figures.period.first)}8时"
    return draft.say("flood.change", start=start, change=draft.say(f"flood.{key}", metres=metres))


def _flood(draft: Draft) -> Paragraph:
    flood = draft.figures.flood
    known = [gauge for gauge in flood.gauges if gauge.last is not None]
    if not known:
        return draft.paragraph("flood", [draft.say("flood.none")], "gauge_over_warning")
    lead = next((gauge for gauge in known if gauge.lead), known[0])
    said = []
    if lead.last is not None and lead.warning is not None:
        said.append(
            draft.say(
                "flood.lead",
                until=phrase.until(draft.figures.until),
                station=lead.river + lead.name,
                level=phrase.plain(lead.last, 2),
                distance=distance(draft, lead.last, lead.warning),
                change=_moved(draft, lead),
            )
        )
    over = [g for g in known if g.warning is not None and (g.last or 0) >= g.warning]
    if over:
        names = phrase.listed([gauge.river + gauge.name for gauge in over])
        said.append(draft.say("flood.over", count=str(len(over)), stations=names))
    else:
        said.append(draft.say("flood.over_none"))
    return draft.paragraph("flood", said, "gauge_over_warning")


def _count_row(name: str, unit: str, count: Count) -> tuple[Cell, ...]:
    def moved(base: float | None) -> Cell:
        return Cell(phrase.short(phrase.change(count.now, base, unit), unit))

    return (
        Cell(name),
        Cell(unit),
        phrase.number_cell(count.now),
        phrase.number_cell(count.before),
        moved(count.before),
        phrase.number_cell(count.year),
        moved(count.year),
    )


def _rate_row(name: str, rate: Rate) -> tuple[Cell, ...]:
    return (
        Cell(name),
        Cell("%"),
        phrase.rate_cell(rate.now),
        phrase.rate_cell(rate.before),
        Cell(phrase.short(phrase.points(rate.now, rate.before))),
        phrase.rate_cell(rate.year),
        Cell(phrase.short(phrase.points(rate.now, rate.year))),
    )


def _main(draft: Draft) -> Table:
    figures = draft.figures
    hotline = figures.hotline
    rows = [
        _count_row("热线受理", "件", hotline.received),
        _count_row("热线办结", "件", hotline.closed),
        _count_row("期末超期在办", "件", hotline.overdue),
        _rate_row("热线按时办结率", hotline.on_time),
        _rate_row("热线满意率", hotline.satisfaction),
    ]
    for key, name in (("centre", "矛调受理（中心）"), ("unit", "矛调受理（单位）")):
        one = line(draft, key)
        if one is not None:
            rows.append(_count_row(name, LINE_UNITS[key], one.accepted))
    rows.append(_count_row("期末超警戒站数", "站", figures.flood.over_warning))
    columns = (
        Column("指标", "left", 1.7),
        Column("单位", "center", 0.55),
        Column(draft.this, decimals=1, width=0.7),
        Column(draft.last, decimals=1, width=0.7),
        Column("环比", width=1.5),
        Column("去年同期", decimals=1, width=0.95),
        Column("同比", width=1.5),
    )
    metrics = (
        "hotline_received",
        "hotline_closed",
        "hotline_overdue",
        "hotline_on_time_rate",
        "hotline_satisfaction_rate",
        "mediation_accepted",
        "gauge_over_warning",
    )
    return draft.table("main", columns, rows, metrics, small=str(wording.SMALL_N))
