"""One process watches at a time; a killed one is followed by the next."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import alarms, heartbeat, marks, turn, watching
from cases.alarm import HEARTBEAT
from cases.turn import LAPSE, Turn
from config.environment import ROOT
from tests.cases.conftest import POSTGRES

T0 = datetime(2026, 7, 11, 2, 0, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch):
    now = [T0]
    for module in (turn, heartbeat, watching):
        monkeypatch.setattr(module, "real_now", lambda: now[0])
    return now


def test_only_one_watches_until_it_is_silent_for_longer_than_the_lapse(store, at):
    first, second = Turn(store), Turn(store)
    assert first.is_mine() and not second.is_mine()
    at[0] += LAPSE
    assert not second.is_mine()
    at[0] += timedelta(seconds=1)
    assert second.is_mine()
    assert not first.is_mine()  # it slept, and is told so


def test_who_ends_in_peace_gives_the_turn_back_and_takes_it_from_nobody(store, at):
    first, second = Turn(store), Turn(store)
    assert first.is_mine()
    second.give_back()
    assert not second.is_mine()
    first.give_back()
    assert second.is_mine()


def test_a_turn_from_the_future_holds_nobody_up_after_the_clock_was_put_back(store, at):
    assert Turn(store).is_mine()
    at[0] -= timedelta(hours=1)
    assert Turn(store).is_mine()


@given(looks=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20)), max_size=30))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_however_they_ask_nobody_gets_a_turn_that_another_renewed_within_the_lapse(
    store, at, looks
):
    turns = [Turn(store) for _ in range(3)]
    at[0] += timedelta(days=1)
    holder, renewed = None, None
    for who, seconds in looks:
        at[0] += timedelta(seconds=seconds)
        got = turns[who].is_mine()
        is_free = holder in (None, who) or at[0] - renewed > LAPSE
        assert got == is_free
        if got:
            holder, renewed = who, at[0]
    turns[holder or 0].give_back()


def test_a_killed_watcher_is_taken_over_and_its_silence_is_an_alarm(store, tmp_path, monkeypatch):
    own = os.environ | {"HONGLAN_VAR": str(tmp_path)}
    if not store.is_sqlite:
        own["HONGLAN_CASES_URL"] = POSTGRES
    running = subprocess.Popen([sys.executable, "-m", "cases", "run"], cwd=ROOT, env=own)
    try:
        end = time.monotonic() + 60
        while marks.read(store, "watching") is None:
            assert running.poll() is None and time.monotonic() < end
            time.sleep(0.05)
        standby = Turn(store)
        assert not standby.is_mine()
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
    later = datetime.now(UTC) + heartbeat.MISSING_AFTER + timedelta(seconds=5)
    for module in (turn, heartbeat, watching):
        monkeypatch.setattr(module, "real_now", lambda: later)
    assert standby.is_mine()
    watching.look(store, later)
    (told,) = alarms.open_alarms(store, later)
    assert (told.kind, told.subject, told.rank) == (HEARTBEAT, heartbeat.CASES, 3)


def test_the_process_says_why_it_does_not_start_on_an_older_store(tmp_path):
    own = os.environ | {"HONGLAN_VAR": str(tmp_path / "empty")}
    done = subprocess.run(
        [sys.executable, "-m", "cases", "run"], cwd=ROOT, env=own, capture_output=True, text=True
    )
    assert done.returncode == 78
    assert "python -m cases migrate" in done.stderr
