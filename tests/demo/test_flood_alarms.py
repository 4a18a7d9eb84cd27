"""The demo town's flood night crosses limits, and the judge says so; a usual night it leaves be."""

from datetime import date, datetime, timedelta

import pytest

from cases import alarms, arrival
from cases.arrival import Received
from cases.flood_track import Reading
from cases.schema import utc
from config import clock
from config.thresholds import load_thresholds
from demo import water
from demo.scenario import SCENARIOS
from demo.town import Episode, Town
from tests import fresh

BEGINS = datetime(2026, 11, 23, 14)
STEP = timedelta(minutes=30)  # enough to see it, and six times as quick


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    made = fresh.store()
    yield made
    made.close()


def night(store, name):
    """A night of the town at all its gauges, judged as it comes."""
    episode = Episode(datetime(2026, 11, 23), SCENARIOS[name])
    town = Town(date(2026, 11, 23), episodes=(episode,))
    moments = [BEGINS + n * STEP for n in range(25)]
    at = water.minutes(moments)
    levels = {s.code: water.levels(town, s, at) for s in load_thresholds().stations}
    worst: dict[str, int] = {}
    for n, moment in enumerate(moments):
        rows = [Reading(code, moment, float(each[n])) for code, each in levels.items()]
        with clock.frozen(moment):
            arrival.judge(store, rows, Received(utc(moment)))
        for one in alarms.open_alarms(store, utc(moment)):
            if one.raised_at is not None:
                worst[one.subject] = min(worst.get(one.subject, 4), one.rank)
    return worst


def test_a_flood_night_raises_real_alarms_at_every_water(store):
    worst = night(store, "flood-night")
    kinds = {station.code: station.kind for station in load_thresholds().stations}
    assert {worst[code] for code, kind in kinds.items() if kind == "river"} <= {1, 2}
    assert {worst[code] for code, kind in kinds.items() if kind == "lake"} == {3}
    one = alarms.recent(store, utc(BEGINS), utc(BEGINS))[0]
    told = [event.kind for event in alarms.events(store, one.id)]
    assert told[:2] == ["pending", "raised"]
    assert "rank_up" in told


def test_a_usual_night_in_november_takes_nobodys_wall(store):
    assert {rank for rank in night(store, "usual").values() if rank < 4} == set()
