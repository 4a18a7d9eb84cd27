"""When a platform that sends by itself counts as loaded for the first time."""

from datetime import datetime

import pytest

from cases import health
from etl.backlog import LONGEST_S, MANY, QUIET_S, Backlog
from tests import fresh

NOW = datetime(2026, 11, 23, 10, 0)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    opened = fresh.store()
    yield opened
    opened.close()


def test_a_station_with_nothing_kept_is_loaded_with_its_first_reading(store):
    Backlog(store, "gauge").handed_over(3)
    assert health.phase(store, "gauge") == "已载入"


def test_kept_readings_hold_the_first_load_until_two_calm_hand_overs(store):
    backlog = Backlog(store, "gauge")
    told = []
    for rows in (MANY * 4, 10, MANY, 5, 5, MANY):
        backlog.handed_over(rows)
        told.append(health.phase(store, "gauge") == health.CATCHING_UP)
    assert told == [True, True, True, True, False, False]


def test_half_a_minute_in_which_nothing_waits_ends_the_first_load_too(store):
    clock = [0.0]
    backlog = Backlog(store, "gauge", now=lambda: clock[0])
    backlog.rested()
    assert health.phase(store, "gauge") == ""
    backlog.handed_over(MANY)
    clock[0] = QUIET_S
    backlog.rested()
    assert health.phase(store, "gauge") == health.CATCHING_UP
    clock[0] = QUIET_S + 1
    backlog.rested()
    assert health.phase(store, "gauge") == "已载入"


def test_a_process_that_ended_meanwhile_goes_on_waiting(store):
    Backlog(store, "gauge").handed_over(MANY)
    health.succeeded(store, "gauge", NOW)
    Backlog(store, "gauge").handed_over(MANY)
    assert health.phase(store, "gauge") == health.CATCHING_UP


def test_a_flood_of_rows_after_the_first_load_is_no_first_load(store):
    health.succeeded(store, "gauge", NOW)
    Backlog(store, "gauge").handed_over(MANY * 10)
    assert health.phase(store, "gauge") == ""


def test_a_platform_that_always_sends_much_is_not_waited_for_longer_than_a_while(store):
    clock = [0.0]
    backlog = Backlog(store, "gauge", now=lambda: clock[0])
    backlog.handed_over(MANY)
    clock[0] = LONGEST_S + 1
    backlog.handed_over(MANY)
    assert health.phase(store, "gauge") == "已载入"
