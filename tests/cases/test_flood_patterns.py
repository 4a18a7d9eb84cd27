"""What goes wrong with sensors (F16), pattern by pattern, and what must always hold."""

import os
import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.flood_track import from_json
from tests.cases.recorded import Bench, station

T0 = datetime(2026, 7, 11)
CYCLE = timedelta(minutes=5)
SEEDS = range(50 if os.environ.get("HONGLAN_LONG") else 5)
WARNING, GUARANTEE = 9.0, 10.0  # 接近 from 8.70


def bench():
    return Bench(station(WARNING, GUARANTEE, 10.5))


def run(levels, made=None, start=0):
    made = made or bench()
    for n, level in enumerate(levels, start):
        made.take(T0 + n * CYCLE, None if level is None else round(level, 3))
    return made


def calm(dice, count, around=7.5):
    return [around + dice.gauss(0, 0.006) for _ in range(count)]


def rise(dice, top, per_cycle=0.05, start=7.5):
    count = round((top - start) / per_cycle)
    return [start + per_cycle * n + dice.gauss(0, 0.004) for n in range(1, count + 1)]


@pytest.mark.parametrize("seed", SEEDS)
class TestPatterns:
    @pytest.fixture
    def dice(self, seed):
        return random.Random(seed)

    def test_a_real_rise_is_an_alarm_with_the_second_reading_past_the_limit(self, dice):
        made = bench()
        first = None
        for n, level in enumerate([*calm(dice, 20), *rise(dice, 9.6)]):
            made.take(T0 + n * CYCLE, round(level, 3))
            first = n if first is None and level >= 8.7 else first
        assert made.raised[0][0] - (T0 + first * CYCLE) <= CYCLE
        assert len(made.raised) == 1

    def test_a_stuck_probe_is_flagged_within_three_times_the_time_it_may_stand_still(self, dice):
        made = run([*calm(dice, 20), *[7.513] * 80])
        assert made.track.flaw == "读数卡滞"
        assert made.raised == []

    def test_a_stuck_probe_over_the_limit_keeps_the_alarm_it_had_and_makes_no_second(self, dice):
        made = run([*rise(dice, 9.2), *[9.2] * 120])
        assert (len(made.raised), made.ends) == (1, [])

    def test_single_spikes_raise_nothing(self, dice):
        levels = calm(dice, 200)
        for n in range(10, 200, 13):
            levels[n] += dice.choice([-1, 1]) * dice.uniform(2, 6)
        assert run(levels).raised == []

    def test_spikes_in_an_alarm_end_nothing_and_raise_no_rank(self, dice):
        levels = [*rise(dice, 9.2), *calm(dice, 120, 9.2)]
        before = run(list(levels))
        for n in range(50, len(levels), 7):
            levels[n] += dice.choice([-4, -3, 2.5, 3.5])
        made = run(levels)
        assert (made.raised[0][1], made.ends, len(made.raised)) == (before.raised[0][1], [], 1)
        assert made.on.rank == before.on.rank

    def test_water_that_flaps_at_a_limit_is_loud_at_most_once_in_ten_minutes(self, dice):
        levels = [WARNING + dice.gauss(0, 0.12) for _ in range(600)]
        made = run([*rise(dice, 8.9), *levels])
        pauses = [b - a for a, b in zip(made.rises, made.rises[1:], strict=False)]
        assert all(pause >= timedelta(minutes=10) for pause in pauses)
        assert len(made.raised) == 1

    def test_silence_and_missing_values_never_end_an_alarm(self, dice):
        made = run([*rise(dice, 9.3), *[None] * 200])
        assert (len(made.raised), made.ends) == (1, [])
        made.take(T0 + timedelta(days=2), 7.5)
        assert made.ends == []

    def test_a_slow_drift_past_a_limit_is_one_alarm(self, dice):
        levels = [8.4 + 0.001 * n + dice.gauss(0, 0.004) for n in range(700)]
        assert len(run(levels).raised) == 1

    @pytest.mark.parametrize("factor", [100.0, 10.0, 0.01, 0.001, 0.1, 3.2808, 1 / 3.2808])
    def test_another_unit_raises_nothing_and_ends_nothing(self, dice, factor):
        before = calm(dice, 30, 2.9)
        made = run([*before, *(level * factor for level in calm(dice, 60, 2.9))])
        assert made.raised == []
        made = run([*rise(dice, 9.3), *(level * factor for level in calm(dice, 100, 9.3))])
        assert made.ends == []

    @pytest.mark.parametrize("none", [-99.0, -9999.0, 9999.0, 99.999])
    def test_sentinels_one_after_the_other_change_nothing(self, dice, none):
        made = run([*rise(dice, 9.3), *[none] * 100, *calm(dice, 5, 9.3)])
        assert (len(made.raised), made.ends) == (1, [])
        assert run([*calm(dice, 9), *[none] * 100]).raised == []

    def test_a_clock_that_is_an_hour_ahead_raises_nothing_and_ends_nothing(self, dice):
        made = run(rise(dice, 9.3))
        end = T0 + 200 * CYCLE
        for n in range(40):
            made.take(end + timedelta(hours=1) + n * CYCLE, 7.5, received=end + n * CYCLE)
        assert made.ends == []
        calmly = bench()
        for n in range(40):
            calmly.take(T0 + timedelta(hours=1) + n * CYCLE, 9.9, received=T0 + n * CYCLE)
        assert calmly.raised == []


level = st.one_of(
    st.none(),
    st.sampled_from([-99.0, 9999.0, 0.09, 900.0, 8.7, 8.69, 8.65, 9.0, 10.0, 10.5]),
    st.floats(6.5, 11.5).map(lambda value: round(value, 3)),
)


@given(levels=st.lists(level, max_size=60), data=st.data())
@settings(max_examples=150)
def test_whatever_comes_there_is_one_alarm_at_most_and_twice_is_the_same_as_once(levels, data):
    once, twice = bench(), bench()
    for n, each in enumerate(levels):
        at = T0 + n * CYCLE
        once.take(at, each)
        twice.take(at, each)
        again = data.draw(st.integers(0, n), label="sent again")
        assert twice.take(T0 + again * CYCLE, levels[again], received=at) is None
        twice.track = from_json(twice.track.to_json())  # the process died and came back
    assert (once.on, once.raised, once.ends) == (twice.on, twice.raised, twice.ends)
    assert len(once.raised) - len(once.ends) in (0, 1)


@given(levels=st.lists(st.floats(6.5, 8.69).map(lambda v: round(v, 3)), max_size=60))
@settings(max_examples=100)
def test_water_that_is_never_at_a_limit_never_raises(levels):
    made = run(levels)
    assert (made.raised, made.on) == ([], None)


@given(levels=st.lists(st.floats(8.66, 10.4).map(lambda v: round(v, 3)), min_size=4, max_size=60))
@settings(max_examples=100)
def test_an_alarm_never_ends_while_no_reading_is_under_the_margin(levels):
    made = run([8.72, 8.75, *levels])
    assert len(made.raised) == 1
    assert made.ends == []
