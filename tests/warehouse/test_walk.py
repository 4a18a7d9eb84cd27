"""The newest rows found from the present backwards are those of everything put in order."""

import random
from datetime import date

import pytest

from warehouse import listing, walk
from warehouse.assemble.listing import Table
from warehouse.read import MetricQuery, Reader, Scope, Sift

EVER = MetricQuery(date(1930, 1, 1), date(2036, 1, 1))
YEAR = MetricQuery(date(2025, 12, 1), date(2026, 11, 20))
SEED = 20261129


@pytest.fixture(scope="module")
def busy(shared_town, order):
    """Three hundred orders of six years, sparse and then dense, many of one and the same second."""
    chance = random.Random(SEED)
    days = [date(2026, 11, 23).toordinal() - int(2200 * chance.random() ** 4) for _ in range(300)]
    rows = [
        order(
            n,
            f"{date.fromordinal(day)} 0{chance.randrange(2)}:00:00",
            due_at=f"{date.fromordinal(day + chance.randrange(30))} 17:00:00",
            title=chance.choice(("春溪路路灯不亮", "石桥路井盖", "春溪路噪音")),
            unit_main=f"单位{n % 2}",
            closed_at=f"{date.fromordinal(day)} 12:00:00" if n % 3 else None,
        )
        for n, day in enumerate(days)
    ]
    shared_town.load("hotline_order", rows)
    shared_town.publish()
    return shared_town


def told(reader, metric, query, **place):
    found = reader.rows(metric, query, **place)
    keys = [row["key"] for row in found.rows]
    return keys, (found.total, found.numerator, found.denominator, found.more)


METRICS = ("hotline_received", "hotline_closed", "hotline_on_time_rate", "hotline_open")


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("words", ["", "灯"])
def test_pages_walked_to_are_those_of_everything_put_in_order(busy, monkeypatch, metric, words):
    monkeypatch.setattr(listing, "_FEW", 0)
    whole = Reader(busy.var, remembers=0)
    own = whole.within(Scope(units=("单位1",)))
    asked = [
        (whole, EVER, {"offset": 0}),
        (whole, EVER, {"offset": 120}),
        (whole, YEAR, {"offset": 7, "only": "numerator"}),
        (own, EVER, {"offset": 90}),
        (own, YEAR, {"offset": 400}),
    ]
    asked = [(*each, {"limit": 40, "sift": Sift(words), **place}) for *each, place in asked]
    walked = [told(reader, metric, query, **place) for reader, query, place in asked]
    monkeypatch.setattr(walk, "fits", lambda *_: False)
    assert walked == [told(reader, metric, query, **place) for reader, query, place in asked]
    assert any(keys for keys, _ in walked)
    whole.close()


def test_a_search_is_counted_as_far_as_one_can_page_and_says_that_there_are_more(busy, monkeypatch):
    monkeypatch.setattr(listing, "_FEW", 0)
    every = told(busy.reader, "hotline_received", EVER, limit=0, sift=Sift("春溪路"))[1]
    assert not every[3], "a count of its own is of everything"
    for most, more in ((every[0] - 1, True), (every[0], False), (every[0] + 1, False)):
        monkeypatch.setattr(listing, "_COUNTED", most)
        counts = told(busy.reader, "hotline_received", EVER, limit=5, sift=Sift("春溪路"))[1]
        assert counts == (min(most, every[0]),) * 3 + (more,)
    monkeypatch.setattr(listing, "_COUNTED", 10)
    keys, counts = told(
        busy.reader, "hotline_received", EVER, limit=5, offset=20, sift=Sift("春溪路")
    )
    assert len(keys) == 5 and counts[0] == 25 and counts[3], "a page beyond it is a page as well"


def test_only_what_a_page_needs_is_put_in_order(busy, monkeypatch):
    asked: list[tuple[date, date]] = []
    newest = Table.newest

    def spied(table, order, days, most):
        asked.append(days)
        return newest(table, order, days, most)

    monkeypatch.setattr(Table, "newest", spied)
    Reader(busy.var, remembers=0).rows("hotline_received", EVER, limit=5, offset=5)
    assert min(first for first, _ in asked) > date(2026, 10, 1)
