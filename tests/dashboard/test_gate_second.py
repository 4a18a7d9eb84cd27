"""The second factor at the door (S4, S11): asked after the password, demanded of administrators."""

import re
import time
from urllib.parse import urlencode

import pytest

from cases import attempts, audit, factor, sessions, users
from dashboard.gate.desk import Desk
from tests.dashboard.conftest import FACTOR, Visitor

pytestmark = pytest.mark.sec
PASSWORD = "Honglan-2026-x"


def posted(visitor, path, fields, cookie=""):
    kind = {"content-type": "application/x-www-form-urlencoded"}
    kind |= {"cookie": cookie} if cookie else {}
    return visitor.post(path, urlencode(fields).encode(), headers=kind)


def cookies(answer):
    return [value.partition(";")[0] for name, value in answer.headers if name == "set-cookie"]


def half_of(visitor, name="the-admin"):
    answer = visitor.login(name, PASSWORD)
    assert (answer.status, answer.header("location")) == (303, "/login/factor")
    (cookie,) = cookies(answer)
    assert cookie.startswith("honglan_half=")
    return cookie


def code(steps=0):
    return factor.code(FACTOR, int(time.time() // factor.STEP_S) + steps)


def test_the_right_password_alone_gives_an_administrator_no_session(visitor, store):
    cookie = half_of(visitor())
    for carried in (cookie, cookie.replace("honglan_half", "honglan_session")):
        assert visitor().get("/hotline", headers={"cookie": carried}).status == 303
    assert sessions.open_ones(store) == []


def test_password_and_code_let_in_once(visitor, store):
    cookie = half_of(visitor())
    answer = posted(visitor(), "/login/factor", {"code": code()}, cookie)
    assert (answer.status, answer.header("location")) == (303, "/")
    session = next(each for each in cookies(answer) if each.startswith("honglan_session="))
    assert visitor().get("/hotline", headers={"cookie": session}).status == 200
    again = posted(visitor(), "/login/factor", {"code": code(1)}, cookie)
    assert again.status == 401, "a half-done login is good once"
    assert [row.event for row in audit.recent(store)][:1] == ["login"]
    assert '"factor": "code"' in audit.recent(store)[0].detail


def test_a_wrong_code_is_refused_audited_and_counted(visitor, store, one_moment):
    cookie = half_of(visitor())
    statuses = [
        posted(visitor(), "/login/factor", {"code": "000000"}, cookie).status for _ in range(5)
    ]
    assert statuses[:3] == [401, 401, 401] and set(statuses[3:]) == {429}
    assert audit.recent(store)[0].event == "factor"
    assert sessions.open_ones(store) == []


@pytest.mark.parametrize("cookie", ["", "honglan_half=x", "honglan_half=a; honglan_half=b"])
def test_a_code_without_the_password_before_it_opens_nothing(visitor, cookie):
    assert posted(visitor(), "/login/factor", {"code": code()}, cookie).status == 401


def test_an_administrator_without_a_factor_is_led_to_it_and_does_nothing_else(
    visitor, store, people
):
    factor.drop(store, "the-admin")
    admin = visitor("admin")
    for path in ("/", "/hotline", "/api/v1/users", "/_dash-layout"):
        answer = admin.get(path)
        assert (answer.status, answer.header("location")) == (303, "/factor"), path
    shown = admin.get("/factor").body.decode()
    assert "<svg" in shown and "须先启用动态码" in shown
    assert not re.search(r'(?:src|href)="https?:', shown)
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", shown)[1].replace(" ", "")
    half = re.search(r'name="half" value="([^"]+)"', shown)[1]
    wrong = posted(admin, "/factor", {"half": half, "code": "000000"})
    assert wrong.status == 400 and "动态码不符" in wrong.body.decode()
    again = wrong.body.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", again)[1].replace(" ", "")
    half = re.search(r'name="half" value="([^"]+)"', again)[1]
    right = factor.code(secret, int(time.time() // factor.STEP_S))
    done = posted(admin, "/factor", {"half": half, "code": right}).body.decode()
    assert len(re.findall(r"<li><code>", done)) == 10
    assert admin.get("/hotline").status == 200


def test_a_one_time_password_must_be_changed_before_anything_else(visitor, store, people):
    users.set_password(store, "the-leader", "One-Time-Only-77", one_time=True)
    user = users.find(store, "the-leader")
    leader = Visitor(
        visitor().app, {"cookie": f"honglan_session={sessions.start(store, user.id, 'leader')}"}
    )
    assert leader.get("/hotline").header("location") == "/password"
    assert "一次性密码" in leader.get("/password").body.decode()
    fields = {"old": "One-Time-Only-77", "new": "Stone-Lake-2026-z", "again": "Stone-Lake-2026-z"}
    changed = posted(leader, "/password", fields)
    session = cookies(changed)[0]
    assert visitor().get("/hotline", headers={"cookie": session}).status == 200


def test_whoever_guesses_at_a_login_never_keeps_a_seat_from_an_alarm(store, people):
    desk = Desk(store, "10.0.0.9", "")
    began = time.time() - 600
    for n in range(attempts.MOST):
        assert attempts.take(store, ("account:the-seat",), now=began + 60 * n) == 0
    assert desk.check("the-seat", PASSWORD)[0] is None, "the login waits"
    user, wait = desk.confirm("the-seat", PASSWORD)
    assert (user.name, wait) == ("the-seat", 0)


def test_guesses_at_an_acknowledgement_wait_for_seconds_at_most(store, people, one_moment):
    desk = Desk(store, "10.0.0.9", "")
    waits = [desk.confirm("the-seat", "wrong-Password-1")[1] for _ in range(30)]
    assert sum(wait > 0 for wait in waits) >= 26 and max(waits) <= 5
    users.add(store, "second", "seat", PASSWORD)
    assert desk.confirm("second", PASSWORD)[0], "another name is not slowed"
    start = time.time() - 60
    for n in range(20):
        attempts.take(store, ("confirm:old@10.0.0.9",), now=start + n, longest=5)
    assert attempts.take(store, ("confirm:old@10.0.0.9",), longest=5) == 0
