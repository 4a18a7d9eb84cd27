"""Calls that the police hand on: pushed as they change, masked, read by the product's reader."""

import json
import re
from datetime import date, datetime, timedelta

import pytest

from demo import police_calls
from demo.feeds import police_110 as feed
from demo.lives import Book
from demo.police_calls import SPAN, calls_on
from demo.town import Town
from etl.formats import messages


@pytest.fixture
def book(town):
    return Book(town, calls_on, SPAN)


def pushed(bodies, at):
    return b"".join(messages.line(at, json.dumps(body).encode()) for body in bodies)


def test_what_is_pushed_in_pieces_ends_as_what_there_is(book, now, clean):
    bodies, last = [], now - timedelta(days=4)
    first = last
    while last < now:
        until = min(last + timedelta(minutes=9), now)
        bodies += feed.news(book, last, until)
        last = until
    rows = clean("police_110", pushed(bodies, now), now=now)["police_call"]
    ended = {row["alarm_no"]: row["state"] for row in rows}
    there = clean("police_110", pushed(feed.news(book, first, now), now), now=now)["police_call"]
    assert {row["alarm_no"]: row["state"] for row in there} == ended
    assert len(rows) > 1.5 * len(there) > 30


def test_the_history_is_one_list_that_the_reader_takes(book, now, clean):
    name, payload = feed.history(book, now)
    rows = clean("police_110", payload, now=now)["police_call"]
    assert name.endswith(".xlsx")
    days = (now.date() - book._town.first).days
    assert 3 <= len(rows) / days <= 15


def test_the_sign_of_life_is_no_call(clean, now):
    payload = pushed([{"xt": "1", "sj": "2026-11-23T15:20:00"}], now)
    assert clean("police_110", payload, now=now) == {"police_call": []}


def test_no_message_names_a_person_or_a_whole_number(book, now):
    text = json.dumps(list(feed.news(book, now - timedelta(days=30), now)), ensure_ascii=False)
    assert not re.search(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])", text)
    for body in json.loads(text):
        assert all(re.fullmatch(r"\S\*+", call["bjr"]) for call in body["jq"])


def test_the_same_caller_has_the_same_sign_and_few_messages_are_large(book, now):
    bodies = list(feed.news(book, now - timedelta(days=90), now))
    assert all(len(body["jq"]) <= feed.AT_ONCE for body in bodies)
    calls = [call for body in bodies for call in body["jq"]]
    assert len({call["bjrbs"] for call in calls}) < len(calls)


def test_every_call_is_over_within_its_span(town):
    for days in range(0, 1000, 7):
        day = town.first + timedelta(days=days)
        for life in calls_on(town, day):
            assert life.steps[0].at - datetime.combine(day, datetime.min.time()) < timedelta(days=2)
            age = life.steps[-1].at - datetime.combine(day, datetime.min.time())
            assert age <= timedelta(days=police_calls.SPAN), (day, age)


def test_the_same_town_draws_the_same_calls():
    day = date(2026, 11, 20)
    one, other = (calls_on(Town(date(2026, 11, 23)), day) for _ in range(2))
    assert one == other
