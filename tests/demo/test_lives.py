"""The book of lives: the same answer whatever was asked before, and small."""

from datetime import date, datetime, timedelta

import pytest

from demo.lives import AT, Book, Pen
from demo.town import Town

TOWN = Town(date(2026, 11, 23))


def draw(town, day):
    lives = []
    for number in range(3):
        pen = Pen(datetime.combine(day, datetime.min.time()) + timedelta(hours=8 + number), "on")
        pen.step(pen.at + timedelta(days=number * 4), state="over")
        lives.append(pen.life(number=f"{day}-{number}"))
    return lives


def rows(book, now, since):
    return [book.row(entry, now) for entry in book.changed(now, since)]


QUESTIONS = [
    (datetime(2026, 11, 23, 12), datetime(2026, 11, 23, 10)),
    (datetime(2026, 11, 23, 13), datetime(2026, 6, 1)),
    (datetime(2026, 11, 25, 9), datetime(2026, 11, 20)),
    (datetime(2025, 2, 1, 9), datetime(2024, 12, 30)),
    (datetime(2026, 12, 24, 9), datetime.min),
    (datetime(2027, 8, 1), datetime(2027, 7, 20)),
    (datetime(2024, 1, 3), datetime.min),
]


@pytest.mark.parametrize("order", [1, -1])
def test_an_answer_does_not_depend_on_what_was_asked_before(order):
    used = Book(TOWN, draw, 9)
    for now, since in QUESTIONS[::order]:
        assert rows(used, now, since) == rows(Book(TOWN, draw, 9), now, since)


@pytest.mark.parametrize("count", [1, 7, 1000, 10_000])
def test_going_on_from_entry_to_entry_tells_the_same_as_all_at_once(count):
    now, since = datetime(2026, 11, 23, 9, 30), datetime(2026, 9, 28, 8, 0)
    book, found = Book(TOWN, draw, 9), []
    after = book.before(since)
    while more := book.following(now, after, count):
        assert len(more) <= count
        found += more
        after = more[-1]
    assert found == Book(TOWN, draw, 9).changed(now, since)


def test_the_first_page_of_the_history_draws_the_first_days_only():
    drawn = []
    book = Book(TOWN, lambda town, day: drawn.append(day) or draw(town, day), 9)
    assert len(book.following(datetime(2026, 11, 23), book.before(datetime.min), 20)) == 20
    assert max(drawn) < TOWN.first + timedelta(days=20)


def test_lives_come_in_the_order_of_their_last_change_each_once():
    book, now = Book(TOWN, draw, 9), datetime(2026, 11, 23, 9, 30)
    found = rows(book, now, datetime.min)
    assert [row["on"] for row in found] == sorted(row["on"] for row in found)
    days = (now.date() - TOWN.first).days
    assert len(found) == len({row["number"] for row in found}) == 3 * days + 2


def test_a_step_never_comes_before_the_one_it_follows():
    pen = Pen(datetime(2026, 1, 1, 8, 0, 0, 5), "on", begun=AT)
    pen.step(datetime(2026, 1, 1, 7), done=AT)
    assert pen.life().row(datetime(2026, 1, 2)) == {
        "begun": datetime(2026, 1, 1, 8),
        "done": datetime(2026, 1, 1, 8, 0, 1),
        "on": datetime(2026, 1, 1, 8, 0, 1),
    }
