"""A dirty week: what is wrong with rows, files, messages and frames, each time the same."""

import asyncio
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from config import clock
from config.thresholds import load_thresholds
from demo import drops, telemetry
from demo.dirt import CLEAN, Dirty
from demo.feeds import police_110, population_stat
from demo.lives import Book
from demo.scenario import (
    ADDED,
    AGAIN,
    BEFORE,
    CHANGED,
    DAMAGED,
    DIRTY_WEEK,
    LATE,
    RENAMED,
    SCENARIOS,
    TWICE,
    WRONG,
    Dirt,
)
from demo.sending import _as_it_is
from demo.serve import application
from demo.station_lines import Line
from demo.town import Episode, Town
from tests.demo.readers import ask, stage_of

MORNING = datetime(2026, 11, 23)
WEDNESDAY = datetime(2026, 11, 25, 15, 20)


@pytest.fixture(scope="module")
def dirty():
    return Town(date(2026, 11, 23), years=0, episodes=(Episode(MORNING, SCENARIOS["dirty-week"]),))


@pytest.fixture
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    return tmp_path


ROW = {"no": "A1", "a": "3.5", "b": "2026-11-23T08:00:00", "c": "2026-11-24T08:00:00"}


@pytest.mark.parametrize(
    ("dirt", "changes"),
    [
        (Dirt(ADDED, column="x", value="v"), {"x": "v"}),
        (Dirt(CHANGED, column="a", value="约{}"), {"a": "约3.5"}),
        (Dirt(WRONG, column="a", value="-1"), {"a": "-1"}),
        (Dirt(BEFORE, column="c", value="b"), {"c": "2026-11-22T08:00:00"}),
    ],
)
def test_a_row_is_dirty_in_one_column(dirt, changes):
    assert Dirty("no", [dirt]).row(ROW) == ROW | changes


def test_a_renamed_column_is_gone_and_there_under_another_name():
    assert Dirty("no", [Dirt(RENAMED, column="a", value="z")]).row(ROW) == {
        "no": "A1", "b": ROW["b"], "c": ROW["c"], "z": "3.5",
    }  # fmt: skip


def test_the_same_rows_are_hit_each_time_about_as_many_as_said():
    dirt = Dirty("no", [Dirt(TWICE, 0.2)])
    rows = [{"no": str(n)} for n in range(1000)]
    found = dirt.rows(rows)
    assert found == dirt.rows(rows)
    assert 1150 < len(found) < 1250


def test_the_week_is_clean_on_its_first_day_and_after_its_end(dirty):
    stage = stage_of(dirty, "hotline_12345")
    for days, is_clean in ((0, True), (1, False), (7, False), (8, True)):
        at = MORNING + timedelta(days=days, hours=9)
        assert (stage.dirt(at).row({"gdbh": "x"}) == {"gdbh": "x"}) is is_clean


def test_a_dirty_listing_has_older_versions_and_repeats_and_its_pages_still_hold_it_once(
    dirty, monkeypatch
):
    monkeypatch.setenv("HOTLINE_12345_TOKEN", "t")
    stage = stage_of(dirty, "hotline_12345")
    app, seen, page, total = application([stage]), [], 1, None
    with clock.frozen(WEDNESDAY):
        while total is None or len(seen) < total:
            params = {"updatedSince": "2026-11-17T00:00:00", "pageNumber": page, "pageSize": 50}
            headers = {"Authorization": "Bearer t"}
            answer = ask(app, "/hotline_12345/order/list", params, headers).json()
            total = answer["result"]["pageData"]["total"]
            seen += answer["result"]["pageData"]["records"]
            page += 1
    versions = {}
    for each in seen:
        versions.setdefault(each["gdbh"], []).append(each["gxsj"])
    assert any(len(each) != len(set(each)) for each in versions.values())
    assert any(each != sorted(each) for each in versions.values())
    assert all(each["zxbz"] == "在线" for each in seen)


def test_a_file_that_breaks_off_is_sent_whole_later(dirty, var):
    stage = stage_of(dirty, "petition")
    at = datetime(2026, 11, 26, 7, 40)
    broken = drops.send(stage, at, "信访台账.xlsx", b"0123456789")
    assert broken.read_bytes() == b"01234"
    drops.send_again(stage, at + timedelta(minutes=30))
    assert list(stage.inbox.iterdir()) == [broken]
    drops.send_again(stage, at + timedelta(minutes=41))
    assert sorted(each.read_bytes() for each in stage.inbox.iterdir()) == [b"01234", b"0123456789"]


def test_some_messages_are_delivered_again(dirty):
    sent = []

    async def act(stage):
        async def send(_, message):
            sent.append(message)

        for n in range(200):
            await _as_it_is(stage, send)("", {"jqbh": str(n)})

    with clock.frozen(WEDNESDAY):
        asyncio.run(act(stage_of(dirty, "police_110")))
    share = next(each.share for each in DIRTY_WEEK["police_110"].dirt if each.how == AGAIN)
    assert abs(len(sent) - 200 * (1 + share)) < 25


def test_an_older_version_of_a_call_comes_after_the_newer_one(dirty):
    book = Book(dirty, police_110.calls_on, police_110.SPAN)
    dirt = Dirty("jqbh", [Dirt(LATE)])
    calls = [
        each
        for body in police_110.news(book, WEDNESDAY - timedelta(days=3), WEDNESDAY, dirt)
        for each in body["jq"]
    ]
    assert any(
        one["jqbh"] == other["jqbh"] and one["gxsj"] > other["gxsj"]
        for one, other in pairwise(calls)
    )


def test_the_figures_of_the_people_come_in_another_encoding(dirty):
    stage = stage_of(dirty, "population_stat")
    usual, other = (stage.dirt(at).encoding("gb18030") for at in (MORNING, WEDNESDAY))
    assert (usual, other) == ("gb18030", "utf-8-sig")
    now = datetime(2026, 11, 30, 6, 30)
    plain = population_stat.table(dirty, now, now, usual).decode(usual)
    assert population_stat.table(dirty, now, now, other).decode(other) == plain


def test_a_frame_on_a_bad_line_has_a_wrong_check_sum(dirty):
    line = Line(
        dirty, load_thresholds().stations[0], "", 0, WEDNESDAY, stage=stage_of(dirty, "gauge")
    )
    reports = line._reporter.owed(WEDNESDAY - timedelta(days=3), WEDNESDAY)
    with clock.frozen(WEDNESDAY):
        frames = [(report.frame, line._on_the_line(report)) for report in reports]
    bad = [
        sent for _, sent in frames if telemetry.crc(sent[:-2]) != int.from_bytes(sent[-2:], "big")
    ]
    assert 0 < len(bad) < len(frames) / 10
    assert all(whole == sent for whole, sent in frames if sent not in bad)


def test_a_platform_without_dirt_sends_what_it_has():
    assert CLEAN.row(ROW) == ROW
    assert CLEAN.rows([ROW]) == [ROW]
    assert CLEAN.header(("a", "b")) == ("a", "b")
    assert not CLEAN.hits(DAMAGED, "x")
