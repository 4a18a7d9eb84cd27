"""The four figures of a takeover: of water, or of an alarm that is about something else."""

from __future__ import annotations

from dashboard import alarm_words, wording
from dashboard.panels.alarm_figures import Figure
from dashboard.wall.rise import Reach, Rise
from dashboard.wall.seen import Seen
from dashboard.wall.water import NAMES


def water(
    seen: Seen, moved: Rise | None, target: tuple[int, float] | None, due: Reach | None
) -> tuple[Figure, ...]:
    """Level, distance to the limit, movement, when the next limit is expected."""
    readings, silent = seen.readings, seen.silent_for
    at, level = readings[-1] if readings else (None, seen.alarm.value)
    gap = f"数据中断 {wording.age(silent)}" if silent else ""
    clock = wording.clock(at)
    first = Figure("水位", f"{seen.datum} · {clock}".strip(" ·"), wording.fixed(level, 2), "m",
                   missing=gap)  # fmt: skip
    return first, _over(seen, level), _moved(moved, silent is not None), _due(moved, target, due)


def _over(seen: Seen, level: float | None) -> Figure:
    """Above the limit of the rank in force; below 警戒 the distance that is left to it."""
    limits = seen.limits.by_rank()
    if level is None or not limits:
        return Figure("超限", "未设限值", told=wording.NONE)
    passed = [(rank, metres) for rank, metres in limits.items() if level >= metres]
    rank, metres = min(passed) if passed else max(limits.items())
    if rank == 4 and 3 in limits:
        rank, metres = 3, limits[3]
    word = "超" if level >= metres else "距"
    return Figure(
        f"{word}{NAMES[rank]}",
        f"{NAMES[rank]} {wording.fixed(metres, 2)}",
        wording.fixed(abs(level - metres), 2),
        "m",
        rank=rank if level >= metres else None,
    )


def _moved(moved: Rise | None, silent: bool) -> Figure:
    if moved is None:
        told = "无新读数" if silent else "读数不足"
        return Figure("涨速", "近 1 小时", told=told)
    word = "上涨" if moved.per_hour >= 0 else "回落"
    return Figure(
        f"近 {moved.hours} 时{word}",
        f"{wording.clock(moved.at)} 止",
        wording.fixed(abs(moved.per_hour), 2),
        "m/h",
    )


def _due(moved: Rise | None, target: tuple[int, float] | None, due: Reach | None) -> Figure:
    if target is None:
        return Figure("预计", "已过全部限值", told=wording.NONE)
    title = f"预计到{NAMES[target[0]]}"
    if due is not None:
        clocks = f"{wording.clock(due.early)}—{wording.clock(due.late)}"
        return Figure(title, clocks, wording.clock(due.about), about=True)
    why = why_none(moved)
    return Figure(title, f"{NAMES[target[0]]} {wording.fixed(target[1], 2)}", told=why)


def why_none(moved: Rise | None) -> str:
    """Why no time is told."""
    if moved is None:
        return "无法推算"
    if moved.per_hour <= 0:
        return "未在上涨"
    return "24 小时内不到" if moved.is_clear else "涨势不明"


def plain(seen: Seen) -> tuple[Figure, ...]:
    """The four figures of an alarm that is not about water."""
    alarm = seen.alarm
    first = alarm_words.local(alarm.observed_at)
    raised = alarm_words.local(alarm.raised_at or alarm.first_at)
    return (
        Figure("对象", alarm_words.title(alarm), told=seen.name),
        Figure("超限项", alarm_words.limit_in_full(alarm), told=alarm_words.limit(alarm)),
        Figure("首次发现", wording.day(first.date()), wording.clock(first)),
        Figure("报警", wording.day(raised.date()), wording.clock(raised)),
    )
