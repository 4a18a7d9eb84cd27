"""The weekly figures of the town: 48,600 people, no small group told, one sum at the end."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from config.site import load_site
from demo.feeds import population_stat as feed
from demo.town import Town
from etl.errors import BadRecord
from etl.platforms import population_stat


@pytest.fixture(scope="module")
def town():
    return Town(date(2026, 11, 23))


def read(payload):
    return [row for table, row in population_stat.parse(payload) if table == "population_count"]


def test_the_residents_of_every_week_are_the_people_of_the_site(town, now, clean):
    rows = clean("population_stat", feed.table(town, now, None))["population_count"]
    weeks = Counter()
    for row in rows:
        if row["category_code"] == "01":
            weeks[row["counted_on"]] += int(row["quantity"])
    assert len(weeks) == 152
    assert set(weeks.values()) == {load_site().population} == {48600}


def test_a_week_has_every_community_and_category_once(town):
    lines = list(feed.figures(town, date(2026, 11, 23)))
    assert len({(line[1], line[3]) for line in lines}) == len(lines) == 12 * 9


def test_fewer_than_five_people_are_never_told(town):
    told = [
        line
        for weeks in range(0, 150, 10)
        for line in feed.figures(town, town.first + timedelta(days=7 * weeks))
        if line[6] == "人"
    ]
    assert any(line[5] == "<5" for line in told)
    assert all(line[5] == "<5" or line[5] == 0 or line[5] >= 5 for line in told)


def test_a_later_file_has_the_weeks_since_the_last_one(town):
    file = feed.table(town, datetime(2026, 11, 23, 6, 30), datetime(2026, 11, 9, 6, 30))
    assert {row["counted_on"] for row in read(file)} == {"2026-11-09", "2026-11-16", "2026-11-23"}


def test_the_same_week_is_told_the_same_whenever_it_is_asked_for(town, now):
    again = Town(town.anchor)
    week = date(2025, 3, 3)
    assert list(feed.figures(town, week)) == list(feed.figures(again, week))


def test_a_file_that_lost_its_end_or_a_line_is_refused_as_a_whole(town, now):
    file = feed.table(town, now, now)
    lines = file.splitlines(keepends=True)
    with pytest.raises(BadRecord, match="cut off"):
        read(b"".join(lines[:-1]))
    with pytest.raises(BadRecord, match="add up to"):
        read(b"".join(lines[:5] + lines[6:]))
