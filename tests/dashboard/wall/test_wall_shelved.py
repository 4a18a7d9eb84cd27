"""What is shelved takes nothing from the wall, and how much it is stays in sight."""

from cases import alarms
from cases.alarm import FLOOD
from config import clock
from dashboard.panels import alarm_ribbon
from dashboard.wall import overlay
from layouts.wall import load_profiles
from tests.dashboard.wall.watch_post import LAKE, MINUTE

RIVER = "3201170006"


def shelve(town, station=LAKE):
    until = clock.now() + 60 * MINUTE
    alarms.shelve(town.store, FLOOD, station, until, "更换探头", "王值班", clock.now())


def test_shelved_alarms_are_counted_in_the_ribbon_alone_beside_others_and_under_a_takeover(town):
    town.raised(LAKE, 4)
    shelve(town)
    told = town.wall()
    assert (told.look, told.chosen.open) == ("ribboned", 0)
    town.raised(RIVER, 4)
    beside = town.wall().facts[overlay.RIBBON]
    assert (beside.where, beside.others, beside.shelved) == ("兰台桥站 接近警戒", 0, 1)
    town.reranked(RIVER, 3)
    under = town.wall()
    assert under.chosen.region is not None
    for standing in (told, under):
        ribbon = standing.facts[overlay.RIBBON]
        for profile in load_profiles().values():
            room = overlay.rooms(profile)[overlay.RIBBON]
            assert "停用 1 项" in repr(alarm_ribbon.view(ribbon, room).body)


def test_water_that_rises_above_what_was_shelved_takes_the_wall_and_sounds(town):
    (near,) = town.rise(10.20, 10.21)
    shelve(town)
    assert (near.rank, town.wall().look) == (4, "ribboned")
    (risen,) = town.rise(10.20, 10.21, 10.42, 10.44)
    assert (risen.rank, risen.shelved_until) == (3, None)
    told = town.wall()
    assert told.look == "taking rank-3 ribboned" and str(told.chosen.sound).startswith("3 0 ")
    assert [event.kind for event in alarms.events(town.store, risen.id)][-2:] == [
        "unshelved",
        "rank_up",
    ]
