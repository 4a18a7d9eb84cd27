from datetime import date, datetime

import pytest

from config import clock
from demo.town import Town, settle


def test_a_town_is_founded_once_and_keeps_its_anchor(var):
    with clock.frozen(datetime(2026, 11, 23, 9)):
        first = settle(var)
    with clock.frozen(datetime(2027, 3, 1, 9)):
        assert settle(var) == first
    assert first.anchor == date(2026, 11, 23)
    assert first.first == date(2024, 1, 1)


def test_a_town_founded_anew_forgets_what_an_earlier_one_had_delivered(var):
    settle(var, date(2026, 11, 23))
    (var / "demo" / "stations.json").write_text("{}")
    settle(var, date(2026, 11, 23))
    assert (var / "demo" / "stations.json").exists()
    settle(var, date(2025, 2, 1))
    assert not (var / "demo" / "stations.json").exists()


@pytest.mark.parametrize(
    ("anchor", "year"),
    [("2026-01-01", 2025), ("2026-09-30", 2025), ("2026-10-01", 2026), ("2026-12-31", 2026)],
)
def test_the_calibrated_year_is_that_of_the_last_finished_january_to_september(anchor, year):
    assert Town(date.fromisoformat(anchor)).calibrated_from == year
