"""A platform's own counts against ours: a gap is read again by itself, once, then shown."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from cases import reconciliation, runs
from config import clock
from config.environment import ROOT, read_toml
from config.errors import ConfigError
from config.platforms import load_platforms
from etl import reconcile
from etl.errors import Refused
from etl.feed import check

NOON = datetime(2026, 11, 23, 12)
TOTALS = """
[hotline_12345.totals]
table = "hotline_order"
on = "received_at"
url = "{url}"
records = "result.list"
day_field = "rq"
count_field = "sl"
from_param = "ksrq"
to_param = "jsrq"
"""


@pytest.fixture
def stat(hotline, configure, blocks, respond):
    """The platform's own counts, by day; what it was asked."""
    counts: dict[str, object] = {}
    asked: list[dict[str, str]] = []

    def answer(handler) -> bool:
        if not handler.path.startswith("/order/stat"):
            return False
        asked.append(dict(parse_qsl(urlsplit(handler.path).query)))
        days = [{"rq": day, "sl": n} for day, n in counts.items()]
        body = {"code": "0000", "message": None, "result": {"list": days}}
        respond(handler, json.dumps(body).encode())
        return True

    hotline.answer = answer
    url = hotline.url.replace("list", "stat")
    configure(blocks["hotline"].format(url=hotline.url, size=50) + TOTALS.format(url=url))
    hotline.counts, hotline.asked_stat = counts, asked
    return hotline


def states(at) -> dict[str, str]:
    return {f"{day.day:%m-%d}": day.state for day in reconciliation.recent(at.store)}


def received(make_order, number: int, day: str, updated: str) -> dict:
    return make_order(number, updated, slsj=f"{day}T08:00:00")


def test_equal_counts_are_noted_for_each_of_the_last_seven_days(stat, make_order, place):
    stat.records = [received(make_order, 1, "2026-11-20", "2026-11-20T09:00:00")]
    stat.counts["2026-11-20"] = 1
    with clock.frozen(NOON):
        at = place()
        at.mend()
        at.poll("hotline_12345")
        at.reconcile()
        assert stat.asked_stat == [{"ksrq": "2026-11-16", "jsrq": "2026-11-22"}]
        days = reconciliation.recent(at.store)
    assert [each.day for each in days] == [date(2026, 11, 22) - timedelta(n) for n in range(7)]
    assert {each.state for each in days} == {"equal"}
    assert [(each.ours, each.theirs) for each in days if each.day.day == 20] == [(1, 1)]
    assert runs.last(at.store, "hotline_12345", "totals").ok


def test_a_gap_makes_the_next_poll_read_seven_days_back_and_is_then_closed(
    stat, make_order, place, core
):
    stat.records = [received(make_order, 1, "2026-11-22", "2026-11-23T11:00:00")]
    with clock.frozen(NOON):
        at = place()
        at.mend()
        at.poll("hotline_12345")
        # entered late, with an update time long behind our cursor
        stat.records.append(received(make_order, 2, "2026-11-18", "2026-11-18T10:00:00"))
        stat.counts |= {"2026-11-18": 1, "2026-11-22": 1}
        at.reconcile()
        assert states(at)["11-18"] == "gap"
        assert reconciliation.lacking(at.store) == {"hotline_12345": 1}
        stat.asked.clear()
        at._due["hotline_12345"] = 0.0
        at.poll("hotline_12345")
        assert stat.asked[0]["updatedSince"] <= "2026-11-16T12:00:00"
        assert set(states(at).values()) == {"equal"}
        assert core(at, "SELECT count(*) FROM core.hotline_order") == [(2,)]
        stat.asked.clear()
        at._due["hotline_12345"] = 0.0
        at.poll("hotline_12345")
        assert stat.asked[0]["updatedSince"] >= "2026-11-23T10:00:00"


def test_what_is_missing_even_then_is_shown_and_not_read_for_ever(stat, make_order, place):
    stat.records = [received(make_order, 1, "2026-11-20", "2026-11-20T09:00:00")]
    stat.counts |= {"2026-11-20": 3, "2026-11-21": 2}
    with clock.frozen(NOON):
        at = place()
        at.mend()
        at.poll("hotline_12345")
        at.reconcile()
        at._due["hotline_12345"] = 0.0
        at.poll("hotline_12345")
        assert states(at)["11-20"] == states(at)["11-21"] == "missing"
        assert not reconciliation.has_gap(at.store, "hotline_12345")
        at.reconcile()
        assert len(stat.asked_stat) == 2  # once for the day, once after reading again
    with clock.frozen(NOON + timedelta(days=1)):
        at.reconcile()
        assert states(at)["11-20"] == "gap"  # another day, another try


def test_rows_in_quarantine_are_named_as_such_and_neither_missing_nor_read_again(
    stat, make_order, place, core
):
    """Two cannot be right, one of them comes with every poll; a third was good before."""
    stat.records = [
        received(make_order, 1, "2026-11-20", "2026-11-20T09:00:00"),
        received(make_order, 2, "2026-11-20", "2026-11-20T09:00:00"),
    ]
    stat.counts["2026-11-20"] = 4
    bad = {"bjsj": "2026-11-01T08:00:00"}  # closed before it was received
    with clock.frozen(NOON):
        at = place()
        at.mend()
        at.poll("hotline_12345")
        stat.records += [
            received(make_order, n, "2026-11-20", f"2026-11-23T11:{50 + n}:00") | bad
            for n in (3, 4)
        ]
        stat.records[1] = stat.records[1] | bad | {"gxsj": "2026-11-23T11:52:00"}
        for _ in range(2):
            at._due["hotline_12345"] = 0.0
            at.poll("hotline_12345")
        at.reconcile()
        (day,) = [each for each in reconciliation.recent(at.store) if each.day.day == 20]
        assert (day.theirs, day.ours, day.quarantined, day.state) == (4, 2, 2, "held")
        assert reconciliation.lacking(at.store) == {}
        assert not reconciliation.has_gap(at.store, "hotline_12345")
        stat.counts["2026-11-20"] = 5
        reconcile.daily(at.loader, at.platforms["hotline_12345"])
        (day,) = [each for each in reconciliation.recent(at.store) if each.day.day == 20]
        assert (day.quarantined, day.state) == (2, "gap")
        assert reconciliation.lacking(at.store) == {"hotline_12345": 1}


def test_a_row_that_does_not_even_say_its_day_counts_on_the_day_it_came(stat, make_order, place):
    with clock.frozen(NOON - timedelta(days=1)):
        at = place()
        at.mend()
        stat.records = [received(make_order, 1, "2026-11-22", "2026-11-22T09:00:00") | {"gdbh": ""}]
        at.poll("hotline_12345")
    stat.counts["2026-11-22"] = 1
    with clock.frozen(NOON):
        at.reconcile()
        (day,) = [each for each in reconciliation.recent(at.store) if each.day.day == 22]
        assert (day.theirs, day.ours, day.quarantined, day.state) == (1, 0, 1, "held")


def test_more_rows_than_the_platform_counts_are_told_and_nothing_is_read_again(
    stat, make_order, place
):
    stat.records = [received(make_order, 1, "2026-11-20", "2026-11-20T09:00:00")]
    with clock.frozen(NOON):
        at = place()
        at.mend()
        at.poll("hotline_12345")
        at.reconcile()
        assert states(at)["11-20"] == "surplus"
        assert not reconciliation.has_gap(at.store, "hotline_12345")


def test_the_check_comes_once_a_day_after_three_and_at_the_start_when_it_was_missed(
    stat, make_order, place
):
    stat.records = [received(make_order, 1, "2026-11-20", "2026-11-20T09:00:00")]
    with clock.frozen(NOON):
        at = place()
        platform = at.platforms["hotline_12345"]
        at.mend()
        assert not reconcile.is_due(platform, at.store, NOON)  # nothing was read yet
        at.poll("hotline_12345")
        assert reconcile.is_due(platform, at.store, NOON)
        at.reconcile()
    due = {
        "at once": NOON + timedelta(minutes=1),
        "before three": datetime(2026, 11, 24, 2, 59),
        "at three": datetime(2026, 11, 24, 3),
        "days later": datetime(2026, 11, 29, 1),
        "a clock that went back": NOON - timedelta(days=3),
    }
    assert [name for name, now in due.items() if reconcile.is_due(platform, at.store, now)] == [
        "at three",
        "days later",
        "a clock that went back",
    ]


def test_a_platform_that_does_not_tell_its_counts_is_not_down(stat, make_order, place):
    stat.counts["2026-11-20"] = "many"
    with clock.frozen(NOON):
        at = place()
        at.mend()
        at.poll("hotline_12345")
        at.reconcile()
        run = runs.last(at.store, "hotline_12345", "totals")
        assert run.ok is False and "sl" in run.error
        assert not at.watches["hotline_12345"].is_down
        with pytest.raises(Refused, match="hotline_12345"):
            reconcile.daily(at.loader, at.platforms["hotline_12345"])


@pytest.mark.parametrize(
    ("cursor", "begin"),
    [
        ("2026-11-23T11:00:00", "2026-11-16T12:00:00"),
        ("2026-11-23 11:00:00", "2026-11-16 12:00:00"),
        ("2026-11-23T11:00:00+08:00", "2026-11-16T12:00:00+08:00"),
        ("2026-11-10T11:00:00", "2026-11-10T11:00:00"),
        ("00000000000000012345", None),
        ("v7", None),
    ],
)
def test_reading_again_begins_where_the_cursor_would_have_been(cursor, begin):
    assert reconcile.earlier(cursor, NOON - timedelta(days=7)) == begin


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('table = "hotline_order"', 'table = "hotline_ordre"', "table"),
        ('on = "received_at"', 'on = "title"', "on"),
        ('day_field = "rq"', "", "day_field"),
        ("records =", "rekords =", "rekords"),
        ("http://127.0.0.1", "http://127.0.0.2", "url"),
    ],
)
def test_totals_that_cannot_be_used_are_named(stat, configure, blocks, old, new, named):
    text = TOTALS.format(url=stat.url.replace("list", "stat"))
    assert old in text
    configure(blocks["hotline"].format(url=stat.url, size=50) + text.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        check(load_platforms()["hotline_12345"])
    assert caught.value.key == f"hotline_12345.totals.{named}"


def test_a_folder_of_files_has_no_totals(configure, blocks, var):
    configure(blocks["mediation"] + '\n[mediation.totals]\ntable = "mediation_case"\n')
    with pytest.raises(ConfigError, match="no totals"):
        check(load_platforms()["mediation"])


def test_a_case_that_the_view_shows_late_is_found_by_its_count_and_fetched(configure, var, place):
    """The shipped block of urban_case, against a database whose clock lagged behind."""
    shipped = read_toml(ROOT / "config" / "platforms.toml")["urban_case"]
    view, file = shipped["sql_view"]["view"], var / shipped["sql_view"]["database"]
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as base, base:
        base.execute(f"CREATE TABLE {view} (rec_id, task_num, create_time, update_time, act_state)")

    def enter(number: int, reported: str, updated: str) -> None:
        with closing(sqlite3.connect(file)) as base, base:
            row = (f"R{number}", f"T{number}", reported, updated, "办理中")
            base.execute(f"INSERT INTO {view} VALUES (?, ?, ?, ?, ?)", row)

    text = (ROOT / "config" / "platforms.toml").read_text(encoding="utf-8")
    configure(text[text.index("[urban_case]") : text.index("# --- whistle")])
    enter(1, "2026-11-20 08:00:00", "2026-11-23 11:00:00")
    with clock.frozen(NOON):
        at = place()
        at.mend()
        at.poll("urban_case")
        enter(2, "2026-11-18 08:00:00", "2026-11-18 09:00:00")  # long behind our cursor
        at.reconcile()
        assert states(at) | {"11-18": "gap"} == states(at)
        at._due["urban_case"] = 0.0
        at.poll("urban_case")
        assert set(states(at).values()) == {"equal"}
        assert sum(day.ours for day in reconciliation.recent(at.store)) == 2
