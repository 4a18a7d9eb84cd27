"""A golden table of times: each is read as it was meant, or said to be none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from config import clock, periods
from etl.formats.moment import iso

# the nights on which Shanghai's clocks were put on and back, in UTC
SUMMERS = [
    ("1986-05-03T18:00:00", "1986-09-13T17:00:00"), ("1987-04-11T18:00:00", "1987-09-12T17:00:00"),
    ("1988-04-16T18:00:00", "1988-09-10T17:00:00"), ("1989-04-15T18:00:00", "1989-09-16T17:00:00"),
    ("1990-04-14T18:00:00", "1990-09-15T17:00:00"), ("1991-04-13T18:00:00", "1991-09-14T17:00:00"),
]  # fmt: skip


def edges() -> list[tuple[str, str]]:
    """A second before and at each change, as UTC, with an offset, in seconds and milliseconds."""
    table = []
    for on, off in SUMMERS:
        for text, before, after in ((on, 8, 9), (off, 9, 8)):
            change = datetime.fromisoformat(text)
            for moment, hours in ((change - timedelta(seconds=1), before), (change, after)):
                local = (moment + timedelta(hours=hours)).isoformat()
                seconds = int(moment.replace(tzinfo=UTC).timestamp())
                table += [
                    (f"{moment.isoformat()}Z", local),
                    (f"{(moment + timedelta(hours=8)).isoformat()}+08:00", local),
                    (str(seconds), local),
                    (f"{seconds}000", local),
                ]
    return table


GOLDEN = [
    # as most platforms write it, and loosely
    ("2026-11-23T08:00:00", "2026-11-23T08:00:00"),
    ("2026-11-23 08:00:00", "2026-11-23T08:00:00"),
    ("2026-11-23 8:0", "2026-11-23T08:00:00"),
    ("2026/1/2", "2026-01-02T00:00:00"),
    ("2026.1.2 3:04:05", "2026-01-02T03:04:05"),
    ("2026年11月3日", "2026-11-03T00:00:00"),
    ("2026年11月3日 8时5分6秒", "2026-11-03T08:05:06"),
    ("2026年11月3日8时5分", "2026-11-03T08:05:00"),
    ("2026年11月3日 8时", "2026-11-03T08:00:00"),
    ("2026年11月3日下午3点整", "2026-11-03T15:00:00"),
    ("2026年11月3日 8点05分", "2026-11-03T08:05:00"),
    ("2026-11-03 8", None),
    ("2026-11-03 8:", None),
    ("２０２６-１１-２３", "2026-11-23T00:00:00"),
    (" 2026-11-23 08：00 ", "2026-11-23T08:00:00"),
    ("2026-11-23T08:00:00.5", "2026-11-23T08:00:00.500000"),
    ("2026-11-23T08:00:00.123456789", "2026-11-23T08:00:00.123456"),
    # halves of the day
    ("2026/11/3 上午 8:05:00", "2026-11-03T08:05:00"),
    ("2026/11/3 下午3:05:00", "2026-11-03T15:05:00"),
    ("2026/11/3 上午12:05", "2026-11-03T00:05:00"),
    ("2026/11/3 下午12:05", "2026-11-03T12:05:00"),
    ("2026/11/3 中午11:30", "2026-11-03T11:30:00"),
    ("2026/11/3 中午1:30", "2026-11-03T13:30:00"),
    ("2026-11-03 03:05:00 PM", "2026-11-03T15:05:00"),
    ("2026-11-03 12:05 am", "2026-11-03T00:05:00"),
    ("2026-11-03 13:05 AM", None),
    # zones
    ("2026-11-23T00:00:00Z", "2026-11-23T08:00:00"),
    ("2026-11-23 00:00:00 UTC", "2026-11-23T08:00:00"),
    ("2026-11-23T08:00:00+08:00", "2026-11-23T08:00:00"),
    ("2026-11-23T08:00:00+0800", "2026-11-23T08:00:00"),
    ("2026-11-23T08:00:00+08", "2026-11-23T08:00:00"),
    ("2026-11-22T19:00:00-05:00", "2026-11-23T08:00:00"),
    ("2026-12-31T16:00:00Z", "2027-01-01T00:00:00"),
    ("2026-11-23T08:00:00+25:00", None),
    # leap days and leap years
    ("2028-02-29", "2028-02-29T00:00:00"),
    ("2000-02-29", "2000-02-29T00:00:00"),
    ("2027-02-29", None),
    ("2100-02-29", None),
    ("2028-02-28 24:00", "2028-02-29T00:00:00"),
    ("2027-02-28 24:00", "2027-03-01T00:00:00"),
    # the end of a day
    ("2026-11-23 24:00", "2026-11-24T00:00:00"),
    ("2026-11-23 24:00:00", "2026-11-24T00:00:00"),
    ("2026-12-31 24:00", "2027-01-01T00:00:00"),
    ("2026-11-23 24:01", None),
    ("2026-11-23 24:00:01", None),
    ("2026-11-23 25:00", None),
    ("2026-11-23 08:60", None),
    ("2026-11-23 23:59:60", None),
    # Excel's day count
    ("45000", "2023-03-15T00:00:00"),
    ("45000.5", "2023-03-15T12:00:00"),
    ("46349.999988426", "2026-11-23T23:59:59"),
    ("36526", "2000-01-01T00:00:00"),
    # run together
    ("20261123", "2026-11-23T00:00:00"),
    ("20261123080500", "2026-11-23T08:05:00"),
    ("20260230", None),
    ("20261123250000", None),
    ("12345678", None),
    # since 1970
    ("1795392000", "2026-11-23T08:00:00"),
    ("1795392000500", "2026-11-23T08:00:00.500000"),
    ("999999999", "2001-09-09T09:46:39"),
    ("0", None),
    # no time at all
    ("2026-02-30", None),
    ("2026-13-01", None),
    ("2026-00-10", None),
    ("0000-01-01", None),
    ("9999-12-31 24:00", None),
    ("26-11-23", None),
    ("11/23/2026", None),
    ("昨天", None),
    ("-", None),
    ("", None),
    ("2026-11-23 08:00:00 CST", None),
    ("١٢٣٤٥٦٧٨", None),
    *edges(),
]


@pytest.mark.parametrize(("written", "meant"), GOLDEN)
def test_a_time_is_read_as_it_was_meant_or_said_to_be_none(written, meant):
    assert iso(written) == meant


@pytest.mark.parametrize("naive", ["1988-07-01 08:00:00", "1986-05-04 02:30:00"])
def test_a_naive_time_is_local_as_it_stands_even_where_no_clock_showed_it(naive):
    assert iso(naive) == naive.replace(" ", "T")


@pytest.mark.parametrize(
    ("week", "first", "last"),
    [
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2027-W01", "2027-01-04", "2027-01-10"),
        ("2021-W01", "2021-01-04", "2021-01-10"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
    ],
)
def test_a_week_at_the_end_of_the_year_keeps_its_days(week, first, last):
    found = periods.parse(week, date(2027, 2, 1))
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


def test_what_lies_ahead_or_ends_before_it_begins_is_set_aside_and_in_no_average(place, core):
    rows = [
        ("A1", "2026-11-01 08:00:00", "2026-11-03 08:00:00"),
        ("A2", "2026-11-01 08:00:00", "2026-10-30 08:00:00"),
        ("A3", "2027-11-01 08:00:00", ""),
        ("A4", "2026-11-02 08:00:00", ""),
        ("A5", "昨天", ""),
    ]
    text = "工单编号,受理时间,办结时间,更新时间\n" + "".join(
        f"{no},{received},{closed},2026-11-20 08:00:00\n" for no, received, closed in rows
    )
    at = place()
    at.mend()
    with clock.frozen(datetime(2026, 11, 23, 12, 0)):
        tally = at.loader.take("hotline_12345", text.encode(), ext="csv", source="hotline_12345")
    assert (tally.rows_in, tally.loaded, tally.quarantined) == (5, 2, 3)
    assert set(tally.reasons) >= {"办结早于受理", "受理时间在未来"}
    ((orders, days),) = core(
        at,
        "SELECT count(*), avg(date_diff('day', received_at, closed_at)) FROM core.hotline_order",
    )
    assert (orders, days) == (2, 2.0)
