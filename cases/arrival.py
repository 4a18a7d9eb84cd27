"""Gauge readings on their arrival: judged, and what follows stored, in one transaction.

What the judge remembers of a station is stored together with the alarm and its events. So a
process that dies anywhere has judged a reading or not, and whoever hands the same readings over
again, from the line, from a segment or from the archive, changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from cases import pumps, raising
from cases.alarm import FLOOD, Alarm
from cases.alarm_rows import changing
from cases.flood import CLEAR, CONFIRM, FOLLOW, RERANK, Around, On, Step, limits, observe
from cases.flood_track import Reading, Track, from_json
from cases.raising import Facts
from cases.schema import flood_tracks, local, utc
from cases.store import Store, put
from config import clock, failpoint
from config.flood_plans import load_flood_plans
from config.thresholds import Station, Thresholds, load_thresholds

_CARRIED: Final = {
    CONFIRM: raising.confirm,
    RERANK: raising.rerank,
    FOLLOW: raising.follow,
    CLEAR: raising.clear,
}
_AT_ONCE: Final = 200  # stations that are judged in one transaction


class Received(NamedTuple):
    """When readings came: by our clock, and on the steady one where they came just now."""

    at: datetime
    steady: float | None = None


def judge(store: Store, readings: Iterable[Reading], received: Received) -> int:
    """Judge what has come; how many of the readings were new.

    What is older than a reading may be when it comes is history and costs nothing.
    """
    thresholds = load_thresholds()
    stations = {station.code: station for station in thresholds.stations}
    oldest = local(received.at) - thresholds.judging.too_old
    waiting: dict[str, list[Reading]] = {}
    for reading in readings:
        if reading.station in stations and reading.observed_at >= oldest:
            waiting.setdefault(reading.station, []).append(reading)
    for each in waiting.values():
        each.sort(key=lambda reading: reading.observed_at)
    # what comes on a line is new nearly always; what comes by delivery was mostly judged before
    codes = sorted(waiting) if received.steady is not None else _with_news(store, waiting)
    judged = 0
    for start in range(0, len(codes), _AT_ONCE):
        with changing(store) as connection:
            turn = codes[start : start + _AT_ONCE]
            bench = _Bench(connection, thresholds, received, turn)
            for code in turn:
                judged += bench.station(stations[code], waiting[code])
            failpoint.reach("flood.judged")
        failpoint.reach("flood.stored")
    return judged


def track_of(store: Store, station: str) -> Track:
    """What is remembered of a station; an empty track of one that never sent."""
    with store.reading() as connection:
        return _tracks(connection, [station]).get(station, Track())


def tracks(store: Store) -> dict[str, Track]:
    """What is remembered of every station that has ever sent."""
    with store.reading() as connection:
        return _tracks(connection, None)


def _with_news(store: Store, waiting: Mapping[str, list[Reading]]) -> list[str]:
    """The stations of which anything is new; what was judged before needs no turn to write."""
    if not waiting:
        return []
    with store.reading() as connection:
        known = _tracks(connection, list(waiting))
    fresh = []
    for code in sorted(waiting):
        track = known.get(code, Track())
        if any(_is_news(track, reading) for reading in waiting[code]):
            fresh.append(code)
    return fresh


def _is_news(track: Track, reading: Reading) -> bool:
    if reading.level_m is not None and not track.knows(reading.observed_at):
        return True
    newest = track.rain[-1].at if track.rain else None
    is_late = newest is not None and reading.observed_at < newest
    return not is_late and track.wetter(reading) is not track


def _tracks(connection: Connection, codes: list[str] | None) -> dict[str, Track]:
    query = select(flood_tracks.c.station, flood_tracks.c.body)
    if codes is not None:
        query = query.where(flood_tracks.c.station.in_(codes))
    return {row.station: from_json(row.body) for row in connection.execute(query)}


class _Bench:
    """One transaction of judging."""

    def __init__(
        self,
        connection: Connection,
        thresholds: Thresholds,
        received: Received,
        codes: list[str],
    ) -> None:
        self._connection = connection
        self._thresholds = thresholds
        self._received = received
        self._known = _tracks(connection, codes)
        self._on = raising.all_current(connection, FLOOD, codes)
        self._others: dict[str, Track] | None = None

    def station(self, station: Station, readings: list[Reading]) -> int:
        """Judge the readings of one station in their order; how many were new."""
        track = before = self._known.get(station.code, Track())
        judged = 0
        for reading in readings:
            judged += reading.level_m is not None and not track.knows(reading.observed_at)
            track = self._observe(station, track, reading)
        if track is not before:
            row = {"body": track.to_json(), "at": utc(clock.now())}
            put(self._connection, flood_tracks, {"station": station.code}, row)
        if self._others is not None:
            self._others[station.code] = track
        return judged

    def _observe(self, station: Station, track: Track, reading: Reading) -> Track:
        alarm = self._on.get(station.code)
        on = None if alarm is None else On(alarm.rank, alarm.state)
        received_at = local(self._received.at)
        around = self._around(station, reading)
        verdict = observe(track, reading, received_at, station, on, self._thresholds, around)
        if verdict.step is not None:
            self._take(station.code, alarm, verdict.step)
            now_on = raising.current(self._connection, FLOOD, station.code)
            self._on.pop(station.code, None)
            if now_on is not None:
                self._on[station.code] = now_on
        return verdict.track

    def _take(self, code: str, alarm: Alarm | None, step: Step) -> None:
        """Carry out what was judged."""
        steady = self._received.steady
        facts = Facts(
            kind=FLOOD,
            subject=code,
            now=clock.now(),
            observed_at=step.point.at,
            received_at=self._received.at,
            delay_ms=None if steady is None else round((time.monotonic() - steady) * 1000),
            rank=step.rank,
            limit_name=step.limit,
            threshold=step.threshold,
            value=step.point.level,
            pending_rank=step.pending_rank,
            note=step.note,
        )
        if alarm is None:
            raising.start(self._connection, facts, is_raised=step.is_raised)
        else:
            _CARRIED[step.kind](self._connection, alarm, facts)

    def _around(self, station: Station, reading: Reading) -> Around:
        """What else speaks for high water; looked up only where one reading may be enough."""
        levels = self._thresholds.levels_at(station.code, reading.observed_at.date())
        known = limits(levels, 0.0) if levels is not None else {}
        least = known.get("guarantee")
        if reading.level_m is None or least is None or reading.level_m < least:
            return Around()
        if self._others is None:
            self._others = _tracks(self._connection, None)
        rain = [track.rain_mm(reading.observed_at) for track in self._others.values()]
        plan = load_flood_plans().get(station.code)
        codes = () if plan is None else plan.pumps
        on = pumps.running(self._connection, codes, reading.observed_at)
        return Around(rain_mm=max(rain, default=0.0), pumps_on=on)
