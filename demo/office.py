"""Office time: workdays, adding work minutes, and moments at which somebody is at the desk.

The town draws many thousand deadlines at its start, so the site's calendar is read once.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from config import workdays

WINDOWS = ((time(9), time(12)), (time(14), time(18)))
CLOSING = time(17, 30)


@lru_cache(maxsize=1)
def _calendar() -> tuple[list[date], frozenset[date]]:
    calendar = workdays.load_calendar()
    span = (date(2005, 1, 1) + timedelta(days=n) for n in range(40 * 366))
    days = [d for d in span if d in calendar.worked or (d.weekday() < 5 and d not in calendar.off)]
    return days, frozenset(days)


def is_workday(day: date) -> bool:
    """Whether offices work on this day."""
    return day in _calendar()[1]


def add_workdays(day: date, count: int) -> date:
    """The n-th workday counted from the day after; n = 0 gives the day itself."""
    if count == 0:
        return day
    days = _calendar()[0]
    return days[bisect_left(days, day + timedelta(days=1)) + count - 1]


def workdays_between(start: date, end: date) -> int:
    """Workdays after `start` up to and including `end`."""
    days, one = _calendar()[0], timedelta(days=1)
    return bisect_left(days, end + one) - bisect_left(days, start + one)


def add_minutes(start: datetime, minutes: float) -> datetime:
    """The moment when so many work minutes have run; time outside the windows stands still."""
    moment, left = start, timedelta(minutes=minutes)
    while True:
        if is_workday(moment.date()):
            for opens, closes in WINDOWS:
                begin = max(moment, datetime.combine(moment.date(), opens))
                end = datetime.combine(moment.date(), closes)
                if begin < end:
                    if left <= end - begin:
                        return begin + left
                    left -= end - begin
        moment = datetime.combine(moment.date() + timedelta(days=1), time(0))


def at_desk(rng: random.Random, day: date) -> datetime:
    """A moment within the office hours of a day."""
    minute = rng.randrange(420)
    if minute < 180:
        return datetime.combine(day, time(9)) + timedelta(minutes=minute, seconds=rng.randrange(60))
    afternoon = timedelta(minutes=(minute - 180) * 235 // 240, seconds=rng.randrange(60))
    return datetime.combine(day, time(14)) + afternoon


def end_of(day: date) -> datetime:
    """When a deadline on this day runs out."""
    return datetime.combine(day, CLOSING)


def later(rng: random.Random, after: datetime, low: int, high: int) -> datetime:
    """A moment in office hours so many workdays later; for 0 days perhaps before `after`."""
    return at_desk(rng, add_workdays(after.date(), rng.randint(low, high)))
