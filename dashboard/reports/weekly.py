"""The weekly report: figures and words in, one frozen content out; nothing asks for the time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from config.periods import Period
from dashboard.reports import phrase
from dashboard.reports.ahead import ahead
from dashboard.reports.content import Report
from dashboard.reports.detail import detail
from dashboard.reports.draft import Draft
from dashboard.reports.figures import Figures
from dashboard.reports.overall import overall
from dashboard.reports.problem import problem
from dashboard.wording import day, full_day
from layouts.report import ReportLayout

KIND = "weekly"


def compose(figures: Figures, layout: ReportLayout) -> Report:
    """Write the report; pure."""
    draft = Draft(figures, layout)
    sections = (overall(draft), detail(draft), problem(draft), ahead(draft))
    week = _thursday(figures.period).isocalendar()
    names = {"site": figures.site_name, "street": figures.street}
    until = phrase.until(figures.until)
    words = layout.words
    return Report(
        kind=KIND,
        period=figures.period.key,
        head=layout.say("head.name", site=names["site"]),
        issue=layout.say(
            "head.issue", week=str(week.week), total=str(_total(figures.period, words))
        ),
        issuer=layout.say("head.issuer", street=names["street"]),
        issued_on=full_day(_issued_on(figures)),
        title=layout.say("head.title", year=str(week.year), week=str(week.week)),
        subtitle=layout.say("head.subtitle", dates=_dates(figures.period), until=until),
        demo=figures.demo,
        draft=not figures.finished or _has_gaps(figures),
        sections=sections,
        notes=draft.notes(),
        closing=tuple(line.replace("{street}", names["street"]) for line in layout.closing),
        as_of="" if figures.as_of is None else f"{figures.as_of:%Y-%m-%dT%H:%M:%S}",
        generation=figures.generation,
    )


def _has_gaps(figures: Figures) -> bool:
    """Whether data of the week are still to come: a platform behind, a gauge silent all week."""
    silent = any(gauge.highest is None for gauge in figures.flood.gauges)
    return silent or any(not feed.complete for feed in figures.feeds)


def _thursday(period: Period) -> date:
    """The day that says which ISO week a period is, for both kinds of week."""
    return period.last if period.kind == "week-fri" else period.first + timedelta(days=3)


def _total(period: Period, words: Mapping[str, str]) -> int:
    """How many weeks it is since the first issue, which counts as one."""
    year, week = words["head.first_issue"].split("-W")
    first = date.fromisocalendar(int(year), int(week), 4)
    return (_thursday(period) - first).days // 7 + 1


def _issued_on(figures: Figures) -> date:
    """The day after a finished week, the day of the data while it runs."""
    return figures.period.last + timedelta(days=1) if figures.finished else figures.until.date()


def _dates(period: Period) -> str:
    return f"{day(period.first)}—{day(period.last)}"
