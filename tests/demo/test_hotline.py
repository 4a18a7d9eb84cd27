"""The hotline's orders: shapes and rates of a real street, nothing from the future."""

from collections import Counter
from datetime import date, datetime, timedelta
from statistics import mean

import pytest

from demo import calls, office
from demo.hotline import SPAN, orders_on
from demo.lives import Book
from demo.town import Town

LEFT_OUT = ("退单", "不予受理", "并单", "作废")
TIMES = ("slsj", "pdsj", "qssj", "lxsj", "bjsj", "hfsj", "gxsj")


def at(text):
    return datetime.fromisoformat(text)


def test_the_same_day_is_drawn_the_same_in_every_town_of_that_anchor(town):
    day = date(2026, 3, 9)
    one = orders_on(town, day)
    calls.calls_on.cache_clear()
    assert orders_on(Town(date(2026, 11, 23)), day) == one


def test_an_order_shows_only_what_has_happened(records, now):
    for record in records:
        for name in TIMES:
            assert record[name] is None or at(record[name]) <= now, record
        assert all(at(step["sj"]) <= now for step in record["lz"])
        assert record["gxsj"] == record["lz"][-1]["sj"]
        assert record["gdzt"] == record["lz"][-1]["xzt"]


def test_times_within_an_order_are_in_order(records):
    for record in records:
        flow = [step["sj"] for step in record["lz"]]
        assert flow == sorted(flow)
        assert [int(step["xh"]) for step in record["lz"]] == list(range(1, len(flow) + 1))
        for step, following in zip(record["lz"], record["lz"][1:], strict=False):
            assert step["xzt"] == following["yzt"]
        if record["bjsj"]:
            assert record["slsj"] <= record["bjsj"]


def test_polling_by_update_time_sees_every_change(town):
    """A reader that asks every two hours with what it saw last holds the same as a full listing."""
    book = Book(town, orders_on, SPAN)
    seen, since, seen_states = {}, datetime(2024, 1, 1), Counter()
    moment = datetime(2024, 1, 10)
    while moment < datetime(2024, 1, 25):
        for entry in book.changed(moment, since - timedelta(minutes=10)):
            record = book.row(entry, moment)
            seen[record["gdbh"]] = record
            seen_states[record["gdzt"]] += 1
            since = max(since, book.updated(entry))
        moment += timedelta(hours=2)
    moment -= timedelta(hours=2)
    rows = (book.row(entry, moment) for entry in book.changed(moment, town_start(town)))
    whole = {row["gdbh"]: row for row in rows}
    assert seen == whole
    assert {"待签收", "办理中", "已办结", "已回访", "归档"} <= set(seen_states)


def town_start(town):
    return datetime.combine(town.first, datetime.min.time())


@pytest.mark.parametrize("first", ["2025-07-01", "2026-01-01"])
def test_the_rates_of_many_months_lie_in_the_published_bands(records, now, first):
    until = str(date.fromisoformat(first) + timedelta(days=326))
    due = [
        r for r in records
        if r["blsx"] and first <= r["blsx"] < until and at(r["blsx"]) <= now
        and r["bjfs"] not in LEFT_OUT
    ]  # fmt: skip
    on_time = sum(bool(r["bjsj"]) and r["bjsj"] <= r["blsx"] for r in due) / len(due)
    assert 0.95 <= on_time <= 0.98
    visited = [
        r for r in records
        if r["hfsj"] and first <= r["hfsj"] < until and r["sfts"] == "0"
    ]  # fmt: skip
    reached = [r for r in visited if r["sfxy"] is not None]
    assert 0.98 <= sum(r["sfxy"] == "1" for r in reached) / len(reached) <= 0.992
    asked = [r for r in reached if r["sfjj"] is not None]
    assert 0.90 <= sum(r["sfjj"] == "1" for r in asked) / len(asked) <= 0.93
    voted = [r for r in visited if r["myd"] not in ("未评价", "未接通")]
    happy = sum(r["myd"] in ("非常满意", "满意", "基本满意") for r in voted) / len(voted)
    assert 0.92 <= happy <= 0.952


def test_a_few_orders_are_open_and_overdue(records, now):
    still = [r for r in records if r["bjsj"] is None]
    late = [r for r in still if r["blsx"] and at(r["blsx"]) < now]
    assert 20 <= len(still) <= 110
    assert 1 <= len(late) <= 12


def test_weekdays_bring_more_than_weekends_and_mornings_more_than_nights(records):
    days = Counter(at(r["slsj"]).date() for r in records if r["slsj"] < "2026-11-23")
    week = mean(n for d, n in days.items() if d.weekday() < 5)
    weekend = mean(n for d, n in days.items() if d.weekday() >= 5)
    assert 8 <= week <= 15
    assert 0.5 <= weekend / week <= 0.72
    hours = Counter(at(r["slsj"]).hour for r in records)
    assert hours[9] > 20 * hours[3]
    assert sum(hours[h] for h in (9, 10, 14, 15)) / len(records) > 0.3


def test_a_public_holiday_brings_about_half_of_a_workday(records):
    days = Counter(at(r["slsj"]).date() for r in records)
    span = [date(2025, 6, 1) + timedelta(days=n) for n in range(540)]
    holidays = mean(days[d] for d in span if d.weekday() < 5 and not office.is_workday(d))
    usual = mean(days[d] for d in span if d.weekday() < 5 and office.is_workday(d))
    assert 0.4 < holidays / usual < 0.65


def test_heavy_rain_brings_standing_water(records, town):
    from demo import sky

    wet = {d for d in {at(r["slsj"]).date() for r in records} if sky.rain_on(town, d) > 30}
    share = [r["sqfl"] == "050304" for r in records if at(r["slsj"]).date() in wet]
    usual = [r["sqfl"] == "050304" for r in records if at(r["slsj"]).date() not in wet]
    assert mean(share) > 2.5 * mean(usual)


def test_a_repeat_points_at_an_earlier_order_that_is_there(records):
    by_number = {r["gdbh"]: r for r in records}
    merged = [r for r in records if r["bdbh"] and r["slsj"] > "2025-06-15"]
    assert len(merged) > 80
    for record in merged:
        main = by_number[record["bdbh"]]
        assert main["slsj"] < record["slsj"]
        assert (main["sqfl"], main["sqbm"]) == (record["sqfl"], record["sqbm"])
        assert record["bjfs"] == "并单"


def test_every_ending_and_every_detour_occurs(records):
    assert {"办结", "直接答复", "不予受理", "并单", "挂账", "作废", "退单"} <= {
        r["bjfs"] for r in records
    }
    actions = {step["cz"] for r in records for step in r["lz"]}
    assert {"退单驳回", "改派", "申请延期", "同意延期", "不同意延期", "重办"} <= actions
    assert any(r["blsx"] != r["ysblsx"] for r in records if r["blsx"])
    assert any(r["cbcs"] == "1" for r in records)
    assert any(r["sfts"] == "1" and r["tsyy"] for r in records)
    assert any(r["sqbm"] is None for r in records)


def test_one_caller_spoke_markup_and_one_a_formula(records):
    assert sum("<img src=x onerror=" in r["nr"] for r in records) >= 1
    assert sum(r["bt"].startswith("=HYPERLINK") for r in records) >= 1


def test_numbers_are_unique_and_telephones_are_invented(records):
    assert len({r["gdbh"] for r in records}) == len(records)
    assert all(r["lxdh"][3:7] == "0000" for r in records)


def test_no_word_is_left_unfilled(records):
    for record in records:
        assert "{" not in f"{record['bt']}{record['nr']}{record['dfnr']}"


def test_every_class_of_the_site_has_its_matter_and_every_unit_is_the_sites():
    from config.site import load_site

    site = load_site()
    assert set(calls.matters()) == {c.code for c in site.hotline_classes if len(c.code) == 6}
    units = {u.name for u in site.units}
    for matter in calls.matters().values():
        assert set(matter["units"]) <= units
        assert len(matter["title"]) <= max(2, len(matter["body"]))
