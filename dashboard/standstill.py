"""The band over a page whose figures stand still: which snapshot is shown, how old, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from dash import html

from cases import heartbeat
from cases.errors import CaseError
from cases.store import Store, real_now
from dashboard import wording

CAUSES: Final = {
    "pointer_missing": "数据快照的记录不见了",
    "pointer_unreadable": "数据快照的记录损坏",
    "generation_unreadable": "最新的数据快照读不出来",
    "etl_silent": "数据接入程序没有动静",
}


def cause(store: Store, generation: Any) -> str:
    """Why figures stand still, one of CAUSES; empty while they do not."""
    trouble = str(getattr(generation, "trouble", ""))
    return trouble or ("etl_silent" if silent_for(store) is not None else "")


def silent_for(store: Store) -> timedelta | None:
    """How long the ETL has given no sign of life; None while it does, or where it never ran."""
    try:
        beat = heartbeat.last(store, heartbeat.ETL)
    except CaseError:
        return None  # told as the store's own trouble
    age = timedelta(0) if beat is None else real_now() - beat.at
    return age if age > heartbeat.MISSING_AFTER else None


def band(why: str, generation: Any, now: datetime) -> Any:
    """The sentence; nothing while figures are current or there are none."""
    if not why or generation is None:
        return None
    at = generation.published_at
    age = wording.age(max(now - at, timedelta(0)))
    told = (
        f"{CAUSES[why]}，下面是 {at:%m-%d %H:%M} 的数字（{age}前），此后的变化没有进来。"
        "恢复后自动更新，请知会值班工程师。"
    )
    return html.P(told, className="renewed standstill", role="status")
