"""What the alarms that stand on the wall say: facts for every panel of the takeover.

The alarm's own rows go first: they are written on arrival, while marts and snapshot follow later.
So curve and level end with the newest reading an alarm has seen, and a takeover is whole without
any published data. Pure given what was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cases.alarm import ACKNOWLEDGED, FLOOD, PENDING, Alarm, Event
from dashboard import alarm_words, wording
from dashboard.panels import (
    alarm_bar,
    alarm_curve,
    alarm_figures,
    alarm_forces,
    alarm_map,
    alarm_places,
    alarm_ribbon,
    other_stations,
)
from dashboard.panels.alarm_figures import Figure
from dashboard.wall.alarm_steps_of import steps
from dashboard.wall.choosing import MOST, Chosen
from dashboard.wall.plan import Plan
from dashboard.wall.rise import Reach, Rise, reach, rise
from dashboard.wall.terrain import Point, Terrain
from dashboard.wall.water import NAMES, Limits, StationNow

Facts = dict[str, Any]
Readings = Sequence[tuple[datetime, float]]
NO_LIMITS, NO_PLAN = Limits(), Plan()


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that was read about the alarm in the region; times are the street's own."""

    alarm: Alarm
    events: tuple[Event, ...]
    name: str
    now: datetime
    terrain: Terrain
    posts: Mapping[str, str]  # accounts to the post they hold, since the wall names nobody
    datum: str = ""
    limits: Limits = NO_LIMITS
    series: Readings = ()
    around: tuple[StationNow, ...] = ()
    at: Point | None = None
    plan: Plan = NO_PLAN
    silent_after: timedelta = timedelta(hours=1)

    @property
    def readings(self) -> Readings:
        """The published readings, and those the alarm has seen since; none but of water."""
        if self.alarm.kind != FLOOD:
            return ()
        newest = self.series[-1][0] if self.series else datetime.min
        own = sorted(
            (alarm_words.local(e.observed_at), e.value)
            for e in self.events
            if e.observed_at is not None and e.value is not None
        )
        later: dict[datetime, float] = {at: value for at, value in own if at > newest}
        return (*self.series, *later.items())

    @property
    def silent_for(self) -> timedelta | None:
        """How long no reading has come, once that is too long."""
        readings = self.readings
        if not readings:
            return None
        age = self.now - readings[-1][0]
        return age if age > self.silent_after else None


def region(seen: Seen, chosen: Chosen) -> Facts:
    """The facts of every panel in the region."""
    alarm, readings = seen.alarm, seen.readings
    silent = seen.silent_for
    moved = None if silent else rise(readings)
    target = _target(seen)
    due = reach(moved, target[1]) if target else None
    is_flood = alarm.kind == FLOOD
    figures = _water(seen, moved, target, due) if is_flood else _plain(seen)
    return {
        "alarm_bar": _bar(seen, chosen),
        "alarm_figures": alarm_figures.Facts(figures, silent is not None, alarm.drill),
        "alarm_curve": _curve(seen, moved, target, due),
        "alarm_steps": steps(seen.alarm, seen.events, seen.posts, due, target),
        "alarm_forces": alarm_forces.Facts(seen.plan.forces),
        "alarm_places": alarm_places.Facts(seen.plan.places, seen.plan.total),
        "alarm_around": other_stations.Facts(seen.around),
        "alarm_map": _map(seen),
    }


def ribbon(alarm: Alarm, name: str, others: int) -> alarm_ribbon.Facts:
    """The ribbon of one alarm: what it is and how it stands."""
    over = alarm.cleared_at is not None or alarm.state == PENDING
    if alarm.cleared_at is not None:
        state = f"已解除 {wording.clock(alarm_words.local(alarm.cleared_at))}"
    elif alarm.state == PENDING:
        state = "待核实"
    elif alarm.state == ACKNOWLEDGED and alarm.acknowledged_at is not None:
        at = wording.clock(alarm_words.local(alarm.acknowledged_at))
        state = f"{at} 已确认"
    else:
        state = "未确认"
    return alarm_ribbon.Facts(
        rank=alarm.rank,
        what=alarm_words.title(alarm),
        where=f"{name} {alarm_words.limit(alarm)}",
        state=state,
        since_ms=None if over else alarm_words.since_ms(alarm),
        others=others,
        over=over,
        drill=alarm.drill,
    )


def _bar(seen: Seen, chosen: Chosen) -> alarm_bar.Facts:
    alarm = seen.alarm
    told = [p for p in seen.plan.posts if p]
    return alarm_bar.Facts(
        rank=alarm.rank,
        kind=alarm_words.title(alarm),
        where=seen.name,
        what=alarm_words.limit(alarm),
        since_ms=alarm_words.since_ms(alarm),
        missing=f"待{'、'.join(told[:2])}确认" if told else "待值班席确认",
        others=chosen.open - 1 if chosen.open <= MOST else 0,
        in_all=chosen.open if chosen.open > MOST else 0,
        drill=alarm.drill,
    )


def _target(seen: Seen) -> tuple[int, float] | None:
    """The next limit above the water: its rank and level."""
    readings = seen.readings
    if not readings:
        return None
    above = [(r, m) for r, m in seen.limits.by_rank().items() if m > readings[-1][1]]
    return min(above, key=lambda one: one[1]) if above else None


def _water(
    seen: Seen, moved: Rise | None, target: tuple[int, float] | None, due: Reach | None
) -> tuple[Figure, ...]:
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


def _curve(
    seen: Seen, moved: Rise | None, target: tuple[int, float] | None, due: Reach | None
) -> alarm_curve.Facts:
    readings = [one for one in seen.readings if seen.now - one[0] <= alarm_curve.PAST]
    return alarm_curve.Facts(
        station=seen.name if seen.alarm.kind == FLOOD else "",
        datum=seen.datum,
        limits=seen.limits,
        times=tuple(at for at, _ in readings),
        levels=tuple(level for _, level in readings),
        rank=seen.alarm.rank,
        rise=moved,
        reach=due,
        target=target[1] if target else None,
        why="" if target is None else why_none(moved),
    )


def _map(seen: Seen) -> alarm_map.Facts:
    readings = seen.readings
    level = f" {wording.fixed(readings[-1][1], 2)}" if readings else ""
    return alarm_map.Facts(
        terrain=seen.terrain,
        at=seen.at,
        label=f"{seen.name}{level}",
        rank=seen.alarm.rank,
        places=seen.plan.points,
        team=seen.plan.team,
        team_name=seen.plan.team_name,
    )


def _plain(seen: Seen) -> tuple[Figure, ...]:
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
