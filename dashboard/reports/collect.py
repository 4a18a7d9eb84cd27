"""Read the figures of a week from one published generation.

Nothing here asks for the time: what is "today" is the day the generation was published, so that
the same generation always gives the same figures.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from config import periods
from config.periods import Period
from config.workdays import calendar_known, holiday_name, is_workday, load_calendar
from dashboard.reports.collect_flood import collect_flood
from dashboard.reports.collect_hotline import collect_hotline
from dashboard.reports.collect_mediation import collect_mediation
from dashboard.reports.errors import NotReady, UnknownReport
from dashboard.reports.figures import Calendar, Feed, Figures
from dashboard.reports.reading import Reading, Span
from dashboard.source import Data

READS = ("hotline_12345", "mediation", "gauge", "weather")
WEEKS = ("week", "week-fri")
_ONE = timedelta(days=1)


def collect(data: Data, period: Period) -> Figures:
    """The figures of a week; NotReady before there is data, UnknownReport if not begun."""
    if period.kind not in WEEKS:
        raise UnknownReport(
            f"period {period.key!r} is not a week; a weekly report takes 2026-W47 or 2026-W47-fri"
        )
    current = data.reader.current()
    if current is None:
        raise NotReady("no data has been published yet; try again when the first load is done")
    today = current.published_at.date()
    if period.first > today:
        raise UnknownReport(f"period {period.key!r} has not begun; the data end on {today}")
    feeds = _feeds(data, current.sources)
    end = datetime.combine(period.last + _ONE, time(0))
    finished = current.published_at >= end
    until = end if finished else _data_until(feeds, period, current.published_at)
    cut = period if finished else replace(period, last=min(period.last, until.date()))
    spans = Span(
        now=cut,
        before=periods.previous(period, cut.last),
        year=periods.last_year(period, cut.last),
        until=until,
        finished=finished,
        following=_following(period),
    )
    reading = Reading(data.reader, current.number, data.site)
    hotline = collect_hotline(reading, spans)
    mediation = collect_mediation(reading, spans)
    flood = collect_flood(reading, spans, data.thresholds)
    reading.note("platform_fresh", spans.now)
    return Figures(
        period=period,
        before=spans.before,
        year=spans.year,
        until=until,
        finished=finished,
        hotline=hotline,
        mediation=mediation,
        flood=flood,
        feeds=tuple(replace(feed, complete=_covers(feed, until)) for feed in feeds),
        calendar=_calendar(spans),
        bases=reading.bases(),
        site_name=data.site.name,
        street=data.site.street,
        demo=any(data.platforms[key].demo for key in READS if key in data.platforms),
        as_of=reading.as_of,
        generation=current.number,
    )


def _feeds(data: Data, sources: tuple[object, ...]) -> tuple[Feed, ...]:
    """The platforms this report reads, as far as they are switched on."""
    last = {s.platform: s.last_success_at for s in sources if s.own}  # type: ignore[attr-defined]
    return tuple(
        Feed(data.platforms[key].short, last.get(key), complete=False)
        for key in READS
        if key in data.platforms and data.platforms[key].enabled
    )


def _covers(feed: Feed, until: datetime) -> bool:
    return feed.last_success is not None and feed.last_success >= until


def _data_until(feeds: tuple[Feed, ...], period: Period, published: datetime) -> datetime:
    """How far the data of a running week reach: the oldest of its platforms, to the minute."""
    known = [feed.last_success for feed in feeds if feed.last_success is not None]
    reached = min([*known, published]).replace(second=0, microsecond=0)
    start = datetime.combine(period.first, time(0))
    if reached < start:
        raise NotReady(f"the data end at {reached:%Y-%m-%d %H:%M}, before {period.key} begins")
    return reached


def _following(period: Period) -> Period:
    first = period.last + _ONE
    return replace(period, first=first, last=first + timedelta(days=6))


def days_of(period: Period) -> list[date]:
    """Every day of a period."""
    return [period.first + timedelta(days=n) for n in range(period.days)]


def _calendar(spans: Span) -> Calendar:
    worked = load_calendar().worked
    now, after = days_of(spans.now), days_of(spans.following)
    return Calendar(
        workdays=sum(map(is_workday, now)),
        workdays_before=sum(map(is_workday, days_of(spans.before))),
        days_off=tuple((name, len(days)) for name, days in days_off(spans.now)),
        worked=tuple(day for day in now if day in worked),
        next_first=spans.following.first,
        next_last=spans.following.last,
        next_days_off=days_off(spans.following),
        next_worked=tuple(day for day in after if day in worked),
        next_workdays=sum(map(is_workday, after)),
        next_known=all(calendar_known(day.year) for day in (after[0], after[-1])),
    )


def days_off(period: Period) -> tuple[tuple[str, tuple[date, ...]], ...]:
    """The public holidays within a period, each with its days."""
    found: dict[str, list[date]] = {}
    for day in days_of(period):
        name = holiday_name(day)
        if name is not None:
            found.setdefault(name, []).append(day)
    return tuple((name, tuple(days)) for name, days in found.items())
