"""What nobody reports is found by looking (F18): dead processes, silent platforms and stations."""

from datetime import datetime, timedelta

import pytest

from cases import alarms, arrival, damage, health, heartbeat, raising, watching
from cases.alarm import FLOOD, HEARTBEAT, PLATFORM, STATION, STORAGE
from cases.alarm_rows import changing
from cases.arrival import Received
from cases.flood_track import Reading
from cases.raising import Facts
from cases.schema import local, utc
from config.environment import environment

T0 = utc(datetime(2026, 7, 11, 2, 0))
MINUTE = timedelta(minutes=1)
RIVER, OTHER = "3201170006", "3201170007"
BLOCK = """
[{key}]
name = "{key}"
short = "{key}"
owner = "o"
phone = "1"
transport = "files"
every = "5m"
stale_after = "20m"
demo = true
enabled = true
files.folder = "x"
"""


@pytest.fixture
def town(store, tmp_path, monkeypatch):
    """A store beside two platforms, with a clock that is told."""
    folder = tmp_path / "config"
    folder.mkdir()
    for file in environment().config.iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    blocks = "".join(BLOCK.format(key=key) for key in ("gauge", "weather"))
    (folder / "platforms.toml").write_text(blocks, encoding="utf-8")
    monkeypatch.setenv("HONGLAN_CONFIG", str(folder))
    at = {"now": T0}
    monkeypatch.setattr(watching, "real_now", lambda: at["now"])
    monkeypatch.setattr(heartbeat, "real_now", lambda: at["now"])

    class Town:
        def __init__(self):
            self.store = store

        @property
        def now(self):
            return at["now"]

        def later(self, span, *, beating=True, delivering=("gauge", "weather")):
            at["now"] += span
            if beating:
                heartbeat.beat(store, heartbeat.ETL, T0 - timedelta(hours=3))
            for key in delivering:
                health.succeeded(store, key, at["now"], rows_in=1)
            watching.look(store, at["now"])
            return self

        def on(self):
            found = alarms.open_alarms(store, at["now"])
            return {(one.kind, one.subject): one for one in found}

    return Town().later(MINUTE)


def test_all_is_well_while_everything_comes_in_time(town):
    for _ in range(5):
        town.later(5 * MINUTE)
    assert town.on() == {}
    assert alarms.version(town.store) == 0


def test_a_dead_etl_is_found_within_a_minute_and_its_return_ends_it(town):
    version = alarms.version(town.store)
    seconds = 0
    while not town.on():
        town.later(timedelta(seconds=watching.EVERY_S), beating=False)
        seconds += watching.EVERY_S
    assert seconds <= 60
    (one,) = town.on().values()
    assert (one.kind, one.subject, one.rank, one.state) == (HEARTBEAT, "etl", 3, "raised")
    assert alarms.version(town.store) > version
    town.later(timedelta(seconds=5))
    assert town.on() == {}
    assert alarms.alarm(town.store, one.id).state == "cleared"


def test_a_platform_past_its_limit_is_an_alarm_and_a_late_one_is_none(town):
    for _ in range(4):
        town.later(5 * MINUTE, delivering=("gauge",))
    assert town.on() == {}
    town.later(MINUTE, delivering=("gauge",))
    (one,) = town.on().values()
    assert (one.kind, one.subject, one.limit_name) == (PLATFORM, "weather", "stale")
    assert (one.value, one.threshold) == (21 * 60, 20 * 60)
    assert alarms.events(town.store, one.id)[0].note
    town.later(MINUTE)
    assert town.on() == {}


def test_one_cause_is_one_alarm_while_the_etl_is_dead_platforms_are_not_added(town):
    for _ in range(30):
        town.later(MINUTE, beating=False, delivering=())
    assert set(town.on()) == {(HEARTBEAT, "etl")}


def test_what_was_silent_before_the_etl_died_stays_on(town):
    for _ in range(25):
        town.later(MINUTE, delivering=("gauge",))
    town.later(MINUTE, beating=False, delivering=("weather",))
    assert set(town.on()) == {(HEARTBEAT, "etl"), (PLATFORM, "weather")}


def test_platforms_are_asked_once_after_a_start_before_any_is_called_silent(town, store):
    at = town.now + timedelta(hours=8)
    town.later(timedelta(hours=8), beating=False, delivering=())
    heartbeat.beat(store, heartbeat.ETL, at)
    watching.look(store, at)
    assert town.on() == {}


def test_an_etl_that_never_ran_here_is_no_dead_one(store):
    watching.look(store, T0)
    assert alarms.open_alarms(store, T0) == []


def test_a_single_station_that_falls_silent_is_told_after_two_of_its_cycles(town):
    for _ in range(6):
        town.later(5 * MINUTE)
        rows = [Reading(code, local(town.now), 7.0) for code in (RIVER, OTHER)]
        arrival.judge(town.store, rows, Received(town.now))
    last, minutes = town.now, 0
    while not town.on():
        town.later(MINUTE)
        minutes += 1
        if minutes % 5 == 0:
            one = Reading(OTHER, local(town.now), 7.0 + minutes / 1000)
            arrival.judge(town.store, [one], Received(town.now))
    assert town.now - last <= 11 * MINUTE
    (one,) = town.on().values()
    assert (one.kind, one.subject, one.limit_name) == (STATION, RIVER, "silent")
    arrival.judge(town.store, [Reading(RIVER, local(town.now), 7.0)], Received(town.now))
    town.later(MINUTE)
    assert town.on() == {}


def test_a_station_whose_values_nobody_can_believe_is_told_with_the_reason(town):
    for n in range(12):
        town.later(5 * MINUTE)
        level = 7.0 if n < 4 else -99.0
        arrival.judge(town.store, [Reading(RIVER, local(town.now), level)], Received(town.now))
    (one,) = town.on().values()
    assert (one.kind, one.limit_name) == (STATION, "unfit")
    assert alarms.events(town.store, one.id)[0].note == "无效值"


def test_damaged_raw_files_are_an_alarm_until_they_are_settled(town, monkeypatch):
    monkeypatch.setattr(damage, "counts", lambda _store: {"weather": 2})
    town.later(MINUTE)
    (one,) = town.on().values()
    assert (one.kind, one.subject, one.value) == (STORAGE, "weather", 2)
    monkeypatch.setattr(damage, "counts", lambda _store: {})
    town.later(MINUTE)
    assert town.on() == {}


def test_a_drill_and_a_shelf_end_by_themselves_and_leave_their_rows(town):
    store, at = town.store, town.now
    with changing(store) as connection:
        facts = Facts(FLOOD, RIVER, at, at, rank=3, limit_name="warning")
        drill = raising.start(connection, facts, is_raised=True, drill_until=at + 3 * MINUTE)
    alarms.shelve(store, FLOOD, OTHER, at + 2 * MINUTE, "检修", "王值班", at)
    town.later(MINUTE)
    assert len(town.on()) == 1
    town.later(3 * MINUTE)
    assert town.on() == {}
    over = alarms.alarm(store, drill)
    assert (over.state, over.drill) == ("cleared", True)
    assert alarms.events(store, drill)[-1].note == "演练结束"
    assert alarms.shelves(store, at) == []


def test_looking_twice_or_in_two_processes_finds_the_same(town):
    for _ in range(25):
        town.later(MINUTE, delivering=("gauge",))
    version = alarms.version(town.store)
    for _ in range(3):
        watching.look(town.store, town.now)
    assert alarms.version(town.store) == version
