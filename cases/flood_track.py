"""What the judge of water levels remembers of one station; kept as JSON beside the alarms.

All times are naive local, as stations tell them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, Final, NamedTuple

SEEN: Final = 96  # readings that would be known again
GOOD: Final = 40  # valid levels that a rate of rise is taken from
DOUBT: Final = 300  # levels of a run elsewhere: more than half a day of them
_RAIN_SPAN: Final = timedelta(hours=3)
_SHORT_H: Final = 0.1


class Point(NamedTuple):
    """One level at a moment."""

    at: datetime
    level: float


class Rain(NamedTuple):
    """So much rain in the interval that ended at a moment."""

    at: datetime
    mm: float
    interval_h: float


class Run(NamedTuple):
    """Readings one after the other on one side of a limit; moved = not all of one value."""

    times: int
    since: datetime
    first: float
    moved: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What a station said of one moment; a level or rain that it sent as missing is None."""

    station: str
    observed_at: datetime
    level_m: float | None
    rain_mm: float | None = None
    interval_h: float | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """One station: what was judged lately, what was believed, and on which side of each limit."""

    seen: tuple[datetime, ...] = ()  # moments whose level was judged, in order
    good: tuple[Point, ...] = ()
    doubt: tuple[Point, ...] = ()  # a run elsewhere, not believed yet
    same: Run | None = None  # the newest value, since when
    rain: tuple[Rain, ...] = ()
    over: Mapping[str, int] = field(default_factory=dict)
    under: Mapping[str, Run] = field(default_factory=dict)
    is_frozen: bool = False  # its ground moved while an alarm was on: only a person ends that one
    flaw: str = ""  # what is wrong with what it sends just now
    flaw_since: datetime | None = None

    @property
    def newest(self) -> datetime | None:
        """The newest moment that was judged."""
        return self.seen[-1] if self.seen else None

    def knows(self, at: datetime) -> bool:
        """Whether the level of a moment was judged, or is too old to be told apart."""
        return at in self.seen or (len(self.seen) >= SEEN and at < self.seen[0])

    def saw(self, at: datetime) -> Track:
        """The same with one moment more that was judged."""
        is_next = not self.seen or at > self.seen[-1]
        seen = (*self.seen, at) if is_next else tuple(sorted({*self.seen, at}))
        return replace(self, seen=seen[-SEEN:])

    def wetter(self, reading: Reading) -> Track:
        """The same with the rain of a reading; of one moment the shortest interval counts."""
        if reading.rain_mm is None or reading.rain_mm < 0:
            return self
        new = Rain(reading.observed_at, reading.rain_mm, reading.interval_h or 1.0)
        known = {each.at: each for each in self.rain}
        if new.at in known and known[new.at].interval_h <= new.interval_h:
            return self
        known[new.at] = new
        newest = max(known)
        kept = [known[at] for at in sorted(known) if at > newest - _RAIN_SPAN]
        return replace(self, rain=tuple(kept))

    def rain_mm(self, at: datetime) -> float:
        """The rain of the three hours before a moment, by the short intervals or the long ones."""
        lately = [each for each in self.rain if at - _RAIN_SPAN < each.at <= at]
        short = sum(each.mm for each in lately if each.interval_h <= _SHORT_H)
        long = sum(each.mm for each in lately if each.interval_h > _SHORT_H)
        return max(short, long)

    def rate_m_h(self, at: datetime, within: timedelta = timedelta(hours=1)) -> float | None:
        """How fast the water rises: the median slope of all pairs; None of less than three."""
        points = [each for each in self.good if at - within <= each.at <= at]
        if len(points) < 3:
            return None
        slopes = [
            (b.level - a.level) / ((b.at - a.at).total_seconds() / 3600)
            for n, a in enumerate(points)
            for b in points[n + 1 :]
        ]
        return median(slopes)

    @property
    def rhythm(self) -> timedelta | None:
        """How often its levels come, as the last ones did; None of less than three."""
        gaps = [(b - a).total_seconds() for a, b in pairwise(self.seen[-13:])]
        return timedelta(seconds=median(gaps)) if len(gaps) >= 2 else None

    def to_json(self) -> str:
        """As text for the store."""
        body: dict[str, Any] = {
            "seen": [_iso(at) for at in self.seen],
            "good": [[_iso(p.at), p.level] for p in self.good],
            "doubt": [[_iso(p.at), p.level] for p in self.doubt],
            "same": _run_json(self.same),
            "rain": [[_iso(r.at), r.mm, r.interval_h] for r in self.rain],
            "over": dict(self.over),
            "under": {limit: _run_json(run) for limit, run in self.under.items()},
            "is_frozen": self.is_frozen,
            "flaw": self.flaw,
            "flaw_since": None if self.flaw_since is None else _iso(self.flaw_since),
        }
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Track:
    """A track as it was stored."""
    body = json.loads(text)
    under = {limit: _run(run) for limit, run in body["under"].items()}
    return Track(
        seen=tuple(map(_at, body["seen"])),
        good=tuple(Point(_at(at), level) for at, level in body["good"]),
        doubt=tuple(Point(_at(at), level) for at, level in body["doubt"]),
        same=_run(body["same"]),
        rain=tuple(Rain(_at(at), mm, hours) for at, mm, hours in body["rain"]),
        over=body["over"],
        under={limit: run for limit, run in under.items() if run is not None},
        is_frozen=body["is_frozen"],
        flaw=body["flaw"],
        flaw_since=None if body["flaw_since"] is None else _at(body["flaw_since"]),
    )


def longer(run: Run | None, point: Point) -> Run:
    """A run with one reading more."""
    if run is None:
        return Run(1, point.at, point.level, False)
    return Run(run.times + 1, run.since, run.first, run.moved or point.level != run.first)


def _run_json(run: Run | None) -> list[Any] | None:
    return None if run is None else [run.times, _iso(run.since), run.first, run.moved]


def _run(values: list[Any] | None) -> Run | None:
    return None if values is None else Run(values[0], _at(values[1]), values[2], values[3])


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
