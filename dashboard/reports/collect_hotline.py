"""The hotline's figures of a week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from config import periods
from config.periods import Period
from config.workdays import holiday_name, is_workday
from dashboard.reports.figures import Count, Flow, Hotline, Matter, Pair, Part, Place, Week
from dashboard.reports.reading import Reading, Span

TREND = 8
CLASS_LEVEL, REPEAT_LEVEL = 2, 3


def collect_hotline(reading: Reading, span: Span) -> Hotline:
    """Everything the issue says of the hotline."""
    received = reading.count("hotline_received", span)
    closed = reading.count("hotline_closed", span)
    return Hotline(
        received=received,
        closed=closed,
        on_time=reading.rate("hotline_on_time_rate", span),
        response=reading.rate("hotline_response_rate", span),
        resolution=reading.rate("hotline_resolution_rate", span),
        satisfaction=reading.rate("hotline_satisfaction_rate", span),
        days=reading.count("hotline_handling_days", span),
        repeat=reading.rate("hotline_repeat_rate", span),
        overdue=reading.count("hotline_overdue", span),
        flow=_flow(reading, span),
        classes=parts(reading, "hotline_received", span, by="class", level=CLASS_LEVEL),
        repeat_classes=_repeats(reading, span),
        places=_places(reading, span),
        weeks=_weeks(reading, span),
        per_workday=_per_workday(reading, span),
        overdue_list=_overdue(reading, span),
        due_next=due_within(
            (row["due_at"] for row in reading.rows("hotline_open", span.now).rows), span
        ),
    )


def _flow(reading: Reading, span: Span) -> Flow | None:
    days = {"first": span.now.first, "last": span.now.last}
    rows = reading.table("matter_flow", subject="hotline", **days)
    return balanced(rows[0], "received") if rows else None


def balanced(row: dict[str, Any], added: str) -> Flow | None:
    """Stock and flow of one row of figures; None where they do not balance to zero."""
    flow = Flow(row["opening"], row[added], row["closed"], row["withdrawn"], row["open"])
    return flow if flow.balances else None


def parts(reading: Reading, metric: str, span: Span, **words: Any) -> tuple[Part, ...]:
    """The parts of a count with what they were before and a year ago, largest first."""
    found = [
        {point.key: point for point in reading.answer(metric, period, **words).series}
        for period in (span.now, span.before, span.year)
    ]
    keys = dict.fromkeys(key for series in found for key in series)
    made = []
    for key in keys:
        points = [series.get(key) for series in found]
        label = next(point.label for point in points if point is not None)
        counts = [0.0 if point is None else float(point.value or 0) for point in points]
        made.append(Part(key, label, Count(*counts)))
    return tuple(sorted(made, key=lambda part: (-(part.count.now or 0), part.key)))


def _repeats(reading: Reading, span: Span) -> tuple[Part, ...]:
    series = reading.answer("hotline_repeat_rate", span.now, by="class", level=REPEAT_LEVEL).series
    made = [Part(p.key, p.label, Count(float(p.numerator or 0))) for p in series if p.numerator]
    return tuple(sorted(made, key=lambda part: (-(part.count.now or 0), part.key)))


def _places(reading: Reading, span: Span) -> tuple[Place, ...]:
    received = {p.key: p for p in parts(reading, "hotline_received", span, by="community")}
    due = {
        p.key: p for p in reading.answer("hotline_on_time_rate", span.now, by="community").series
    }
    stock, late = (
        {p.key: float(p.value or 0) for p in reading.answer(m, span.now, by="community").series}
        for m in ("hotline_open", "hotline_overdue")
    )
    names = {place.code: place.name for place in reading.site.communities}
    labels = {key: part.name for key, part in received.items()}
    labels |= {key: point.label for key, point in due.items()}
    others = {*received, *due, *stock, *late} - names.keys()
    made = [
        Place(
            name=names.get(key) or labels.get(key, key),
            received=received[key].count if key in received else Count(0, 0, 0),
            on_time=Pair(due[key].numerator, due[key].denominator) if key in due else Pair(0, 0),
            open=stock.get(key, 0),
            overdue=late.get(key, 0),
        )
        for key in (*names, *sorted(others))
    ]
    return tuple(sorted(made, key=lambda place: -(place.received.now or 0)))


def _weeks(reading: Reading, span: Span) -> tuple[Week, ...]:
    """The last weeks of the same kind, the reported one last."""
    made = []
    for back in range(TREND - 1, -1, -1):
        week = periods.parse(periods.step(span.now, -back), span.now.last) if back else span.now
        value = reading.answer("hotline_received", week).value
        made.append(
            Week(
                label=f"{periods_week(week)}周",
                first=week.first,
                last=week.last,
                value=float(value or 0),
                holidays=_holidays(week),
            )
        )
    return tuple(made)


def periods_week(period: Period) -> int:
    """The ISO week number of either kind of week."""
    day = period.last if period.kind == "week-fri" else period.first
    return day.isocalendar().week


def _holidays(week: Period) -> tuple[str, ...]:
    days = (week.first + timedelta(days=n) for n in range(week.days))
    return tuple(dict.fromkeys(name for name in map(holiday_name, days) if name))


def _per_workday(reading: Reading, span: Span) -> Count:
    def mean(period: Period) -> float | None:
        by_day = reading.by_day("hotline_received", period)
        worked = [value for day, value in by_day.items() if is_workday(day)]
        return sum(worked) / len(worked) if worked else None

    return Count(mean(span.now), mean(span.before))


def _overdue(reading: Reading, span: Span) -> tuple[Matter, ...]:
    """What is past its date, in codes; confidential matters are never listed."""
    rows = reading.rows("hotline_overdue", span.now, wall=True).rows
    return tuple(
        Matter(
            no=row["key"],
            kind=row.get("class_name") or row.get("class_code") or "—",
            place=reading.site.community_name(row["community"]),
            unit=row["unit"] or "",
            due_at=row["due_at"],
        )
        for row in rows
    )


def due_within(times: Iterable[datetime | None], span: Span) -> tuple[tuple[date, int], ...]:
    """How many open matters fall due on each day of the following week."""
    first, last = span.following.first, span.following.last
    days = Counter(at.date() for at in times if at is not None and first <= at.date() <= last)
    return tuple(sorted(days.items()))
