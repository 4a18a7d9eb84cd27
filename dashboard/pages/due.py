"""How near a deadline is: over, soon (within two workdays) or calm, and in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from config import workdays
from dashboard import wording
from dashboard.pages.deadlines import SOON_WORKDAYS
from dashboard.pages.watched import until

if TYPE_CHECKING:
    from dashboard.pages.reading import Glass

_AFTER = timedelta(microseconds=1)
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


def nearness(glass: Glass, due: datetime | None) -> str:
    """How near a deadline is at the moment of a page's stock; holds until it passes."""
    at = glass.stock_at
    if due is not None and due >= at and not glass.is_past:
        until(due + _AFTER)
    return due_state(due, at)


def left(glass: Glass, due: datetime | None, state: str, calm: str) -> str:
    """The same in words, which hold until they would be others."""
    if state == "over" and due is not None:
        return overdue(glass, due)
    return left_words(due, glass.stock_at, state, calm)


def overdue(glass: Glass, due: datetime) -> str:
    """How long a deadline has been over at the moment of a page's stock."""
    late = glass.stock_at - due
    if not glass.is_past:
        step = _DAY if late.days else _MINUTE
        until(due + step * (late // step + 1))
    return overdue_words(late)


def days_since(glass: Glass, since: datetime) -> int:
    """Whole days from a moment to that of a page's stock."""
    days = (glass.stock_at - since).days
    if not glass.is_past:
        until(since + _DAY * (days + 1))
    return days


def due_state(due: datetime | None, now: datetime) -> str:
    """over, soon (within two workdays) or calm."""
    if due is None:
        return "calm"
    if due < now:
        return "over"
    near = workdays.workdays_between(now.date(), due.date()) <= SOON_WORKDAYS
    return "soon" if near else "calm"


def overdue_words(late: timedelta) -> str:
    """超期 12 天 in whole days as the wall counts them, 超期 3 时 5 分 within the first one."""
    return f"超期 {late.days} 天" if late.days else f"超期 {wording.age(late)}"


def left_words(due: datetime | None, now: datetime, state: str, calm: str) -> str:
    """超期 12 天, 今日到期, 剩 2 工作日; `calm` where nothing presses."""
    if due is None or state == "calm":
        return calm
    if state == "over":
        return overdue_words(now - due)
    if due.date() == now.date():
        return "今日到期"
    left = workdays.workdays_between(now.date(), due.date())
    return f"剩 {left} 工作日" if left else f"{due.month}月{due.day}日到期"
