"""How near a deadline is: over, soon (within two workdays) or calm, and in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from config import workdays
from dashboard import wording

SOON_WORKDAYS = 2


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
