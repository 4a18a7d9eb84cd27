"""How fast the water rises and when it will reach a limit, if that can be said at all.

The slope is that of Theil and Sen, the median of the slopes between all pairs of readings, which
one wrong reading does not move; the range of the expected time is the middle half of those slopes.
Nothing is expected while the water does not rise, or where a line fits the readings poorly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from statistics import median, quantiles

WINDOWS = (timedelta(hours=1), timedelta(hours=3))  # the wider one where the hour holds too few
ENOUGH = 4  # readings that a slope needs
RISING = 0.005  # m/h; less is the gauge's own last digit
FIT = 0.6  # share of the movement that a line must explain
ROUND = timedelta(minutes=10)
FARTHEST = timedelta(hours=24)  # beyond this a line says nothing
Readings = Sequence[tuple[datetime, float]]


@dataclass(frozen=True, slots=True)
class Rise:
    """The movement of the last hour or three: m/h with its middle half, how well a line fits."""

    per_hour: float
    slow: float
    fast: float
    fit: float
    at: datetime
    level: float
    hours: int

    @property
    def is_clear(self) -> bool:
        """Whether the water rises in a way that lets a time be told."""
        return self.per_hour >= RISING and self.fit >= FIT


@dataclass(frozen=True, slots=True)
class Reach:
    """When a limit is expected to be reached: about, at the earliest, at the latest."""

    about: datetime
    early: datetime
    late: datetime


def rise(readings: Readings) -> Rise | None:
    """The movement up to the last reading; None where there are too few to say."""
    for window in WINDOWS:
        if not readings:
            return None
        last = readings[-1][0]
        recent = [one for one in readings if last - one[0] <= window]
        if len(recent) >= ENOUGH:
            return _of(recent, int(window.total_seconds() // 3600))
    return None


def reach(found: Rise | None, limit: float | None) -> Reach | None:
    """When the limit is reached at this rise; None where the rise is not clear or it is far off."""
    if found is None or limit is None or not found.is_clear or limit <= found.level:
        return None
    about = _after(found, limit, found.per_hour)
    if about is None or about - found.at > FARTHEST:
        return None
    early = _after(found, limit, max(found.fast, found.per_hour)) or about
    late = _after(found, limit, min(found.slow, found.per_hour))
    latest = found.at + FARTHEST
    return Reach(_rounded(about), _rounded(early), _rounded(min(late or latest, latest)))


def _after(found: Rise, limit: float, per_hour: float) -> datetime | None:
    if per_hour < RISING:
        return None
    hours = (limit - found.level) / per_hour
    return found.at + timedelta(hours=hours) if hours < 1000 else None


def _of(recent: Readings, hours: int) -> Rise:
    first = recent[0][0]
    times = [(at - first).total_seconds() / 3600 for at, _ in recent]
    levels = [level for _, level in recent]
    slopes = [
        (levels[b] - levels[a]) / (times[b] - times[a])
        for a, b in combinations(range(len(times)), 2)
        if times[b] > times[a]
    ]
    slope = median(slopes)
    low, _, high = quantiles(slopes, n=4) if len(slopes) > 1 else (slope, slope, slope)
    at, level = recent[-1]
    return Rise(slope, low, high, _fit(times, levels, slope), at, level, hours)


def _fit(times: Sequence[float], levels: Sequence[float], slope: float) -> float:
    """The share of the movement that the line explains, 0 to 1."""
    base = median(level - slope * at for at, level in zip(times, levels, strict=True))
    middle = sum(levels) / len(levels)
    moved = sum((level - middle) ** 2 for level in levels)
    missed = sum((level - base - slope * at) ** 2 for at, level in zip(times, levels, strict=True))
    return 0.0 if moved <= 0 else max(0.0, 1 - missed / moved)


def _rounded(moment: datetime) -> datetime:
    half = moment + ROUND / 2
    return half - timedelta(
        minutes=half.minute % 10, seconds=half.second, microseconds=half.microsecond
    )
