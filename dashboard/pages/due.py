"""How near a deadline is: over, soon (within two workdays) or calm, and in words."""

from __future__ import annotations

from datetime import datetime

from config import workdays

SOON_WORKDAYS = 2


def due_state(due: datetime | None, now: datetime) -> str:
    """over, soon (within two workdays) or calm."""
    if due is None:
        return "calm"
    if due < now:
        return "over"
    near = workdays.workdays_between(now.date(), due.date()) <= SOON_WORKDAYS
    return "soon" if near else "calm"


def left_words(due: datetime | None, now: datetime, state: str, calm: str) -> str:
    """超期 12 天, 今日到期, 剩 2 工作日; `calm` where nothing presses."""
    if due is None or state == "calm":
        return calm
    if state == "over":
        days = (now.date() - due.date()).days
        return f"超期 {days} 天" if days else "今日超期"
    if due.date() == now.date():
        return "今日到期"
    left = workdays.workdays_between(now.date(), due.date())
    return f"剩 {left} 工作日" if left else f"{due.month}月{due.day}日到期"
