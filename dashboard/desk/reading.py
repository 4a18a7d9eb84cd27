"""What the desk reads: the alarms with their names, their events, the levels around one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from cases import alarms
from cases.alarm import FLOOD, Alarm, Event, Shelf
from cases.errors import NotKnown
from config import clock
from config.thresholds import Thresholds
from dashboard import alarm_words, config_faults
from dashboard.alarm_groups import Group, grouped, place_of
from dashboard.source import Data
from warehouse.errors import WarehouseError

log = structlog.get_logger()
BEFORE, AFTER = timedelta(hours=12), timedelta(hours=1)
STEP_MIN = 5


@dataclass(frozen=True, slots=True)
class Board:
    """All alarms of today with the names of their subjects; `version` says whether it is new."""

    now: datetime
    version: int
    open: tuple[Alarm, ...]
    ended: tuple[Alarm, ...]
    shelves: tuple[Shelf, ...]
    names: Mapping[tuple[str, str], str]
    thresholds: Thresholds
    faults: tuple[str, ...] = ()  # files of the configuration that have a slip

    @property
    def loud(self) -> tuple[Alarm, ...]:
        """Those that wait for somebody."""
        return tuple(one for one in self.open if one.is_loud)

    def name(self, kind: str, subject: str) -> str:
        """The subject as people call it."""
        return self.names.get((kind, subject), subject)

    def groups(self, alarms: Sequence[Alarm]) -> tuple[Group, ...]:
        """These by rank, kind and place."""
        return grouped(alarms, place_of(self.thresholds))

    def find(self, number: str) -> Alarm | None:
        """The alarm an address names, else the first that waits, else the first that is on."""
        every = (*self.open, *self.ended)
        chosen = next((one for one in every if str(one.id) == number), None)
        return chosen or next(iter(self.open), None)


@dataclass(frozen=True, slots=True)
class One:
    """One alarm with everything that happened to it, and the levels around it in local time."""

    alarm: Alarm
    name: str
    events: tuple[Event, ...]
    readings: tuple[tuple[datetime, float], ...]
    limits: Mapping[int, float]
    datum: str


def board(data: Data) -> Board:
    """What is on, what ended today, what is shelved."""
    now = clock.now()
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    version = alarms.version(data.store)
    on = alarms.open_alarms(data.store, now)
    ended = tuple(alarms.ended(data.store, min(day, now - timedelta(hours=2))))
    shelves = tuple(alarms.shelves(data.store, now))
    subjects = {(one.kind, one.subject) for one in (*on, *ended)}
    subjects |= {(shelf.kind, shelf.subject) for shelf in shelves}
    thresholds, platforms = data.thresholds, data.platforms  # once: hundreds may be on
    names = {pair: alarm_words.name(*pair, thresholds, platforms) for pair in subjects}
    wrong = config_faults.told()
    return Board(now, version, tuple(on), ended, shelves, names, thresholds, wrong)


def name_of(data: Data, kind: str, subject: str) -> str:
    """A station, platform or process as people call it."""
    return alarm_words.name(kind, subject, data.thresholds, data.platforms)


def one_of(data: Data, alarm: Alarm) -> One:
    """An alarm with its events and levels; without published readings its own remain."""
    events = tuple(alarms.events(data.store, alarm.id))
    station = data.thresholds.station(alarm.subject) if alarm.kind == FLOOD else None
    local = alarm_words.local(alarm.first_at)
    levels = data.thresholds.levels_at(alarm.subject, local.date()) if station else None
    limits: dict[int, float] = {}
    if levels is not None:
        pairs = {1: levels.record, 2: levels.guarantee, 3: levels.warning, 4: levels.patrol}
        limits = {rank: metres for rank, metres in pairs.items() if metres is not None}
    return One(
        alarm,
        name_of(data, alarm.kind, alarm.subject),
        events,
        _readings(data, alarm, events) if station else (),
        limits,
        station.datum if station else "",
    )


def found(data: Data, number: str) -> One | None:
    """The alarm of a number, over or not."""
    if not number.isdecimal() or len(number) > 9:
        return None
    try:
        return one_of(data, alarms.alarm(data.store, int(number), clock.now()))
    except NotKnown:
        return None


def _readings(
    data: Data, alarm: Alarm, events: Sequence[Event]
) -> tuple[tuple[datetime, float], ...]:
    since = alarm_words.local(alarm.first_at) - BEFORE
    until = clock.local()
    if alarm.cleared_at is not None:
        until = min(until, alarm_words.local(alarm.cleared_at) + AFTER)
    params = {"station": alarm.subject, "since": since, "until": until, "step_min": STEP_MIN}
    published: dict[datetime, float] = {}
    try:
        if data.reader.current() is not None:
            rows = data.reader.query("gauge_series", params).to_pylist()
            published = {
                row["observed_at"]: row["level_m"] for row in rows if row["level_m"] is not None
            }
    except WarehouseError as error:
        log.warning("alarm_without_curve", alarm=alarm.id, error=str(error))
    own = {
        alarm_words.local(one.observed_at): one.value
        for one in events
        if one.observed_at is not None and one.value is not None
    }
    return tuple(sorted({**published, **own}.items()))
