"""Many alarms at once: five one by one, the others in groups by rank, kind and place; pure.

Nobody reads fifty lines while the water rises. A group counts what is alike; none is lost, and the
worst come first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from cases.alarm import FLOOD, STATION, Alarm
from config.thresholds import Thresholds
from dashboard import alarm_words

ONE_BY_ONE: Final = 5
MOST_GROUPS: Final = 10


@dataclass(frozen=True, slots=True)
class Group:
    """Alarms of one rank that are alike, drills apart; `kind` and `place` are empty where they
    differ.
    """

    drill: bool
    rank: int
    kind: str  # as people say it
    place: str
    alarms: tuple[Alarm, ...]

    @property
    def waiting(self) -> int:
        """How many of them nobody has acknowledged."""
        return sum(1 for one in self.alarms if one.is_loud)

    @property
    def words(self) -> str:
        """What they have in common: 水情 · 胭脂河."""
        words = " · ".join(filter(None, [self.kind, self.place])) or "各类告警"
        return f"演练 {words}" if self.drill else words

    @property
    def counted(self) -> str:
        """How many there are, and how many wait: 4 项，未确认 3."""
        told = f"{len(self.alarms)} 项"
        return f"{told}，未确认 {self.waiting}" if self.waiting else told


def grouped(alarms: Sequence[Alarm], place_of: Callable[[Alarm], str]) -> tuple[Group, ...]:
    """All of these in at most ten groups: real ones before drills, those that wait first, then by
    rank and by number.
    """
    by_place = _by(alarms, lambda one: (one.drill, one.rank, alarm_words.kind(one), place_of(one)))
    if len(by_place) <= MOST_GROUPS:
        return by_place
    by_kind = _by(alarms, lambda one: (one.drill, one.rank, alarm_words.kind(one), ""))
    if len(by_kind) <= MOST_GROUPS:
        return by_kind
    return _by(alarms, lambda one: (one.drill, one.rank, "", ""))  # four ranks, real and drilled


def place_of(thresholds: Thresholds) -> Callable[[Alarm], str]:
    """The water of an alarm's station; other alarms have no place."""

    def place(alarm: Alarm) -> str:
        station = thresholds.station(alarm.subject) if alarm.kind in (FLOOD, STATION) else None
        return "" if station is None else station.river

    return place


def _by(
    alarms: Sequence[Alarm], key: Callable[[Alarm], tuple[bool, int, str, str]]
) -> tuple[Group, ...]:
    found: dict[tuple[bool, int, str, str], list[Alarm]] = {}
    for one in alarms:
        found.setdefault(key(one), []).append(one)
    groups = [Group(*each, tuple(members)) for each, members in found.items()]
    return tuple(
        sorted(groups, key=lambda g: (g.drill, g.waiting == 0, g.rank, -len(g.alarms), g.words))
    )
