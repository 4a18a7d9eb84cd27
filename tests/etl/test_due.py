"""When a platform is due, by its cadence or its time of day, whatever the clock does."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from config.errors import ConfigError
from config.platforms import WEEKDAYS, Platform, load_platforms
from etl import due

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 11, 23, 12, 0)  # a Monday


def platform(every: timedelta, at: time | None = None, on: str | None = None) -> Platform:
    return Platform(
        "x", "x", "x", "x", "", "rest", every, 4 * every, demo=False, enabled=True, at=at, on=on
    )


DAILY = platform(DAY, time(7, 30))
WEEKLY = platform(7 * DAY, time(7, 30), "mon")


def test_a_weekday_is_named_and_means_that_day():
    for number, name in enumerate(WEEKDAYS):
        weekly = platform(7 * DAY, time(7, 30), name)
        found = due.slot(weekly, NOON)
        assert found.strftime("%a").lower() == name
        assert found.isoweekday() == number + 1
        assert timedelta(0) <= NOON - found < 7 * DAY


@pytest.mark.parametrize("number", [0, 1, "1", "monday", "Mon", "周一"])
def test_a_weekday_by_number_or_any_other_word_is_refused(configure, blocks, number, var):
    word = number if isinstance(number, int) else f'"{number}"'
    every = 'every = "7d"\nat = "07:30"\non = '
    block = blocks["mediation"].replace('every = "5m"', f"{every}{word}")
    configure(block)
    with pytest.raises(ConfigError, match=r"mediation\.on.*mon \| tue"):
        load_platforms()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('every = "1d"\nat = "7:30"', 'mediation.at.*such as "07:30"'),
        ('every = "1d"\nat = "24:00"', 'mediation.at.*such as "07:30"'),
        ('every = "7d"\non = "mon"', "mediation.at.*because `on` is set"),
        ('every = "1h"\nat = "07:30"', 'mediation.every.*"1d", because `at` is set'),
        ('every = "1d"\nat = "07:30"\non = "mon"', 'mediation.every.*"7d", because `on`'),
    ],
)
def test_a_time_of_day_that_cannot_be_meant_is_refused(configure, blocks, lines, said, var):
    configure(blocks["mediation"].replace('every = "5m"', lines))
    with pytest.raises(ConfigError, match=said):
        load_platforms()


def test_a_time_of_day_is_read_with_its_weekday(configure, blocks, var):
    lines = 'every = "7d"\nat = "07:30"\non = "fri"'
    configure(blocks["mediation"].replace('every = "5m"', lines))
    found = load_platforms()["mediation"]
    assert (found.at, found.on) == (time(7, 30), "fri")


def turns(of: Platform, moments: list[datetime], last: datetime | None = None) -> list[datetime]:
    """The moments at which a platform was asked, of those at which somebody looked."""
    asked = []
    for now in moments:
        if due.is_due(of, last, now):
            last = now
            asked.append(now)
    return asked


def test_a_daily_platform_is_asked_once_a_day_and_once_after_days_without_us():
    looks = [NOON + n * 10 * MINUTE for n in range(6 * 24 * 3)]
    asked = turns(DAILY, looks)
    assert asked == [NOON] + [datetime(2026, 11, d, 7, 30) for d in (24, 25, 26)]
    assert turns(DAILY, [NOON, NOON + 10 * DAY, NOON + 10 * DAY + MINUTE]) == [
        NOON,
        NOON + 10 * DAY,
    ]


def test_a_weekly_platform_is_asked_on_its_day_only():
    looks = [NOON + n * HOUR for n in range(24 * 15)]
    assert turns(WEEKLY, looks) == [
        NOON,
        datetime(2026, 11, 30, 8, 0),
        datetime(2026, 12, 7, 8, 0),
    ]


@pytest.mark.parametrize(
    ("jump", "extra"),
    [(2 * HOUR, 0), (-HOUR, 0), (365 * DAY, 1), (timedelta(seconds=0.4), 0)],
    ids=["+2 h", "-1 h", "+1 y and back", "NTP step"],
)
def test_a_clock_that_jumps_loses_no_turn_and_makes_at_most_one_more(jump, extra):
    """The clock jumps at 07:35, after the turn of the day; a wrong year is set back at 08:05."""
    steady = [datetime(2026, 11, 23, 0, 0) + n * MINUTE for n in range(3 * 24 * 60)]
    begins, ends = datetime(2026, 11, 23, 7, 35), datetime(2026, 11, 23, 8, 5)

    def shown(true: datetime) -> datetime:
        is_off = true >= begins and (jump < 300 * DAY or true < ends)
        return true + jump if is_off else true

    yesterday = datetime(2026, 11, 22, 7, 30)
    asked = turns(DAILY, [shown(true) for true in steady], yesterday)
    days = [each.date() for each in asked if each.year == 2026]
    assert set(days) == {datetime(2026, 11, d).date() for d in (23, 24, 25)}
    assert len(days) == 3 + extra
    assert len(asked) == len(days) + extra  # in the wrong year, too, it is asked but once


@pytest.mark.parametrize(
    ("last", "ok", "wait"),
    [
        (None, False, timedelta(0)),
        (NOON - 2 * MINUTE, True, 3 * MINUTE),
        (NOON - 2 * MINUTE, False, timedelta(0)),
        (NOON - 3 * HOUR, True, timedelta(0)),
        (NOON + DAY, True, 5 * MINUTE),
    ],
)
def test_the_first_question_after_a_start_comes_by_the_last_run(last, ok, wait):
    assert due.wait(last, ok, 5 * MINUTE, NOON) == wait


def test_missed_turns_are_counted_without_the_one_that_is_due_now():
    five = platform(5 * MINUTE)
    assert due.missed(five, NOON - 3 * HOUR, NOON) == 35
    assert due.missed(five, NOON - 9 * MINUTE, NOON) == 0
    assert due.missed(five, NOON + DAY, NOON) == 0
    assert due.missed(DAILY, NOON - 3 * DAY, NOON) == 2
    assert due.missed(DAILY, NOON - HOUR, NOON) == 0
    assert due.missed(WEEKLY, NOON - 15 * DAY, NOON) == 2


def test_platforms_of_one_cadence_spread_a_little_and_never_ask_late():
    assert due.pause(MINUTE, 0.0) == 60
    assert due.pause(MINUTE, 1.0) == 54
    assert due.pause(DAY, 1.0) == 86_370
