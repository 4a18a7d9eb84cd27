"""Devices: a heartbeat an hour, events with their end, one to ten thousand messages a day."""

import json
from collections import Counter
from datetime import date, datetime, timedelta

from demo import sky, things
from demo.feeds import iot_device as feed
from demo.lives import Book
from demo.town import Town
from etl.formats import messages
from tests.demo.readers import days, rows, stage_of


def book_of(town, now, back=20):
    book = Book(town, things.events_on, things.SPAN)
    book._next = now.date() - timedelta(days=back)
    return book


def test_every_device_beats_once_an_hour_and_a_few_are_silent(town, now):
    day = datetime(2026, 11, 10)
    beats = things.beats(town, day, day + timedelta(days=1))
    assert 1_000 <= len(beats) <= 10_000
    counted = Counter(each["sbbh"] for each in beats)
    assert 0.9 < len(counted) / len(things.things()) < 1
    assert set(counted.values()) <= {23, 24}
    assert beats == things.beats(town, day, day + timedelta(days=1))


def test_what_is_told_in_pieces_is_what_is_told_at_once(town, now):
    book, stage = book_of(town, now), stage_of(town, "iot_device")
    first = now - timedelta(hours=5)
    pieces, last = [], first
    while last < now:
        until = min(last + timedelta(minutes=13), now)
        pieces += [each for each in feed.news(stage, book, last, until) if each["lx"] == "hb"]
        last = until
    at_once = [each for each in feed.news(stage, book, first, now) if each["lx"] == "hb"]
    assert sorted(pieces, key=str) == sorted(at_once, key=str)


def test_the_reader_takes_every_message(town, now):
    book, stage = book_of(town, now), stage_of(town, "iot_device")
    told = feed.news(stage, book, now - timedelta(days=6), now)
    held = b"".join(messages.line(now, json.dumps(each).encode(), "iot") for each in told)
    found = rows("iot_device", held)
    assert len(found["iot_beat"]) + len(found["iot_event"]) == len(told)
    assert {row["kind"] for row in found["iot_beat"]} == {
        "井盖",
        "烟感",
        "电气火灾",
        "路灯",
        "积水",
    }
    assert all(row["recovered_at"] for row in found["iot_event"] if row["state"] == "已恢复")


def test_ponding_is_noticed_when_it_rains_hard_and_only_then(town):
    for day in days(date(2026, 5, 1), 150):
        ponds = [life for life in things.events_on(town, day) if life.facts["sblx"] == "js"]
        if any(life.facts["sjlx"] == "501" for life in ponds):
            assert sky.rain_on(town, day) > 18


def test_the_history_is_two_files_that_the_reader_takes(town, now, var, monkeypatch):
    monkeypatch.setattr(feed, "HISTORY", 3)
    stage, book = stage_of(town, "iot_device"), book_of(town, now)
    _, events = feed.history(stage, book, now)
    first = datetime.combine(town.first, datetime.min.time())
    assert len(rows("iot_device", events)["iot_event"]) == len(book.changed(now, first))
    (file,) = stage.inbox.iterdir()
    beats = rows("iot_device", file.read_bytes())["iot_beat"]
    assert 0.9 * 3 * len(things.things()) < len(beats) <= 3 * len(things.things())


def test_a_young_towns_devices_were_not_heard_before_it(var):
    young, now = Town(date(2026, 1, 5), years=0), datetime(2026, 1, 5, 20, 4)
    stage = stage_of(young, "iot_device")
    feed.history(stage, book_of(young, now), now)
    (file,) = stage.inbox.iterdir()
    days = {row["beat_at"][:10] for row in rows("iot_device", file.read_bytes())["iot_beat"]}
    assert days == {f"2026-01-0{n}" for n in range(1, 5)}
