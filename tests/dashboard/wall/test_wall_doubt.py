"""A single reading past a higher limit is said beside the alarm that is on, and not heard."""

from dataclasses import replace

import pytest

from cases import raising
from cases.alarm import FLOOD
from cases.alarm_rows import changing
from dashboard.panels import alarm_bar, alarm_ribbon
from dashboard.wall import overlay
from layouts.wall import load_profiles
from tests.dashboard.wall.watch_post import LAKE

RIVER = "3201170006"
DOUBT = "Ⅲ 待核实"


def test_a_reading_past_the_warning_is_told_in_the_ribbon_of_a_four_until_the_second_one(town):
    town.rise(10.20, 10.21)
    assert town.wall().facts[overlay.RIBBON].doubt == ""
    town.rise(10.20, 10.21, 10.42)
    told = town.wall()
    assert (told.look, told.facts[overlay.RIBBON].doubt, str(told.chosen.sound)) == (
        "ribboned", DOUBT, "",
    )  # fmt: skip
    town.rise(10.20, 10.21, 10.42, 10.43)
    told = town.wall()
    assert (told.look, told.facts["alarm_bar"].doubt) == ("taking rank-3 ribboned", "")


def test_a_takeover_says_it_in_its_bar_and_among_the_others_and_sounds_as_before(town):
    for station in (LAKE, RIVER):
        town.raised(station, 3)
    before = town.wall()
    for station in (LAKE, RIVER):
        with changing(town.store) as connection:
            facts = replace(town.facts(station, 3), pending_rank=2)
            raising.follow(connection, raising.current(connection, FLOOD, station), facts)
    told = town.wall()
    assert told.facts["alarm_bar"].doubt == told.facts[overlay.RIBBON].doubt == "Ⅱ 待核实"
    assert told.facts["alarm_around"].rows[0].what.endswith("Ⅱ 待核实")
    assert told.chosen.sound == before.chosen.sound


@pytest.mark.parametrize("key", sorted(load_profiles()))
def test_every_wall_has_room_for_it_in_bar_and_ribbon(key, town):
    rooms = overlay.rooms(load_profiles()[key])
    town.raised(LAKE, 3)
    facts = town.wall().facts
    bar = alarm_bar.view(replace(facts["alarm_bar"], doubt=DOUBT), rooms["alarm_bar"])
    told = alarm_ribbon.Facts(
        3, "洪水告警", "蛇山站 超警戒", "未确认", 0, 12, doubt=DOUBT, shelved=2
    )
    line = repr(alarm_ribbon.view(told, rooms[overlay.RIBBON]).body)
    assert DOUBT in repr(bar.body) and DOUBT in line and "停用 2 项" in line
