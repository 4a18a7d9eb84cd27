"""The timeline of an alarm from its event rows; people are named by the post they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cases.alarm import ACKNOWLEDGED, PENDING, POST, RAISED, Alarm, Awaited, Event
from dashboard import alarm_words, wording
from dashboard.panels.alarm_steps import Facts, Step
from dashboard.wall.rise import Reach
from dashboard.wall.water import NAMES

NAMES_OF = {
    PENDING: "待核实",
    RAISED: "报警",
    "rank_up": "升级",
    "rank_down": "降级",
    "drawn": "上墙",
    ACKNOWLEDGED: "确认",
    "false_alarm": "误报",
    "shelved": "停用",
    "unshelved": "恢复",
    "cleared": "解除",
    "withdrawn": "撤回",
}


def steps(
    alarm: Alarm,
    events: Sequence[Event],
    posts: Mapping[str, str],
    due: Reach | None = None,
    target: tuple[int, float] | None = None,
) -> Facts:
    """First reading, then every change; what is expected comes last and hollow."""
    dated = [
        (one.at, Step(_at(one.at), NAMES_OF[one.kind], _what(one, posts)))
        for one in events
        if one.kind in NAMES_OF
    ]
    dated += [
        (one.at, Step(_at(one.at), "知悉" if one.kind == POST else "出动", one.name))
        for one in alarm.awaited  # whoever wrote it down stays off the wall
        if one.at is not None and not _is_desk(one)
    ]
    told = [Step(_at(alarm.observed_at), "观测", _observed(events))]
    told += [step for _, step in sorted(dated, key=lambda each: each[0])]
    if due is not None and target is not None:
        told.append(
            Step(f"约 {wording.clock(due.about)}", "预计", f"到{NAMES[target[0]]}", done=False)
        )
    return Facts(tuple(told), _took(alarm))


def _is_desk(one: Awaited) -> bool:
    return one.kind == POST and one.place == 0


def _took(alarm: Alarm) -> str:
    if alarm.acknowledged_at is None or alarm.raised_at is None:
        return ""
    return f"确认用时 {alarm_words.span((alarm.acknowledged_at - alarm.raised_at).total_seconds())}"


def _at(moment: datetime) -> str:
    return f"{alarm_words.local(moment):%H:%M:%S}"


def _observed(events: Sequence[Event]) -> str:
    first = next((one for one in events if one.value is not None), None)
    return "" if first is None else f"{wording.fixed(first.value, 2)} m"


def _what(event: Event, posts: Mapping[str, str]) -> str:
    if event.by_name:
        return posts.get(event.by_name, "值班席")
    if event.kind in {RAISED, "rank_up", "rank_down"} and event.rank:
        level = "" if event.value is None else f"{wording.fixed(event.value, 2)} m "
        return f"{level}{'ⅠⅡⅢⅣ'[event.rank - 1]}级"
    if event.kind == PENDING:
        return "首次超限"
    if event.kind == "drawn" and event.delay_ms is not None:
        return f"用时 {event.delay_ms / 1000:.1f} 秒"
    return ""
