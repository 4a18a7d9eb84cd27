"""二、分类分析: by class, by community, by line and by gauge, each with its table."""

from __future__ import annotations

from dashboard import wording
from dashboard.reports import phrase
from dashboard.reports.content import Cell, Chart, Column, Paragraph, Section, Series, Table
from dashboard.reports.draft import Draft
from dashboard.reports.figures import Count, Part, Place, Rate
from dashboard.reports.gauges import gauge_blocks
from dashboard.reports.lines import line_blocks

CLASSES_SHOWN = 8
PLACES_NAMED = 3


def detail(draft: Draft) -> Section:
    """The second section of the issue."""
    blocks = (*_spread(draft), _quality(draft), *line_blocks(draft), *gauge_blocks(draft))
    return Section(draft.layout.words["sections.detail"], blocks)


def _spread(draft: Draft) -> tuple[Paragraph | Table | Chart, ...]:
    """Where the requests come from and what they are about."""
    hotline = draft.figures.hotline
    total = hotline.received.now or 0
    said: list[str] = []
    blocks: list[Table | Chart] = []
    if hotline.weeks:
        chart = _trend(draft)
        blocks.append(chart)
        said.append(_trend_sentence(draft, chart.number))
    said.append(_workdays(draft))
    if hotline.classes and total:
        table = _classes(draft, total)
        blocks.append(table)
        said.append(_classes_sentence(draft, total, table.number))
    if hotline.places:
        table = _places(draft)
        blocks.append(table)
        named = [
            f"{place.name}{phrase.plain(place.received.now)}件"
            for place in hotline.places[:PLACES_NAMED]
            if place.received.now
        ]
        if named:
            words = {"places": phrase.listed(named), "table": str(table.number)}
            said.append(draft.say("hotline.places", **words))
    return (draft.paragraph("classes", said, "hotline_received"), *blocks)


def _trend_sentence(draft: Draft, chart: int) -> str:
    weeks = draft.figures.hotline.weeks
    mean = sum(week.value for week in weeks) / len(weeks)
    mine = weeks[-1].value
    shown = phrase.plain(mean, 1)
    side = "equal" if phrase.plain(mine, 1) == shown else ("above" if mine > mean else "below")
    return draft.say(
        "hotline.trend",
        n=str(len(weeks)),
        mean=shown,
        side=draft.layout.words[f"hotline.{side}"],
        chart=str(chart),
    )


def _workdays(draft: Draft) -> str:
    """Said only where days off or worked instead make the two weeks unlike."""
    calendar, mean = draft.figures.calendar, draft.figures.hotline.per_workday
    alike = calendar.workdays == calendar.workdays_before and not calendar.days_off
    if alike or not draft.figures.finished or mean.now is None or mean.before is None:
        return ""
    off = "".join(
        draft.say("hotline.days_off", name=name, count=str(count))
        for name, count in calendar.days_off
    )
    return draft.say(
        "hotline.workdays",
        off=off,
        days=str(calendar.workdays),
        daily=phrase.plain(mean.now, 1),
        days_before=str(calendar.workdays_before),
        daily_before=phrase.plain(mean.before, 1),
    )


def _classes_sentence(draft: Draft, total: float, table: int) -> str:
    classes = draft.figures.hotline.classes
    top = classes[0]
    risen = max(classes, key=lambda part: (part.count.now or 0) - (part.count.before or 0))
    more = (risen.count.now or 0) - (risen.count.before or 0)
    clause = ""
    if more > 0:
        change = phrase.change(risen.count.now, risen.count.before)
        clause = draft.say("hotline.risen", name=risen.name, change=change)
    return draft.say(
        "hotline.spread",
        classes=str(len([part for part in classes if part.count.now])),
        top=top.name,
        count=phrase.plain(top.count.now),
        share=phrase.share(top.count.now or 0, total),
        risen=clause,
        table=str(table),
    )


def _trend(draft: Draft) -> Chart:
    weeks = draft.figures.hotline.weeks
    by_name: dict[str, list[str]] = {}
    for week in weeks:
        for name in week.holidays:
            by_name.setdefault(name, []).append(week.label)
    holidays = "；".join(f"{phrase.listed(on)}含{name}假期" for name, on in by_name.items())
    series = Series(
        name="热线受理",
        labels=tuple(week.label for week in weeks),
        values=tuple(week.value for week in weeks),
        strong=len(weeks) - 1,
        mean=sum(week.value for week in weeks) / len(weeks),
    )
    return draft.chart(
        "trend",
        "bars",
        (series,),
        ("hotline_received",),
        unit="件",
        n=str(len(weeks)),
        label=weeks[-1].label,
        holidays=f"；{holidays}" if holidays else "",
    )


def _part_row(part: Part, share: str) -> tuple[Cell, ...]:
    count = part.count
    return (
        Cell(part.name),
        phrase.number_cell(count.now),
        Cell(share) if share == phrase.NONE else Cell(share, float(share)),
        phrase.number_cell(count.before),
        Cell(phrase.short(phrase.change(count.now, count.before), "件")),
        phrase.number_cell(count.year),
    )


def _summed(parts: tuple[Part, ...], name: str) -> Part:
    def total(values: list[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    now = total([part.count.now for part in parts])
    before = total([part.count.before for part in parts])
    return Part("", name, Count(now, before, total([part.count.year for part in parts])))


def _classes(draft: Draft, total: float) -> Table:
    classes = draft.figures.hotline.classes
    shown, rest = classes[:CLASSES_SHOWN], classes[CLASSES_SHOWN:]
    lines = [*shown, *([_summed(rest, f"其他{len(rest)}类")] if rest else [])]
    parts = [part.count.now or 0.0 for part in lines]
    rows = [
        _part_row(part, share) for part, share in zip(lines, wording.shares(parts), strict=True)
    ]
    rows.append(_part_row(Part("", "合计", draft.figures.hotline.received), "100.0"))
    columns = (
        Column("类别", "left", 1.5),
        Column(draft.this, width=0.8),
        Column("占比（%）", decimals=1),
        Column(draft.last, width=0.8),
        Column("环比", width=1.2),
        Column("去年同期"),
    )
    return draft.table("classes", columns, rows, ("hotline_received",), total_row=True)


def _place_row(place: Place) -> tuple[Cell, ...]:
    return (
        Cell(place.name),
        phrase.number_cell(place.received.now),
        phrase.number_cell(place.received.before),
        Cell(phrase.short(phrase.change(place.received.now, place.received.before), "件")),
        phrase.number_cell(place.on_time.den),
        phrase.rate_cell(place.on_time),
        phrase.number_cell(place.open),
        phrase.number_cell(place.overdue),
    )


def _places(draft: Draft) -> Table:
    hotline = draft.figures.hotline
    flow_open = sum(place.open for place in hotline.places)
    whole = Place(
        name="合计",
        received=hotline.received,
        on_time=hotline.on_time.now,
        open=hotline.flow.open if hotline.flow else flow_open,
        overdue=hotline.overdue.now or 0,
    )
    columns = (
        Column("社区（村）", "left", 1.5),
        Column("受理", width=0.7),
        Column(draft.last, width=0.7),
        Column("环比", width=1.2),
        Column("应办结", width=0.85),
        Column("按时办结率（%）", width=1.6, decimals=1),
        Column("在办", width=0.7),
        Column("其中超期"),
    )
    metrics = ("hotline_received", "hotline_on_time_rate", "hotline_open", "hotline_overdue")
    rows = [_place_row(place) for place in (*hotline.places, whole)]
    return draft.table("places", columns, rows, metrics, total_row=True)


def _revisit(draft: Draft, key: str, rate: Rate) -> str:
    change = phrase.points(rate.now, rate.before)
    clause = "" if change == phrase.NONE else f"（较{draft.last}{change}）"
    return draft.say(f"hotline.{key}", rate=phrase.rate(rate.now), change=clause)


def _quality(draft: Draft) -> Paragraph:
    """How well the requests were handled: revisits and handling time."""
    hotline = draft.figures.hotline
    rates = {
        "response": hotline.response,
        "resolution": hotline.resolution,
        "satisfaction": hotline.satisfaction,
    }
    known = [_revisit(draft, key, rate) for key, rate in rates.items() if rate.now.den]
    said = [
        draft.say("hotline.revisit", rates="、".join(known))
        if known
        else draft.say("hotline.revisit_none")
    ]
    if hotline.days.now is not None:
        changes = ""
        if hotline.days.before is not None:
            moved = round(hotline.days.now, 1) - round(hotline.days.before, 1)
            words = "持平" if abs(moved) < 0.05 else ""
            verb = "增加" if moved > 0 else "减少"
            changes = draft.against(words or f"{verb}{phrase.plain(abs(moved), 1)}天")
        shown = phrase.plain(hotline.days.now, 1)
        said.append(draft.say("hotline.days", days=shown, changes=changes))
    return draft.paragraph(
        "quality",
        said,
        "hotline_response_rate",
        "hotline_resolution_rate",
        "hotline_satisfaction_rate",
        "hotline_handling_days",
    )
