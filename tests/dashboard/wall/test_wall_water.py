from datetime import timedelta

import pytest

from dashboard.wall.water import (
    Limits,
    StationNow,
    by_urgency,
    distance_words,
    over_warning,
    rank_of,
    rise_words,
    state_words,
)

LIMITS = Limits(patrol=8.0, warning=8.5, guarantee=9.3, record=9.86)


def station(level, *, limits=LIMITS, silent=False, code="1"):
    return StationNow(
        code, "新河闸站", level, None, 0.03, limits, rank_of(level, limits, 0.5), silent=silent
    )


@pytest.mark.parametrize(
    ("level", "rank"),
    [(7.9, None), (8.0, 4), (8.49, 4), (8.5, 3), (9.29, 3), (9.3, 2), (9.86, 1), (None, None)],
)
def test_the_rank_is_that_of_the_highest_limit_passed(level, rank):
    assert rank_of(level, LIMITS, 0.4) == rank


def test_near_the_warning_level_is_rank_four_below_patrol_too():
    assert rank_of(7.99, LIMITS, 0.51) == 4
    assert state_words(station(7.99, limits=Limits(warning=8.4, patrol=8.2))) == "水位接近警戒"


@pytest.mark.parametrize(
    ("level", "words", "distance"),
    [
        (7.0, "", "距警戒 1.50 m"),
        (8.02, "水位超设防", "距警戒 0.48 m"),
        (8.58, "水位超警戒", "超警戒 0.08 m"),
        (9.4, "水位超保证", "超保证 0.10 m"),
        (9.9, "水位超历史最高", "超历史最高 0.04 m"),
    ],
)
def test_state_and_distance_in_words(level, words, distance):
    assert state_words(station(level)) == words
    assert distance_words(station(level)) == distance


def test_a_station_without_a_warning_level_measures_to_its_lowest_limit():
    one = station(7.0, limits=Limits(guarantee=9.0))
    assert distance_words(one) == "距保证 2.00 m"
    assert distance_words(station(1.0, limits=Limits())) == "未设限值"


def test_a_gauge_that_sent_nothing_has_no_distance():
    assert distance_words(station(None)) == "—"


@pytest.mark.parametrize(
    ("rise", "words"), [(0.03, "涨 0.03 m"), (-0.02, "落 0.02 m"), (0.004, "平"), (None, "—")]
)
def test_movement_in_words(rise, words):
    assert rise_words(rise) == words


def test_the_most_urgent_comes_first_and_silence_last():
    high, near, calm = station(8.6, code="a"), station(7.8, code="b"), station(5.0, code="c")
    silent, none = station(7.9, silent=True, code="d"), station(None, code="e")
    assert [s.code for s in by_urgency([none, silent, calm, near, high])] == list("abcde")


def test_a_rank_is_not_cleared_by_silence():
    silent = station(8.6, silent=True, code="d")
    assert by_urgency([station(7.0), silent])[0] is silent and silent.rank == 3


def test_stations_over_the_warning_level_are_counted():
    assert over_warning([station(8.5), station(8.49), station(9.9)]) == 2


def test_the_age_is_kept_for_the_silent_ones():
    one = StationNow("1", "x", 1.0, None, None, LIMITS, None, silent=True, age=timedelta(hours=3))
    assert one.age == timedelta(hours=3)
