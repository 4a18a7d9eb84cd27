"""What the town can be like: each scenario is one declaration that every feed follows."""

import asyncio
from datetime import date, datetime, timedelta

import pytest

from config import clock
from config.environment import SCENARIOS as NAMES
from config.environment import environment
from config.platforms import load_platforms
from config.thresholds import load_thresholds
from demo import calls, hazards, linkage_orders, polders, police_calls, sky, stores, water, weather
from demo.outage import CutOff, Outages
from demo.scenario import SCENARIOS
from demo.serve import _found, application
from demo.town import Episode, Town, settle
from tests.demo.readers import ask, stage_of

DAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23)
NIGHT = datetime(2026, 11, 24, 1, 30)


def like(name, begins=MORNING):
    return Town(DAY, episodes=(Episode(begins, SCENARIOS[name]),))


@pytest.fixture
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    return tmp_path


def test_the_names_that_may_be_said_are_the_scenarios_and_they_name_real_platforms():
    assert tuple(SCENARIOS) == NAMES
    demo = {key for key, each in load_platforms().items() if each.demo}
    for each in SCENARIOS.values():
        assert {outage.platform for outage in each.outages} <= demo
        assert set(each.soil) <= demo
    assert set(SCENARIOS["dirty-week"].soil) == demo


@pytest.mark.parametrize("name", NAMES)
def test_what_was_before_a_scenario_stays_as_it_was(town, name):
    other = like(name)
    for day in (DAY - timedelta(days=n) for n in (1, 2, 30, 300)):
        assert calls.calls_on(other, day) == calls.calls_on(town, day)
        assert linkage_orders.draw(other, day) == linkage_orders.draw(town, day)
        assert sky.rain_on(other, day) == sky.rain_on(town, day)
    at = water.minutes([MORNING - timedelta(hours=n) for n in range(1, 400)])
    for station in load_thresholds().stations:
        assert (water.levels(other, station, at) == water.levels(town, station, at)).all()


@pytest.mark.parametrize(("name", "low", "high"), [("calm", 0.3, 0.7), ("busy", 1.8, 2.6)])
def test_a_calm_town_has_half_as_many_matters_and_a_busy_one_twice_as_many(town, name, low, high):
    days = [DAY + timedelta(days=n) for n in range(14)]
    for draw in (linkage_orders.draw, police_calls.calls_on, hazards.hazards_on):
        usual = sum(len(draw(town, day)) for day in days)
        assert low < sum(len(draw(like(name), day)) for day in days) / usual < high


def test_a_flood_night_raises_water_pumps_warnings_calls_and_supplies(town):
    night = like("flood-night")
    at = water.minutes([NIGHT])
    for station in load_thresholds().stations:
        level = float(water.levels(night, station, at)[0])
        limits = station.levels[-1]
        assert level > limits.warning, station.name
        if station.kind == "river":
            assert level > limits.guarantee, station.name
        before = float(water.levels(town, station, at)[0])
        assert before < limits.warning or station.name == "春和闸站"
    running = sum(int(polders.pump(night, each, NIGHT)["OMCN"]) for each in polders.PUMPS)
    assert running == sum(each.units for each in polders.PUMPS)
    told = [w.level for w in weather.warnings(night, 2026) if w.issued.date() == DAY]
    assert told == ["黄", "橙", "红"]
    assert len(calls.calls_on(night, DAY)) > 2 * len(calls.calls_on(town, DAY))
    doing = [turn.doing for n in (0, 1) for turn in stores.turns(night, DAY + timedelta(days=n))]
    assert doing == ["出动", "作业", "作业", "作业", "归队", "待命"]


def test_a_flood_runs_off_within_a_day(town):
    night, at = like("flood-night"), water.minutes([MORNING + timedelta(hours=44)])
    lake = load_thresholds().stations[0]
    assert float(water.levels(night, lake, at)[0]) < lake.levels[-1].patrol


def test_a_scenario_that_begins_within_a_day_changes_none_of_its_matters(town):
    noon = MORNING + timedelta(hours=12)
    late = like("busy", noon)
    assert linkage_orders.draw(late, DAY) == linkage_orders.draw(town, DAY)
    assert len(linkage_orders.draw(late, DAY + timedelta(days=1))) > 30
    storm = like("flood-night", noon).storms()
    assert [begins.date() for begins, _ in storm] == [DAY + timedelta(days=1)]


def test_a_town_remembers_what_it_was_like_when_it_is_like_something_else(var):
    with clock.frozen(datetime(2026, 11, 23, 9)):
        settle(var, scenario="busy")
        assert settle(var, scenario="busy").episodes == settle(var, scenario="busy").episodes
    with clock.frozen(datetime(2026, 11, 25, 9)):
        town = settle(var)
    assert [(each.begins, each.scenario.name) for each in town.episodes] == [
        (MORNING, "busy"), (datetime(2026, 11, 25, 9), "usual"),
    ]  # fmt: skip
    assert town.crowd(date(2026, 11, 24)) > 1
    assert town.crowd(date(2026, 11, 26)) == 1


def test_a_flood_night_is_founded_in_its_evening_and_a_second_start_leaves_the_clock_alone(var):
    town = _found(environment(), "2026-07-05", 1.0, "flood-night", 0)
    assert clock.local().replace(second=0, microsecond=0) == datetime(2026, 7, 5, 18, 50)
    assert town.first == date(2026, 1, 1)
    clock.write_shift(var, datetime(2026, 7, 6, 2, 0, tzinfo=clock.ZONE), 1.0)
    assert _found(environment(), None, None, "flood-night", None) == town
    assert clock.local() >= datetime(2026, 7, 6, 2)


class TestOutages:
    """The interfaces of a town with outages, asked at a moment of them."""

    PATH = "/weather/observe"

    def get(self, minutes, path=PATH, app=None):
        app = app or application([stage_of(like("platform-outage"), path.split("/")[1])])
        with clock.frozen(MORNING + timedelta(minutes=minutes)):
            return ask(app, path, {"since": "2026-11-22T20:00:00"})

    def test_a_busy_platform_says_when_to_come_again_and_is_back_later(self):
        path = "/gov_service/v1/cases"
        answer = self.get(40, path)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert self.get(200, path).status_code == 401
        assert self.get(4 * 60 + 40, path).status_code == 503

    def test_an_answer_that_does_not_change_is_the_same_bytes_until_the_outage_is_over(self):
        app = application([stage_of(like("platform-outage"), "weather")])
        first, later = (self.get(minutes, app=app).content for minutes in (25, 110))
        assert first == later
        assert self.get(125, app=app).content != first

    def test_an_answer_that_is_cut_breaks_off(self):
        with pytest.raises(CutOff):
            self.get(10, "/grid_event/event/list")

    def test_a_platform_that_hangs_says_nothing_until_the_other_side_goes(self):
        said = []

        async def act():
            async def receive():
                return {"type": "http.disconnect"}

            async def send(message):
                said.append(message)

            stages = {"linkage": stage_of(like("platform-outage"), "linkage")}
            await Outages(None, stages)({"type": "http", "path": "/linkage/x"}, receive, send)

        with clock.frozen(MORNING + timedelta(minutes=30)):
            asyncio.run(act())
        assert said == []

    def test_what_sends_by_itself_is_gone_for_a_while(self):
        gauge = stage_of(like("platform-outage"), "gauge")
        for minutes, gone in ((20, False), (30, True), (75, False), (4 * 60 + 30, True)):
            with clock.frozen(MORNING + timedelta(minutes=minutes)):
                assert gauge.is_gone is gone
