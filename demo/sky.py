"""The town's weather by the hour: temperature, rain, wind, shaped like the lower Yangtze's year.

A year is drawn whole from seed and year, so any hour of it is the same whenever it is asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from demo.town import Town, first_whole

Floats = npt.NDArray[np.float64]

# per month: mean rain mm, days that a rain begins (climate of Nanjing, rounded)
RAIN_MM = (45, 55, 80, 80, 95, 195, 205, 145, 75, 58, 52, 35)
RAIN_DAYS = (9, 9, 11, 10, 10, 11, 12, 11, 8, 7, 8, 6)
WINDS = ("东北风", "东风", "东南风", "南风", "西南风", "西风", "西北风", "北风")


@dataclass(frozen=True, slots=True)
class Year:
    """One year of hours; value h is the hour that ends at 1 January 00:00 plus h + 1 hours."""

    rain: Floats
    temp: Floats
    humidity: Floats
    wind: Floats
    direction: npt.NDArray[np.int64]
    cloud: Floats


@lru_cache(maxsize=8)
def year(town: Town, number: int) -> Year:
    """The weather of one year."""
    days = (date(number + 1, 1, 1) - date(number, 1, 1)).days
    rng = np.random.default_rng([town.seed, 11, number])
    rain = _as_it_fell(town, number, _rain(rng, number, days))
    hour = np.arange(days * 24)
    drift = _wander(rng, days, 0.75, 1.9)
    daily = 16.2 - 12.4 * np.cos(2 * np.pi * (np.arange(days) - 20) / days) + drift
    wet_day = np.repeat(rain.reshape(days, 24).sum(axis=1) > 1.0, 24)
    swing = np.where(wet_day, 1.6, 4.2) * np.cos(2 * np.pi * ((hour % 24) - 14) / 24)
    temp = np.interp(hour, np.arange(days) * 24 + 12, daily) + swing
    temp += _wander(rng, days * 24, 0.8, 0.25) - np.where(rain > 0, 1.4, 0.0)
    humidity = np.clip(
        72 - 2.4 * swing + np.where(rain > 0, 18, 0) + _wander(rng, days * 24, 0.9, 2.0), 22, 100
    )
    gusts = np.abs(_wander(rng, days * 24, 0.9, 0.75))
    wind = 1.2 + 0.8 * gusts + np.where(rain > 4, 2.2, 0.0)
    direction = (np.round(_wander(rng, days * 24, 0.97, 0.5)).astype(np.int64) + 2) % 8
    cloud = np.clip(0.5 + _wander(rng, days * 24, 0.97, 0.09) + np.where(rain > 0, 0.6, 0), 0, 1.2)
    return Year(rain, np.round(temp, 1), np.round(humidity), np.round(wind, 1), direction, cloud)


def _rain(rng: np.random.Generator, number: int, days: int) -> Floats:
    hours = np.zeros(days * 24)
    for day in range(days):
        month = (date(number, 1, 1) + timedelta(days=day)).month - 1
        if rng.random() > RAIN_DAYS[month] / 30.4:
            continue
        shape = 0.62 if month in (5, 6, 7) else 0.9
        mean = RAIN_MM[month] / RAIN_DAYS[month]
        total = rng.gamma(shape, mean / shape)
        lasting = int(rng.integers(2, 9 if month in (6, 7) else 16))
        start = day * 24 + int(rng.integers(0, 24))
        share = rng.dirichlet(np.full(lasting, 1.3))
        end = min(start + lasting, days * 24)
        hours[start:end] += total * share[: end - start]
    return np.where(hours < 0.05, 0.0, hours)


def _as_it_fell(town: Town, number: int, hours: Floats) -> Floats:
    """The rain of a year, changed where the town's scenarios say so."""
    new_year = datetime(number, 1, 1)
    ends = [each.begins for each in town.episodes[1:]] + [datetime(number + 1, 1, 1)]
    for each, end in zip(town.episodes, ends, strict=False):
        if each.scenario.rain != 1.0:
            low, high = (_hours_into(new_year, _whole(at), len(hours)) for at in (each.begins, end))
            hours[low:high] *= each.scenario.rain
    for begins, storm in town.storms():
        for n, mm in enumerate(storm.rain):
            hour = (begins - new_year) // timedelta(hours=1) + n
            if 0 <= hour < len(hours):
                hours[hour] += mm
    return hours


def _whole(at: datetime) -> datetime:
    return datetime.combine(first_whole(at), datetime.min.time())


def _hours_into(new_year: datetime, at: datetime, most: int) -> int:
    return min(max((at - new_year) // timedelta(hours=1), 0), most)


def _wander(rng: np.random.Generator, count: int, memory: float, step: float) -> Floats:
    """A series that forgets slowly (first-order autoregression)."""
    noise = rng.normal(0.0, step, count)
    out = np.empty(count)
    last = 0.0
    for n, push in enumerate(noise.tolist()):
        last = memory * last + push
        out[n] = last
    return out


def hour_of_year(moment: datetime) -> int:
    """The index of the hour in which this moment lies."""
    return (moment - datetime(moment.year, 1, 1)) // timedelta(hours=1)


def rain_on(town: Town, day: date) -> float:
    """Rain of a calendar day in mm."""
    start = hour_of_year(datetime(day.year, day.month, day.day))
    return float(year(town, day.year).rain[start : start + 24].sum())


def warmest(town: Town, day: date) -> float:
    """The highest temperature of a day."""
    start = hour_of_year(datetime(day.year, day.month, day.day))
    return float(year(town, day.year).temp[start : start + 24].max())


@lru_cache(maxsize=8)
def fallen(town: Town, number: int) -> Floats:
    """Rain since 1 January at each full hour of a year, the turn of the year included."""
    return np.concatenate([[0.0], np.cumsum(year(town, number).rain)])


def rain_until(town: Town, moment: datetime, hours: int) -> float:
    """Rain of the hours (at most some months) before this full hour, across the year if need be."""
    last = moment - timedelta(hours=1)
    stop = hour_of_year(last) + 1
    own = fallen(town, last.year)
    if stop >= hours:
        return max(0.0, float(own[stop] - own[stop - hours]))
    before = fallen(town, last.year - 1)
    return float(own[stop] + before[-1] - before[stop - hours - 1])


def sky_word(cloud: float, rain_mm: float) -> str:
    """What the sky looks like, in a weather station's words."""
    if rain_mm >= 16:
        return "暴雨"
    if rain_mm >= 8:
        return "大雨"
    if rain_mm >= 2.5:
        return "中雨"
    if rain_mm >= 0.1:
        return "小雨"
    return "晴" if cloud < 0.35 else "多云" if cloud < 0.75 else "阴"


def celsius_between(year_: Year, position: float) -> float:
    """The temperature at a fractional hour of the year, to a tenth of a degree."""
    low = min(max(math.floor(position), 0), len(year_.temp) - 1)
    high = min(low + 1, len(year_.temp) - 1)
    share = position - low
    return round(float(year_.temp[low]) * (1 - share) + float(year_.temp[high]) * share, 1)
