"""How fast the water rises, and when a limit is expected."""

from datetime import datetime, timedelta

import pytest

from dashboard.wall.rise import reach, rise

AT = datetime(2026, 9, 30, 2, 45)


def readings(*levels, step=5, last=AT):
    count = len(levels)
    return [
        (last - timedelta(minutes=step * (count - 1 - k)), level) for k, level in enumerate(levels)
    ]


def line(per_hour, count=13, end=8.58):
    return readings(*[end - per_hour * 5 / 60 * (count - 1 - k) for k in range(count)])


def test_the_slope_of_a_line_is_its_slope_and_the_limit_is_reached_where_it_crosses():
    found = rise(line(0.34))
    assert found.per_hour == pytest.approx(0.34)
    assert found.is_clear
    due = reach(found, 9.30)  # (9.30 - 8.58) / 0.34 = 2.1 h after 02:45
    assert f"{due.about:%H:%M}" == "04:50"


def test_one_wrong_reading_does_not_move_the_slope():
    wrong = line(0.3)
    wrong[6] = wrong[6][0], wrong[6][1] + 0.4
    assert rise(wrong).per_hour == pytest.approx(0.3, abs=0.03)


def test_no_time_is_told_for_falling_standing_or_jumping_water():
    assert reach(rise(line(-0.2)), 9.3) is None
    assert reach(rise(readings(*[8.5] * 13)), 9.3) is None
    jumping = [8.5, 8.9, 8.4, 8.8, 8.45, 8.95, 8.5, 8.85, 8.4, 8.9, 8.5, 8.9, 8.6]
    assert not rise(readings(*jumping)).is_clear


def test_few_readings_in_the_hour_widen_to_three_and_too_few_say_nothing():
    assert rise(readings(8.0, 8.1, 8.2, 8.3, 8.4, step=30)).hours == 3
    assert rise(readings(8.0, 8.1, 8.2)) is None
    assert rise([]) is None


def test_the_range_holds_the_expected_time_and_a_limit_a_day_off_is_not_told():
    uneven = readings(8.2, 8.21, 8.24, 8.25, 8.29, 8.3, 8.36, 8.38, 8.44, 8.47, 8.5, 8.55, 8.58)
    due = reach(rise(uneven), 9.3)
    assert due.early <= due.about <= due.late
    assert due.early < due.late
    assert reach(rise(line(0.02)), 9.3) is None
    assert reach(rise(line(0.34)), 8.5) is None  # passed already
