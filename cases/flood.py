"""Gauge readings judged against their limits: pure, one reading after the other.

The first valid reading past a limit is 待核实, the second raises; a single one at 保证 or above
raises at once when the rate of rise, rain or pumps agree with it. It is over when enough valid
readings lie under the margin, long enough and not all of one value: a stuck probe, a bad value and
silence clear nothing. Each limit is counted by itself, so that the rank rises and falls by the same
rule, and a water that hovers at a limit gives one alarm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from cases.alarm import FALSE_ALARM, PENDING
from cases.flood_belief import Ground, believe
from cases.flood_track import Point, Reading, Run, Track, longer
from config.thresholds import Levels, Station, Thresholds

START, CONFIRM, RERANK, FOLLOW, CLEAR = "start", "confirm", "rerank", "follow", "clear"
Test = Callable[[str], bool]
_SINGLE: Final = frozenset({"guarantee", "record"})  # limits that one reading may be enough for


@dataclass(frozen=True, slots=True)
class On:
    """The alarm that is on at a station."""

    rank: int
    state: str
    pending_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What else speaks for high water: rain of three hours at any gauge, pumps at work."""

    rain_mm: float = 0.0
    pumps_on: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done with the alarm of a station."""

    kind: str  # start | confirm | rerank | follow | clear
    point: Point
    limit: str = ""
    rank: int = 4
    threshold: float | None = None
    is_raised: bool = False  # of a start
    pending_rank: int | None = None  # a single reading past a higher limit
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one reading: the track after it, the step to take, what was wrong with it."""

    track: Track
    step: Step | None = None
    flaw: str = ""


def limits(levels: Levels, near_margin_m: float) -> dict[str, float]:
    """The limits of a station that are set, the highest first."""
    near = None if levels.warning is None else round(levels.warning - near_margin_m, 3)
    named = {
        "record": levels.record,
        "guarantee": levels.guarantee,
        "warning": levels.warning,
        "near": near,
    }
    return {name: value for name, value in named.items() if value is not None}


def observe(
    track: Track,
    reading: Reading,
    received_at: datetime,
    station: Station,
    on: On | None,
    thresholds: Thresholds,
    around: Around,
) -> Verdict:
    """Judge one reading on its arrival; a moment that was judged already changes nothing."""
    track = track.wetter(reading)
    if reading.level_m is None or track.knows(reading.observed_at):
        return Verdict(track)
    levels = _in_force(station, reading.observed_at.date())
    known = limits(levels, thresholds.near_margin(station)) if levels is not None else {}
    if not known:
        return Verdict(track.saw(reading.observed_at))
    rules, margin = thresholds.judging, thresholds.clear_margin(station)
    ground = Ground(station.kind, min(known.values()), max(known.values()))
    track, points, flaw = believe(track, reading, received_at, ground, rules)
    track = _flawed(track, reading.observed_at, flaw)
    if on is None or on.state == FALSE_ALARM:
        track = replace(track, is_frozen=False)
    for point in points:
        track = _counted(track, point, known, margin)
    if not points:
        return Verdict(track, None, flaw)
    judge = _Judge(track, points[-1], known, thresholds, around, station.kind)
    return Verdict(track, judge.step(on), flaw)


def _in_force(station: Station, day: date) -> Levels | None:
    return next((each for each in reversed(station.levels) if each.valid_from <= day), None)


def _flawed(track: Track, at: datetime, flaw: str) -> Track:
    if not flaw:
        return replace(track, flaw="", flaw_since=None)
    return replace(track, flaw=flaw, flaw_since=track.flaw_since or at)


def _counted(track: Track, point: Point, known: Mapping[str, float], margin: float) -> Track:
    """Each limit by itself: readings at it or over, or one after the other under its margin."""
    over: dict[str, int] = {}
    under: dict[str, Run] = {}
    for limit, value in known.items():
        if point.level >= value - 1e-9:
            over[limit] = track.over.get(limit, 0) + 1
        elif point.level < value - margin - 1e-9:
            under[limit] = longer(track.under.get(limit), point)
        else:
            over[limit] = track.over.get(limit, 0)
    return replace(track, over=over, under=under)


@dataclass(frozen=True, slots=True)
class _Judge:
    """One believed reading, with everything that the step depends on."""

    track: Track
    point: Point
    known: Mapping[str, float]
    thresholds: Thresholds
    around: Around
    kind: str

    def step(self, on: On | None) -> Step | None:
        """What this reading does to the alarm that is on, or to none."""
        sure, maybe = self._sure(), self._first(lambda limit: self.track.over.get(limit, 0) > 0)
        if on is None:
            if sure is not None:
                return self._made(START, sure, is_raised=True)
            return None if maybe is None else self._made(START, maybe)
        if on.state == PENDING:
            return self._while_pending(on, sure, maybe)
        if sure is not None and self._rank(sure) < on.rank:
            return self._made(RERANK, sure)
        held = self._first(lambda limit: not self._is_over(limit), at_least=on.rank)
        if held is None and not self.track.is_frozen:
            return self._made(CLEAR, "")
        if held is not None and self._rank(held) > on.rank and not self.track.is_frozen:
            return self._made(RERANK, held)
        higher = maybe is not None and self._rank(maybe) < on.rank
        return self._made(
            FOLLOW, "", pending_rank=self._rank(maybe) if maybe is not None and higher else None
        )

    def _while_pending(self, on: On, sure: str | None, maybe: str | None) -> Step:
        if sure is not None:
            return self._made(CONFIRM, sure)
        if maybe is not None:
            higher = self._rank(maybe) < on.rank
            return self._made(RERANK, maybe) if higher else self._made(FOLLOW, "")
        lowest = list(self.known)[-1]
        run = self.track.under.get(lowest)
        needed = self.thresholds.judging.clear_readings
        is_gone = run is not None and run.times >= needed
        return self._made(CLEAR if is_gone else FOLLOW, "")

    def _sure(self) -> str | None:
        """The highest limit that is past for certain."""
        needed = self.thresholds.judging.confirm
        return self._first(
            lambda limit: (
                self.track.over.get(limit, 0) >= needed
                or (self.track.over.get(limit, 0) > 0 and limit in _SINGLE and self._agrees())
            )
        )

    def _agrees(self) -> bool:
        """Whether anything else speaks for a single reading so high."""
        rules = self.thresholds.judging
        rate = self.track.rate_m_h(self.point.at)
        return (
            self.around.rain_mm >= rules.agree_rain_mm
            or self.around.pumps_on > 0
            or (rate is not None and rate >= rules.agree_rate_m_h[self.kind])
        )

    def _is_over(self, limit: str) -> bool:
        """Whether the water is back under a limit for certain."""
        rules, run = self.thresholds.judging, self.track.under.get(limit)
        return (
            run is not None
            and run.times >= rules.clear_readings
            and run.moved
            and self.point.at - run.since >= rules.clear_after
        )

    def _first(self, wanted: Test, at_least: int = 1) -> str | None:
        """The highest limit of which something is so, of this rank or a lesser one."""
        fitting = (limit for limit in self.known if self._rank(limit) >= at_least)
        return next((limit for limit in fitting if wanted(limit)), None)

    def _rank(self, limit: str) -> int:
        return self.thresholds.alarms.rank("flood", limit)

    def _made(
        self, kind: str, limit: str, *, is_raised: bool = False, pending_rank: int | None = None
    ) -> Step:
        rank = self._rank(limit) if limit else 4
        threshold = self.known.get(limit)
        return Step(kind, self.point, limit, rank, threshold, is_raised, pending_rank)
