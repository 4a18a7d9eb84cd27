"""The ETL's judge and the wall of one installation, without a server."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases import alarms, arrival, raising
from cases.alarm import FLOOD, Alarm
from cases.alarm_rows import changing
from cases.arrival import Received
from cases.flood_track import Reading
from cases.schema import utc
from config import clock
from dashboard.gate import caller
from dashboard.source import Data
from dashboard.wall import standings
from dashboard.wall.asking import Memory
from dashboard.wall.standings import Standing

LAKE = "3201170001"
NOON = datetime(2026, 11, 20, 12)
MINUTE = timedelta(minutes=1)
LIMIT = {1: "record", 2: "guarantee", 3: "warning", 4: "near"}


class WatchPost:
    """Readings on one side, what stands on the wall on the other."""

    def __init__(self, data: Data) -> None:
        self.data, self.store = data, data.store

    def rise(self, *levels: float, station: str = LAKE) -> list[Alarm]:
        """Readings five minutes apart from noon on, judged as they come; what is on then."""
        for n, level in enumerate(levels):
            at = NOON + 5 * n * MINUTE
            arrival.judge(self.store, [Reading(station, at, level)], Received(utc(at)))
        return alarms.open_alarms(self.store, utc(NOON))

    def raised(self, station: str, rank: int, **more: object) -> Alarm:
        """An alarm of a rank, as the judge raises it."""
        with changing(self.store) as connection:
            facts = self.facts(station, rank)
            number = raising.start(connection, facts, is_raised=True, **more)  # type: ignore[arg-type]
        return alarms.alarm(self.store, number, clock.now())

    def reranked(self, station: str, rank: int) -> Alarm:
        """Its alarm in another rank."""
        with changing(self.store) as connection:
            alarm = raising.current(connection, FLOOD, station)
            assert alarm is not None
            raising.rerank(connection, alarm, self.facts(station, rank))
        return alarms.alarm(self.store, alarm.id, clock.now())

    def facts(self, station: str, rank: int) -> raising.Facts:
        """What the judge found now."""
        now = clock.now()
        return raising.Facts(
            kind=FLOOD, subject=station, now=now, observed_at=now, received_at=now, rank=rank,
            limit_name=LIMIT[rank], threshold=10.4, value=10.45,
        )  # fmt: skip

    def wall(self) -> Standing:
        """What all windows show now."""
        with caller.asking(caller.SCREEN):
            return standings.look(self.data, (1, None, NOON), Memory())
