"""The service hall: versions that only grow, pages by link, bytes through the product's reader."""

from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from config import clock
from demo import hall
from demo.feeds import gov_service as feed
from demo.lives import Book
from demo.town import Town

TOKEN = {"Authorization": "Bearer the-token-of-a-test"}


@pytest.fixture
def answered(client, monkeypatch):
    monkeypatch.setenv("GOV_SERVICE_TOKEN", "the-token-of-a-test")
    return client("gov_service")


def version_at(town, moment):
    """A version from before everything that changed at this moment or later."""
    return Book(town, hall.draw, hall.SPAN).before(moment)


def walk(reader, version, size):
    pages, params = [], {"sinceVersion": str(version), "limit": str(size)}
    while True:
        answer = reader.get(feed.PATH, params, TOKEN)
        assert answer.status_code == 200, answer.text
        pages.append(answer.content)
        if "next" not in answer.links:
            return pages
        link = urlsplit(answer.links["next"]["url"])
        assert link.path == feed.PATH
        params = dict(parse_qsl(link.query))


def test_the_bytes_of_the_interface_are_read_without_a_reject(answered, town, now, clean):
    with clock.frozen(now):
        pages = walk(answered, version_at(town, datetime(2026, 11, 2)), 200)
    rows = clean("gov_service", *pages, now=now)["service_case"]
    assert len(pages) > 3
    versions = [int(row["version_no"]) for row in rows]
    assert versions == sorted(set(versions))
    numbers = [row["case_no"] for row in rows]
    assert len(numbers) == len(set(numbers)) > 700


def test_a_change_raises_the_version_and_nothing_is_told_twice(answered, town, now, clean):
    with clock.frozen(now):
        first = clean("gov_service", *walk(answered, version_at(town, now), 500), now=now)
    newest = max((int(r["version_no"]) for r in first["service_case"]), default=0)
    newest = newest or version_at(town, now)
    later = now + timedelta(hours=20)
    with clock.frozen(later):
        second = clean("gov_service", *walk(answered, newest, 500), now=later)["service_case"]
    assert second
    assert all(int(row["version_no"]) > newest for row in second)
    assert all(row["updated_at"] >= now.isoformat() for row in second)
    with clock.frozen(later):
        last = max(int(row["version_no"]) for row in second)
        assert answered.get(feed.PATH, {"sinceVersion": str(last)}, TOKEN).json()["data"] == []


def test_without_the_token_nothing_is_told(answered):
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert answered.get(feed.PATH, headers=headers).status_code == 401


def test_every_matter_is_over_within_its_span_and_most_are_praised(town):
    rows = []
    for days in range(0, 1000, 13):
        day = town.first + timedelta(days=days)
        for life in hall.draw(town, day):
            assert life.steps[-1].at - life.steps[0].at < timedelta(days=hall.SPAN - 1)
            rows.append(life.row(datetime(2030, 1, 1)))
    rated = [row["hcp"] for row in rows if row.get("hcp")]
    assert 0.9 < sum(rating >= "4" for rating in rated) / len(rated) < 1
    in_time = [row["bjsj"] <= row["bjqx"] for row in rows]
    assert 0.98 < sum(in_time) / len(in_time) < 1


def test_the_same_town_draws_the_same_matters():
    day = date(2026, 11, 20)
    one, other = (hall.draw(Town(date(2026, 11, 23)), day) for _ in range(2))
    assert one == other
