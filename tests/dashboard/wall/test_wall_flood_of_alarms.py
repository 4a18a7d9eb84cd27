"""F19: of five hundred alarms at once the wall loses none, has the worst first and counts right."""

import pytest

from cases import alarms, raising
from cases.alarm import FLOOD
from cases.alarm_rows import changing
from config import clock
from dashboard.alarm_groups import MOST_GROUPS
from dashboard.wall.overlay import changes
from layouts.wall import load_profiles
from tests.dashboard.wall.watch_post import LAKE, MINUTE

MANY = 500


@pytest.fixture
def many(town):
    """The oldest alarm is the worst of all; half of the others are known already."""
    with changing(town.store) as connection:
        first = town.facts(LAKE, 1)
        raising.start(connection, first, is_raised=True)
    with clock.frozen(clock.local() + MINUTE), changing(town.store) as connection:
        for n in range(1, MANY):
            facts = town.facts(f"99{n:08d}", 2 + n % 3)
            raising.start(connection, facts, is_raised=bool(n % 2))
    return town


def test_of_five_hundred_the_oldest_and_worst_has_the_region_and_every_one_is_counted(many):
    told = many.wall()
    assert told.chosen.region.subject == LAKE
    assert told.chosen.open == MANY == told.facts["alarm_bar"].in_all
    rows = told.facts["alarm_around"].rows
    assert sum(row.count for row in rows) == MANY - 1 and len(rows) <= MOST_GROUPS
    assert {one.id for one in told.chosen.told} == {
        one.id for one in alarms.open_alarms(many.store, clock.now())
    }
    ranks = [one.rank for one in told.chosen.told if one.state == "raised"]
    assert ranks == sorted(ranks)
    for profile in load_profiles().values():
        drawn = dict(changes(profile, told.facts, told.feed, told.now))
        assert f"共 {MANY} 项" in repr(drawn["body-alarm_bar", "children"])


def test_those_that_have_just_ended_take_no_place_from_those_that_are_on(many):
    with changing(many.store) as connection:
        for one in alarms.open_alarms(many.store, clock.now()):
            if one.subject != LAKE:
                facts = raising.Facts(FLOOD, one.subject, clock.now(), clock.now())
                raising.clear(connection, one, facts)
    told = many.wall()
    assert (told.chosen.region.subject, told.chosen.open) == (LAKE, 1)
    assert told.chosen.ribbon.state == "cleared"
