"""Workdays with 调休: which days count, and when a deadline of n workdays falls due.

The calendar is config/calendar.toml. A year without notice is counted by weekdays and is
provisional (`calendar_known` says so); nothing fails when the notice is late.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from config.environment import environment, read_toml
from config.errors import ConfigError

_FIRST, _LAST = date(2000, 1, 1), date(2050, 12, 31)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off with their names, days worked instead, and the years a notice exists for."""

    off: dict[date, str]
    worked: frozenset[date]
    years: frozenset[int]


def is_workday(day: date) -> bool:
    """Whether offices work on this day."""
    calendar = load_calendar()
    if day in calendar.worked:
        return True
    return day.weekday() < 5 and day not in calendar.off


def holiday_name(day: date) -> str | None:
    """The public holiday this day belongs to, or None."""
    return load_calendar().off.get(day)


def calendar_known(year: int) -> bool:
    """Whether the State Council's notice for this year is in the calendar."""
    return year in load_calendar().years


def add_workdays(day: date, count: int) -> date:
    """The n-th workday counted from the day after (收到次日起算); n = 0 gives the day itself."""
    if count == 0:
        return day
    days = _workdays(environment().config)
    return days[bisect_left(days, day + timedelta(days=1)) + count - 1]


def workdays_between(start: date, end: date) -> int:
    """Workdays after `start` up to and including `end`; negative when end is before start."""
    days = _workdays(environment().config)
    one = timedelta(days=1)
    return bisect_left(days, end + one) - bisect_left(days, start + one)


def load_calendar() -> Calendar:
    """The site's calendar; ConfigError names the day that cannot be read."""
    return _calendar(environment().config)


@lru_cache(maxsize=4)
def _calendar(folder: Path) -> Calendar:
    file = folder / "calendar.toml"
    off: dict[date, str] = {}
    worked: set[date] = set()
    years: set[int] = set()
    for year, block in read_toml(file).items():
        for name, days in block.get("off", {}).items():
            off |= {_day(file, year, text): name for text in days}
        worked |= {_day(file, year, text) for text in block.get("worked", [])}
        if block.get("off"):
            years.add(int(year))
    return Calendar(off, frozenset(worked), frozenset(years))


@lru_cache(maxsize=4)
def _workdays(folder: Path) -> list[date]:
    calendar = _calendar(folder)
    span = ((_FIRST + timedelta(days=n)) for n in range((_LAST - _FIRST).days + 1))
    return [d for d in span if d in calendar.worked or (d.weekday() < 5 and d not in calendar.off)]


def _day(file: Path, year: str, text: object) -> date:
    try:
        return date.fromisoformat(f"{year}-{text}")
    except ValueError:
        raise ConfigError(file, f"[{year}]", text, 'a day of that year such as "10-01"') from None
