"""四、下周关注: what falls due, who is off work, what the water and the weather may do."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from dashboard import wording
from dashboard.reports import phrase
from dashboard.reports.content import Cell, Column, Paragraph, Section, Table
from dashboard.reports.draft import Draft
from dashboard.reports.figures import Gauge
from dashboard.reports.gauges import full_name

_PEAK = 2  # from so many matters on one day the day is named


def ahead(draft: Draft) -> Section:
    """The fourth section of the issue."""
    blocks = (*_due(draft), _calendar(draft), _weather(draft))
    return Section(draft.layout.words["sections.next"], blocks)


def _due(draft: Draft) -> tuple[Paragraph | Table, ...]:
    calendar = draft.figures.calendar
    hotline = dict(draft.figures.hotline.due_next)
    lines = Counter[date]()
    for one in draft.figures.mediation.lines:
        lines.update(dict(one.due_next))
    metrics = ("hotline_open", "mediation_open")
    dates = phrase.days(calendar.next_first, calendar.next_last)
    if not hotline and not lines:
        return (draft.paragraph("due", [draft.say("next.due_none", dates=dates)], *metrics),)
    table = _table(draft, hotline, lines)
    by_day = Counter(hotline) + lines
    day, count = by_day.most_common(1)[0]
    peak = draft.layout.words["next.due_even"]
    if count >= _PEAK:
        shown = f"{wording.day(day)}（{wording.weekday(day)}）"
        peak = draft.say("next.due_peak", day=shown, count=str(count))
    named = [
        f"{name}{sum(days.values())}件"
        for name, days in (("热线", hotline), ("调处", lines))
        if days
    ]
    matters = phrase.listed(named)
    said = draft.say("next.due", dates=dates, matters=matters, peak=peak, table=str(table.number))
    return (draft.paragraph("due", [said], *metrics), table)


def _table(draft: Draft, hotline: dict[date, int], lines: dict[date, int]) -> Table:
    calendar = draft.figures.calendar
    span = (calendar.next_last - calendar.next_first).days + 1
    days = [calendar.next_first + timedelta(days=n) for n in range(span)]

    def row(name: str, counts: dict[date, int]) -> tuple[Cell, ...]:
        cells = (phrase.number_cell(counts.get(day, 0)) for day in days)
        return (Cell(name), *cells, phrase.number_cell(sum(counts.values())))

    columns = (
        Column("事项", "left", 1.1),
        *(Column(f"{wording.weekday(day)}{day.month}/{day.day}") for day in days),
        Column("合计", width=0.8),
    )
    rows = [row("热线工单", hotline), row("矛盾调处", lines)]
    return draft.table("due", columns, rows, ("hotline_open", "mediation_open"))


def _calendar(draft: Draft) -> Paragraph:
    calendar = draft.figures.calendar
    said = [
        draft.say(
            "next.holiday", name=name, days=str(len(days)), dates=phrase.days(days[0], days[-1])
        )
        for name, days in calendar.next_days_off
    ]
    if calendar.next_worked:
        dates = phrase.listed(
            [f"{wording.day(d)}（{wording.weekday(d)}）" for d in calendar.next_worked]
        )
        said.append(draft.say("next.worked", dates=dates))
    if not calendar.next_known:
        said.append(draft.say("next.unknown", year=str(calendar.next_last.year)))
    said.append(draft.say("next.workdays", days=str(calendar.next_workdays)))
    return draft.paragraph("calendar", said)


def _near(draft: Draft) -> str:
    flood = draft.figures.flood

    def close(gauge: Gauge) -> bool:
        known = gauge.last is not None and gauge.warning is not None
        return known and (gauge.warning or 0) - (gauge.last or 0) <= flood.near_margin

    if not any(gauge.last is not None for gauge in flood.gauges):
        return ""
    near = [full_name(gauge) for gauge in flood.gauges if close(gauge)]
    margin = phrase.plain(flood.near_margin, 1)
    if not near:
        return draft.say("next.near_none", margin=margin)
    return draft.say("next.near", stations=phrase.listed(near), margin=margin)


def _weather(draft: Draft) -> Paragraph:
    warnings = draft.figures.flood.warnings
    live = [w for w in warnings if w.in_force]
    said = [_near(draft)]
    if live:
        named = phrase.listed([f"{w.kind}{w.level}色预警" for w in live])
        said.append(draft.say("next.warnings", warnings=named))
    past = Counter(f"{w.kind}{w.level}色" for w in warnings if not w.in_force)
    if past:
        named = phrase.listed([f"{name}{count}条" for name, count in past.items()])
        words = {"count": str(sum(past.values())), "warnings": named}
        said.append(draft.say("next.warnings_past", **words))
    elif not live:
        said.append(draft.say("next.warnings_none"))
    return draft.paragraph("weather", said, "gauge_over_warning")
