"""The linkage platform: signed questions, a cursor, and its bytes through the product's reader."""

from datetime import date, datetime, timedelta

import pytest

from config import clock, signature
from config.platforms import load_platforms
from demo import linkage_orders
from demo.calls import calls_on
from demo.town import Town

LIST = "/linkage/api/dispatch"
SECRET = "the-secret-of-a-test"
SINCE = "2026-11-02T00:00:00"


def signed(params, secret=SECRET, nonce=None):
    at, fresh = signature.stamp()
    nonce = nonce or fresh
    text = signature.question("GET", LIST, params.items(), at, nonce, b"")
    return {
        signature.KEY: load_platforms()["linkage"].options["key_id"],
        signature.TIME: at,
        signature.NONCE: nonce,
        signature.SIGNATURE: signature.sign(secret, text),
    }


@pytest.fixture
def answered(client, monkeypatch, now):
    monkeypatch.setenv("LINKAGE_SECRET", SECRET)
    reader = client("linkage")
    with clock.frozen(now):
        yield reader


def walk(reader, since, size):
    """The bytes of all pages."""
    pages, cursor = [], None
    while True:
        params = {"updateTimeFrom": since, "limit": str(size)}
        if cursor:
            params["cursor"] = cursor
        answer = reader.get(LIST, params, signed(params))
        assert answer.status_code == 200, answer.text
        pages.append(answer.content)
        result = answer.json()["result"]
        if result["hasMore"] == "0":
            return pages
        cursor = result["nextCursor"]


def test_the_bytes_of_the_interface_are_read_without_a_reject(answered, clean, now):
    rows = clean("linkage", *walk(answered, SINCE, 100), now=now)
    orders, steps = rows["linkage_order"], rows["linkage_step"]
    numbers = [row["dispatch_no"] for row in orders]
    assert len(numbers) == len(set(numbers)) > 300
    assert len(steps) > 4 * len(orders)
    assert all(row["updated_at"] >= SINCE for row in orders)


def test_pages_of_any_size_tell_the_same(answered, clean, now):
    whole = clean("linkage", *walk(answered, SINCE, 1000), now=now)
    assert clean("linkage", *walk(answered, SINCE, 7), now=now) == whole


def test_an_order_that_changes_while_pages_are_turned_is_told_at_its_new_place(answered, now):
    params = {"updateTimeFrom": SINCE, "limit": "100"}
    first = answered.get(LIST, params, signed(params)).json()["result"]
    with clock.frozen(now + timedelta(days=2)):
        told, cursor = {row["ldbh"]: row for row in first["list"]}, first["nextCursor"]
        while cursor:
            following = params | {"cursor": cursor}
            page = answered.get(LIST, following, signed(following)).json()["result"]
            told |= {row["ldbh"]: row for row in page["list"]}
            cursor = page["nextCursor"] if page["hasMore"] == "1" else None
        again = {}
        params = {"updateTimeFrom": SINCE, "limit": "1000"}
        for row in answered.get(LIST, params, signed(params)).json()["result"]["list"]:
            again[row["ldbh"]] = row
    assert told == again


def test_a_question_that_is_not_signed_or_comes_twice_is_not_answered(answered):
    params = {"limit": "5"}
    once = signed(params)
    assert answered.get(LIST, params, once).status_code == 200
    assert answered.get(LIST, params, once).status_code == 401
    assert answered.get(LIST, params).status_code == 401
    assert answered.get(LIST, params, signed(params, secret="another")).status_code == 401
    assert answered.get(LIST, {"limit": "6"}, signed(params)).status_code == 401
    old = signed(params) | {signature.TIME: "1700000000"}
    assert answered.get(LIST, params, old).status_code == 401


def test_a_wrong_question_is_answered_in_the_envelope(answered):
    for params in ({"limit": "0"}, {"cursor": "next"}, {"updateTimeFrom": "gestern"}):
        answer = answered.get(LIST, params, signed(params)).json()
        assert answer["retcode"] == "400"
        assert answer["result"] is None


def test_every_order_is_over_within_its_span_and_most_are_in_time(town):
    rows = []
    for days in range(0, 1000, 13):
        day = town.first + timedelta(days=days)
        for life in linkage_orders.draw(town, day):
            assert life.steps[-1].at - life.steps[0].at < timedelta(days=linkage_orders.SPAN)
            rows.append(life.row(datetime(2030, 1, 1)))
    closed = [row for row in rows if row.get("bjfs") == "1"]
    in_time = sum(row["fksj"] <= row["blsx"] for row in closed)
    assert 0.93 < in_time / len(closed) < 1
    assert 8 <= len(rows) / 77 <= 80


def test_an_order_from_the_hotline_names_one_that_the_hotline_has(town):
    day = date(2026, 11, 18)
    calls = {call.number: call for n in (0, 1) for call in calls_on(town, day - timedelta(days=n))}
    rows = [life.row(datetime(2030, 1, 1)) for life in linkage_orders.draw(town, day)]
    named = [row for row in rows if row["lypt"] == "01"]
    assert named
    for row in named:
        call = calls[row["lydh"]]
        assert call.received < row["jdsj"]
        assert (call.community, call.title) == (row["sqbm"], row["bt"])


def test_the_same_town_draws_the_same_orders():
    day = date(2026, 11, 20)
    one, other = (linkage_orders.draw(Town(date(2026, 11, 23)), day) for _ in range(2))
    assert one == other
