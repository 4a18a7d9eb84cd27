"""What many share is drawn once, and nobody is given what was drawn for other rights."""

# ruff: noqa: F811 - a fixture is imported, then asked for by its name

import gzip
import json
import random
import re
from collections import Counter
from datetime import timedelta

import pytest

from cases import health, sessions, users
from config import clock
from dashboard import source
from dashboard.ahead import Ahead
from dashboard.gate import caller
from dashboard.pages import app as pages
from dashboard.pages import render, together
from dashboard.pieces import Piece
from tests.dashboard.conftest import Visitor
from tests.dashboard.test_matrix import (
    KEYS,
    NOW,
    OTHER,
    OWN_PLACE,
    SOON,
    book,
    call_of,
    house,  # noqa: F401 - the whole server, in place of the small one
    there,  # noqa: F401 - platforms have delivered
)
from warehouse.errors import QueryStopped
from warehouse.snapshot import Snapshot

pytestmark = pytest.mark.sec
FRAME, SHEET, BEAT, ROWS = pages._PAGE[:4]
PROOF = "?proof=hotline_received&from=2026-11-01&to=2026-11-30"
SHARED = [
    page.PATH
    for page in pages.PAGES
    if not hasattr(page, "standing") and not getattr(page, "OWN", False)
]
ASKED = [(FRAME, "/hotline", ""), (FRAME, "/mediation", ""), (SHEET, "/hotline", PROOF),
         (ROWS, "/hotline", f"{PROOF}&rows=1")]  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_kept(house):
    data = source.data()
    data.ahead.close()
    data.kept.clear()
    data.kept.told.clear()
    data.ahead = Ahead(data.kept, most=0)


@pytest.fixture
def alone(gate, monkeypatch):
    """Asks as if nothing were shared: what Dash itself answers."""

    def ask(who, *wish):
        with monkeypatch.context() as patch:
            patch.setattr(gate.app, "answers", {})
            return ask_of(gate, who, *wish)

    return ask


def ask_of(gate, who, name, path, search, **headers):
    request = {"startRow": 0, "endRow": 100, "sortModel": []}
    call = call_of(book(gate)._declared[name], name, {"case-rows": request})
    for one in (*call["inputs"], *call["state"]):
        if one["id"] == "url":
            one["value"] = path if one["property"] == "pathname" else search
    answer = who.call(call, headers=headers)
    assert answer.status in (200, 403), (name, path, search)  # 403: a role without this callback
    return answer


def told(answer):
    return json.loads(answer.body)


@pytest.mark.parametrize("path", SHARED)
def test_a_shared_page_is_the_one_that_would_be_drawn_for_the_caller_alone(
    gate, visitor, there, alone, path
):
    leader = visitor("leader")
    shared = told(ask_of(gate, leader, FRAME, path, ""))
    assert source.data().kept.told["made"] == 1, "it went another way"
    assert shared == told(alone(leader, FRAME, path, ""))
    if "这一块没取到" not in json.dumps(shared, ensure_ascii=False):  # a town without such tables
        assert told(ask_of(gate, leader, FRAME, path, "")) == shared
        assert source.data().kept.told["kept"] == 1


def test_callers_of_all_rights_in_any_order_are_given_what_is_drawn_for_them_alone(
    gate, store, visitor, there, alone
):
    villager = users.add(store, "village", "unit", "Stone-Lake-2026-x", units=("社区",),
                         villages=("320117005002",))  # fmt: skip
    water = users.add(store, "water", "unit", "Stone-Lake-2026-x", units=("水务站",))
    people = {role: visitor(role) for role in ("leader", "seat", "unit", "auditor")}
    for user in (villager, water):
        cookie = sessions.start(store, user.id, user.role)
        people[user.name] = Visitor(gate, {"cookie": f"honglan_session={cookie}"})
    wishes = [(who, *asked) for who in people for asked in ASKED]
    own = {(who, *asked): told(alone(people[who], *asked)) for who, *asked in wishes}
    for order in (1, 2):
        random.Random(order).shuffle(wishes)
        for who, *asked in wishes:
            found = told(ask_of(gate, people[who], *asked))
            assert found == own[who, *asked], f"{who} at {asked} was given another's"
    seen = json.dumps([own["leader", *asked] for asked in ASKED])
    assert f"{OTHER}0" in seen and f"{OTHER}0" not in json.dumps(own["unit", *ASKED[-1]])


def test_what_is_kept_names_nobody_and_is_drawn_for_nobody(gate, visitor, there, monkeypatch):
    names, draw = [], render.draw

    def watched(*given):
        names.append(caller.current().name)
        return draw(*given)

    monkeypatch.setattr(render, "draw", watched)
    first = ask_of(gate, visitor("leader"), FRAME, "/hotline", "")
    assert names == ["-"] and "the-leader" in json.dumps(told(first)["response"]["top"])
    (made,) = source.data().kept._ready.values()
    pieces = [one for one in made.value[0] if isinstance(one, Piece)]
    assert b"hotline_received" in b"".join(one.raw for one in pieces)
    for piece in pieces:
        assert b"the-leader" not in piece.raw and b"honglan_session" not in piece.raw


def test_two_people_share_a_page_and_each_sees_the_own_name(gate, store, visitor, there):
    other = users.add(store, "second", "leader", "Stone-Lake-2026-x")
    cookie = sessions.start(store, other.id, other.role)
    second = Visitor(gate, {"cookie": f"honglan_session={cookie}"})
    mine = told(ask_of(gate, visitor("leader"), FRAME, "/hotline", ""))["response"]
    theirs = told(ask_of(gate, second, FRAME, "/hotline", ""))["response"]
    assert source.data().kept.told == {"made": 1, "kept": 1}
    assert mine["body"] == theirs["body"] and mine["head"] == theirs["head"]
    for name, (own, strange) in {"the-leader": (mine, theirs), "second": (theirs, mine)}.items():
        for place in ("top", "foot"):
            assert name in json.dumps(own[place], ensure_ascii=False)
            assert name not in json.dumps(strange[place], ensure_ascii=False)


def test_a_page_is_drawn_anew_with_another_lamp_and_with_the_next_day(gate, store, visitor, there):
    leader = visitor("leader")

    def made():
        ask_of(gate, leader, FRAME, "/mediation", "")
        return source.data().kept.told["made"]

    assert made() == 1
    health.failed(store, KEYS[0], NOW, "refused", permanent=True)
    assert made() == 2
    with clock.frozen(NOW + timedelta(minutes=3)):
        assert made() == 2, "nothing in it says how long ago, but what is written for each one"
    with clock.frozen(NOW + timedelta(hours=12)):
        assert made() == 3


@pytest.mark.parametrize("path", ["/", "/hotline", "/mediation", "/flood", "/hotline" + PROOF])
def test_whenever_it_is_asked_for_a_kept_answer_is_the_one_that_would_be_drawn_then(
    gate, store, visitor, there, alone, path
):
    """Ages go on, a deadline passes, a platform delivers or falls silent: nothing stays behind."""
    leader, given = visitor("leader"), []
    path, ask, proof = path.partition("?")
    wish = (SHEET if proof else FRAME, path, ask + proof)
    for minutes in (0, 1, 3.5, 4.75, 7, 12, 70, 60 * 11.9):
        at = NOW + timedelta(minutes=minutes)
        with clock.frozen(at):
            if minutes == 7:
                health.succeeded(store, KEYS[0], at)
            given.append(told(ask_of(gate, leader, *wish)))
            assert given[-1] == told(alone(leader, *wish)), f"{minutes} minutes later"
    assert len({json.dumps(one) for one in given}) == len(given), (
        "it tells ages, and each is another"
    )


def test_a_deadline_that_passes_is_over_from_that_minute_on(gate, store, visitor, there):
    leader = visitor("leader")

    def seen(minutes):
        at = NOW + timedelta(minutes=minutes)
        with clock.frozen(at):
            for key in KEYS:  # no lamp changes
                health.succeeded(store, key, at)
            page = told(ask_of(gate, leader, FRAME, "/hotline", f"?community={OWN_PLACE}"))
            words = json.dumps(page, ensure_ascii=False)
            return re.findall("今日到期|超期 [^天]* 分", words), source.data().kept.told["made"]

    assert [seen(minutes) for minutes in (0, 2, 4.4)] == [(["今日到期"], 1)] * 3
    assert seen(SOON + 0.6) == (["超期 不到 1 分"], 2)
    assert seen(SOON + 1.6) == (["超期 1 分"], 3)


def test_what_two_rights_had_open_is_drawn_for_each_before_they_ask_again(
    gate, store, visitor, there, alone, monkeypatch
):
    monkeypatch.setattr(health, "first_load", lambda *_: None)
    data = source.data()
    data.ahead = Ahead(data.kept)
    people = {role: visitor(role) for role in ("leader", "unit")}
    for who in people.values():
        for wish in ((FRAME, "/hotline", ""), (SHEET, "/hotline", f"{PROOF}&gen=1")):
            ask_of(gate, who, *wish)
    health.failed(store, KEYS[0], NOW, "refused", permanent=True)  # another lamp is lit
    ask_of(gate, people["leader"], BEAT, "/hotline", "")
    if (thread := data.ahead._thread) is not None:
        thread.join(60)
    assert data.kept.told == {"made": 4, "ahead": 4}
    for who in people.values():
        for wish in ((FRAME, "/hotline", ""), (SHEET, "/hotline", f"{PROOF}&gen=1")):
            assert told(ask_of(gate, who, *wish)) == told(alone(who, *wish))
    assert data.kept.told == {"made": 4, "ahead": 4, "kept": 4}


@pytest.mark.parametrize("search", ["?community=320117005002", "?period=2026-10", ""])
def test_a_page_asks_together_what_it_asked_of_other_days_and_places_and_shows_the_same(
    gate, visitor, there, alone, monkeypatch, search
):
    leader, asked = visitor("leader"), Counter()
    rows = Snapshot.rows

    def counted(self, name, *given):
        asked[name] += 1
        return rows(self, name, *given)

    def drawn(search):
        asked.clear()
        source.data()._reader.current()
        source.data()._reader._opened._current._known.clear()  # as after a publish
        body = told(alone(leader, FRAME, "/hotline", search))["response"]["body"]
        return body, asked.total(), asked["several"]

    monkeypatch.setattr(Snapshot, "rows", counted)
    together._last.clear()
    by_itself, single, none = drawn(search)
    together._last.clear()
    drawn(f"?community={OWN_PLACE}")
    body, few, several = drawn(search)
    assert body == by_itself
    assert not none and several and few < single / 2, (few, single)


def test_the_age_of_the_data_goes_on_beside_a_page_that_is_kept(gate, visitor, there):
    leader, ages = visitor("leader"), []
    for minutes in (0, 1, 7):
        with clock.frozen(NOW + timedelta(minutes=minutes)):
            drawn = told(ask_of(gate, leader, FRAME, "/hotline", ""))["response"]
            beat = told(ask_of(gate, leader, BEAT, "/hotline", ""))["response"]
            age = json.dumps(beat["age"]["children"], ensure_ascii=False)
            assert age.strip("[]") in json.dumps(drawn["head"], ensure_ascii=False)
            ages.append(age)
    assert len(set(ages)) == 3 and "7 分" in ages[2]


def test_a_page_with_a_panel_that_failed_is_not_kept(gate, visitor, there, monkeypatch):
    leader, reader = visitor("leader"), type(source.data()._reader)
    metric = reader.metric

    def stopped(self, name, query, generation=None):
        if name == "hotline_on_time_rate":
            raise QueryStopped(name, 5.0)
        return metric(self, name, query, generation)

    with monkeypatch.context() as patch:
        patch.setattr(reader, "metric", stopped)
        assert b"E-" in ask_of(gate, leader, FRAME, "/hotline", "").body
    whole = ask_of(gate, leader, FRAME, "/hotline", "").body
    assert "这一块没取到".encode() not in whole


def test_views_and_search_words_are_answered_one_by_one(gate, visitor, there):
    leader = visitor("leader")
    ask_of(gate, leader, SHEET, "/hotline", f"{PROOF}&rows=1")  # with the caller's own views
    ask_of(gate, leader, ROWS, "/hotline", f"{PROOF}&rows=1&view={'v' * 22}")
    call = call_of(
        book(gate)._declared[ROWS],
        ROWS,
        {"case-rows": {"startRow": 0, "endRow": 100, "sortModel": [],
                       "filterModel": {"title": {"type": "contains", "filter": "欧阳"}}}},
    )  # fmt: skip
    for one in call["state"]:
        one["value"] = "/hotline" if one["property"] == "pathname" else f"{PROOF}&rows=1"
    assert leader.call(call).status == 200
    assert len(source.data().kept) == 0


def test_what_is_held_and_how_answers_came_about_is_told_to_prometheus(gate, visitor, there):
    leader = visitor("leader")
    for _ in range(3):
        ask_of(gate, leader, SHEET, "/hotline", PROOF)
    told = visitor(token="leader").get("/metrics").body.decode()
    kept = source.data().kept
    for line in (f"honglan_kept_bytes {float(kept.size)}", 'honglan_kept_answers{how="kept"} 2.0',
                 'honglan_kept_answers{how="made"} 1.0'):  # fmt: skip
        assert line in told


def test_who_takes_gzip_is_given_it_and_who_does_not_is_given_the_same_bytes(gate, visitor, there):
    leader = visitor("leader")
    plain = ask_of(gate, leader, FRAME, "/hotline", "")
    packed = ask_of(gate, leader, FRAME, "/hotline", "", **{"accept-encoding": "gzip, br"})
    assert packed.header("content-encoding") == "gzip" and plain.header("content-encoding") is None
    assert gzip.decompress(packed.body) == plain.body
    for answer in (plain, packed):
        assert answer.header("content-type") == "application/json"
        assert answer.header("cache-control") == "no-store"
        assert answer.header("vary") == "Accept-Encoding"
