"""Air, water, noise and dust: believable values, days at first and hours later, read by ours."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from config import clock
from demo import air
from demo.town import Town
from tests.demo.readers import ask, door, rows

PATH = "/environment/hour/list"


@pytest.mark.parametrize(
    ("item", "post", "least", "most"),
    [("a34004", 0, 20, 60), ("a34002", 9, 35, 110), ("LA", 6, 45, 65), ("w01001", 2, 6.5, 8.8)],
)
def test_a_years_mean_is_one_a_station_would_report(town, item, post, least, most):
    series = air._year(town, 2026, post, item)
    assert least < float(series.mean()) < most
    assert np.array_equal(series, air._year(town, 2026, post, item))


def test_winter_air_is_worse_than_summer_air_and_ozone_the_other_way_round(town):
    fine, ozone = (air._year(town, 2026, 0, item) for item in ("a34004", "a05024"))
    january, july = slice(0, 31 * 24), slice(181 * 24, 212 * 24)
    assert fine[january].mean() > 1.3 * fine[july].mean()
    assert ozone[january].mean() < ozone[july].mean()


def test_history_is_days_first_and_then_hours_without_a_gap(town, now):
    entries = air.listing(town, now, datetime.combine(town.first, datetime.min.time()))
    assert entries == sorted(entries)
    last_day = max(entry.at for entry in entries if entry.span == "D")
    first_hour = min(entry.at for entry in entries if entry.span == "H")
    assert first_hour - last_day == timedelta(days=1)
    assert len(entries) < 40_000
    assert all(
        now - timedelta(hours=2) < e.updated
        for e in air.listing(town, now, now - timedelta(hours=1))
    )


def test_a_young_town_has_no_hours_of_the_time_before_it():
    young = Town(date(2026, 1, 5), years=0)
    entries = air.listing(young, datetime(2026, 1, 5, 20), datetime(2025, 1, 1))
    assert entries[0].at == datetime(2026, 1, 1)


def test_the_products_reader_takes_every_item(town, now):
    with clock.frozen(now):
        since = (now - timedelta(days=2)).isoformat()
        answer = ask(door(town, "environment"), PATH, {"updateTime": since, "size": "1000"})
    readings = rows("environment", answer.content)["env_reading"]
    assert 1000 < len(readings) < 2000
    assert {row["kind"] for row in readings} == {"空气", "地表水", "噪声", "扬尘"}
    assert {row["span"] for row in readings} == {"小时"}
    assert all(row["value"] for row in readings if row["flag"] == "正常")
