"""Coming and going: sessions, fixation, brute force, open redirects (S4, S11)."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cases import audit, sessions, users
from cases.schema import sessions as table
from cases.store import real_now
from dashboard.gate import page
from dashboard.gate.desk import wait_words
from dashboard.gate.login import inside

pytestmark = pytest.mark.sec
GOOD = "Honglan-2026-x"


def cookie_of(answer):
    return answer.header("set-cookie").partition(";")[0]


def test_a_login_leads_home_and_the_cookie_is_out_of_reach_for_scripts(visitor):
    for role, home in (("leader", "/"), ("seat", "/"), ("unit", "/"), ("wall", "/wall")):
        answer = visitor().login(f"the-{role}", GOOD)
        assert (answer.status, answer.header("location")) == (303, home)
        assert re.search(r"; HttpOnly; SameSite=Strict", answer.header("set-cookie"))
        came = visitor().get(home, headers={"cookie": cookie_of(answer)})
        assert came.status == 200


def test_only_the_walls_cookie_outlives_the_browser(visitor):
    assert "Max-Age" not in visitor().login("the-leader", GOOD).header("set-cookie")
    assert "Max-Age=34560000" in visitor().login("the-wall", GOOD).header("set-cookie")


def test_a_session_that_was_planted_before_the_login_is_worth_nothing_after_it(visitor):
    planted = {"cookie": "honglan_session=" + "p" * 43}
    answer = visitor().login("the-leader", GOOD, headers=planted)
    assert cookie_of(answer) != planted["cookie"]
    assert visitor().get("/hotline", headers=planted).status == 303


def test_a_login_with_a_session_ends_that_session(visitor):
    first = cookie_of(visitor().login("the-leader", GOOD))
    second = cookie_of(visitor().login("the-leader", GOOD, headers={"cookie": first}))
    assert first != second
    assert visitor().get("/hotline", headers={"cookie": first}).status == 303
    assert visitor().get("/hotline", headers={"cookie": second}).status == 200


def test_a_logout_ends_the_session_on_the_server(visitor):
    cookie = {"cookie": cookie_of(visitor().login("the-leader", GOOD))}
    answer = visitor().post("/logout", headers=cookie)
    assert (answer.status, answer.header("location")) == (303, "/login")
    assert "Max-Age=0" in answer.header("set-cookie")
    assert visitor().get("/hotline", headers=cookie).status == 303


def test_an_idle_person_is_out_and_only_keys_and_pointer_keep_a_session(visitor, store):
    leader = visitor("leader")
    age = real_now() - timedelta(minutes=25)
    with store.writing() as connection:
        connection.execute(update(table).values(active_at=age))
    assert leader.get("/hotline").status == 200  # a page that refreshes itself
    with store.reading() as connection:
        assert connection.scalar(select(table.c.active_at)) == age
    assert leader.post("/session/seen").status == 204
    with store.reading() as connection:
        assert connection.scalar(select(table.c.active_at)) > age
    with store.writing() as connection:
        connection.execute(update(table).values(active_at=real_now() - timedelta(minutes=31)))
    assert leader.get("/hotline").status == 303
    over = leader.post("/session/seen")
    assert (over.status, over.body) == (200, b"no")


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(visitor):
    known = visitor().login("the-leader", "wrong-Password-1")
    unknown = visitor().login("nobody-here", "wrong-Password-1")
    assert (known.status, unknown.status) == (401, 401)
    assert known.body.replace(b"the-leader", b"") == unknown.body.replace(b"nobody-here", b"")


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(visitor, monkeypatch):
    count = []
    verify = users._verify
    monkeypatch.setattr(users, "_verify", lambda *given: count.append(1) or verify(*given))
    visitor().login("the-leader", "wrong-Password-1")
    once = len(count)
    visitor().login("nobody-here", "wrong-Password-1")
    assert len(count) == 2 * once


def test_ten_thousand_guesses_are_stopped_and_others_still_get_in(visitor, one_moment):
    statuses = [visitor().login("the-leader", f"Guess-{n}", client="6.6.6.6").status
                for n in range(60)]  # fmt: skip
    assert statuses[:3] == [401] * 3
    assert statuses.count(401) <= 10 and set(statuses) == {401, 429}
    assert visitor().login("the-admin", GOOD, client="10.0.0.8").status == 303


def test_the_wait_is_said_in_words_and_seconds(visitor, one_moment):
    for _ in range(3):
        visitor().login("the-leader", "wrong-Password-1")
    answer = visitor().login("the-leader", GOOD)
    assert answer.status == 429
    assert int(answer.header("retry-after")) >= 1
    assert "后再试" in answer.body.decode()
    assert wait_words(0.2) == "尝试次数过多，请 1 秒后再试。"
    assert wait_words(899) == "尝试次数过多，请 15 分钟后再试。"


def test_strangers_cannot_shut_out_somebody_at_the_usual_place(visitor, one_moment):
    assert visitor().login("the-leader", GOOD, client="10.0.0.7").status == 303
    for number in range(40):
        visitor().login("the-leader", "Guess-123456", client=f"6.6.6.{number}")
    assert visitor().login("the-leader", GOOD, client="6.6.7.1").status == 429
    assert visitor().login("the-leader", GOOD, client="10.0.0.7").status == 303


def test_one_password_against_many_names_is_stopped_by_the_address(visitor):
    statuses = [visitor().login(f"user{n}", GOOD, client="6.6.6.6").status for n in range(30)]
    assert statuses.count(401) <= 10


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)",
        "/x\r\nset-cookie: a=b", "\\\\evil", "/ /evil", "", "/%0d%0a", "evil", "/a#b",
        "/" + "a" * 2000,
    ],
)  # fmt: skip
def test_the_login_leads_nowhere_else(visitor, address):
    assert inside(address) == ""
    answer = visitor().login("the-leader", GOOD, following=address)
    assert (answer.status, answer.header("location")) == (303, "/")


def test_the_login_leads_back_to_the_page_that_was_asked_for(visitor):
    wanted = "/hotline?period=2026-W47&by=unit"
    answer = visitor().login("the-leader", GOOD, following=wanted)
    assert answer.header("location") == wanted
    answer = visitor().login("the-wall", GOOD, following="/hotline")
    assert answer.header("location") == "/wall"
    answer = visitor().login("the-wall", GOOD, following="/wall?scene=overview")
    assert answer.header("location") == "/wall?scene=overview"


def test_what_was_typed_comes_back_as_text(visitor):
    typed = '"><script>alert(1)</script>{{7*7}}'
    body = visitor().login(typed, "x", following=typed).body.decode()
    assert "<script>alert" not in body and "{{7*7}}" in body
    assert "<script>" not in page.notice("<script>", "")


def test_each_login_logout_and_refusal_is_in_the_audit_trail(visitor, store):
    visitor().login("the-leader", "wrong-Password-1")
    cookie = cookie_of(visitor().login("the-leader", GOOD))
    visitor().post("/logout", headers={"cookie": cookie})
    trail = [(row.event, row.who, row.outcome) for row in reversed(audit.recent(store))]
    assert trail == [
        ("login", "the-leader", "refused"),
        ("login", "the-leader", "ok"),
        ("logout", "the-leader", "ok"),
    ]
    assert audit.verify(store) == 3


def test_a_changed_password_ends_every_other_session(visitor, store):
    here, there = visitor("leader"), visitor("leader")
    form = f"old={GOOD}&new=Another-2026-y&again=Another-2026-y".encode()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert here.post("/password", form.replace(b"again=A", b"again=B"), headers=kind).status == 400
    assert here.post("/password", form.replace(b"Another", b"a"), headers=kind).status == 400
    answer = here.post("/password", form, headers=kind)
    assert answer.status == 303
    assert there.get("/hotline").status == 303
    assert here.get("/hotline").status == 303
    assert visitor().get("/hotline", headers={"cookie": cookie_of(answer)}).status == 200
    assert users.authenticate(store, "the-leader", "Another-2026-y")


def test_the_session_id_stands_in_no_page_and_no_address(visitor, store):
    leader = visitor("leader")
    session_id = leader.headers["cookie"].partition("=")[2]
    for path in ("/", "/hotline", "/password", "/_dash-layout"):
        assert session_id.encode() not in leader.get(path).body
    assert sessions.find(store, session_id)


def test_a_person_who_came_by_a_link_is_known_to_the_login_page_and_nobody_else_is(visitor):
    assert visitor("leader").get("/login/known").body == b"yes"
    for stranger in (visitor(), visitor(token="leader")):
        assert stranger.get("/login/known").body == b"no"


def test_a_form_that_is_no_form_is_only_a_wrong_login(visitor):
    for body in (b"", b"\xff\xfe", b"username", b"&" * 4000, b"a=%zz&username=%ff"):
        kind = {"content-type": "application/x-www-form-urlencoded"}
        client = f"10.1.{len(body) % 250}.{sum(body) % 250}"
        status = visitor().post("/login", body, headers=kind, client=client).status
        assert status in (401, 429)
