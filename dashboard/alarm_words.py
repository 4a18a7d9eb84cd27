"""What an alarm is called on wall, desk and pages: kind, subject, limit, state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cases.alarm import (
    ACKNOWLEDGED,
    FLOOD,
    HEARTBEAT,
    KINDS,
    MACHINE,
    PLATFORM,
    STATION,
    STORAGE,
    Alarm,
)
from config.alarm_rules import LIMITS
from config.clock import ZONE
from config.platforms import Platform
from config.thresholds import Thresholds
from dashboard import wording

TITLES = {
    FLOOD: "洪水告警",
    PLATFORM: "数据中断",
    HEARTBEAT: "系统停摆",
    STORAGE: "存储告警",
    STATION: "测站异常",
}
GRADES = {1: "特别重大", 2: "重大", 3: "较大", 4: "一般"}
PROCESSES = {"etl": "数据接入", "cases": "案件服务", "web": "页面服务"}
_SHORT = {
    "record": "超历史最高",
    "guarantee": "超保证",
    "warning": "超警戒",
    "near": "接近警戒",
    "stale": "超过时限",
    "missing": "无心跳",
    "damaged": "文件损坏",
    "silent": "无数据",
    "unfit": "读数不可信",
}


def subject(alarm: Alarm, thresholds: Thresholds, platforms: Mapping[str, Platform]) -> str:
    """The station, platform or process of an alarm as people call it."""
    return name(alarm.kind, alarm.subject, thresholds, platforms)


def name(kind: str, subject: str, thresholds: Thresholds, platforms: Mapping[str, Platform]) -> str:
    """A station, platform or process as people call it."""
    if kind in (FLOOD, STATION):
        station = thresholds.station(subject)
        return subject if station is None else station.name
    platform = platforms.get(subject)
    if platform is not None:
        return platform.short
    return PROCESSES.get(subject, subject)


def limit(alarm: Alarm) -> str:
    """What has been passed, short: 超警戒."""
    return _SHORT.get(alarm.limit_name, alarm.limit_name)


def limit_in_full(alarm: Alarm) -> str:
    """What has been passed, in full: 警戒水位."""
    return LIMITS.get(alarm.kind, {}).get(alarm.limit_name, alarm.limit_name)


def title(alarm: Alarm) -> str:
    """The kind of alarm."""
    return TITLES.get(alarm.kind, "告警")


def kind(alarm: Alarm) -> str:
    """The kind in one word: 水情, 平台."""
    return KINDS.get(alarm.kind, "其他")


def number(alarm: Alarm) -> str:
    """What an alarm is called by: A-0930-17 is the seventeenth, of 30 September."""
    return f"A-{local(alarm.first_at):%m%d}-{alarm.id}"


def state(alarm: Alarm) -> str:
    """The state as people say it."""
    if alarm.shelved_until is not None and alarm.is_on:
        return f"停用至 {local(alarm.shelved_until):%H:%M}"
    if alarm.cleared_at is not None:
        return f"已解除 {local(alarm.cleared_at):%H:%M}"
    if alarm.is_loud:
        return "未确认"
    waiting = waits_for(alarm) if alarm.state == ACKNOWLEDGED else ""
    return f"已确认，{waiting}" if waiting else MACHINE.states[alarm.state]


def doubt(alarm: Alarm) -> str:
    """What a single reading says beyond its rank: Ⅱ 待核实; empty where none does."""
    rank = alarm.pending_rank
    return f"{'ⅠⅡⅢⅣ'[rank - 1]} 待核实" if alarm.is_on and rank else ""


def answers(alarm: Alarm) -> str:
    """How many of the posts that must take notice have: 确认 1 / 3; empty where none must."""
    posts = alarm.posts
    return f"确认 {len(posts) - len(alarm.missing)} / {len(posts)}" if posts else ""


def waits_for(alarm: Alarm) -> str:
    """Whom it still waits for, short: 待渔浦村等 2 岗, 待队伍出动; empty once nobody is missing."""
    missing = alarm.missing
    if len(missing) > 1:
        return f"待{missing[0]}等 {len(missing)} 岗"
    if missing:
        return f"待{missing[0]}确认"
    return "待队伍出动" if alarm.wants_team else ""


def local(moment: datetime) -> datetime:
    """A moment of the case store as the street's own time."""
    return moment.astimezone(ZONE).replace(tzinfo=None)


def since_ms(alarm: Alarm) -> int:
    """When it was raised, in ms since 1970, for the clocks that browsers count."""
    return int((alarm.raised_at or alarm.first_at).timestamp() * 1000)


def value(alarm: Alarm) -> str:
    """The value with its unit, against its limit: 10.43 m ≥ 10.40."""
    if alarm.value is None:
        return ""
    if alarm.kind != FLOOD:
        return ""
    told = f"水位 {wording.fixed(alarm.value, 2)} m"
    return told if alarm.threshold is None else f"{told} ≥ {wording.fixed(alarm.threshold, 2)}"


def span(seconds: float) -> str:
    """A length in words to the second: 48 秒, 6 分 13 秒, 2 时 10 分."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} 秒"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} 分 {rest} 秒" if rest else f"{minutes} 分"
    return wording.age(float(whole))
