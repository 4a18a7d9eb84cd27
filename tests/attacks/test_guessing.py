"""Guessing passwords (S11): 10,000 tries at one account, one password at 500, and the duty desk.

A few hundred tries in the usual run; HONGLAN_LONG=1 makes all of them and measures what an unknown
name costs with the real hash.
"""

import os
import statistics
import time
from types import SimpleNamespace

import pytest

from cases import attempts, audit, users
from dashboard.gate.desk import SHORT_WAIT_S, Desk
from tests import fresh

pytestmark = [pytest.mark.sec, pytest.mark.fault]
LONG = os.environ.get("HONGLAN_LONG") == "1"
TRIES, ACCOUNTS = (10_000, 500) if LONG else (200, 40)
GOOD = "Honglan-2026-x"


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store of its own with one named seat."""
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    opened = fresh.store()
    users.add(opened, "seat-3", "seat", GOOD, units=("热线办",))
    yield opened
    opened.close()


@pytest.fixture
def hashed(monkeypatch):
    """Which names came as far as the hash; the hash itself is not what is tried here."""
    found = []

    def authenticate(_store, name, password, _lane=None):
        found.append(name)
        return users.find(_store, name) if password == GOOD and name == "seat-3" else None

    monkeypatch.setattr(users, "authenticate", authenticate)
    return found


def test_s11_of_all_tries_at_one_account_ten_in_a_quarter_of_an_hour_are_looked_at(
    store, hashed, monkeypatch
):
    clock = SimpleNamespace(now=time.time())
    monkeypatch.setattr("cases.attempts.time", SimpleNamespace(time=lambda: clock.now))
    for number in range(TRIES):  # from as many addresses as an attacker likes
        clock.now += (attempts.WINDOW_S - 1) / TRIES
        Desk(store, f"6.{number % 250}.{number // 250}.1", "x").check("seat-3", f"Guess-{number}")
    assert len(hashed) == attempts.MOST
    _, wait = Desk(store, "6.6.6.6", "x").check("seat-3", GOOD)
    assert 0 < wait <= attempts.WINDOW_S, "it runs out by itself"


def test_s11_one_password_at_many_accounts_is_stopped_by_the_address(store, hashed, one_moment):
    for number in range(ACCOUNTS):
        Desk(store, "6.6.6.6", "x").check(f"user-{number}", GOOD)
    assert 0 < len(hashed) <= attempts.MOST
    assert Desk(store, "10.0.0.8", "x").check("seat-3", GOOD)[0], "others get in"


def test_s11_a_named_seat_is_never_kept_from_acknowledging_an_alarm(store, hashed, one_moment):
    for number in range(TRIES):
        Desk(store, "6.6.6.6", "x").check("seat-3", f"Guess-{number}")
        Desk(store, "6.6.6.6", "x").confirm("seat-3", f"Guess-{number}")
    user, wait = Desk(store, "10.0.0.7", "x").confirm("seat-3", GOOD)
    assert user is not None and wait == 0, "another place is another count"
    _, wait = Desk(store, "6.6.6.6", "x").confirm("seat-3", GOOD)
    assert wait <= SHORT_WAIT_S, "and at the attacked place it is seconds"
    assert [row.who for row in audit.recent(store) if row.outcome == "ok"] == ["seat-3"]


if LONG:  # a shared machine is no clock

    def test_s11_an_unknown_name_takes_as_long_as_a_known_one(store):
        took = {"seat-3": [], "nobody": []}
        for _ in range(60):
            for name, times in took.items():  # by turns, so that the machine's mood is the same
                began = time.perf_counter()
                assert users.authenticate(store, name, "Wrong-2026-x") is None
                times.append(time.perf_counter() - began)
        known, unknown = (statistics.median(times) for times in took.values())
        print(f"known {known * 1000:.1f} ms, unknown {unknown * 1000:.1f} ms")
        assert abs(known - unknown) / known < 0.05
