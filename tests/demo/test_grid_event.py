"""The grids' platform: its figures, its pages, its bytes through the product's reader."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from config import clock
from config.site import load_site
from demo import grid_work
from demo.town import Town

DAYS = [date(2026, 11, 2) + timedelta(days=n) for n in range(21)]


@pytest.fixture(scope="module")
def rows(town, now, client, clean):
    """Three weeks through the interface and the parser."""
    with clock.frozen(now):
        pages = client("grid_event").pages(
            "/grid_event/event/list",
            {"gxsjStart": "2026-11-02T00:00:00", "limit": "1000"},
            lambda answer, seen: {"offset": str(seen)} if answer["data"]["rows"] else None,
            lambda answer: len(answer["data"]["rows"]),
        )
    return clean("grid_event", *pages, now=now)


def test_the_bytes_of_the_interface_are_read_without_a_reject(rows):
    assert len(rows["grid_event"]) > 2000
    assert len(rows["grid_duty"]) > 1200


def test_every_grid_has_one_staff_and_a_duty_day(rows):
    days = Counter(row["on_day"] for row in rows["grid_duty"])
    assert days["2026-11-23"] <= len(load_site().grids)
    assert days["2026-11-20"] == len(load_site().grids)


def test_most_comes_by_the_app_and_most_is_settled_by_the_grid_itself(town):
    lives = [life for day in DAYS for life in grid_work.draw(town, day)]
    ended = [life.row(datetime(2030, 1, 1)) for life in lives]
    events = [row for row in ended if row["lx"] == "sj"]
    assert 90 <= len(events) / len(DAYS) <= 250
    channels = Counter(row["sjly"] for row in events)
    assert (channels["01"] + channels["02"]) / len(events) > 0.93
    closed = [row for row in events if row["sjzt"] == "5"]
    assert 0.72 <= sum(row["sfzcz"] for row in closed) / len(closed) <= 0.88
    late = sum(row["czsj"] > row["czsx"] for row in closed)
    assert 0.002 < late / len(closed) < 0.05


def test_a_duty_day_counts_the_reports_of_that_staff(town):
    rows = [life.row(datetime(2030, 1, 1)) for life in grid_work.draw(town, DAYS[0])]
    told = {row["wgybh"]: row["sbsl"] for row in rows if row["lx"] == "zg"}
    grids = {row["wgybh"]: row["wgbm"] for row in rows if row["lx"] == "zg"}
    reported = Counter(row["wgbm"] for row in rows if row["lx"] == "sj")
    assert {grids[one]: count for one, count in told.items() if count} == dict(reported)


def test_every_life_is_over_within_its_span(town):
    for days in range(0, 1000, 17):
        day = town.first + timedelta(days=days)
        for life in grid_work.draw(town, day):
            age = life.steps[-1].at - datetime.combine(day, datetime.min.time())
            assert age <= timedelta(days=grid_work.SPAN)


def test_the_same_town_draws_the_same_day():
    one, other = (grid_work.draw(Town(date(2026, 11, 23)), DAYS[0]) for _ in range(2))
    assert one == other
