"""Watch towers: alarms in the season of burning, each told when it happens and when it changes."""

import asyncio
import base64
import io
import json
from datetime import date, datetime, timedelta

import httpx
import pytest
from PIL import Image

from config import signature
from demo.feeds import straw_fire as feed
from demo.lives import Book
from demo.sending import webhook
from demo.smoke import SPAN, alarms_on
from etl.formats import messages
from tests.demo.readers import days, rows, stage_of


def book_of(town, now):
    book = Book(town, alarms_on, SPAN)
    book._next = now.date() - timedelta(days=40)
    return book


def test_straw_is_burnt_after_the_harvest_and_never_in_the_rain(town):
    def count(first):
        return sum(len(alarms_on(town, day)) for day in days(first, 30))

    assert count(date(2026, 11, 1)) > count(date(2026, 8, 1))
    assert alarms_on(town, date(2026, 11, 3)) == alarms_on(town, date(2026, 11, 3))


def test_what_is_told_in_pieces_is_what_there_was_and_the_reader_takes_it(town, now):
    book, told, last = book_of(town, now), [], now - timedelta(days=20)
    first = last
    while last < now:
        until = min(last + timedelta(minutes=7), now)
        told += feed.news(book, last, until)
        last = until
    held = b"".join(messages.line(now, json.dumps(each).encode()) for each in told)
    alarms = rows("straw_fire", held)["straw_fire_alarm"]
    numbers = {row["alarm_no"] for row in alarms}
    begun = {
        life.facts["bjbh"]
        for entry in book.changed(now, first)
        if (life := book.life(entry)).steps[0].at > first
    }
    assert begun and begun <= numbers
    pictured = {row["alarm_no"] for row in alarms if row["photo_bytes"]}
    assert pictured == begun
    assert max(int(row["photo_bytes"]) for row in alarms if row["photo_bytes"]) < 20_000
    last_state = {row["alarm_no"]: row["state"] for row in alarms}
    assert set(last_state.values()) <= {"新报警", "已派处", "已处置", "误报"}


def test_the_picture_is_a_picture(town, now):
    life = next(life for day in days(date(2026, 11, 1), 30) for life in alarms_on(town, day))
    data = base64.b64decode(feed.picture(life))
    assert Image.open(io.BytesIO(data)).format == "JPEG"


def test_the_history_is_one_list_that_the_reader_takes(town, now):
    book = book_of(town, now)
    name, payload = feed.history(stage_of(town, "straw_fire"), book, now)
    first = datetime.combine(town.first, datetime.min.time())
    assert name.endswith(".xlsx")
    found = rows("straw_fire", payload)["straw_fire_alarm"]
    assert len(found) == len(book.changed(now, first)) > 20


@pytest.mark.parametrize("answers", [[200], [503, 200], [409], [httpx.ConnectError("down"), 200]])
def test_a_message_is_sent_until_it_is_taken_and_signed_each_time(town, var, monkeypatch, answers):
    monkeypatch.setattr("demo.sending.asyncio.sleep", nothing)
    stage, seen = stage_of(town, "straw_fire"), []
    word = stage.secret("STRAW_FIRE_TOKEN")

    def answer(request):
        at, nonce = request.headers[signature.TIME], request.headers[signature.NONCE]
        said = signature.message(at, nonce, request.content)
        assert signature.agrees(word, said, request.headers[signature.SIGNATURE])
        seen.append(nonce)
        now = answers[len(seen) - 1]
        if isinstance(now, Exception):
            raise now
        return httpx.Response(now)

    async def send():
        async with webhook(stage, httpx.MockTransport(answer)) as out:
            await out({"bjbh": "1"})

    asyncio.run(send())
    assert len(seen) == len(answers)
    assert len(set(seen)) == 1


async def nothing(_):
    """No test waits."""
