from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import periods

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2024-W28", date(2024, 7, 8), date(2024, 7, 14)),
        ("2024-W26", date(2024, 6, 24), date(2024, 6, 30)),
        ("2026-W48-fri", date(2026, 11, 20), date(2026, 11, 26)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2026-11-26th", date(2026, 10, 26), date(2026, 11, 25)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-ytd", date(2026, 1, 1), TODAY),
        ("2025-ytd", date(2025, 1, 1), date(2025, 12, 31)),
        ("2026-flood", date(2026, 5, 1), date(2026, 9, 30)),
        ("2026-11-01..2026-11-20", date(2026, 11, 1), date(2026, 11, 20)),
        ("", date(2026, 11, 1), date(2026, 11, 30)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("2026-01-26th", date(2025, 12, 26), date(2026, 1, 25)),
    ],
)
def test_a_key_names_its_days(key, first, last):
    period = periods.parse(key, TODAY)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    "key", ["2026-W54", "2025-W53", "2026-13", "2026-Q5", "week", "2026-11-20..2026-11-01", "20261"]
)
def test_a_wrong_key_is_refused_with_what_is_allowed(key):
    with pytest.raises(periods.UnknownPeriod) as raised:
        periods.parse(key, TODAY)
    assert key in str(raised.value)
    assert "2026-W47" in str(raised.value)


def test_an_unfinished_week_is_compared_with_as_many_days_of_the_week_before():
    wednesday = date(2026, 11, 25)
    week = periods.parse("2026-W48", wednesday)
    before = periods.previous(week, wednesday)
    assert (before.first, before.last) == (date(2026, 11, 16), date(2026, 11, 18))


def test_a_finished_month_is_compared_with_the_whole_month_before():
    before = periods.previous(periods.parse("2026-03", TODAY), TODAY)
    assert (before.first, before.last) == (date(2026, 2, 1), date(2026, 2, 28))


def test_the_day_after_28_february_of_a_leap_year_is_compared_with_the_28th():
    leap = periods.parse("2028-02-29..2028-02-29", TODAY)
    year_ago = periods.last_year(leap, TODAY)
    assert year_ago.first == year_ago.last == date(2027, 2, 28)


def test_a_finished_february_is_compared_with_the_whole_leap_february():
    year_ago = periods.last_year(periods.parse("2025-02", TODAY), TODAY)
    assert (year_ago.first, year_ago.last) == (date(2024, 2, 1), date(2024, 2, 29))


def test_a_year_to_date_is_compared_with_the_same_days_of_last_year():
    this_year = periods.parse("2026-ytd", TODAY)
    for before in (periods.last_year(this_year, TODAY), periods.previous(this_year, TODAY)):
        assert (before.first, before.last) == (date(2025, 1, 1), date(2025, 11, 23))


def test_a_week_a_year_ago_starts_on_the_same_weekday():
    year_ago = periods.last_year(periods.parse("2026-W40", TODAY), TODAY)
    assert year_ago.first.weekday() == 0
    assert year_ago.days == 7


def test_every_choice_of_the_picker_can_be_parsed_and_holds_or_precedes_today():
    for key, _label in periods.choices(TODAY):
        assert periods.parse(key, TODAY).first <= TODAY


@given(
    st.dates(date(2023, 1, 1), date(2029, 12, 31)),
    st.sampled_from(range(8)),
    st.integers(-30, 30),
)
def test_steps_forward_and_back_meet(today, choice, count):
    period = periods.parse(periods.choices(today)[choice][0], today)
    there = periods.parse(periods.step(period, count), today)
    assert periods.step(there, -count) == period.key


@given(st.dates(date(2023, 1, 1), date(2029, 12, 31)), st.sampled_from(range(8)))
def test_neighbouring_periods_touch_or_are_a_year_apart(today, choice):
    period = periods.parse(periods.choices(today)[choice][0], today)
    after = periods.parse(periods.step(period, 1), today)
    if period.kind not in ("ytd", "flood"):
        assert (after.first - period.last).days == 1


@given(st.dates(date(2023, 1, 1), date(2029, 12, 31)), st.sampled_from(range(8)))
def test_like_for_like_is_never_longer_than_what_has_elapsed(today, choice):
    period = periods.parse(periods.choices(today)[choice][0], today)
    cut = periods.elapsed(period, today)
    if cut != period:
        assert periods.previous(period, today).days <= cut.days + 1


def test_a_comparison_is_as_old_as_the_period_was_when_it_was_seen():
    today = date(2026, 11, 29)
    year = periods.elapsed(periods.parse("2026-ytd", today), today)
    seen = datetime(2026, 11, 29, 10, 30)
    before = periods.last_year(year, today)
    assert periods.same_age(year.last, seen, before) == datetime(2025, 11, 29, 10, 30)
    month = periods.parse("2026-10", today)
    before = periods.previous(month, today)
    assert periods.same_age(month.last, seen, before) == datetime(2026, 10, 29, 10, 30)
