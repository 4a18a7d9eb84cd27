"""What the wall says about the hotline: today, on time, overdue, trend, rates, classes."""

from __future__ import annotations

from datetime import timedelta

from config.periods import Period, elapsed, parse, previous
from dashboard import wording
from dashboard.panels import (
    hotline_trend,
    on_time_rate,
    overdue,
    received_today,
    revisit_rates,
    top_classes,
)
from dashboard.wall.asking import Asking

DAYS = 30
WEEK = timedelta(days=7)
RATES = (
    ("hotline_response_rate", "响应率"),
    ("hotline_resolution_rate", "解决率"),
    ("hotline_satisfaction_rate", "满意率"),
)


def month(ask: Asking) -> tuple[Period, Period]:
    """This month so far, and as many days of the month before."""
    period = parse("", ask.today)
    return elapsed(period, ask.today), previous(period, ask.today)


def received(ask: Asking) -> received_today.Facts:
    """Today's orders, and those of the same day a week ago up to the same time."""
    answer = ask.metric("hotline_received", ask.today, ask.today)
    until = (answer.as_of or ask.now) - WEEK
    day = {"first": until.date(), "last": until.date(), "as_of": until}
    before = ask.rows("matter_flow", {"subject": "hotline", **day})
    weekday = wording.weekday(until.date())
    return received_today.Facts(
        today=int(answer.value or 0),
        before=int(before[0]["received"]) if before else None,
        before_label=f"上{weekday}同时段",
        closed=ask.count("hotline_closed", ask.today, ask.today),
        still_open=ask.count("hotline_open", ask.today, ask.today),
    )


def on_time(ask: Asking) -> on_time_rate.Facts:
    """The share in time of what fell due this month, and in last month's like days."""
    now, before = month(ask)
    in_time, due = ask.pair("hotline_on_time_rate", now.first, now.last)
    then_in_time, then_due = ask.pair("hotline_on_time_rate", before.first, before.last)
    return on_time_rate.Facts(in_time, due, then_in_time, then_due)


def over_time(ask: Asking) -> overdue.Facts:
    """Overdue, due today, and today's balance."""
    today = {"first": ask.today, "last": ask.today}
    yesterday = ask.today - timedelta(days=1)
    carried = ask.count("hotline_open", yesterday, yesterday)
    received = ask.count("hotline_received", ask.today, ask.today)
    closed = ask.count("hotline_closed", ask.today, ask.today)
    still_open = ask.count("hotline_open", ask.today, ask.today)
    due = ask.rows("hotline_due", today)[0]
    return overdue.Facts(
        overdue=ask.count("hotline_overdue", ask.today, ask.today),
        due_today=int(due["due"]),
        still_open=still_open,
        carried=carried,
        received=received,
        closed=closed,
        dropped=carried + received - closed - still_open,
    )


def trend(ask: Asking) -> hotline_trend.Facts:
    """Thirty finished days with their seven-day mean, and the running day."""
    first = ask.today - timedelta(days=DAYS + hotline_trend.WINDOW - 1)
    series = ask.metric("hotline_received", first, ask.today, by="day").series
    counts = {point.key: int(point.value or 0) for point in series}
    days = [first + timedelta(days=k) for k in range((ask.today - first).days)]
    values = tuple(counts.get(day.isoformat(), 0) for day in days)
    mean = hotline_trend.seven_day_mean(values)
    return hotline_trend.Facts(
        days=tuple(days[-DAYS:]),
        counts=values[-DAYS:],
        mean=mean[-DAYS:],
        today=counts.get(ask.today.isoformat(), 0),
    )


def rates(ask: Asking) -> revisit_rates.Facts:
    """The three rates of this month with their targets."""
    now, _ = month(ask)
    targets = ask.thresholds.targets
    found = [(key, name, *ask.pair(key, now.first, now.last)) for key, name in RATES]
    return revisit_rates.Facts(
        tuple(revisit_rates.Rate(name, num, den, targets.get(key)) for key, name, num, den in found)
    )


def classes(ask: Asking) -> top_classes.Facts:
    """The classes of the third level asked for most, against last month's like days."""
    now, before = month(ask)
    answer = ask.metric("hotline_received", now.first, now.last, by="class", level=3)
    earlier = ask.metric("hotline_received", before.first, before.last, by="class", level=3)
    then = {point.key: int(point.value or 0) for point in earlier.series}
    known = bool(earlier.value)
    points = sorted(answer.series, key=lambda point: (-(point.value or 0), point.key))
    top = [
        top_classes.ClassCount(
            point.label, int(point.value or 0), then.get(point.key, 0) if known else None
        )
        for point in points
        if point.value
    ]
    return top_classes.Facts(tuple(top[:5]), int(answer.value or 0))
