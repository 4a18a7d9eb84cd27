"""Raw days read again, and a rebuilt warehouse held against the old one."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, timedelta

import pytest

from cases import health, runs
from config import clock
from etl import commands, registry
from etl.backfill import backfill, days
from etl.platforms import hotline_12345
from etl.progress import Progress, drawing, drawn
from etl.rebuild import KEY, rebuild

NOON = datetime(2026, 11, 20, 12, 0)
TITLES = "SELECT order_no, title FROM core.hotline_order ORDER BY 1"


@pytest.fixture
def at(place, configure, blocks):
    configure(blocks["hotline"].format(url="http://127.0.0.1:9/", size=20))
    opened = place()
    opened.mend()
    return opened


@pytest.fixture
def four_days(at, make_order):
    """One delivery of two orders on each of four days."""
    for n in range(4):
        with clock.frozen(NOON + timedelta(days=n)):
            take(at, *(make_order(10 * n + k, f"2026-11-{20 + n}T10:00:00") for k in range(2)))
    return at


def take(at, *records: dict) -> None:
    body = {"code": "0000", "result": {"pageData": {"records": records}}}
    payload = json.dumps(body, ensure_ascii=False).encode()
    at.loader.take("hotline_12345", payload, ext="json", source="hotline_12345")


@pytest.fixture
def mended(monkeypatch):
    """From now on other code reads what the hotline sends."""

    def mend(change) -> None:
        parse = hotline_12345.parse

        def other(payload: bytes):
            for table, row in parse(payload):
                yield table, (change(row) if table == "hotline_order" else row)

        monkeypatch.setattr(hotline_12345, "parse", other)
        monkeypatch.setattr(registry, "code_mark", lambda key: "other code")

    return mend


def titled(title: str):
    return lambda row: {**row, "title": title}


@pytest.mark.parametrize("title", ["路灯", "坏了的灯", "灯泡", "甲", "乙"])
def test_days_read_again_are_as_todays_code_says_and_the_others_as_they_were(
    four_days, mended, core, title
):
    before = core(four_days, TITLES)
    mended(titled(title))
    answer = commands.backfill(four_days, "hotline_12345", date(2026, 11, 21), date(2026, 11, 22))
    assert answer.code == 0
    assert answer.out.startswith(
        "hotline_12345: 2026-11-21 to 2026-11-22, 2 deliveries: 12 rows in, 4 loaded"
    )
    after = core(four_days, TITLES)
    assert after[:2] == before[:2]
    assert [said for _, said in after[2:6]] == [title] * 4
    assert after[6:] == before[6:]
    assert runs.recent(four_days.store)[0].kind == "backfill"
    assert health.states(four_days.store, four_days.platforms, clock.now())[0].last_success is None


def test_the_newest_day_comes_first_and_other_lanes_get_their_turn(four_days):
    chunks = days(four_days.loader, "hotline_12345", date.min, date.max)
    assert [day.day for day, _ in chunks] == [23, 22, 21, 20]
    took: list[float] = []
    backfill(four_days.loader, "hotline_12345", chunks, took.append)
    assert len(took) == 4


def test_a_backfill_cut_off_in_the_middle_is_finished_by_the_next_start(
    four_days, mended, core, place
):
    mended(titled("后来"))
    chunks = days(four_days.loader, "hotline_12345", date.min, date.max)
    calls = []

    def stop(_took: float) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    chunks = [(chunks[0][0], [line for _, lines in chunks for line in lines])]
    with pytest.raises(KeyboardInterrupt):
        backfill(four_days.loader, "hotline_12345", chunks, stop)
    four_days.__exit__(None, None, None)
    again = place()
    again.mend()
    assert {said for _, said in core(again, TITLES)} == {"后来"}


def test_words_that_cannot_be_meant_are_told(four_days):
    wrong = commands.backfill(four_days, "hotline_12345", date(2026, 11, 22), date(2026, 11, 21))
    assert (wrong.code, wrong.err) == (2, "backfill: --from 2026-11-22 is after --to 2026-11-21")
    none = commands.backfill(four_days, "hotline_12345", date(2020, 1, 1), date(2020, 1, 2))
    assert (none.code, none.out) == (0, "hotline_12345: no delivery was received on these days")


def test_a_rebuild_says_how_far_it_is(four_days):
    rebuild(four_days.loader)
    found = health.progress_of(four_days.store, KEY)
    assert (found.done, found.total, found.phase) == (4, 4, "重建数据仓库")


def test_other_content_is_explained_by_changed_code_only(four_days, mended, core, monkeypatch):
    mended(titled("后来"))
    _, unexplained = rebuild(four_days.loader)
    assert unexplained == []
    assert {said for _, said in core(four_days, TITLES)} == {"后来"}
    mark = registry.code_mark
    mended(titled("又变"))
    monkeypatch.setattr(registry, "code_mark", mark)  # and nobody changed any code
    _, unexplained = rebuild(four_days.loader)
    assert unexplained == [
        "hotline_order of hotline_12345 has other content in 8 of 8 rows"
        " (HL000000, HL000001, HL000010)"
    ]
    assert {said for _, said in core(four_days, TITLES)} == {"后来"}


def test_rows_that_changed_code_refuses_are_explained_by_the_quarantine(four_days, mended, core):
    mended(lambda row: {**row, "received_at": "gestern"} if row["order_no"] < "HL000010" else row)
    _, unexplained = rebuild(four_days.loader)
    assert unexplained == []
    assert len(core(four_days, TITLES)) == 6


def test_rows_that_changed_code_just_drops_are_not_explained(four_days, monkeypatch, core):
    parse = hotline_12345.parse

    def fewer(payload: bytes):
        yield from (each for each in parse(payload) if "HL000010" not in each[1].values())

    monkeypatch.setattr(hotline_12345, "parse", fewer)
    monkeypatch.setattr(registry, "code_mark", lambda key: "other code")
    answer = commands.rebuild(four_days)
    assert answer.code == 75
    assert "was not put in place, because it hotline_event of hotline_12345 lacks 2" in answer.err
    assert len(core(four_days, TITLES)) == 8


def test_what_comes_during_a_rebuild_is_in_it(four_days, make_order, core, monkeypatch):
    read, came = four_days.loader.deliveries.read, []

    def meanwhile(key, line, payload=None):
        if not came:
            came.append(1)
            take(four_days, make_order(99, "2026-11-24T10:00:00"))
        return read(key, line, payload)

    monkeypatch.setattr(four_days.loader.deliveries, "read", meanwhile)
    _, unexplained = rebuild(four_days.loader)
    assert unexplained == []
    assert len(core(four_days, TITLES)) == 9


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_person_at_the_terminal_sees_a_bar_and_when_it_will_be_done(four_days):
    out, moment = Terminal(), [0.0]
    with drawing("long", out), clock.frozen(NOON):
        work = Progress(four_days.store, "long", "回补原始数据", 100, lambda: moment[0])
        for _ in range(10):
            moment[0] += 60
            work.step()
        assert work.left_s() == 90 * 60
        assert health.progress_of(four_days.store, "long").phase == "回补原始数据，约 13:30 完成"
    assert "10% 10/100 回补原始数据，约 13:30 完成" in out.getvalue()
    assert out.getvalue().endswith("\n")


def test_a_bar_is_full_when_all_is_done_or_there_is_nothing_to_do():
    assert drawn(5, 10, "x") == "[###############...............]  50% 5/10 x"
    assert drawn(10, 10, "x").startswith("[" + "#" * 30 + "] 100%")
    assert drawn(0, 0, "x").startswith("[" + "#" * 30 + "] 100%")


def test_nothing_is_foretold_from_the_first_step_of_many(four_days):
    work = Progress(four_days.store, "long", "x", 1000)
    work.step()
    assert work.left_s() is None
    assert [each.key for each in health.under_way(four_days.store, clock.now())] == ["long"]
