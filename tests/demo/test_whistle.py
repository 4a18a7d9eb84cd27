"""The street's whistles: eleven in the public period, all resolved, on whatever day one looks."""

from datetime import date, datetime, timedelta

import pytest

from config import clock
from config.platforms import load_platforms
from demo import whistles
from demo.lives import Book
from demo.town import Town

PAGE = "/whistle/order/page"
ANCHORS = (
    "2025-01-01", "2026-03-15", "2028-02-29", "2026-09-29", "2026-09-30", "2026-10-01",
    "2026-11-23", "2026-12-31",
)  # fmt: skip
LATER = (0, 1, 31, 180, 311, 312, 400, 700)


def last_finished(day):
    """The last January to September that was over on this day."""
    year = day.year if day.month >= 10 else day.year - 1
    return datetime(year, 1, 1), datetime(year, 10, 1)


def rows_at(town, moment):
    book = Book(town, whistles.draw, whistles.SPAN)
    return [book.row(entry, moment) for entry in book.changed(moment, datetime.min)]


@pytest.mark.parametrize("anchor", ANCHORS)
def test_the_last_finished_nine_months_have_eleven_whistles_all_resolved(anchor):
    town = Town(date.fromisoformat(anchor))
    for days in LATER:
        day = town.anchor + timedelta(days=days)
        for clock_time in ("00:00:30", "23:59:59"):
            start, end = last_finished(day)
            rows = rows_at(town, datetime.fromisoformat(f"{day}T{clock_time}"))
            blown = [row for row in rows if start <= row.get("cssj", datetime.min) < end]
            closed = [row for row in rows if start <= row.get("xssj", datetime.min) < end]
            assert len(blown) == len(closed) == 11, day
            assert {row["sdbh"] for row in blown} == {row["sdbh"] for row in closed}
            assert all(row["bjfs"] == "1" and row["sfjj"] is True for row in closed)


def test_earlier_years_have_other_figures(town):
    rows = rows_at(town, datetime(2026, 11, 23))
    for year, count in ((2024, 5), (2025, 8)):
        blown = [row for row in rows if row["cssj"].year == year and row["cssj"].month < 10]
        assert len(blown) == count


def test_every_whistle_is_over_within_its_span_and_its_year(town):
    for year in range(2024, 2030):
        for life in whistles.whistles_of_year(town, year):
            begun, ended = life.steps[0].at, life.steps[-1].at
            assert ended - begun < timedelta(days=whistles.SPAN - 1)
            assert begun.year == ended.year == year
            assert (begun.month < 10) == (ended.month < 10)


@pytest.fixture
def answered(client, monkeypatch):
    monkeypatch.setenv("WHISTLE_TOKEN", "the-token-of-a-test")
    return client("whistle")


def test_the_bytes_of_the_interface_are_read_without_a_reject(answered, now, clean):
    header = load_platforms()["whistle"].options["auth"].removeprefix("header:")
    with clock.frozen(now):
        answer = answered.get(PAGE, {"pageSize": "200"}, {header: "the-token-of-a-test"})
    rows = clean("whistle", answer.content, now=now)
    assert len(rows["whistle"]) > 25
    called = sum(int(row["department_count"]) for row in rows["whistle"])
    assert len(rows["whistle_department"]) == called
    late = [
        row
        for row in rows["whistle_department"]
        if row["signed_at"] and row["signed_at"] > row["sign_due_at"]
    ]
    assert 0 < len(late) < called / 4


def test_without_the_token_nothing_is_told(answered):
    for headers in ({}, {"X-Access-Token": "wrong"}, {"Authorization": "the-token-of-a-test"}):
        assert answered.get(PAGE, headers=headers).status_code == 401


def test_a_department_says_only_what_has_happened(town):
    life = whistles.whistles_of_year(town, 2026)[0]
    for step in life.steps:
        for name, value in life.row(step.at).items():
            if isinstance(value, datetime) and not name.endswith(("sx",)):
                assert value <= step.at, name


def test_the_same_town_draws_the_same_whistles():
    one, other = (whistles.whistles_of_year(Town(date(2026, 11, 23)), 2026) for _ in range(2))
    assert one == other
