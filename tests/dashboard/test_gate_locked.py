"""The locked seat: counts and sound for a desk that fell idle, and acknowledging by password."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from cases import alarms, audit, raising, sessions
from cases.alarm_rows import changing
from cases.schema import sessions as table
from cases.schema import utc
from cases.store import real_now
from config import clock
from config.platforms import load_platforms
from config.thresholds import load_thresholds
from dashboard.gate import locked

pytestmark = pytest.mark.sec
GOOD = "Honglan-2026-x"
NOW = utc(datetime(2026, 9, 30, 2, 40))
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def desk(visitor, store, monkeypatch):
    """A seat's browser whose session fell idle, and one raised alarm."""
    held = SimpleNamespace(thresholds=load_thresholds(), platforms=load_platforms())
    monkeypatch.setattr(locked, "data", lambda: held)
    cookie = visitor().login("the-seat", GOOD).header("set-cookie").partition(";")[0]
    facts = raising.Facts(
        kind="flood", subject="3201170005", now=NOW, observed_at=NOW, rank=2,
        limit_name="guarantee", threshold=10.2, value=10.22,
    )  # fmt: skip
    with changing(store) as connection:
        number = raising.start(connection, facts, is_raised=True)
    asleep(store, timedelta(minutes=31))
    with clock.frozen(NOW + timedelta(minutes=1)):
        yield SimpleNamespace(
            cookie={"cookie": cookie}, number=number, store=store, ask=visitor, come=visitor()
        )


def asleep(store, length):
    with store.writing() as connection:
        connection.execute(update(table).values(active_at=real_now() - length))


def confirm(desk, name, password, number=None):
    form = urlencode({"username": name, "password": password, "alarm": number or desk.number})
    return desk.come.post("/desk/locked", form.encode(), headers=FORM | desk.cookie)


def test_a_seat_that_fell_idle_sees_counts_and_hears_but_not_where_or_what(desk):
    assert desk.come.get("/desk/alarms", headers=desk.cookie).status in (303, 404)
    answer = desk.come.get("/desk/locked", headers=desk.cookie)
    text = answer.body.decode()
    assert answer.status == 200
    assert "Ⅱ级 水情" in text and 'data-sound="2 60 ' in text
    assert "春和闸站" not in text and "10.22" not in text
    told = desk.come.get("/desk/locked/state", headers=desk.cookie).json()
    assert told["known"] and told["sound"] == f"2 60 {desk.number}.2"
    assert "春和闸站" not in str(told)


def test_name_and_password_acknowledge_and_open_nothing(desk):
    answer = confirm(desk, "the-seat", GOOD)
    assert answer.status == 200
    assert "the-seat：确认" in answer.body.decode() and "春和闸站" in answer.body.decode()
    assert answer.header("set-cookie") is None
    done = alarms.alarm(desk.store, desk.number)
    assert (done.state, done.acknowledged_by) == ("acknowledged", "the-seat")
    assert desk.come.get("/hotline", headers=desk.cookie).status == 303
    assert desk.come.get("/desk/locked/state", headers=desk.cookie).json()["sound"] == ""


def test_a_wrong_password_and_another_role_do_nothing_and_say_so(desk):
    assert confirm(desk, "the-seat", "wrong").status == 401
    assert confirm(desk, "the-leader", GOOD).status == 403
    assert confirm(desk, "the-seat", GOOD, "999").body.decode().count("没有这条告警") == 1
    assert alarms.alarm(desk.store, desk.number).state == "raised"


def test_many_wrong_tries_never_keep_a_seat_from_an_alarm_for_longer_than_seconds(desk, one_moment):
    waits = [confirm(desk, "the-seat", "wrong") for _ in range(14)]
    late = [answer for answer in waits if answer.status == 429]
    assert late
    seconds = [int(s) for a in late for s in re.findall(r"请 (\d+) 秒后", a.body.decode())]
    assert seconds and max(seconds) <= 6


def test_whoever_never_had_a_seat_or_lost_it_gets_the_login(desk):
    for cookie in ({}, {"cookie": "honglan_session=" + "x" * 43}):
        assert desk.come.get("/desk/locked", headers=cookie).header("location").startswith("/login")
        assert desk.come.get("/desk/locked/state", headers=cookie).json() == {"known": False}
    unit = desk.ask().login("the-unit", GOOD).header("set-cookie").partition(";")[0]
    assert desk.come.get("/desk/locked/state", headers={"cookie": unit}).json() == {"known": False}
    sessions.end(desk.store, desk.cookie["cookie"].partition("=")[2])
    assert desk.come.get("/desk/locked/state", headers=desk.cookie).json() == {"known": False}


def test_after_three_days_asleep_a_desk_is_a_stranger(desk):
    asleep(desk.store, timedelta(days=3, minutes=1))
    assert desk.come.get("/desk/locked/state", headers=desk.cookie).json() == {"known": False}


def test_another_site_cannot_post_and_every_try_is_in_the_trail(desk):
    form = urlencode({"username": "the-seat", "password": GOOD, "alarm": desk.number}).encode()
    foreign = {"origin": "http://evil.example", "sec-fetch-site": "cross-site"}
    answer = desk.come.ask("POST", "/desk/locked", form, FORM | desk.cookie | foreign)
    assert answer.status == 403
    confirm(desk, "the-seat", "wrong")
    confirm(desk, "the-seat", GOOD)
    events = [(e.event, e.outcome) for e in audit.recent(desk.store)]
    assert ("confirm", "refused") in events and ("confirm", "ok") in events
    assert any(event == "alarm.acknowledge" for event, _ in events)
