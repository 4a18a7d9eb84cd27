"""三、存在问题: what is over its date, what comes again, whose data are missing."""

from __future__ import annotations

from collections import Counter

from dashboard.reports import phrase
from dashboard.reports.content import Cell, Column, Paragraph, Section, Table
from dashboard.reports.draft import Draft
from dashboard.reports.figures import Matter
from dashboard.reports.gauges import silent_gauges
from dashboard.reports.overall import LINE_UNITS

SHOWN = 10
_UNITS_NAMED = 2
_CLASSES_NAMED = 3


def problem(draft: Draft) -> Section:
    """The third section of the issue."""
    blocks = (*_overdue(draft), _repeat(draft), _feeds(draft))
    return Section(draft.layout.words["sections.problem"], blocks)


def _matters(draft: Draft) -> list[Matter]:
    """All matters past their date, longest first."""
    figures = draft.figures
    both = (*figures.hotline.overdue_list, *figures.mediation.overdue_list)
    return sorted(both, key=lambda matter: (matter.due_at or figures.until, matter.no))


def _late_lines(draft: Draft) -> str:
    late = [
        f"{draft.layout.words[f'mediation.{one.key}']}{phrase.plain(one.overdue)}"
        f"{LINE_UNITS[one.key]}"
        for one in draft.figures.mediation.lines
        if one.overdue
    ]
    return draft.say("problem.overdue_mediation", lines=phrase.listed(late)) if late else ""


def _late_orders(draft: Draft) -> list[str]:
    hotline = draft.figures.hotline
    stock = hotline.overdue.now or 0
    if not stock:
        return []
    units = Counter(matter.unit for matter in hotline.overdue_list if matter.unit)
    most = [f"{name}{n}件" for name, n in units.most_common(_UNITS_NAMED) if n > 1]
    clause = draft.say("problem.overdue_units", units=phrase.listed(most)) if most else ""
    said = [draft.say("problem.overdue", count=phrase.plain(stock), units=clause)]
    unlisted = stock - len(hotline.overdue_list)
    if unlisted > 0:
        said.append(draft.say("problem.overdue_secret", count=phrase.plain(unlisted)))
    return said


def _overdue(draft: Draft) -> tuple[Paragraph | Table, ...]:
    said = [*_late_orders(draft), _late_lines(draft)]
    matters = _matters(draft)
    metrics = ("hotline_overdue", "mediation_open")
    if not any(said):
        return (draft.paragraph("overdue", [draft.say("problem.overdue_none")], *metrics),)
    if not matters:
        return (draft.paragraph("overdue", said, *metrics),)
    table = _table(draft, matters)
    key = "problem.overdue_more" if table.left_out else "problem.overdue_all"
    words = {"shown": str(len(table.printed)), "more": str(table.left_out)}
    said.append(draft.say(key, table=str(table.number), **words))
    return (draft.paragraph("overdue", said, *metrics), table)


def _table(draft: Draft, matters: list[Matter]) -> Table:
    until = draft.figures.until
    rows = [
        (
            Cell(matter.no),
            Cell(matter.kind),
            Cell(matter.place),
            Cell(matter.unit or phrase.NONE),
            Cell(phrase.day_hour(matter.due_at)),
            Cell(phrase.span(until - matter.due_at) if matter.due_at else phrase.NONE),
        )
        for matter in matters
    ]
    columns = (
        Column("编号", "left", 1.8),
        Column("类别", "left", 1.45),
        Column("属地", "left"),
        Column("承办单位", "left", 1.05),
        Column("办结期限", width=1.1),
        Column("超期", width=0.95),
    )
    return draft.table("overdue", columns, rows, ("hotline_overdue",), shown=SHOWN)


def _repeat(draft: Draft) -> Paragraph:
    hotline = draft.figures.hotline
    now = hotline.repeat.now
    if not now.num:
        return draft.paragraph("repeat", [draft.say("hotline.repeat_none")], "hotline_repeat_rate")
    changes = draft.against(phrase.points(now, hotline.repeat.before))
    said = [
        draft.say(
            "hotline.repeat",
            count=phrase.plain(now.num),
            share=phrase.rate(now),
            changes=changes,
        )
    ]
    hot = [
        f"{part.name}{phrase.plain(part.count.now)}件"
        for part in hotline.repeat_classes[:_CLASSES_NAMED]
        if (part.count.now or 0) > 1
    ]
    if hot:
        said.append(draft.say("hotline.repeat_classes", classes=phrase.listed(hot)))
    return draft.paragraph("repeat", said, "hotline_repeat_rate")


def _feeds(draft: Draft) -> Paragraph:
    feeds, until = draft.figures.feeds, phrase.until(draft.figures.until)
    late = [feed for feed in feeds if not feed.complete]
    if not late:
        said = draft.say("problem.feeds_complete", count=str(len(feeds)), until=until)
    else:
        names = [
            draft.say("problem.feed", name=feed.name, at=phrase.until(feed.last_success))
            if feed.last_success
            else draft.say("problem.feed_never", name=feed.name)
            for feed in late
        ]
        said = draft.say("problem.feeds_late", names=phrase.listed(names), until=until)
    silent = silent_gauges(draft)
    gaps = draft.say("problem.gauges_silent", stations=silent) if silent else ""
    return draft.paragraph("data", [said, gaps], "platform_fresh")
