from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import wording


@pytest.mark.parametrize(
    ("numerator", "denominator", "digits", "shown"),
    [
        (139, 143, 1, "97.2"),
        (65, 90, 1, "72.2"),
        (204, 233, 1, "87.6"),
        (911, 972, 2, "93.72"),
        (737, 972, 2, "75.82"),
        (33928, 36314, 2, "93.43"),
        (6434, 7696, 2, "83.60"),
        (6197, 7696, 2, "80.52"),
        (999, 1000, 0, "99"),
        (9999, 10000, 1, "99.9"),
        (1, 100000, 1, "0.1"),
        (0, 10, 1, "0.0"),
        (5, 5, 1, "100.0"),
        (0, 0, 1, "—"),
        (None, 3, 1, "—"),
    ],
)
def test_a_rate_is_rounded_half_up_and_never_rounded_to_the_whole(
    numerator, denominator, digits, shown
):
    assert wording.percent(numerator, denominator, digits) == shown


def test_a_rate_of_fewer_than_ten_cases_is_the_pair():
    assert wording.rate(3, 4) == "3/4"
    assert wording.rate(9, 10) == "90.0 %"
    assert wording.rate(0, 0) == "—"


def test_changes_of_counts_are_per_cent_and_of_rates_points():
    assert wording.change_words(90, 96) == "下降 6.3 %"
    assert wording.change_words(143, 131) == "上升 9.2 %"
    assert wording.change_words(66, 75, formal=True) == "下降12.0%"
    assert wording.change_words(66, 71) == "下降 7.0 %"
    assert wording.change_words(5, 0) == "—"
    assert wording.change_words(10000, 10004) == "持平"
    assert wording.points_words((65, 90), (62, 96)) == "提高 7.6 个百分点"
    assert wording.points_words((139, 143), (121, 131)) == "提高 4.8 个百分点"
    assert wording.points_words((1, 2), (1, 2), formal=True) == "持平"
    assert wording.points_words((1, 2), (0, 0)) == "—"


def test_half_is_rounded_up_not_to_even():
    assert wording.fixed(0.125, 2) == "0.13"
    assert wording.fixed(2.5) == "3"
    assert wording.fixed(-0.04, 1) == "0.0"
    assert wording.fixed(10.05, 1) == "10.1"


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 3))
def test_a_part_never_prints_as_the_whole_or_as_nothing(part, rest, digits):
    whole = part + rest
    shown = float(wording.percent(part, whole, digits))
    assert shown < 100
    assert (shown == 0) == (part == 0)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any))
def test_shares_of_one_whole_add_up_to_a_hundred(parts):
    tenths = sum(int(share.replace(".", "")) for share in wording.shares(parts))
    assert tenths == 1000


def test_ages_and_remaining_times_read_like_speech():
    assert wording.age(30) == "不到 1 分"
    assert wording.age(timedelta(minutes=38)) == "38 分"
    assert wording.age(timedelta(hours=3, minutes=12)) == "3 时 12 分"
    assert wording.age(timedelta(days=2, hours=4)) == "2 天 4 时"
    assert wording.remaining(timedelta(hours=1, minutes=18)) == "余 1:18"
    assert wording.remaining(-timedelta(hours=2, minutes=5)) == "超 2:05"
    assert wording.remaining(-timedelta(days=12)) == "超 12 天"


def test_the_time_of_data_names_its_day_only_when_it_is_not_today():
    today = date(2026, 9, 30)
    assert wording.moment(datetime(2026, 9, 30, 9, 44), today) == "09:44"
    assert wording.moment(datetime(2026, 9, 28, 9, 44), today) == "9月28日 09:44"
    assert wording.moment(datetime(2025, 9, 28, 9, 44), today) == "2025年9月28日 09:44"
    assert wording.weekday(today) == "周三"
