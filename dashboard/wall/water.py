"""What a water level means: its rank, the limit that comes next, how far away it is.

Rank Ⅳ: over 设防 or within the margin of 警戒; Ⅲ over 警戒, Ⅱ over 保证, Ⅰ over the highest on
record. The limits stand in config/thresholds.toml, dated by when they came into force.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import wording

NAMES = {1: "历史最高", 2: "保证", 3: "警戒", 4: "设防"}


@dataclass(frozen=True, slots=True)
class Limits:
    """The four limits of a station in metres; None = not set."""

    patrol: float | None = None
    warning: float | None = None
    guarantee: float | None = None
    record: float | None = None

    def by_rank(self) -> dict[int, float]:
        """The limits that are set, by the rank that passing them means."""
        pairs = {1: self.record, 2: self.guarantee, 3: self.warning, 4: self.patrol}
        return {rank: value for rank, value in pairs.items() if value is not None}


@dataclass(frozen=True, slots=True)
class StationNow:
    """A station as last heard: level, movement in the last hour, rain, limits, rank, age.

    `silent`: nothing new within the platform's limit; its rank stays, its movement is not known.
    """

    code: str
    name: str
    level_m: float | None
    observed_at: datetime | None
    rise_m: float | None
    limits: Limits
    rank: int | None
    rain_1h_mm: float | None = None
    rain_24h_mm: float | None = None
    silent: bool = False
    age: timedelta | None = None

    @property
    def margin_m(self) -> float | None:
        """Metres left to the limit that counts (警戒, else the lowest one); negative = over."""
        limit = counting_limit(self.limits)
        return None if limit is None or self.level_m is None else limit[1] - self.level_m


def counting_limit(limits: Limits) -> tuple[int, float] | None:
    """The limit that distances are measured to: 警戒 where set, else the lowest one."""
    known = limits.by_rank()
    if 3 in known:
        return 3, known[3]
    return min(known.items(), key=lambda pair: pair[1]) if known else None


def rank_of(level: float | None, limits: Limits, margin: float) -> int | None:
    """The rank in force at this level; None while it is below 设防 and not near 警戒."""
    if level is None:
        return None
    passed = [rank for rank, limit in limits.by_rank().items() if level >= limit]
    if passed:
        return min(passed)
    near = limits.warning is not None and limits.warning - level <= margin
    return 4 if near else None


def state_words(station: StationNow) -> str:
    """What is the case at a station: 水位接近警戒, 水位超设防, 水位超警戒 …; "" when calm."""
    if station.rank is None or station.level_m is None:
        return ""
    warning = station.limits.warning
    if station.rank == 4 and warning is not None and station.level_m < warning:
        patrol = station.limits.patrol
        over = patrol is not None and station.level_m >= patrol
        return "水位超设防" if over else "水位接近警戒"
    return f"水位超{NAMES[station.rank]}"


def distance_words(station: StationNow, unit: str = " m") -> str:
    """距警戒 0.48 m, or 超警戒 0.08 m for the highest limit that is passed."""
    if station.level_m is None:
        return wording.NONE
    passed = [
        (rank, limit)
        for rank, limit in station.limits.by_rank().items()
        if station.level_m >= limit and rank < 4
    ]
    if passed:
        rank, limit = min(passed)
        return f"超{NAMES[rank]} {wording.fixed(station.level_m - limit, 2)}{unit}"
    limit_now = counting_limit(station.limits)
    if limit_now is None:
        return "未设限值"
    rank, limit = limit_now
    if station.level_m >= limit:
        return f"超{NAMES[rank]} {wording.fixed(station.level_m - limit, 2)}{unit}"
    return f"距{NAMES[rank]} {wording.fixed(limit - station.level_m, 2)}{unit}"


def rise_words(rise: float | None, unit: str = " m") -> str:
    """涨 0.03 m, 落 0.02 m, 平 for less than a centimetre, — when not known."""
    if rise is None:
        return wording.NONE
    if abs(rise) < 0.005:
        return "平"
    return f"{'涨' if rise > 0 else '落'} {wording.fixed(abs(rise), 2)}{unit}"


def by_urgency(stations: Iterable[StationNow]) -> list[StationNow]:
    """The highest rank first, then the nearest to its limit; stations without a level last."""
    return sorted(
        stations,
        key=lambda s: (
            s.level_m is None,
            s.rank or 9,
            s.rank is None and s.silent,
            s.margin_m if s.margin_m is not None else 1e9,
            s.code,
        ),
    )


def over_warning(stations: Sequence[StationNow]) -> int:
    """How many stations stand at or above 警戒."""
    return sum(1 for s in stations if s.rank is not None and s.rank <= 3)
