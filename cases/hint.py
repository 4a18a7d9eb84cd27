"""What to do about a lamp, in words for the person on duty; pure."""

from __future__ import annotations

from datetime import timedelta

from cases.faults import FAULTS, OWNER, Fault, told
from config.platforms import Platform


def hint(
    platform: Platform, state: str, age: timedelta | None, fault: str | None, damaged: int = 0
) -> str:
    """What is wrong, what to do and whom to ring; empty while all is well."""
    broken = f"{damaged} 份{FAULTS[Fault.RAW_DAMAGED].words}" if damaged else ""
    return "。".join(filter(None, (_lamp(platform, state, age, fault), broken)))


def _lamp(platform: Platform, state: str, age: timedelta | None, fault: str | None) -> str:
    ring = f"请联系{platform.owner}" + (f" {platform.phone}" if platform.phone else "")
    if state == "off":
        return "未接入" if not platform.demo else "已停用"
    if state == "failed":
        kind = told(fault)
        return f"{kind.words}；{ring}" if kind.who == OWNER else kind.words
    if age is None:
        return f"尚未收到数据；{told(fault).words}" if fault else "尚未收到数据"
    if state in ("late", "stale"):
        because = f"，{told(fault).means}" if fault else ""
        return f"已 {_age(age)} 未更新{because}；{ring}"
    return ""


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} 分钟"
    if minutes < 48 * 60:
        return f"{minutes // 60} 小时 {minutes % 60} 分"
    return f"{minutes // 1440} 天"
