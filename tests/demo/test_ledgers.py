"""Offices that send a file at their hours: whole, repeatable, and read without a reject."""

import io
import zipfile
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from demo import drops
from demo.dirt import CLEAN
from demo.feeds import civil_affairs, market_inspection, peoples_mediation, petition
from demo.lives import Book
from demo.town import Town

LEDGERS = {
    "petition": petition.ledger,
    "peoples_mediation": peoples_mediation.ledger,
    "civil_affairs": civil_affairs.ledger,
    "market_inspection": market_inspection.bundle,
}
FEEDS = {
    "petition": petition,
    "peoples_mediation": peoples_mediation,
    "civil_affairs": civil_affairs,
    "market_inspection": market_inspection,
}
KEYS = sorted(FEEDS)
YOUNG = Town(date(2028, 1, 20))  # its history begins on 1 January 2026
FIRST = datetime(2026, 7, 1)
NOW = datetime(2026, 11, 23, 15, 20)


def sheets(payload):
    """The workbooks of a delivery."""
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        if "[Content_Types].xml" in archive.namelist():
            return [payload]
        return [archive.read(name) for name in archive.namelist()]


def book(key, town=YOUNG):
    return Book(town, FEEDS[key].draw, FEEDS[key].SPAN)


@pytest.mark.parametrize("key", KEYS)
def test_the_first_file_and_a_later_one_are_read_without_a_reject(key, clean):
    ledger, open_book = LEDGERS[key], book(key)
    whole = clean(key, *sheets(ledger(open_book, NOW, None)), now=NOW)
    (rows,) = whole.values()
    assert len(rows) > 100
    later = clean(key, *sheets(ledger(open_book, NOW, NOW - timedelta(days=7))), now=NOW)
    assert 0 < len(*later.values()) < len(rows)


@pytest.mark.parametrize("key", KEYS)
def test_a_file_made_again_has_the_same_rows(key, clean):
    one, other = (clean(key, *sheets(LEDGERS[key](book(key), NOW, None))) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("key", KEYS)
def test_every_life_is_over_within_its_span_and_runs_forward(key):
    for days in range(0, 700, 3):
        day = YOUNG.first + timedelta(days=days)
        for life in FEEDS[key].draw(YOUNG, day):
            times = [step.at for step in life.steps]
            assert times == sorted(set(times))
            assert times[0].date() == day
            assert times[-1] <= datetime.combine(day, datetime.min.time()) + timedelta(
                days=FEEDS[key].SPAN
            )


@pytest.mark.parametrize("key", KEYS)
def test_a_row_says_nothing_that_has_not_happened_yet(key):
    later = datetime(2026, 8, 3, 11, 0)
    open_book = book(key)
    entries = open_book.changed(later, FIRST)
    assert entries
    limits = ("期限", "lqx", "qsyf", "blqx")
    for entry in entries:
        for name, value in open_book.row(entry, later).items():
            if isinstance(value, date) and not any(word in name for word in limits):
                moment = (
                    value
                    if isinstance(value, datetime)
                    else datetime.combine(value, datetime.min.time())
                )
                assert moment <= later, (name, value)


@pytest.mark.parametrize("key", KEYS)
def test_a_reader_who_asks_from_time_to_time_sees_every_change(key):
    """What is told in pieces, the last word of each counting, equals what is told at once."""
    in_pieces, asked = {}, FIRST
    for moment in (datetime(2026, 7, 9, 8), datetime(2026, 8, 30, 17), NOW):
        open_book = book(key)
        for entry in open_book.changed(moment, asked):
            row = open_book.row(entry, moment)
            in_pieces[next(iter(row.values()))] = row
        asked = moment
    open_book = book(key)
    at_once = {}
    for entry in open_book.changed(NOW, FIRST):
        row = open_book.row(entry, NOW)
        at_once[next(iter(row.values()))] = row
    assert in_pieces == at_once


class TestDrops:
    @pytest.fixture
    def stage(self, tmp_path):
        inbox = tmp_path / "inbox"
        inbox.mkdir()
        return SimpleNamespace(var=tmp_path, inbox=inbox, dirt=lambda _: CLEAN)

    def drop(self, stage, moment, slot=drops.daily(7, 40)):  # noqa: B008 - the same for all
        asked = []

        def make(now, last):
            asked.append(last)
            return f"{now:%d%H%M}.csv", b"x"

        path = drops.drop(stage, datetime.fromisoformat(moment), slot, make)
        return (path.name, asked[0]) if path else None

    def test_the_first_file_comes_at_once_and_the_next_at_its_hour(self, stage):
        assert self.drop(stage, "2026-11-23T12:00") == ("231200.csv", None)
        assert self.drop(stage, "2026-11-23T23:59") is None
        assert self.drop(stage, "2026-11-24T07:39") is None
        assert self.drop(stage, "2026-11-24T07:41") == ("240741.csv", datetime(2026, 11, 23, 12))
        assert self.drop(stage, "2026-11-24T07:42") is None

    def test_after_days_of_silence_one_file_makes_up_for_all(self, stage):
        self.drop(stage, "2026-11-20T12:00")
        assert self.drop(stage, "2026-11-23T12:00") == ("231200.csv", datetime(2026, 11, 20, 12))
        assert self.drop(stage, "2026-11-23T12:01") is None

    def test_a_clock_that_was_set_back_does_not_silence_the_office(self, stage):
        self.drop(stage, "2026-11-23T12:00")
        assert self.drop(stage, "2026-10-01T09:00") == ("010900.csv", datetime(2026, 10, 1, 9))

    def test_a_weekly_file_comes_on_its_weekday(self, stage):
        monday = drops.weekly(0, 8, 10)
        self.drop(stage, "2026-11-18T12:00", monday)
        assert self.drop(stage, "2026-11-22T23:00", monday) is None
        assert self.drop(stage, "2026-11-23T08:10", monday) is not None
