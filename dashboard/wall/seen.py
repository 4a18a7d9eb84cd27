"""Everything that was read about the alarm in the region, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.alarm import FLOOD, Alarm, Event
from dashboard import alarm_words
from dashboard.wall.around import Row
from dashboard.wall.plan import Plan
from dashboard.wall.terrain import Point, Terrain
from dashboard.wall.water import Limits, StationNow

Readings = Sequence[tuple[datetime, float]]
NO_LIMITS, NO_PLAN = Limits(), Plan()


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that was read about the alarm in the region; times are the street's own."""

    alarm: Alarm
    events: tuple[Event, ...]
    name: str
    now: datetime
    terrain: Terrain | None  # none where the outlines cannot be read
    posts: Mapping[str, str]  # accounts to the post they hold, since the wall names nobody
    datum: str = ""
    limits: Limits = NO_LIMITS
    series: Readings = ()
    around: tuple[StationNow, ...] = ()
    at: Point | None = None
    plan: Plan = NO_PLAN
    others: tuple[Row, ...] = ()  # the alarms beside it
    silent_after: timedelta = timedelta(hours=1)
    unread: frozenset[str] = frozenset()  # the parts that could not be read

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
