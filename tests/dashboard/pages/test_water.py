from dataclasses import replace

import pytest

from dashboard.pages import water
from dashboard.wall.water import Limits, StationNow

RISING = StationNow(
    "1", "春和闸站", 8.79, None, 0.02, Limits(patrol=8.6, warning=9.1, guarantee=10.2), 4
)


def test_the_next_limit_is_told_in_hours_at_the_rise_of_the_last_hour():
    assert water.hours_to(RISING) == (3, pytest.approx((9.1 - 8.79) / 0.02))


@pytest.mark.parametrize(
    "station",
    [
        replace(RISING, silent=True),  # it rose before it fell silent
        replace(RISING, rise_m=0.004),  # the trembling of the gauge
        replace(RISING, rise_m=-0.05),
        replace(RISING, rise_m=None),
        replace(RISING, level_m=None),
        replace(RISING, level_m=10.3),  # above all limits that are set
    ],
)
def test_nothing_is_foretold_of_a_station_that_is_silent_falling_or_above_all(station):
    assert water.hours_to(station) is None
