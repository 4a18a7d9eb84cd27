"""Figures as the report writes them: formal (no spaces), and short for table cells."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta

from dashboard import wording
from dashboard.reports.content import Cell
from dashboard.reports.figures import Pair

NONE = wording.NONE
_SHORT = (("增加", "增"), ("减少", "减"), ("提高", "升"), ("降低", "降"))


def printable(text: str) -> str:
    """The text without what cannot be printed: control characters and changes of direction."""
    return "".join(mark for mark in text if not unicodedata.category(mark).startswith("C"))


def plain(value: float | None, digits: int = 0) -> str:
    """A number."""
    return wording.fixed(value, digits)


def change(now: float | None, before: float | None, unit: str = "件") -> str:
    """下降12.0%, 增加3件 where either number is small, 持平, or — where nothing compares."""
    if now is None or before is None:
        return NONE
    if now < wording.SMALL_N or before < wording.SMALL_N:
        return wording.difference_words(now, before, unit).replace(" ", "")
    return wording.change_words(now, before, formal=True)


def points(now: Pair, before: Pair) -> str:
    """提高0.6个百分点, 持平; — where either side stands on too few cases."""
    if any(wording.is_small(pair.den) or not pair.den for pair in (now, before)):
        return NONE
    return wording.points_words((now.num, now.den), (before.num, before.den), formal=True)


def rate(pair: Pair) -> str:
    """97.2%, 3/4 when small, — when nothing was counted."""
    return wording.rate(pair.num, pair.den).replace(" ", "")


def share(part: float, whole: float) -> str:
    """A part of a whole in per cent."""
    return rate(Pair(part, whole)) if whole >= wording.SMALL_N else f"{plain(part)}/{plain(whole)}"


def short(words: str, unit: str = "") -> str:
    """The same change as a table writes it: 减1, 降0.6个百分点."""
    for long, brief in _SHORT:
        if words.startswith(long):
            return brief + words.removeprefix(long).removesuffix(unit)
    return words


def number_cell(value: float | None, digits: int = 0) -> Cell:
    """A number as a cell; — without one."""
    if value is None:
        return Cell(NONE)
    shown = plain(value, digits)
    return Cell(shown.replace("-", "−"), float(shown))


def rate_cell(pair: Pair) -> Cell:
    """A rate in per cent without its sign, n/m when small."""
    if wording.is_small(pair.den):
        return Cell(wording.ratio(pair.num, pair.den))
    shown = wording.percent(pair.num, pair.den)
    return Cell(shown) if shown == NONE else Cell(shown, float(shown))


def until(moment: datetime) -> str:
    """9月27日24时 for midnight, 9月24日10时 or 10时30分 otherwise."""
    if moment.time() == time(0):
        return f"{wording.day((moment - timedelta(days=1)).date())}24时"
    minutes = f"{moment.minute}分" if moment.minute else ""
    return f"{wording.day(moment.date())}{moment.hour}时{minutes}"


def at(moment: datetime | None) -> str:
    """9月27日8时: a moment to the hour."""
    return NONE if moment is None else f"{wording.day(moment.date())}{moment.hour}时"


def day_hour(moment: datetime | None) -> str:
    """11-18 08时, for a narrow cell."""
    return NONE if moment is None else f"{moment.month}-{moment.day} {moment.hour}时"


def days(first: date, last: date) -> str:
    """11月16日—22日, 11月30日—12月6日."""
    if first == last:
        return wording.day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{wording.day(first)}—{last.day}日"
    return f"{wording.day(first)}—{wording.day(last)}"


def listed(words: list[str]) -> str:
    """甲、乙、丙."""
    return "、".join(words)


def span(time_over: timedelta) -> str:
    """2天4时, 5时10分."""
    return wording.age(time_over).replace(" ", "")
