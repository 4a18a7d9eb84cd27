"""Which alarm takes the region, which one the ribbon, what is to be heard."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases.alarm import Alarm, Awaited
from config.thresholds import load_thresholds
from dashboard.wall.choosing import choose

NOW = datetime(2026, 9, 30, 2, 45, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIMIT = {1: "record", 2: "guarantee", 3: "warning", 4: "near"}


def alarm(number, rank, *, state="raised", kind="flood", at=NOW, **more):
    given = {
        "id": number, "kind": kind, "subject": f"32011700{number:02d}", "rank": rank,
        "state": state, "drill": False, "first_at": at, "observed_at": at,
        "raised_at": None if state == "pending" else at, "acknowledged_at": None,
        "acknowledged_by": None, "cleared_at": None, "until": None, "value": 8.58, "value_at": at,
        "threshold": 8.5, "limit_name": LIMIT[rank], "pending_rank": None, "version": number,
        "called_by": number,
    }  # fmt: skip
    return Alarm(**(given | more))


@pytest.fixture(scope="module")
def rules():
    return load_thresholds().alarms


def test_the_highest_rank_has_the_region_then_the_newer_and_the_next_the_ribbon(rules):
    older, newer, worst = alarm(1, 3), alarm(2, 3, at=NOW + MINUTE), alarm(3, 2)
    chosen = choose([older, newer, worst], rules, NOW + 2 * MINUTE)
    assert (chosen.region, chosen.ribbon, chosen.open) == (worst, newer, 3)
    chosen = choose([older, newer], rules, NOW + 2 * MINUTE)
    assert (chosen.region, chosen.ribbon) == (newer, older)


def test_blue_water_is_a_silent_ribbon_and_a_late_platform_takes_nothing(rules):
    blue = alarm(1, 4)
    late = alarm(2, 4, kind="platform", limit_name="stale")
    chosen = choose([blue, late], rules, NOW)
    assert (chosen.region, chosen.ribbon, chosen.open) == (None, blue, 1)
    assert str(chosen.sound) == ""


def test_an_acknowledged_alarm_is_a_silent_ribbon_until_its_rank_rises(rules):
    known = alarm(1, 3, state="acknowledged", acknowledged_at=NOW, acknowledged_by="seat")
    chosen = choose([known], rules, NOW)
    assert (chosen.region, chosen.ribbon, str(chosen.sound)) == (None, known, "")
    risen = replace(known, rank=2, state="raised", acknowledged_at=None)
    chosen = choose([risen], rules, NOW)
    assert chosen.region == risen
    assert str(chosen.sound) == "2 60 1"


def test_an_acknowledged_alarm_keeps_the_region_until_posts_and_a_team_have_answered(rules):
    def known(number, rank, *awaited, **more):
        done = {"state": "acknowledged", "acknowledged_at": NOW, "awaited": awaited}
        return alarm(number, rank, **done, **more)

    desk, village = Awaited("post", "防汛值班室", 0, NOW), Awaited("post", "渔浦村", 1)
    team = Awaited("team", "抢险队", 0)
    waiting = known(1, 3, desk, village, team)
    chosen = choose([waiting], rules, NOW)
    assert (chosen.region, chosen.ribbon, str(chosen.sound)) == (waiting, None, "")
    unsent = known(1, 3, desk, replace(village, at=NOW), team)
    assert choose([unsent], rules, NOW).region == unsent
    settled = known(1, 3, desk, replace(village, at=NOW), replace(team, at=NOW))
    chosen = choose([settled], rules, NOW)
    assert (chosen.region, chosen.ribbon) == (None, settled)
    new = alarm(2, 3, at=NOW + MINUTE)
    chosen = choose([known(1, 1, desk, village), new], rules, NOW)
    assert (chosen.region.id, chosen.ribbon, str(chosen.sound)) == (1, new, "3 0 2")
    chosen = choose([known(1, 3, desk, village), new], rules, NOW)  # of one rank the newer
    assert (chosen.region, [one.id for one in chosen.others]) == (new, [1])
    shelved = known(1, 3, desk, village, shelved_until=NOW + MINUTE)
    assert choose([shelved], rules, NOW).region is None


def test_three_sounds_once_two_and_one_again_each_minute(rules):
    assert str(choose([alarm(1, 3)], rules, NOW).sound) == "3 0 1"
    assert str(choose([alarm(1, 3), alarm(2, 1)], rules, NOW).sound) == "1 60 2,1"


def test_what_is_shelved_or_false_takes_nothing_and_is_not_heard_and_shelves_are_counted(rules):
    shelved = [alarm(n, rank, shelved_until=NOW + MINUTE) for n, rank in ((1, 3), (2, 4))]
    false = alarm(3, 1, state="false_alarm")
    chosen = choose([*shelved, false], rules, NOW)
    assert (chosen.region, chosen.ribbon, chosen.open, str(chosen.sound)) == (None, None, 0, "")
    assert chosen.shelved == 2
    lamp = alarm(4, 4, kind="platform", limit_name="stale", shelved_until=NOW + MINUTE)
    assert choose([lamp], rules, NOW).shelved == 0  # its lamp is lit as before


def test_an_ended_alarm_stays_in_the_ribbon_for_ten_minutes_unless_it_never_was_one(rules):
    ended = alarm(1, 3, state="cleared", cleared_at=NOW)
    assert choose([ended], rules, NOW + 9 * MINUTE).ribbon == ended
    assert choose([ended], rules, NOW + 10 * MINUTE).ribbon is None
    withdrawn = alarm(2, 3, state="cleared", cleared_at=NOW, raised_at=None)
    assert choose([withdrawn], rules, NOW).ribbon is None


def test_a_real_alarm_goes_before_a_drill_of_a_higher_rank(rules):
    real, drill = alarm(1, 3), alarm(2, 1, drill=True)
    chosen = choose([drill, real], rules, NOW)
    assert chosen.region == real
    assert not chosen.drill
    assert choose([drill], rules, NOW).drill


def test_a_drill_takes_nothing_from_a_real_alarm_in_whatever_state_that_one_is(rules):
    drill = alarm(9, 1, drill=True, at=NOW + MINUTE)
    waiting = alarm(
        1, 3, state="acknowledged", acknowledged_at=NOW, awaited=(Awaited("post", "渔浦村", 1),)
    )
    chosen = choose([drill, waiting], rules, NOW)
    assert (chosen.region, chosen.ribbon, chosen.drill) == (waiting, drill, False)
    assert str(chosen.sound) == "1 60 9"
    settled = alarm(1, 4, state="acknowledged", acknowledged_at=NOW)
    chosen = choose([drill, settled], rules, NOW)
    assert (chosen.region, chosen.ribbon, chosen.drill) == (drill, settled, True)
    loud = alarm(1, 3)
    assert str(choose([drill, loud], rules, NOW).sound) == "3 0 1,9"  # the real one's tone


def test_one_reading_alone_is_told_in_the_ribbon_and_not_heard(rules):
    pending = alarm(1, 3, state="pending")
    chosen = choose([pending], rules, NOW)
    assert (chosen.region, chosen.ribbon, str(chosen.sound)) == (None, pending, "")
