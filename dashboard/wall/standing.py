"""What the alarms that stand on the wall say: facts for every panel of the takeover.

The alarm's own rows go first: they are written on arrival, while marts and snapshot follow later.
So curve and level end with the newest reading an alarm has seen, and a takeover is whole without
any published data. What fails in one panel is that panel's alone. Pure given what was read.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from cases.alarm import ACKNOWLEDGED, FLOOD, PENDING, Alarm
from dashboard import alarm_words, wording
from dashboard.alarm_groups import ONE_BY_ONE
from dashboard.panels import (
    alarm_bar,
    alarm_curve,
    alarm_figures,
    alarm_forces,
    alarm_map,
    alarm_places,
    alarm_ribbon,
)
from dashboard.wall import around
from dashboard.wall.alarm_figures_of import plain, water, why_none
from dashboard.wall.alarm_steps_of import steps
from dashboard.wall.alone import FAILED, alone
from dashboard.wall.choosing import Chosen
from dashboard.wall.rise import Reach, Rise, reach, rise
from dashboard.wall.seen import Seen

Facts = dict[str, Any]
KM_A_DEGREE = 111.32
# parts without which a panel would say "none" of what it does not know
STANDS_ON = {
    "alarm_steps": {"events"},
    "alarm_forces": {"plan"},
    "alarm_places": {"plan"},
    "alarm_around": {"around", "others"},
    "alarm_map": {"terrain"},
}


def region(seen: Seen, chosen: Chosen) -> Facts:
    """The facts of every panel in the region, FAILED for one whose facts cannot be found out."""
    alarm = seen.alarm
    moved = alone("rise", lambda: None if seen.silent_for else rise(seen.readings), None)
    target = alone("target", lambda: _target(seen), None)
    due = alone("reach", lambda: reach(moved, target[1]) if target else None, None)

    def figures() -> alarm_figures.Facts:
        is_flood = alarm.kind == FLOOD
        told = water(seen, moved, target, due) if is_flood else plain(seen)
        return alarm_figures.Facts(told, seen.silent_for is not None, alarm.drill)

    panels: dict[str, Callable[[], Any]] = {
        "alarm_figures": figures,
        "alarm_curve": lambda: _curve(seen, moved, target, due),
        "alarm_steps": lambda: steps(seen.alarm, seen.events, seen.posts, due, target),
        "alarm_forces": lambda: alarm_forces.Facts(seen.plan.forces),
        "alarm_places": lambda: alarm_places.Facts(seen.plan.places, seen.plan.total),
        "alarm_around": lambda: around.Facts(seen.others, seen.around),
        "alarm_map": lambda: _map(seen),
    }
    bar = alone("alarm_bar", lambda: _bar(seen, chosen), _least_bar(alarm))
    return {"alarm_bar": bar} | {
        name: FAILED if seen.unread & STANDS_ON.get(name, set()) else alone(name, make, FAILED)
        for name, make in panels.items()
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
        waiting = alarm_words.waits_for(alarm)
        state = f"{at} 已确认" + (f"，{waiting}" if waiting else "")
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
        doubt=alarm_words.doubt(alarm),
    )


def _bar(seen: Seen, chosen: Chosen) -> alarm_bar.Facts:
    alarm = seen.alarm
    return alarm_bar.Facts(
        rank=alarm.rank,
        kind=alarm_words.title(alarm),
        where=seen.name,
        what=alarm_words.limit(alarm),
        since_ms=alarm_words.since_ms(alarm),
        confirmed=alarm_words.answers(alarm) if alarm.state == ACKNOWLEDGED else "",
        missing=alarm_words.waits_for(alarm) or "待值班席确认",
        others=chosen.open - 1 if chosen.open <= ONE_BY_ONE else 0,
        in_all=chosen.open if chosen.open > ONE_BY_ONE else 0,
        drill=alarm.drill,
        doubt=alarm_words.doubt(alarm),
    )


def _least_bar(alarm: Alarm) -> alarm_bar.Facts:
    """The bar from nothing but the alarm's own row."""
    since = int((alarm.raised_at or alarm.first_at).timestamp() * 1000)
    return alarm_bar.Facts(alarm.rank, "告警", alarm.subject, "", since, drill=alarm.drill)


def _target(seen: Seen) -> tuple[int, float] | None:
    """The next limit above the water: its rank and level."""
    readings = seen.readings
    if not readings:
        return None
    above = [(r, m) for r, m in seen.limits.by_rank().items() if m > readings[-1][1]]
    return min(above, key=lambda one: one[1]) if above else None


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
    if seen.terrain is None:
        raise ValueError("there are no outlines")
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
        ring_km=_ring(seen),
    )


def _ring(seen: Seen) -> float:
    """The ring that holds every place of the plan and its first team, in steps of half a km."""
    if seen.at is None:
        return 1.5
    points = [*seen.plan.points, *([seen.plan.team] if seen.plan.team else [])]
    shrink = math.cos(math.radians(seen.at[1]))
    far = [math.hypot((x - seen.at[0]) * shrink, y - seen.at[1]) * KM_A_DEGREE for x, y in points]
    return min(max(math.ceil(2 * max(far, default=1.5)) / 2, 0.5), 5.0)
