"""Which sentences the home page says and in which order, by rule; pure, so that tests can ask.

Thresholds stand in layouts/pages/home.toml: a count is worth a sentence when it changed by a tenth
and five cases, or stands two deviations off its last eight weeks; a rate when it moved two points.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import wording


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits above which something is worth a sentence."""

    change_share: float = 0.10
    change_cases: int = 5
    deviations: float = 2.0
    points: float = 2.0
    most: int = 4


@dataclass(frozen=True, slots=True)
class Count:
    """A count now and before over the same number of days, and in the eight weeks before."""

    name: str
    now: float
    before: float
    weeks: Sequence[float] = ()
    unit: str = "件"


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate now and before as numerator and denominator."""

    name: str
    now: tuple[float, float]
    before: tuple[float, float]


def worth_saying(count: Count, rules: Rules) -> bool:
    """Whether a change of a count is worth a sentence."""
    moved = abs(count.now - count.before)
    if moved >= rules.change_cases and (
        not count.before or moved / count.before >= rules.change_share
    ):
        return True
    score = deviation(count)
    return score is not None and abs(score) >= rules.deviations and moved >= rules.change_cases


def deviation(count: Count) -> float | None:
    """How many deviations the count stands off its last eight weeks; None where they are alike."""
    if len(count.weeks) < 8:
        return None
    spread = statistics.stdev(count.weeks)
    return (count.now - statistics.fmean(count.weeks)) / spread if spread else None


def size(count: Count) -> float:
    """What orders sentences of change: cases moved."""
    return abs(count.now - count.before)


def lead_of(count: Count) -> str:
    """热线少了 5 件, 占道经营翻倍, 噪声扰民新出现 9 件."""
    moved = count.now - count.before
    if not count.before:
        return f"{count.name}新出现 {wording.count(count.now)} {count.unit}。"
    if count.before >= rules_floor and count.now >= 2 * count.before:
        return f"{count.name}翻倍。"
    return f"{count.name}{'多' if moved > 0 else '少'}了 {wording.count(abs(moved))} {count.unit}。"


rules_floor = 3  # a doubling of one or two cases is no news


def rate_worth_saying(rate: Rate, rules: Rules) -> bool:
    """Whether a rate moved enough, on enough cases, to be told."""
    if wording.is_small(rate.now[1]) or wording.is_small(rate.before[1]):
        return False
    moved = wording.points(rate.now, rate.before)
    return moved is not None and abs(moved) >= rules.points


def rate_lead(rate: Rate) -> str:
    """满意率提高 2.4 个百分点."""
    return f"{rate.name}{wording.points_words(rate.now, rate.before)}。"


@dataclass(frozen=True, slots=True)
class Risk:
    """Something that may happen: rank (1 worst, 9 none), hours left, size."""

    rank: int
    hours: float
    size: float
    order: int = 0


def ordered_risks(risks: Sequence[Risk]) -> list[Risk]:
    """By rank, then by time left, then by size."""
    return sorted(risks, key=lambda risk: (risk.rank, risk.hours, -risk.size, risk.order))


@dataclass(frozen=True, slots=True)
class Headline:
    """What the first sentence is made of."""

    over_stations: int = 0
    near_stations: int = 0
    top_rank: int | None = None
    silent: Sequence[str] = ()
    overdue: int = 0
    due_soon: int = 0
    received: Count | None = None
    holiday: str = ""


def headline(told: Headline, rules: Rules) -> str:
    """One sentence a deputy would say aloud: water first, then silence, holiday, cases."""
    parts: list[str] = []
    if told.over_stations:
        words = {1: "水位超历史最高", 2: "水位超保证", 3: "水位过警戒"}
        site = f"{told.over_stations} 站" if told.over_stations > 1 else ""
        parts.append(f"{site}{words.get(told.top_rank or 3, '水位过警戒')}")
    elif told.near_stations:
        parts.append(f"{told.near_stations} 站水位接近警戒或超设防")
    if told.silent:
        names = told.silent[0] if len(told.silent) == 1 else f"{len(told.silent)} 个平台"
        parts.append(f"{names}断数")
    if told.holiday:
        parts.append(told.holiday)
    if told.overdue:
        parts.append(f"{told.overdue} 件已超期")
    elif told.due_soon:
        parts.append(f"{told.due_soon} 件两个工作日内到期")
    count = told.received
    if count is not None and len(parts) < 3 and worth_saying(count, rules):
        moved = count.now - count.before
        way = "多" if moved > 0 else "少"
        parts.append(f"{count.name}比上期{way} {wording.count(abs(moved))} 件")
    if not parts:
        return "水情平稳，没有超期，各平台正常。"
    return "，".join(parts[:3]) + "。"
