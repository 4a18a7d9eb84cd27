"""Turns in lanes, on the steady clock."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from etl import schedule
from etl.schedule import Schedule, Steadiness

OFTEN = timedelta(seconds=0.01)


@pytest.fixture
def turns(monkeypatch):
    monkeypatch.setattr(schedule, "_SHORTEST", OFTEN)
    made = Schedule()
    yield made
    made.stop()


def test_a_slow_turn_holds_up_its_own_lane_only(turns):
    ended, quick, behind = threading.Event(), threading.Semaphore(0), []
    turns.every("slow", OFTEN, ended.wait, lane="weather")
    turns.every("behind it", OFTEN, lambda: behind.append(1), lane="weather")
    turns.every("quick", OFTEN, quick.release, lane="gauge")
    turns.start()
    for _ in range(20):
        quick.acquire()
    assert behind == []
    ended.set()


def test_a_turn_never_runs_twice_at_once_and_a_late_one_is_made_up_for_once(turns):
    under_way, worst, went_on = [0], [0], threading.Event()
    counted: list[float] = []

    def work() -> None:
        under_way[0] += 1
        worst[0] = max(worst[0], under_way[0])
        counted.append(time.monotonic())
        if len(counted) == 1:
            went_on.wait()
        under_way[0] -= 1

    turns.every("one", timedelta(hours=1), work, lane="one")
    turns.every("two", OFTEN, went_on.set, lane="two")
    turns.start()
    went_on.wait()
    turns.stop()
    assert worst == [1]
    assert len(counted) == 1


def test_a_turn_that_fails_is_told_once_until_it_works_again():
    told, calls = [], []
    done = threading.Event()

    def work() -> None:
        calls.append(1)
        if len(calls) <= 5:
            raise ZeroDivisionError("division by zero")
        done.set()

    turns = Schedule(told.append)
    turns.every("bad", timedelta(seconds=1), work, lane="one")
    turns._lanes["one"]._turns = [(0.0, 0, "bad", 0.001, work)]
    with capture_logs() as said:
        turns.start()
        done.wait()
        turns.stop()
    assert [each["event"] for each in said] == ["turn_failed", "turn_works_again"]
    assert "division by zero" in said[0]["reason"]
    assert len(told) == 5


def test_turns_come_on_when_the_system_clock_is_set_back(turns, monkeypatch):
    came = threading.Semaphore(0)
    turns.every("one", OFTEN, came.release, lane="one")
    turns.start()
    came.acquire()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    for _ in range(5):
        came.acquire()


def test_a_clock_that_jumped_is_told_once_and_has_to_settle():
    wall, steady = [1000.0], [0.0]
    watched = Steadiness(lambda: wall[0], lambda: steady[0])

    def go(seconds: float, jump: float = 0.0) -> float:
        wall[0] += seconds + jump
        steady[0] += seconds
        return watched.look()

    with capture_logs() as said:
        assert go(3600) == 3600
        assert go(5, jump=31_536_000) == 0
        assert go(5) == 5
        assert go(5, jump=-31_536_000) == 0
        assert go(1800, jump=0.02) == 1800
    assert [each["seconds"] for each in said] == [31_536_000, -31_536_000]
