"""Cases of urban management: drawn by the day, kept in a database, read through a view."""

import sqlite3
from datetime import date, datetime, timedelta

import pytest

from config import clock
from config.platforms import load_platforms
from demo.feeds import urban_case as feed
from demo.streets import cases_on
from etl.transports.answer import transport
from tests.demo.readers import days, rows, stage_of


@pytest.fixture
def base(var, town, now):
    """A database of the last three months."""
    stage = stage_of(town, "urban_case")
    feed.found(stage)
    first = (now - timedelta(days=90)).date()

    def cases(day):
        return cases_on(town, day) if day >= first else []

    assert feed.write(cases, stage, now) > 1500
    return stage, cases


def test_there_are_15_to_60_a_day_and_most_are_closed_in_time(town):
    month = [cases_on(town, day) for day in days(date(2026, 9, 1), 30)]
    assert month == [cases_on(town, day) for day in days(date(2026, 9, 1), 30)]
    assert 15 <= sum(map(len, month)) / 30 <= 60
    end = datetime(2026, 12, 31)
    cases = [life.row(end) for lives in month for life in lives]
    closed = [row for row in cases if row["act_state"] == "6"]
    assert 0.88 < len(closed) / len(cases) < 0.97
    assert 0.9 < sum(row["intime_archive_num"] for row in closed) / len(closed) < 0.99


def test_the_product_reads_the_view_and_takes_every_case(base, now):
    stage, _ = base
    platform = load_platforms()["urban_case"]
    with clock.frozen(now):
        poll = transport("sql_view").poll(platform)
        pages = list(poll.pages(None, now))
    cases = [row for page in pages for row in rows("urban_case", page.payload)["urban_case"]]
    with sqlite3.connect(stage.var / feed.FILE) as held:
        (count,) = held.execute("SELECT count(*) FROM to_stat_info").fetchone()
    assert len(cases) == count == pages[0].total
    assert pages[-1].cursor == max(row["updated_at"] for row in cases).replace("T", " ")
    assert {row["state"] for row in cases} >= {"处置中", "已结案", "不予立案"}
    assert all(row["class_l1"] for row in cases)


def test_what_changed_meanwhile_is_written_over(base, town, now):
    stage, cases = base
    written = feed.write(cases, stage, now + timedelta(hours=3))
    assert 0 < written < 60
    with sqlite3.connect(stage.var / feed.FILE) as held:
        total, numbers = held.execute(
            "SELECT count(*), count(DISTINCT rec_id) FROM to_stat_info"
        ).fetchone()
    assert total == numbers


def count(stage):
    with sqlite3.connect(stage.var / feed.FILE) as held:
        return held.execute("SELECT count(*) FROM to_stat_info").fetchone()[0]


def test_a_new_town_begins_a_new_database(base):
    stage, _ = base
    feed.found(stage)
    assert count(stage) > 0
    (stage.var / feed.PROGRESS).unlink()
    feed.found(stage)
    assert count(stage) == 0


def test_the_doors_open_with_the_whole_history(var, town, now):
    stage = stage_of(town, "urban_case")
    with clock.frozen(datetime.combine(town.first, datetime.min.time()) + timedelta(days=40)):
        feed.prepare(stage)
    assert count(stage) > 600
