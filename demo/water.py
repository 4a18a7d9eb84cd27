"""Water levels and rain at the town's gauges, for any minute asked.

A level is the season's curve, plus what the rain of the last days still holds up, plus a small
unrest. Rain at a gauge is counted by a tipping bucket of 0.1 mm, so five-minute, hourly and
running totals always agree with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from config.thresholds import Station
from demo import sky
from demo.town import Town

Floats = npt.NDArray[np.float64]
Minutes = npt.NDArray[np.int64]  # minutes since 1970-01-01 00:00, local time

_HASH = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Nature:
    """How one water behaves: its winter level, summer rise, answer to rain and its unrest."""

    base: float
    summer: float = 0.0  # metres at the height of an average year
    per_mm: float = 0.0  # metres for a millimetre of rain held up
    hours: float = 24.0  # how long that takes to run off
    swing: float = 0.0  # metres up and down within a day


# by station name; 春和闸站 is held up by its sluice the whole year, a little under its 警戒 level
NATURES = {
    "蛇山站": Nature(6.95, 2.35, 0.0042, 480, 0.010),
    "西圩站": Nature(6.93, 2.35, 0.0042, 480, 0.012),
    "胭脂河口站": Nature(6.98, 2.30, 0.0046, 430, 0.015),
    "鹭汀站": Nature(7.02, 2.20, 0.0054, 300, 0.020),
    "春和闸站": Nature(8.79, 0.04, 0.0065, 14, 0.045),
    "兰台桥站": Nature(6.74, 0.95, 0.0215, 16, 0.020),
    "梅岗站": Nature(6.58, 0.85, 0.0215, 20, 0.020),
    "梅溪口站": Nature(7.35, 0.50, 0.0290, 9, 0.012),
    "桑榆桥站": Nature(9.85, 0.30, 0.0290, 7, 0.010),
    "荷叶塘站": Nature(19.55, 0.25, 0.0105, 190, 0.004),
    "松涧水库站": Nature(28.35, 0.80, 0.0118, 340, 0.004),
    "三岔塘站": Nature(15.15, 0.20, 0.0098, 160, 0.004),
}


def nature(station: Station) -> Nature:
    """How this station's water behaves; one that was added later takes its limits as a hint."""
    known = NATURES.get(station.name)
    if known is not None:
        return known
    warning = station.levels[-1].warning or 8.0
    return Nature(warning - 2.0, 0.5, 0.01, 24, 0.01)


def minutes(moments: Sequence[datetime]) -> Minutes:
    """Moments (naive local datetimes) as minutes since 1970."""
    return np.array(list(moments), dtype="datetime64[m]").astype(np.int64)


def levels(town: Town, station: Station, at: Minutes) -> Floats:
    """The level in metres at each of these minutes, three decimals."""
    own = nature(station)
    out = np.empty(len(at))
    numbers = _years(at)
    for number in np.unique(numbers):
        pick = numbers == number
        start = _new_year(int(number))
        hours = (at[pick] - start) / 60.0
        curve = _curve(town, int(number), own)
        out[pick] = np.interp(hours, np.arange(len(curve)), curve)
    out = _swollen(town, station, at, out)
    phase = 2 * np.pi * _share(int(station.code))
    day = 2 * np.pi * (at % 1440) / 1440
    out += own.swing * (np.sin(day + phase) + 0.4 * np.sin(2 * day + 2.1 * phase))
    step = at // 10
    part = (at % 10) / 10.0
    unrest = (
        _noise(step, int(station.code)) * (1 - part) + _noise(step + 1, int(station.code)) * part
    )
    out += (unrest - 0.5) * min(0.012, 0.3 * own.swing + 0.002)
    rounded: Floats = np.round(out, 3)
    return rounded


def _swollen(town: Town, station: Station, at: Minutes, usual: Floats) -> Floats:
    """The levels while a storm's flood runs through: up to its crest above a limit, and back."""
    for begins, storm in town.storms():
        limit, above = storm.crest.get(station.kind, ("", 0.0))
        height = getattr(station.levels[-1], limit, None) if limit else None
        if height is None:
            continue
        hours = (at - int(minutes([begins])[0])) / 60.0 - storm.rise_from
        share = np.interp(hours, np.arange(len(storm.rise)), storm.rise, left=0.0, right=0.0)
        usual = usual + np.maximum(height + above - usual, 0.0) * share
    return usual


def rain_total(town: Town, station: Station, at: Minutes) -> Floats:
    """Rain counted since 1 January, in whole tenths of a millimetre; 00:00 ends the old year."""
    out = np.empty(len(at))
    numbers = _years(at - 1)
    factor = 0.9 + 0.2 * _share(int(station.code) * 7)
    for number in np.unique(numbers):
        pick = numbers == number
        hourly = sky.year(town, int(number)).rain
        before = sky.fallen(town, int(number))
        into = at[pick] - _new_year(int(number))
        hour = np.minimum(into // 60, len(hourly) - 1)
        steps = (into - hour * 60) / 5.0
        fell = before[hour] + hourly[hour] * _poured(hour, steps, int(station.code))
        out[pick] = fell * factor
    return np.asarray(np.floor(out * 10 + 0.5) / 10, dtype=np.float64)


def rain(town: Town, station: Station, at: Minutes, span: int) -> Floats:
    """Rain of the `span` minutes that end at each of these minutes (spans do not cross years)."""
    end = rain_total(town, station, at)
    start = rain_total(town, station, at - span)
    fresh = _years(at - 1) != _years(at - span - 1)  # the span begins on 1 January 00:00
    return np.asarray(np.round(np.where(fresh, end, end - start), 1), dtype=np.float64)


def _poured(hour: Minutes, steps: Floats, code: int) -> Floats:
    """Which share of an hour's rain has fallen after so many five-minute steps of it."""
    weights = np.stack([_noise(hour * 12 + n, code * 31) for n in range(12)], axis=1) ** 2 + 0.05
    running = np.concatenate([np.zeros((len(hour), 1)), np.cumsum(weights, axis=1)], axis=1)
    low = np.minimum(steps.astype(np.int64), 11)
    rows = np.arange(len(hour))
    part = running[rows, low] + (steps - low) * weights[rows, low]
    share: Floats = part / running[:, 12]
    return share


@lru_cache(maxsize=64)
def _curve(town: Town, number: int, own: Nature) -> Floats:
    """The year's level at each full hour, without the small unrest."""
    hours = len(sky.year(town, number).rain)
    day = np.arange(hours + 1) / 24.0
    wet = np.random.default_rng([town.seed, 13, number]).uniform(0.85, 1.4)
    peak = 196 + np.random.default_rng([town.seed, 17, number]).uniform(-14, 14)  # about mid-July
    season = np.exp(-(((day - peak) / 42.0) ** 2)) + 0.25 * np.exp(-(((day - 270) / 38.0) ** 2))
    season *= np.clip(np.minimum(day, day[-1] - day) / 20.0, 0, 1)  # calm at the turn of the year
    held = _held(town, number, own.hours)
    curve: Floats = own.base + own.summer * wet * season + own.per_mm * held
    return curve


@lru_cache(maxsize=64)
def _held(town: Town, number: int, hours: float) -> Floats:
    """Millimetres of rain not yet run off, at each full hour of a year."""
    before = sky.year(town, number - 1).rain[-int(min(8 * hours, 8760)) :]
    this = sky.year(town, number).rain
    keep = float(np.exp(-1.0 / hours))
    slow = float(np.exp(-1.0 / max(1.5, hours / 12)))  # rain needs a while to arrive
    arriving = held = 0.0
    out: list[float] = []
    for n, mm in enumerate(np.concatenate([before, this]).tolist()):
        if n >= len(before):
            out.append(held)
        arriving += mm
        flowing = arriving * (1 - slow)
        arriving -= flowing
        held = held * keep + flowing
    out.append(held)
    return np.array(out)


def _new_year(number: int) -> int:
    return int(np.datetime64(f"{number}-01-01", "m").astype(np.int64))


def _years(at: Minutes) -> Minutes:
    years: Minutes = at.astype("datetime64[m]").astype("datetime64[Y]").astype(np.int64) + 1970
    return years


def _noise(step: Minutes, salt: int) -> Floats:
    """A number from 0 to 1 for each step, always the same one (splitmix64)."""
    with np.errstate(over="ignore"):
        x = (step.astype(np.uint64) + np.uint64(salt % 2**40)) * _HASH
        x ^= x >> np.uint64(30)
        x *= np.uint64(0xBF58476D1CE4E5B9)
        x ^= x >> np.uint64(27)
        x *= np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    noise: Floats = (x >> np.uint64(11)).astype(np.float64) / 2.0**53
    return noise


def _share(salt: int) -> float:
    return float(_noise(np.array([7], dtype=np.int64), salt)[0])
