"""Whether a level can be believed: a station's sentinels, spikes, unit jumps, stuck values, clock.

What is not believed raises nothing and clears nothing. A jump is believed when the next reading
agrees with it, and only upwards: water rises in a moment but doesn't sink in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from cases.flood_track import DOUBT, GOOD, Point, Reading, Track, longer
from config.judging import Judging

SENTINEL, RANGE, UNIT, JUMP = "无效值", "超出可信范围", "单位跳变", "突变待证实"
AHEAD, OLD, STUCK = "时钟超前", "迟到的旧读数", "读数卡滞"
_UNITS: Final = (10.0, 100.0, 1000.0, 3.2808)  # dm, cm, mm and feet instead of metres
_LIKENESS: Final = 0.05
_NEVER: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of a station's place: its kind of water and the span of its limits."""

    kind: str
    lowest: float
    highest: float


def believe(
    track: Track, reading: Reading, received_at: datetime, ground: Ground, rules: Judging
) -> tuple[Track, Sequence[Point], str]:
    """The track after a level, the points that are believed now, and what is wrong with it."""
    assert reading.level_m is not None
    point = Point(reading.observed_at, round(reading.level_m, 3))
    flaw = _alone(point, received_at, ground, rules)
    if track.newest is not None and point.at < track.newest:
        flaw = flaw or OLD  # it came after a newer one: history
    if flaw in (AHEAD, OLD):
        return track.saw(point.at) if flaw == OLD else track, (), flaw
    track = track.saw(point.at)
    if flaw:
        return track, (), flaw
    same = track.same if track.same is not None and track.same.first == point.level else None
    track = replace(track, same=longer(same, point))
    assert track.same is not None
    if point.at - track.same.since >= rules.stuck_after(ground.kind):
        return track, (), STUCK
    last = track.good[-1] if track.good else None
    if last is None or point.at - _last_at(track) > rules.too_old:
        fresh = replace(track, good=(point,), doubt=(), over={}, under={})
        return fresh, (point,), ""
    if _is_near(last, point, point.at - _last_at(track), ground, rules):
        return _accepted(track, [point]), (point,), ""
    return _doubted(track, last, point, ground, rules)


def _alone(point: Point, received_at: datetime, ground: Ground, rules: Judging) -> str:
    """What is wrong with a level by itself."""
    if point.at > received_at + rules.ahead:
        return AHEAD
    if any(abs(point.level - each) < 5e-4 for each in rules.sentinels):
        return SENTINEL
    if not ground.lowest - rules.below_m <= point.level <= ground.highest + rules.above_m:
        return RANGE
    return OLD if received_at - point.at > rules.too_old else ""


def _doubted(
    track: Track, last: Point, point: Point, ground: Ground, rules: Judging
) -> tuple[Track, Sequence[Point], str]:
    """A level far from the last one: kept apart until enough others agree with it."""
    run = track.doubt
    if run and not _is_near(run[-1], point, point.at - run[-1].at, ground, rules):
        run = ()
    run = (*run, point)[-DOUBT:]
    has_moved = any(a.level != b.level for a, b in pairwise(run))
    is_unit = _is_unit(last.level, point.level)
    if point.level > last.level and not is_unit:
        is_wet = track.rain_mm(point.at) >= rules.agree_rain_mm
        if len(run) >= rules.confirm and (has_moved or is_wet):
            return _accepted(track, run), run, ""
    if has_moved and run[-1].at - run[0].at >= rules.settle:
        settled = replace(_accepted(track, run[-GOOD:]), is_frozen=True)
        return settled, (point,), ""
    return replace(track, doubt=run), (), UNIT if is_unit else JUMP


def _accepted(track: Track, points: Sequence[Point]) -> Track:
    return replace(track, good=(*track.good, *points)[-GOOD:], doubt=())


def _last_at(track: Track) -> datetime:
    """When the last level came that could be one, believed or doubted."""
    return max(track.good[-1].at, track.doubt[-1].at if track.doubt else track.good[-1].at)


def _is_near(before: Point, point: Point, apart: timedelta, ground: Ground, rules: Judging) -> bool:
    hours = max(apart, _NEVER).total_seconds() / 3600
    allowed = rules.step_m[ground.kind] + rules.rate_m_h[ground.kind] * hours
    return abs(point.level - before.level) <= allowed + 1e-9


def _is_unit(before: float, after: float) -> bool:
    """Whether a level is what another would be in centimetres, millimetres or feet."""
    if abs(before) < 0.05 or abs(after) < 1e-9:
        return False
    ratio = abs(after / before)
    return any(abs(r * u - 1) < _LIKENESS for u in _UNITS for r in (ratio, 1 / ratio))
