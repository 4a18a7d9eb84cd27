"""What nothing can change while a generation is read is asked once, for each scope apart."""

from collections import Counter

import pytest

from tests.warehouse.test_read import MONTH, busy  # noqa: F401 - the town that is only read
from warehouse.read import Filter, Reader, Scope, Sift
from warehouse.snapshot import Snapshot

METRIC = "hotline_received"


@pytest.fixture
def asked(busy, monkeypatch):  # noqa: F811 - asked for by its name
    """A reader of its own, and how often its engine was asked for what."""
    told, ask = Counter(), Snapshot._ask

    def counted(self, name, question):
        told[name] += 1
        return ask(self, name, question)

    monkeypatch.setattr(Snapshot, "_ask", counted)
    reader = Reader(busy.var)
    yield reader, told
    reader.close()


def test_a_block_of_rows_is_asked_once_and_changing_it_changes_no_other(asked):
    reader, told = asked
    first = reader.rows(METRIC, MONTH, limit=5)
    often = told[METRIC]
    first.rows[0]["title"] = "changed"
    again = reader.rows(METRIC, MONTH, limit=5)
    assert told[METRIC] == often and again.rows[0]["title"] != "changed"
    assert reader.rows(METRIC, MONTH, limit=5, offset=5).rows != again.rows
    assert told[METRIC] > often


def test_rows_of_one_scope_are_never_those_of_another(asked):
    reader, _ = asked
    whole = reader.rows(METRIC, MONTH)
    for unit in ("城管中队", "网格办"):
        own = reader.within(Scope((unit,))).rows(METRIC, MONTH)
        assert 0 < own.total < whole.total
        assert own.rows == [row for row in whole.rows if row["unit"] == unit]
    assert reader.within(Scope()).rows(METRIC, MONTH).total == 0


def test_what_somebody_searches_for_is_not_remembered(asked):
    reader, told = asked
    looking = Sift(filters=(Filter("unit", "equals", ("网格办",)),))
    for _ in range(2):
        before = told[METRIC]
        reader.rows(METRIC, MONTH, sift=looking)
        assert told[METRIC] > before


def test_a_named_question_is_asked_once_for_its_parameters_and_scope(asked):
    reader, told = asked
    own = reader.within(Scope(("网格办",)))
    for whose, limit, times in ((reader, 5, 1), (reader, 5, 1), (reader, 6, 2), (own, 6, 3)):
        found = whose.query("hotline_recent", {"limit": limit}).to_pylist()
        assert told["hotline_recent"] == times
        assert len(found) == limit and (whose is reader or {r["unit"] for r in found} == {"网格办"})


def test_no_more_values_are_held_than_there_is_room_for(asked, monkeypatch):
    reader, _ = asked
    with reader._reading(None) as snapshot:
        monkeypatch.setattr("warehouse.snapshot._MOST_CELLS", 100)
        monkeypatch.setattr("warehouse.snapshot._LARGEST", 60)
        made = []
        for number, size in ((1, 50), (2, 50), (3, 70), (1, 50), (4, 50), (2, 50)):
            snapshot.once(number, lambda n=number: made.append(n), lambda _, size=size: size)
            assert snapshot._cells <= 100
        assert made == [1, 2, 3, 4, 2]  # 3 is too large, 2 went when 4 came
