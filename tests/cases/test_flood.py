"""Readings judged against limits: what raises, what waits, what clears, what nobody believes."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from cases import alarms, arrival, raising
from cases.alarm import FLOOD
from cases.alarm_rows import changing
from cases.arrival import Received
from cases.flood_track import Reading, Track, from_json
from cases.schema import utc
from config import clock
from tests.cases.recorded import Bench, station

T0 = datetime(2026, 7, 11, 2, 0)
RIVER = "3201170006"  # 兰台桥站: 警戒 9.00, 保证 10.00, 历史最高 10.52, 接近 8.50
CYCLE = timedelta(minutes=5)


@pytest.fixture
def send(store):
    """Levels that come one after the other, five minutes apart, each judged on arrival."""
    state = {"at": T0}

    def go(*levels, every=CYCLE, station=RIVER, rain=None, late=timedelta(0)):
        for level in levels:
            at = state["at"]
            state["at"] = at + every
            one = Reading(station, at, level, rain, None if rain is None else 1 / 12)
            with clock.frozen(at + late):
                arrival.judge(store, [one], Received(utc(at + late), None))
        return now(store)

    go.state = state
    return go


def now(store):
    found = alarms.open_alarms(store, utc(T0))
    return found[0] if found else None


def kinds(store, alarm_id=1):
    return [event.kind for event in alarms.events(store, alarm_id)]


def test_the_first_reading_past_a_limit_waits_in_silence_and_the_second_raises(send, store):
    assert send(8.30, 8.40) is None
    first = send(8.52)
    assert (first.state, first.rank, first.limit_name, first.is_loud) == (
        "pending",
        4,
        "near",
        False,
    )
    second = send(8.55)
    assert (second.id, second.state, second.value, second.threshold) == (1, "raised", 8.55, 8.5)
    assert second.observed_at == first.observed_at
    assert second.raised_at == utc(send.state["at"] - CYCLE)


def test_a_second_reading_that_does_not_confirm_takes_the_waiting_one_back(send, store):
    send(8.4, 8.52)
    assert send(8.40).state == "pending"
    assert send(8.40) is None
    assert kinds(store) == ["pending", "reading", "withdrawn"]
    assert alarms.alarm(store, 1).raised_at is None


def test_a_higher_limit_is_shown_as_waiting_beside_the_alarm_that_is_on(send, store):
    send(8.6, 8.7)
    waiting = send(9.01)
    assert (waiting.rank, waiting.pending_rank, waiting.state) == (4, 3, "raised")
    risen = send(9.03)
    assert (risen.rank, risen.pending_rank, risen.limit_name) == (3, None, "warning")
    assert kinds(store) == ["pending", "raised", "pending", "rank_up"]
    assert send(9.01, 8.90).rank == 3


def test_one_reading_at_guarantee_raises_at_once_when_the_water_was_rising(send, store):
    assert send(9.2, 9.4, 9.6, 9.8).rank == 3
    one = send(10.02)
    assert (one.rank, one.limit_name) == (2, "guarantee")


def test_one_reading_at_guarantee_waits_for_a_second_when_nothing_speaks_for_it(send, store):
    send(9.50, 9.49, 9.50, 9.49, 9.50)
    one = send(10.01)
    assert (one.rank, one.pending_rank) == (3, 2)
    assert send(10.01).rank == 2


def test_rain_at_another_gauge_speaks_for_a_single_reading_too(send, store):
    for _ in range(4):
        send(7.0, station="3201170007", rain=4.0)
    send.state["at"] = T0 + 4 * CYCLE
    one = send(10.02)
    assert (one.state, one.rank) == ("raised", 2)


def test_the_rank_follows_the_water_down_and_the_alarm_ends_only_well_under_the_lowest(send, store):
    send(8.9, 9.1, 9.3, 9.6, 9.9, 10.1, 10.2)
    down = [round(10.2 - 0.05 * n, 2) for n in range(1, 60)]
    ranks = []
    for level in down:
        one = send(level)
        ranks.append(None if one is None else one.rank)
    assert sorted({r for r in ranks if r}) == [2, 3, 4]
    assert ranks[-1] is None
    assert [r for r in ranks if r is not None] == sorted(r for r in ranks if r is not None)
    over = alarms.alarm(store, 1)
    assert (over.state, over.cleared_at is not None) == ("cleared", True)
    assert over.value <= 8.45


def test_clearing_needs_half_an_hour_under_the_margin_and_a_value_that_moves(send):
    assert send(9.1, 9.2).rank == 3
    assert send(8.44, 8.44, 8.44, 8.44, 8.44, 8.44, 8.44, 8.44, 8.44).rank == 3
    assert send(8.43) is None


def test_water_that_hovers_at_a_limit_gives_one_alarm(send, store):
    send(*[9.0 + 0.03 * (-1) ** n for n in range(200)])
    assert len(alarms.recent(store, utc(T0), utc(T0))) == 1
    assert kinds(store).count("rank_up") <= 1


@pytest.mark.parametrize("bad", [-99.0, 9999.0, 99.999, 88.0, -30.0, 900.0, 0.09, 91.0])
def test_what_cannot_be_raises_nothing(send, bad):
    assert send(8.0, 8.01, bad, bad, 8.0, bad, bad + 0.0, 8.02) is None


@pytest.mark.parametrize("bad", [-99.0, 9999.0, None, 0.093, 930.0, 2.85, 5.0])
def test_what_cannot_be_and_silence_clear_nothing(send, bad):
    assert send(9.1, 9.2, 9.3, 9.3, 9.31).rank == 3
    for n in range(24):
        assert send(None if bad is None else bad + 0.001 * (n % 3)).rank == 3
    assert send(9.3, every=timedelta(hours=5)).rank == 3


def test_a_spike_is_not_believed_and_a_jump_that_stays_is(send, store):
    assert send(7.5, 7.5, 9.4, 7.51, 7.5, 9.6, 7.5) is None
    assert alarms.recent(store, utc(T0), utc(T0)) == []
    first = send(9.40, 9.47)
    assert (first.state, first.rank) == ("raised", 3)


def test_a_probe_that_is_stuck_raises_and_clears_nothing(send, store):
    send(*[8.2] * 80)
    assert arrival.track_of(store, RIVER).flaw == "读数卡滞"
    assert send(8.21) is None
    assert arrival.track_of(store, RIVER).flaw == ""


def test_a_clock_that_runs_ahead_and_history_that_comes_late_raise_nothing(send, store):
    ahead = [Reading(RIVER, T0 + timedelta(hours=1, minutes=n), 9.5) for n in range(4)]
    old = [Reading(RIVER, T0 - timedelta(hours=7, minutes=n), 9.5) for n in range(4)]
    arrival.judge(store, ahead + old, Received(utc(T0)))
    assert now(store) is None
    send(8.0, 8.0)
    late = [Reading(RIVER, T0 - timedelta(minutes=n), 9.5) for n in range(1, 4)]
    arrival.judge(store, late, Received(utc(T0 + 2 * CYCLE)))
    assert now(store) is None


def test_a_level_in_force_on_the_day_of_the_reading_counts(store):
    lake = "3201170001"  # 警戒 10.00 until the end of 2019, 10.40 since; 接近 half a metre below
    for day, rank in ((date(2019, 7, 1), 3), (date(2026, 7, 1), 4)):
        at = datetime.combine(day, T0.time())
        both = [Reading(lake, at, 10.05), Reading(lake, at + CYCLE, 10.06)]
        arrival.judge(store, both, Received(utc(at + CYCLE)))
        assert alarms.open_alarms(store, utc(at))[0].rank == rank
        with changing(store) as connection:
            known = raising.current(connection, FLOOD, lake)
            raising.clear(connection, known, raising.Facts(FLOOD, lake, utc(at), at))


def test_readings_that_come_again_in_any_way_change_nothing(send, store):
    send(8.9, 9.1, 9.2, 9.3)
    version = alarms.version(store)
    again = [Reading(RIVER, T0 + n * CYCLE, level) for n, level in enumerate((8.9, 9.1, 9.2, 9.3))]
    assert arrival.judge(store, again[::-1] + again, Received(utc(T0 + 4 * CYCLE))) == 0
    assert alarms.version(store) == version


def test_ground_that_moved_while_an_alarm_was_on_is_followed_and_leaves_the_alarm_to_a_person(
    send, store
):
    send(9.1, 9.2, 9.3)
    for n in range(170):
        send(6.0 + 0.01 * (n % 5))
    still = now(store)
    assert still.rank == 3
    for who in ("王值班", "李值班"):
        alarms.mark_false(store, still.id, who, "水尺零点已调整", utc(T0))
    send(*[6.0 + 0.01 * (n % 5) for n in range(12)])
    assert now(store) is None
    assert send(6.5, 7.0, 7.5, 8.0, 8.6, 8.7).rank == 4


def test_both_delays_can_be_read_from_the_events(store):
    with clock.frozen(T0):
        for n, level in enumerate((8.6, 8.7)):
            one = Reading(RIVER, T0 - CYCLE + n * CYCLE, level)
            arrival.judge(store, [one], Received(utc(T0), 0.0))
    first, raised = alarms.events(store, 1)
    assert (first.kind, raised.kind) == ("pending", "raised")
    assert first.delay_ms > 0
    assert raised.received_at == utc(T0)
    assert raised.observed_at == utc(T0)


def test_what_is_remembered_comes_back_as_it_was_stored(send, store):
    send(8.0, 8.01, 12.0, None, 8.02, rain=0.4)
    track = arrival.track_of(store, RIVER)
    assert track != Track()
    assert from_json(track.to_json()) == track


def test_a_station_nobody_configured_is_passed_over(store):
    one = Reading("9999999999", T0, 99.0)
    assert arrival.judge(store, [one], Received(utc(T0))) == 0


HELD = "3201170005"  # 春和闸站: 警戒 9.10; held at 8.8 by its sluice, with a margin of its own


def test_a_water_held_high_all_year_is_near_its_limit_only_by_its_own_margin(send, store):
    assert send(8.79, 8.83, 8.87, 8.94, station=HELD) is None  # 8.60 on by the common one
    assert send(8.96, 8.97, station=HELD).threshold == 8.95
    assert send(8.89, 8.87, 8.86, 8.85, 8.86, 8.85, 8.84, 8.84, 8.83, station=HELD) is None
    assert kinds(store)[-1] == "cleared"


def test_a_station_with_its_own_clearing_margin_is_over_sooner_than_the_others():
    falling = [9.05, 9.06, *[8.99 - 0.001 * step for step in range(10)]]
    ends = []
    for margin in (None, 0.01):
        bench = Bench(replace(station(9.0, 10.0, 10.5), clear_margin_m=margin))
        for step, level in enumerate(falling):
            bench.take(T0 + step * CYCLE, level)
        ends.append(bench.on.rank)
    assert ends == [3, 4]
