"""Down once, up once, and left alone when it stays down."""

from __future__ import annotations

from datetime import timedelta

import pytest
import structlog

from cases import health, runs
from cases.faults import Fault
from config import clock
from config.platforms import load_platforms
from etl.errors import Refused, Retryable
from etl.health import OPENS_AFTER, Breaker, Watch
from tests import fresh


@pytest.fixture
def store(var, configure, blocks):
    configure(blocks["hotline"].format(url="http://127.0.0.1:9/", size=20))
    opened = fresh.store()
    yield opened
    opened.close()


def fail(watch: Watch, error: Exception) -> None:
    with pytest.raises(type(error)), watch.run("poll"):
        raise error


def state(store):
    return health.states(store, load_platforms(), clock.now())[0]


def test_down_is_said_once_and_up_once(store):
    watch = Watch(store, "hotline_12345")
    with structlog.testing.capture_logs() as said:
        for _ in range(3):
            fail(watch, Retryable("hotline_12345", "HTTP 503"))
        for _ in range(2):
            with watch.run("poll") as tally:
                tally.answered = True
    assert [each["event"] for each in said] == ["platform_down", "platform_up"]
    assert [run.ok for run in runs.recent(store)] == [True, True, False, False, False]


def test_a_failure_that_may_pass_is_not_failed_for_good_until_the_breaker_opens(store):
    watch = Watch(store, "hotline_12345")
    with watch.run("poll") as tally:
        tally.answered = True
    lamps = []
    for _ in range(OPENS_AFTER):
        fail(watch, Retryable("hotline_12345", "HTTP 503"))
        lamps.append(state(store).state)
    assert lamps == ["fresh"] * (OPENS_AFTER - 1) + ["failed"]
    assert watch.breaker.is_open


def test_what_a_person_must_mend_is_failed_at_once_with_the_reason(store):
    watch = Watch(store, "hotline_12345")
    fail(watch, Refused("hotline_12345", "HTTP 401", fault=Fault.UNACCEPTED))
    assert state(store).state == "failed"
    assert "令牌" in state(store).hint and "HTTP" not in state(store).hint
    assert state(store).error == "HTTP 401"
    assert runs.recent(store)[0].fault == Fault.UNACCEPTED
    assert "热线办" in state(store).hint


def test_a_run_without_a_sign_of_life_does_not_make_a_platform_fresh(store):
    with Watch(store, "hotline_12345").run("stream") as tally:
        tally.rows_in = 3
    assert state(store).last_success is None


def test_the_breaker_lets_one_probe_through_after_ever_longer_pauses():
    moment = [0.0]
    breaker = Breaker(lambda: moment[0], dice=lambda: 0.0)
    pauses = []
    for _ in range(9):
        breaker.failed()
        assert not breaker.allows()
        start = moment[0]
        while not breaker.allows():
            moment[0] += 1
        pauses.append(moment[0] - start)
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 600, 600]
    assert breaker.is_open
    breaker.worked()
    assert breaker.allows()
    assert not breaker.is_open


def pause(error: Exception | None, *, dice: float = 0.0, failures: int = 1) -> float:
    moment = [0.0]
    breaker = Breaker(lambda: moment[0], dice=lambda: dice)
    for _ in range(failures):
        breaker.failed(error)
    while not breaker.allows():
        moment[0] += 0.5
    return moment[0]


def test_the_pause_after_a_failure_depends_on_its_kind():
    assert pause(Retryable("weather", "HTTP 503")) == 5
    assert pause(Retryable("weather", "HTTP 429", after=90)) == 90
    assert pause(Retryable("weather", "HTTP 429", after=1e9)) == 3600
    assert pause(Refused("weather", "HTTP 401")) == 30
    assert pause(Refused("weather", "HTTP 401"), failures=20) == 600


def test_what_failed_together_is_not_asked_together_again():
    assert pause(Retryable("weather", "HTTP 503"), dice=1.0) == 2.5
    assert pause(Retryable("weather", "HTTP 503", after=60), dice=1.0) == 60


def test_after_a_start_a_platform_is_as_down_as_its_runs_say_and_is_told_only_once(store):
    watch = Watch(store, "hotline_12345")
    for _ in range(OPENS_AFTER):
        fail(watch, Retryable("hotline_12345", "HTTP 503"))
    again = Watch(store, "hotline_12345")
    again.resume("poll")
    assert again.breaker.is_open
    assert again.breaker.allows()
    with structlog.testing.capture_logs() as said:
        fail(again, Retryable("hotline_12345", "HTTP 503"))
        with again.run("poll") as tally:
            tally.answered = True
    assert [each["event"] for each in said] == ["platform_up"]


def test_a_success_noted_by_a_clock_that_was_a_year_ahead_does_not_keep_a_lamp_fresh(store):
    now = clock.now()
    health.succeeded(store, "hotline_12345", now + timedelta(days=365))
    assert state(store).state == "stale"
    health.succeeded(store, "hotline_12345", now)
    assert state(store).state == "fresh"
