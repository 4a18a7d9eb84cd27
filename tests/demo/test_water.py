from datetime import datetime

import numpy as np
import pytest

from config.thresholds import load_thresholds
from demo import water

STATIONS = load_thresholds().stations
BY_NAME = {s.name: s for s in STATIONS}


def span(start, end, step):
    return np.arange(start, end, step, dtype="datetime64[m]").astype(np.int64)


def test_a_level_is_the_same_whoever_asks_and_with_whom(town):
    station = STATIONS[0]
    many = span("2026-06-01", "2026-07-01", 5)
    whole = water.levels(town, station, many)
    assert (whole[100:101] == water.levels(town, station, many[100:101])).all()
    water._curve.cache_clear()
    water._held.cache_clear()
    assert (whole == water.levels(town, station, many)).all()


@pytest.mark.parametrize("station", STATIONS, ids=lambda s: s.code)
def test_rain_of_five_minutes_adds_up_to_hours_and_to_the_running_total(town, station):
    fives = span("2026-01-01T00:05", "2026-08-01T00:05", 5)
    hours = span("2026-01-01T01:00", "2026-08-01T01:00", 60)
    short = water.rain(town, station, fives, 5)
    long = water.rain(town, station, hours, 60)
    assert np.round(short.reshape(-1, 12).sum(axis=1), 1).tolist() == long.tolist()
    assert short.min() >= 0
    assert short.max() <= 25.4, "one byte of an hourly report must hold it"
    total = water.rain_total(town, station, fives[-1:])[0]
    assert total == pytest.approx(short.sum())


def test_the_running_total_starts_anew_after_the_year_has_ended(town):
    station = STATIONS[0]
    turn = water.minutes([datetime(2026, 1, 1), datetime(2026, 1, 1, 0, 5)])
    end, start = water.rain_total(town, station, turn)
    assert end > 500
    assert start < 26
    assert water.rain(town, station, turn, 5).min() >= 0


def test_levels_do_not_jump_at_any_hour_or_year(town):
    for station in STATIONS:
        levels = water.levels(town, station, span("2025-01-01", "2027-01-01", 15))
        assert np.abs(np.diff(levels)).max() < 0.35, station.name


def test_the_lake_is_high_in_summer_and_low_in_winter(town):
    lake = BY_NAME["蛇山站"]
    january = water.levels(town, lake, span("2026-01-05", "2026-01-25", 60)).mean()
    july = water.levels(town, lake, span("2026-07-05", "2026-07-25", 60)).mean()
    assert july - january > 1.2


@pytest.mark.parametrize("day", ["2026-11-23", "2025-01-01", "2027-02-28", "2028-12-31"])
def test_one_station_is_near_its_warning_level_on_a_dry_day(town, day):
    station = BY_NAME["春和闸站"]
    levels = water.levels(town, station, span(f"{day}T00:00", f"{day}T23:55", 5))
    limits = station.levels[-1]
    assert limits.patrol <= levels.min()
    assert limits.warning - levels.max() < 0.5


def test_some_summer_takes_the_lake_over_its_warning_level(town):
    lake = BY_NAME["蛇山站"]
    highest = water.levels(town, lake, span("2024-06-01", "2024-09-01", 60)).max()
    assert lake.levels[-1].warning < highest < lake.levels[-1].record


def test_a_storm_lifts_the_river_fast(town):
    bridge = BY_NAME["兰台桥站"]
    levels = water.levels(town, bridge, span("2024-01-01", "2027-01-01", 60))
    assert np.diff(levels).max() > 0.3
