from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from config import workdays

# working days per year as counted from the notices (2007 to 2026)
YEARS = {
    2007: 249, 2008: 251, 2009: 250, 2010: 250, 2011: 250, 2012: 249, 2013: 250, 2014: 250,
    2015: 249, 2016: 250, 2017: 249, 2018: 250, 2019: 250, 2020: 249, 2021: 250, 2022: 249,
    2023: 249, 2024: 251, 2025: 248, 2026: 248,
}  # fmt: skip
DAYS = st.dates(date(2008, 1, 1), date(2028, 12, 31))


def test_every_year_has_the_workdays_of_its_notice():
    counted = {
        year: workdays.workdays_between(date(year - 1, 12, 31), date(year, 12, 31))
        for year in YEARS
    }
    assert counted == YEARS


def test_a_working_weekend_counts_and_a_holiday_on_a_weekday_does_not():
    assert workdays.is_workday(date(2026, 10, 10))  # Saturday, worked instead
    assert not workdays.is_workday(date(2026, 10, 5))  # Monday, National Day
    assert workdays.holiday_name(date(2026, 10, 5)) == "国庆节"


def test_a_deadline_moves_past_the_holiday():
    assert workdays.add_workdays(date(2026, 9, 29), 2) == date(2026, 10, 8)


def test_zero_workdays_is_the_day_itself():
    assert workdays.add_workdays(date(2026, 10, 3), 0) == date(2026, 10, 3)


def test_a_year_without_notice_is_counted_by_weekdays_and_known_to_be_provisional():
    assert not workdays.calendar_known(2027)
    assert workdays.calendar_known(2026)
    assert workdays.is_workday(date(2027, 1, 1))


@given(DAYS, st.integers(1, 60))
def test_counting_forward_and_back_agree(day, count):
    due = workdays.add_workdays(day, count)
    assert workdays.is_workday(due)
    assert workdays.workdays_between(day, due) == count


@given(DAYS, DAYS)
def test_counting_is_antisymmetric(start, end):
    assert workdays.workdays_between(start, end) == -workdays.workdays_between(end, start)
