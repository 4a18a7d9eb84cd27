"""Which alarm takes the region, which one the ribbon, and what is to be heard.

Pure given the alarms, the rules of thresholds.toml and the moment. A real alarm goes before any
drill, then the highest rank, then the newer alarm. An acknowledged one is silent and keeps the
region until every post that must take notice has, and a team is sent; then the ribbon tells it, as
it does one that is not confirmed yet or has just ended. One that is shelved or false takes nothing;
how many are shelved stays in sight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.alarm import ACKNOWLEDGED, CLEARED, PENDING, RAISED, Alarm
from config.alarm_rules import LAMP, REGION, AlarmRules, Effect

ENDED_FOR = timedelta(minutes=10)
_PLACE = {RAISED: 0, ACKNOWLEDGED: 0, PENDING: 1, CLEARED: 2}  # in force, not yet, no more


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stands on the wall: one alarm in the region, one in the ribbon, how many there are."""

    region: Alarm | None
    ribbon: Alarm | None
    open: int  # alarms that are told, these two included
    sound: Sound
    told: tuple[Alarm, ...] = ()  # all that are on and told, in order
    shelved: int = 0  # alarms that are on and put aside

    @property
    def others(self) -> tuple[Alarm, ...]:
        """Those that are on beside the one in the region."""
        return tuple(one for one in self.told if one is not self.region)

    @property
    def drill(self) -> bool:
        """Whether what is told first is a drill, since nothing real is told."""
        first = self.region or self.ribbon
        return first is not None and first.drill


@dataclass(frozen=True, slots=True)
class Sound:
    """What is to be heard: a key for each alarm nobody has acknowledged, and how often.

    A key is the event that calls for somebody, so that a rise sounds each time it comes and a fall
    never.
    """

    keys: tuple[str, ...] = ()
    rank: int = 0
    again_s: int = 0

    def __str__(self) -> str:
        """As the browser reads it: rank, seconds between, keys."""
        return f"{self.rank} {self.again_s} {','.join(self.keys)}" if self.keys else ""


def choose(alarms: Iterable[Alarm], rules: AlarmRules, now: datetime) -> Chosen:
    """What an instant's alarms come to."""
    every = list(alarms)
    told = sorted((one for one in every if _is_told(one, rules, now)), key=_key)
    region = next(
        (one for one in told if _waits(one) and _effect(one, rules).takes == REGION), None
    )
    rest = [one for one in told if one is not region]
    on = tuple(one for one in told if one.is_on)
    shelved = sum(1 for one in every if _is_put_aside(one, rules))
    return Chosen(region, rest[0] if rest else None, len(on), _sound(told, rules), on, shelved)


def _waits(alarm: Alarm) -> bool:
    """Whether somebody has still to take notice of it, or to be sent."""
    return alarm.is_loud or (alarm.state == ACKNOWLEDGED and not alarm.is_settled)


def _is_told(alarm: Alarm, rules: AlarmRules, now: datetime) -> bool:
    if alarm.state not in _PLACE or alarm.shelved_until is not None:
        return False
    if _effect(alarm, rules).takes == LAMP:
        return False
    if alarm.cleared_at is None:
        return True
    return alarm.raised_at is not None and now - alarm.cleared_at < ENDED_FOR


def _is_put_aside(alarm: Alarm, rules: AlarmRules) -> bool:
    """Whether it would be told if its subject were not shelved."""
    is_shelved = alarm.is_on and alarm.shelved_until is not None
    return is_shelved and alarm.state in _PLACE and _effect(alarm, rules).takes != LAMP


def _effect(alarm: Alarm, rules: AlarmRules) -> Effect:
    return rules.effect(alarm.kind, alarm.rank)


def _key(alarm: Alarm) -> tuple[bool, int, int, float, int]:
    since = alarm.raised_at or alarm.first_at
    return alarm.drill, _PLACE[alarm.state], alarm.rank, -since.timestamp(), -alarm.id


def _sound(told: Iterable[Alarm], rules: AlarmRules) -> Sound:
    loud = [one for one in told if one.is_loud and _effect(one, rules).sound]
    if not loud:
        return Sound()
    first = [one for one in loud if one.drill is loud[0].drill]  # real ones give the tone
    again = [_effect(one, rules).again_s for one in first if _effect(one, rules).again_s]
    return Sound(
        tuple(str(one.called_by) for one in loud),
        min(one.rank for one in first),
        min(again, default=0),
    )
