"""Statistical periods: one place that turns "2026-W47" into days and into what it compares with.

Keys: 2026-W47 (Monday to Sunday, ISO) · 2026-W47-fri (Friday to Thursday ending in that week) ·
2026-11 · 2026-11-26th (26 October to 25 November) · 2026-Q4 · 2026 · 2026-ytd ·
2026-flood (1 May to 30 September) · 2026-11-01..2026-11-20 · "" (this month so far).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

ALLOWED = (
    "2026-W47, 2026-W47-fri, 2026-11, 2026-11-26th, 2026-Q4, 2026, 2026-ytd, 2026-flood "
    "or 2026-11-01..2026-11-20"
)
_ONE = timedelta(days=1)
_SHAPE = re.compile(
    r"(?P<year>\d{4})(?:-(?:W(?P<week>\d{2})(?P<fri>-fri)?|Q(?P<quarter>[1-4])|(?P<ytd>ytd)"
    r"|(?P<flood>flood)|(?P<month>\d{2})(?P<cut>-26th)?))?"
)
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


class UnknownPeriod(ValueError):
    """A period key that is not one of the shapes above."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"period {key!r} is not known; allowed: {ALLOWED}")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from first to last, both inclusive, with the key and the label people read."""

    key: str
    kind: str
    label: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.last - self.first).days + 1

    @property
    def dates(self) -> str:
        """The days as people write them: 11月16日—11月22日, with the year where it is needed."""
        first, last = self.first, self.last
        start = f"{first.year}年{first.month}月{first.day}日"
        if first == last:
            return start
        year = f"{last.year}年" if last.year != first.year else ""
        return f"{start}—{year}{last.month}月{last.day}日"


def parse(key: str, today: date) -> Period:
    """The whole period of a key; UnknownPeriod says what is allowed."""
    if not key:
        return parse(f"{today:%Y-%m}", today)
    free = _RANGE.fullmatch(key)
    shape = _SHAPE.fullmatch(key)
    try:
        if free:
            return _free(key, date.fromisoformat(free[1]), date.fromisoformat(free[2]))
        if shape:
            return _named(key, {k: v for k, v in shape.groupdict().items() if v}, today)
    except ValueError:
        pass
    raise UnknownPeriod(key)


def elapsed(period: Period, today: date) -> Period:
    """The part of a period that has begun: cut at today, unchanged when it is over."""
    if period.first <= today < period.last:
        return replace(period, last=today)
    return period


def previous(period: Period, today: date) -> Period:
    """The period before, like for like: as many days elapsed as in this one."""
    if period.kind == "range":
        length = timedelta(days=period.days)
        return _free("", period.first - length, period.last - length)
    before = parse(step(period, -1), today)
    return _as_long(before, period, today)


def last_year(period: Period, today: date) -> Period:
    """The same period a year ago, like for like; 29 February becomes the 28th."""
    if period.kind in ("week", "week-fri"):
        shift = timedelta(weeks=52)
        year, week, _ = (
            period.first - shift + (4 * _ONE if "fri" in period.kind else 0 * _ONE)
        ).isocalendar()
        suffix = "-fri" if period.kind == "week-fri" else ""
        whole = parse(f"{year}-W{week:02d}{suffix}", today)
        return _as_long(whole, period, today)
    cut = elapsed(period, today)
    first, last = _year_back(cut.first), _year_back(cut.last)
    if cut.last == _month_end(cut.last) and cut == period:
        last = _month_end(last)
    return _free("", first, last)


def same_age(last: date, seen: datetime, before: Period) -> datetime:
    """The moment at which `before` was as old as the days up to `last` are when they are seen.

    A rate of cases by their acceptance grows for months after the period: last year's is compared
    as it stood when as much time had passed since its end.
    """
    return datetime.combine(before.last, time()) + (seen - datetime.combine(last, time()))


def step(period: Period, count: int) -> str:
    """The key of the period `count` steps later (negative: earlier) of the same kind."""
    year, month = period.last.year, period.last.month
    if period.kind in ("week", "week-fri"):
        anchor = period.last if period.kind == "week-fri" else period.first
        iso = (anchor + timedelta(weeks=count)).isocalendar()
        return f"{iso.year}-W{iso.week:02d}" + ("-fri" if period.kind == "week-fri" else "")
    if period.kind in ("month", "month-26th"):
        index = year * 12 + month - 1 + count
        cut = "-26th" if period.kind == "month-26th" else ""
        return f"{index // 12}-{index % 12 + 1:02d}{cut}"
    if period.kind == "quarter":
        index = year * 4 + (month - 1) // 3 + count
        return f"{index // 4}-Q{index % 4 + 1}"
    if period.kind == "range":
        shift = timedelta(days=period.days * count)
        return f"{period.first + shift}..{period.last + shift}"
    suffix = {"year": "", "ytd": "-ytd", "flood": "-flood"}[period.kind]
    return f"{period.first.year + count}{suffix}"


def choices(today: date) -> list[tuple[str, str]]:
    """The presets of the period picker as (key, label), commonest first."""
    year, week, _ = today.isocalendar()
    month26 = today if today.day <= 25 else _month_end(today) + _ONE
    # Friday to Thursday belongs to the ISO week of its Thursday
    fri = (today + timedelta(days=(3 - today.weekday()) % 7)).isocalendar()
    return [
        (f"{year}-W{week:02d}", "本周"),
        (f"{today:%Y-%m}", "本月"),
        (f"{today.year}-Q{(today.month - 1) // 3 + 1}", "本季"),
        (f"{today.year}-ytd", "今年累计"),
        (f"{today.year - 1}", "去年"),
        (f"{fri.year}-W{fri.week:02d}-fri", "周五至周四"),
        (f"{month26:%Y-%m}-26th", "26日至25日"),
        (f"{today.year}-flood", "汛期"),
    ]


def _named(key: str, part: dict[str, str], today: date) -> Period:
    year = int(part["year"])
    if not 1990 <= year <= 2090:
        raise ValueError(year)
    if "week" in part:
        monday = date.fromisocalendar(year, int(part["week"]), 1)
        if "fri" in part:
            label = f"{year}年第{int(part['week'])}周（周五至周四）"
            return Period(key, "week-fri", label, monday - 3 * _ONE, monday + 3 * _ONE)
        return Period(key, "week", f"{year}年第{int(part['week'])}周", monday, monday + 6 * _ONE)
    if "quarter" in part:
        first = date(year, int(part["quarter"]) * 3 - 2, 1)
        last = _month_end(first.replace(month=first.month + 2))
        return Period(key, "quarter", f"{year}年第{part['quarter']}季度", first, last)
    if "flood" in part:
        return Period(key, "flood", f"{year}年汛期", date(year, 5, 1), date(year, 9, 30))
    if "ytd" in part:
        last = today if year == today.year else date(year, 12, 31)
        return Period(key, "ytd", f"{year}年累计", date(year, 1, 1), last)
    if "month" in part:
        return _month(key, year, int(part["month"]), "cut" in part)
    return Period(key, "year", f"{year}年", date(year, 1, 1), date(year, 12, 31))


def _month(key: str, year: int, month: int, cut: bool) -> Period:
    first = date(year, month, 1)
    if cut:
        start = (first - _ONE).replace(day=26)
        return Period(
            key, "month-26th", f"{year}年{month}月（26日至25日）", start, first.replace(day=25)
        )
    return Period(key, "month", f"{year}年{month}月", first, _month_end(first))


def _free(key: str, first: date, last: date) -> Period:
    if last < first:
        raise ValueError(key)
    made = key or f"{first}..{last}"
    period = Period(made, "range", "", first, last)
    return replace(period, label=period.dates)


def _as_long(whole: Period, model: Period, today: date) -> Period:
    """Cut `whole` to the length of model's elapsed part when model is still running."""
    cut = elapsed(model, today)
    if model.kind == "ytd":
        return replace(whole, last=_year_back(cut.last))
    if cut == model:
        return whole
    return replace(whole, last=min(whole.last, whole.first + timedelta(days=cut.days - 1)))


def _year_back(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return day.replace(year=day.year - 1, day=28)
    return day.replace(year=day.year - 1)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
