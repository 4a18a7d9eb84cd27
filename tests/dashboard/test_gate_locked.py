"""The locked seat: counts and sound for a desk that fell idle, and acknowledging by password."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from cases import alarms, audit, raising, sessions, users
from cases.alarm_rows import changing
from cases.schema import sessions as table
from cases.schema import utc
from cases.store import real_now
from config import clock
from config.platforms import load_platforms
from config.thresholds import load_thresholds
from dashboard.gate import locked, place
from dashboard.gate.desk import CONFIRMING, SHORT_WAIT_S, WAITING

pytestmark = pytest.mark.sec
GOOD = "Honglan-2026-x"
NOW = utc(datetime(2026, 9, 30, 2, 40))
FORM = {"content-type": "application/x-www-form-urlencoded"}
AWAY = "10.0.0.99"  # where no seat has ever logged in


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


def confirm(desk, name, password, number=None, cookie=None, **more):
    form = urlencode({"username": name, "password": password, "alarm": number or desk.number})
    own = desk.cookie if cookie is None else cookie
    return desk.come.post("/desk/locked", form.encode(), headers=FORM | own, **more)


def logged_out(desk, **more):
    """The cookies of a browser that a seat logged in with and properly logged out of."""
    cookie = desk.ask().login("the-seat", GOOD, **more).header("set-cookie").partition(";")[0]
    answer = desk.come.post("/logout", headers={"cookie": cookie}, **more)
    kept = [value.partition(";") for name, value in answer.headers if name == "set-cookie"]
    return {"cookie": next(pair for pair, _, rest in kept if "Max-Age=0" not in rest)}


def known(desk, cookie=None, client=AWAY):
    answer = desk.come.get("/desk/locked/state", headers=cookie or {}, client=client)
    return answer.json()["known"]


def test_a_seat_that_fell_idle_sees_counts_and_hears_but_not_where_or_what(desk):
    assert desk.come.get("/desk/alarms", headers=desk.cookie).status in (303, 404)
    answer = desk.come.get("/desk/locked", headers=desk.cookie)
    text = answer.body.decode()
    assert answer.status == 200
    assert "Ⅱ级 水情" in text and 'data-sound="2 60 ' in text
    assert "春和闸站" not in text and "10.22" not in text
    told = desk.come.get("/desk/locked/state", headers=desk.cookie).json()
    called_by = alarms.alarm(desk.store, desk.number).called_by
    assert told["known"] and told["sound"] == f"2 60 {called_by}"
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
    assert confirm(desk, "the-seat", GOOD, "999").body.decode().count("没有这条告警") == 1
    assert alarms.alarm(desk.store, desk.number).state == "raised"


def test_many_wrong_tries_never_keep_a_seat_from_an_alarm_for_longer_than_seconds(desk, one_moment):
    waits = [confirm(desk, "the-seat", "wrong") for _ in range(14)]
    late = [answer for answer in waits if answer.status == 429]
    assert late
    seconds = [int(s) for a in late for s in re.findall(r"请 (\d+) 秒后", a.body.decode())]
    assert seconds and max(seconds) <= 6


def test_where_no_desk_ever_stood_there_is_the_login_and_nothing_else(desk):
    made_up = [
        {}, {"cookie": "honglan_session=" + "x" * 43}, {"cookie": "honglan_desk=1.1790000000.00"},
        {"cookie": "honglan_desk=x"},
    ]  # fmt: skip
    for cookie in made_up:
        answer = desk.come.get("/desk/locked", headers=cookie, client=AWAY)
        assert answer.header("location").startswith("/login")
        assert desk.come.get("/desk/locked/state", headers=cookie, client=AWAY).json() == {
            "known": False
        }
        assert confirm(desk, "the-seat", GOOD, cookie=cookie, client=AWAY).status == 303
    unit = desk.ask().login("the-unit", GOOD, client=AWAY).header("set-cookie").partition(";")[0]
    assert not known(desk, {"cookie": unit})
    sessions.end(desk.store, desk.cookie["cookie"].partition("=")[2])
    assert not known(desk, desk.cookie), "a session that somebody ended is none"
    assert "/desk/locked" not in desk.come.get("/login", client=AWAY).body.decode()
    assert alarms.alarm(desk.store, desk.number).state == "raised"


def test_after_three_days_asleep_a_browser_elsewhere_is_a_stranger(desk):
    assert known(desk, desk.cookie)
    asleep(desk.store, timedelta(days=3, minutes=1))
    assert not known(desk, desk.cookie)


def test_a_browser_that_a_seat_logged_out_of_still_acknowledges_by_name(desk):
    kept = logged_out(desk, client="10.9.9.9")
    with desk.store.writing() as connection:
        connection.execute(update(table).values(address="elsewhere"))
    assert known(desk, kept)
    assert desk.come.get("/hotline", headers=kept, client=AWAY).status == 303, "opens nothing"
    assert confirm(desk, "the-seat", GOOD, cookie=kept, client=AWAY).status == 200
    assert alarms.alarm(desk.store, desk.number).acknowledged_by == "the-seat"


def test_a_new_browser_at_the_address_of_a_desk_is_shown_the_way_and_acknowledges(desk):
    page = desk.come.get("/login").body.decode()
    assert 'href="/desk/locked"' in page
    assert confirm(desk, "the-seat", GOOD, cookie={}).status == 200
    assert alarms.alarm(desk.store, desk.number).acknowledged_by == "the-seat"


def test_an_address_is_a_desks_for_fourteen_days_and_while_its_seat_is_one(desk):
    assert known(desk, client="10.0.0.7")
    with desk.store.writing() as connection:
        connection.execute(update(table).values(created_at=real_now() - timedelta(days=15)))
    assert not known(desk, client="10.0.0.7")
    with desk.store.writing() as connection:
        connection.execute(update(table).values(created_at=real_now()))
    users.disable(desk.store, "the-seat")
    assert not known(desk, client="10.0.0.7")


def test_a_mark_dies_with_the_account_its_password_and_after_fourteen_days(desk, monkeypatch):
    user = users.find(desk.store, "the-seat")
    young = {"cookie": f"honglan_desk={place.mark(user.id)}"}
    old = {"cookie": f"honglan_desk={place.mark(user.id, real_now() - timedelta(days=15))}"}
    unit = users.find(desk.store, "the-unit")
    assert known(desk, young) and not known(desk, old)
    assert not known(desk, {"cookie": f"honglan_desk={place.mark(unit.id)}"})
    before = {"cookie": f"honglan_desk={place.mark(user.id, user.password_at - timedelta(days=1))}"}
    assert not known(desk, before), "the password is another since"
    users.disable(desk.store, "the-seat")
    assert not known(desk, young)


def test_whoever_floods_the_login_holds_nobody_up_who_acknowledges(desk, one_moment):
    """Ten bad logins a second from the desk's own address shut the login, not the confirmation."""
    for number in range(40):
        desk.ask().login(("the-seat", "the-leader", "nobody")[number % 3], f"Wrong-{number}-x")
    assert desk.ask().login("the-seat", GOOD).status == 429
    for _ in range(24):  # every place at the login is taken, and both its hashes are at work
        WAITING.place("login").__enter__()
    both = [users._HASHING.acquire() for _ in range(2)]
    try:
        assert desk.ask().login("the-admin", GOOD).status in (429, 503)
        assert confirm(desk, "the-seat", GOOD, cookie={}).status == 200
    finally:
        WAITING._each.clear()
        for _ in both:
            users._HASHING.release()
    assert alarms.alarm(desk.store, desk.number).acknowledged_by == "the-seat"


def test_whoever_guesses_at_the_desks_address_is_not_counted_against_the_desks_browser(
    desk, one_moment
):
    kept = logged_out(desk)
    tries = [confirm(desk, "the-seat", "wrong", cookie={}).status for _ in range(40)]
    assert tries.count(401) == 3 and tries.count(429) == 37
    assert confirm(desk, "the-seat", GOOD, cookie=kept).status == 200
    assert CONFIRMING.size == 0


def test_guessing_at_one_name_from_one_place_is_some_hundred_tries_an_hour(desk, monkeypatch):
    began, passed = real_now().timestamp(), [0.0]
    monkeypatch.setattr("cases.attempts.time", SimpleNamespace(time=lambda: began + passed[0]))
    looked = []
    monkeypatch.setattr(users, "authenticate", lambda *_: looked.append(1))
    visitor = locked.desk(desk.store, SimpleNamespace(headers={}))
    while passed[0] < 3600:
        visitor.confirm("the-seat", "wrong", "address:10.0.0.7")
        passed[0] += 0.5
    assert 3600 / SHORT_WAIT_S <= len(looked) <= 724


def test_no_password_is_looked_at_while_nothing_waits(desk, monkeypatch):
    alarms.acknowledge(desk.store, desk.number, "li", clock.now())
    monkeypatch.setattr(users, "authenticate", lambda *_: pytest.fail("it was looked at"))
    answer = confirm(desk, "the-seat", GOOD)
    assert answer.status == 409 and "已有人处理" in answer.body.decode()
    for number in ("", "x", "９", "9" * 12):
        assert confirm(desk, "the-seat", GOOD, number or " ").status == 409


def test_a_right_password_of_no_seat_a_wrong_one_and_an_unknown_name_are_answered_alike(desk):
    answers = {
        re.sub(r'value="[a-z-]*" auto', "", confirm(desk, name, word).body.decode())
        for name, word in (
            ("the-seat", "wrong"),
            ("the-leader", GOOD),
            ("the-unit", GOOD),
            ("nobody", GOOD),
        )
    }
    assert len(answers) == 1 and "或不是值守席位的账号" in answers.pop()
    assert alarms.alarm(desk.store, desk.number).state == "raised"
    told = [(e.who, e.outcome) for e in audit.recent(desk.store) if e.event == "confirm"]
    assert sorted(told) == [
        ("nobody", "refused"), ("the-leader", "refused"), ("the-seat", "refused"),
        ("the-unit", "refused"),
    ]  # fmt: skip


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
