"""What nobody reports: platforms past their limit, a process without a sign of life, silent
stations, damaged raw files; and what ends by itself: drills and shelves.

A look changes something only where something has changed. `python -m cases run` looks, and each web
process stands by, since a wall that draws is the one place where a dead ETL must be told: the store
says whose turn it is (`cases/turn.py`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select

from cases import alarms, arrival, damage, health, heartbeat, raising
from cases.alarm import HEARTBEAT, PLATFORM, STATION, STORAGE, Alarm, Shelf
from cases.alarm_rows import changing
from cases.errors import CaseError
from cases.flood_track import Track
from cases.health import PlatformState
from cases.raising import Facts
from cases.schema import alarm_shelves, local, utc
from cases.shelves import take_down
from cases.store import Store, real_now
from cases.turn import Turn
from config import clock
from config.platforms import Platform, known_platforms
from config.thresholds import load_thresholds

EVERY_S: Final = 5.0
GAUGE: Final = "gauge"
_WARMING: Final = timedelta(minutes=1)  # after a start: each platform is asked once first
_ON_THE_WAY: Final = timedelta(seconds=10)  # in real time: a reading needs a while to come
_UNFIT: Final = timedelta(minutes=30)
_WATCHED: Final = (PLATFORM, HEARTBEAT, STORAGE, STATION)
_log = structlog.get_logger("cases.watching")
Found = dict[tuple[str, str], Facts]


def look(store: Store, now: datetime) -> None:
    """Find what is wrong now, raise what is new, end what is over."""
    platforms = known_platforms()
    states = {s.key: s for s in health.states(store, platforms, now)}
    is_missing, runs_for = _pulse(store)
    found = {
        (facts.kind, facts.subject): facts
        for facts in (
            *_processes(store, now),
            *_storage(store, platforms, now),
            *(() if is_missing else _platforms(states, platforms, now, runs_for)),
            *(() if is_missing else _stations(store, states, platforms, now, runs_for)),
        )
    }
    on = [alarm for alarm in alarms.open_alarms(store, now) if alarm.kind in _WATCHED]
    known = {(alarm.kind, alarm.subject) for alarm in on if not alarm.drill}
    for key in sorted(found.keys() - known):
        _start(store, found[key])
    for alarm in on:
        is_held = is_missing and alarm.kind in (PLATFORM, STATION)
        if not alarm.drill and not is_held and (alarm.kind, alarm.subject) not in found:
            _end(store, alarm, now, "")
    _end_by_time(store, now)


def _pulse(store: Store) -> tuple[bool, timedelta]:
    """Whether the ETL gives no sign of life, and how long it has been running."""
    beat = heartbeat.last(store, heartbeat.ETL)
    if beat is None:  # it never ran here: the first load is told elsewhere
        return False, timedelta(0)
    return heartbeat.is_missing(beat), real_now() - beat.since


def _processes(store: Store, now: datetime) -> Iterator[Facts]:
    for process in heartbeat.WATCHED:
        beat = heartbeat.last(store, process)
        if beat is None or not heartbeat.is_missing(beat):
            continue
        yield Facts(
            kind=HEARTBEAT,
            subject=process,
            now=now,
            observed_at=now,
            limit_name="missing",
            threshold=heartbeat.MISSING_AFTER.total_seconds(),
            value=round((real_now() - beat.at).total_seconds()),
        )


def _platforms(
    states: Mapping[str, PlatformState],
    platforms: Mapping[str, Platform],
    now: datetime,
    runs_for: timedelta,
) -> Iterator[Facts]:
    """Platforms past their limit; one that never delivered, once the ETL has run so long."""
    for key, state in states.items():
        if state.state == "off":
            continue
        limit = timedelta(seconds=state.limit_s)
        never = state.age_s is None
        if runs_for < (max(limit, _WARMING) if never else platforms[key].every + _WARMING):
            continue
        if never or (state.age_s or 0) > state.limit_s:
            yield Facts(
                kind=PLATFORM,
                subject=key,
                now=now,
                observed_at=now,
                limit_name="stale",
                threshold=state.limit_s,
                value=state.age_s,
                note=state.hint[:200],
            )


def _storage(store: Store, platforms: Mapping[str, Platform], now: datetime) -> Iterator[Facts]:
    for key, count in damage.counts(store).items():
        if key in platforms:
            yield Facts(
                kind=STORAGE,
                subject=key,
                now=now,
                observed_at=now,
                limit_name="damaged",
                value=count,
            )


def _stations(
    store: Store,
    states: Mapping[str, PlatformState],
    platforms: Mapping[str, Platform],
    now: datetime,
    runs_for: timedelta,
) -> Iterator[Facts]:
    """Single stations that fell silent or send what nobody believes, while the others go on."""
    gauge = states.get(GAUGE)
    if gauge is None or gauge.state not in ("fresh", "late"):
        return  # told once, as the platform's
    if runs_for < _WARMING + platforms[GAUGE].every:
        return  # what was missed is still coming in
    codes = {station.code for station in load_thresholds().stations}
    for code, track in arrival.tracks(store).items():
        if code in codes:
            yield from _station(code, track, platforms[GAUGE].every, now)


def _station(code: str, track: Track, every: timedelta, now: datetime) -> Iterator[Facts]:
    moment = local(now)
    facts = Facts(kind=STATION, subject=code, now=now, observed_at=now)
    rhythm = max(track.rhythm or every, timedelta(minutes=1))
    newest = track.newest
    if newest is not None and moment - newest > 2 * rhythm + _ON_THE_WAY * clock.speed():
        age = (moment - newest).total_seconds()
        limit = (2 * rhythm).total_seconds()
        yield replace(facts, limit_name="silent", threshold=limit, value=age)
    elif track.flaw_since is not None and moment - track.flaw_since > _UNFIT:
        yield replace(facts, limit_name="unfit", note=track.flaw)


def _start(store: Store, facts: Facts) -> None:
    rank = load_thresholds().alarms.rank(facts.kind, facts.limit_name)
    with changing(store) as connection:
        if raising.current(connection, facts.kind, facts.subject) is None:
            raising.start(connection, replace(facts, rank=rank), is_raised=True)


def _end(store: Store, alarm: Alarm, now: datetime, note: str) -> None:
    with changing(store) as connection:
        known = raising.current(connection, alarm.kind, alarm.subject, drill=alarm.drill)
        if known is not None and known.id == alarm.id:
            facts = Facts(alarm.kind, alarm.subject, now, now, note=note)
            raising.clear(connection, known, facts)


def _end_by_time(store: Store, now: datetime) -> None:
    for alarm in alarms.drills_over(store, now):
        _end(store, alarm, now, "演练结束")
    query = select(alarm_shelves).where(alarm_shelves.c.until <= utc(now))
    with store.reading() as connection:
        over = [Shelf(**row._mapping) for row in connection.execute(query)]
    for shelf in over:
        with changing(store) as connection:
            take_down(connection, shelf, now, note="停用到期")


class Watcher:
    """A thread that looks every few seconds, while it is its turn, until it is told to end.

    With a `process` it gives that process's sign of life as well, whosever turn it is.
    """

    def __init__(self, store: Store, process: str = "", every_s: float = EVERY_S) -> None:
        self._store = store
        self._every_s = every_s
        self._process, self._since = process, real_now()
        self._turn = Turn(store)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)
        self._said = ""

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._end.set()
        self._thread.join(10)
        with suppress(CaseError):  # else the others wait until it has lapsed
            self._turn.give_back()

    def _run(self) -> None:
        while not self._end.wait(self._every_s):
            try:
                if self._process:
                    heartbeat.beat(self._store, self._process, self._since)
                if self._turn.is_mine():
                    look(self._store, clock.now())
                self._said = ""
            except Exception as error:  # noqa: BLE001 - the edge of this thread; it looks again
                said = f"{type(error).__name__}: {error}"
                if said != self._said:
                    _log.error("cannot_look", reason=said)
                self._said = said
