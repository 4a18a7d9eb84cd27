"""Hazards: drawn by the day, listed by change, read by the product's own reader."""

from datetime import date, datetime, timedelta

from config import clock
from demo.hazards import SPAN, hazards_on
from tests.demo.readers import ask, days, door, rows

PATH = "/safety_hazard/openapi/yh/list"
KEY = {"x-access-token": "k"}


def test_a_day_is_always_the_same_and_a_life_ends_within_its_span(town):
    for day in days(date(2026, 6, 1), 28):
        lives = hazards_on(town, day)
        assert lives == hazards_on(town, day)
        for life in lives:
            assert life.steps[-1].at < datetime.combine(
                day + timedelta(days=SPAN), datetime.min.time()
            )


def test_there_are_five_to_twenty_on_a_working_day(town):
    counts = [len(hazards_on(town, day)) for day in days(date(2026, 3, 2), 5)]
    assert 5 <= sum(counts) / 5 <= 20


def test_the_products_reader_takes_every_hazard(town, now, monkeypatch):
    monkeypatch.setenv("SAFETY_HAZARD_TOKEN", "k")
    app = door(town, "safety_hazard")
    with clock.frozen(now):
        params = {"gxsjStart": "2026-11-01T00:00:00", "pageSize": "500"}
        answer = ask(app, PATH, params, KEY)
    hazards = rows("safety_hazard", answer.content)["safety_hazard"]
    assert len(hazards) == answer.json()["data"]["total"] > 100
    assert {row["state"] for row in hazards} >= {"待整改", "待复查", "已销号"}
    for row in hazards:
        assert row["found_at"] <= row["updated_at"] <= now.isoformat()
        assert row["fixed_at"] is None or row["fixed_at"] >= row["found_at"]
        assert row["rechecked_at"] is None or row["rechecked_at"] >= row["found_at"]


def test_without_the_key_nothing_is_told(town, now, monkeypatch):
    monkeypatch.setenv("SAFETY_HAZARD_TOKEN", "k")
    with clock.frozen(now):
        assert ask(door(town, "safety_hazard"), PATH).json()["code"] == 401
