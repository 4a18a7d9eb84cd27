"""F6: what a wrong clock has written down does not outlive it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from cases import health, marks, runs
from config import clock
from etl import process, retention
from etl.even import Even
from etl.formats import messages
from etl.jobs import Answer
from etl.manifest import Line, answered
from etl.rebuild import rebuild
from warehouse.read import Reader

NOON = datetime(2026, 11, 23, 12, 0)
YEAR, DAY, MINUTE = timedelta(days=365), timedelta(days=1), timedelta(minutes=1)
DEVICES = """
[iot_device]
name = "物联感知平台"
owner = "区城运中心"
transport = "push"
every = "5m"
stale_after = "20m"
[iot_device.push]
token_env = "HOTLINE_TOKEN"
"""


@pytest.fixture
def at(place, configure):
    configure(DEVICES)
    with clock.frozen(NOON):
        opened = place()
        opened.mend()
        yield opened


def beat(at, moment: datetime, volts: str) -> None:
    """One device, one row: which beat is the newer one is told by its delivery alone."""
    body = {"lx": "hb", "sbbh": "WL-1", "sblx": "1", "sj": "2026-11-23 11:00:00", "dy": volts}
    with clock.frozen(moment):
        payload = messages.line(clock.local(), json.dumps(body).encode())
        tally = at.loader.take("iot_device", payload, ext="jsonl", source="iot_device")
        at.loader.succeeded(at.platforms["iot_device"], tally.at)


def volts(at, core) -> list[tuple]:
    return core(at, "SELECT battery_v FROM core.iot_beat")


@pytest.mark.parametrize("jump", [YEAR, 2 * DAY, timedelta(hours=1)])
def test_what_came_under_a_clock_that_was_ahead_is_replaced_by_what_comes_later(
    at, core, place, jump
):
    beat(at, NOON, "3.6")
    beat(at, NOON + jump, "3.5")
    beat(at, NOON + MINUTE, "3.4")
    beat(at, NOON + 2 * MINUTE, "3.3")
    assert volts(at, core) == [(3.3,)]
    with clock.frozen(NOON + 3 * MINUTE):
        _, unexplained = rebuild(at.loader)
        assert unexplained == []
        assert volts(at, core) == [(3.3,)]
        at.loader.close()
        again = place()  # the order is in the manifest, not in the process
        beat(again, NOON + 4 * MINUTE, "3.2")
        assert volts(again, core) == [(3.2,)]


def test_the_order_goes_on_as_evenly_as_the_steady_clock():
    steady = [100.0]
    even = Even(None, lambda: steady[0])
    assert even.later(NOON) is None
    steady[0] += 60
    assert even.later(NOON + MINUTE) is None
    steady[0] += 60  # and the clock was set back by an hour
    assert even.later(NOON - 58 * MINUTE) == NOON + 2 * MINUTE
    assert even.later(NOON - 58 * MINUTE) == NOON + 2 * MINUTE + timedelta(microseconds=1)
    steady[0] += 3600
    assert even.later(NOON + MINUTE) == NOON + 62 * MINUTE + timedelta(microseconds=1)
    steady[0] += 60
    assert even.later(NOON + 120 * MINUTE) is None  # the clock is past it again


def test_the_age_of_figures_is_not_read_off_a_success_that_lies_ahead(at, core, var):
    beat(at, NOON - 5 * MINUTE, "3.6")
    beat(at, NOON + YEAR, "3.5")
    with clock.frozen(NOON):
        at.loader.publish(force=True)
        (state,) = [s for s in Reader(var).current().sources if s.source == "iot_device"]
        assert state.last_success_at == NOON - 5 * MINUTE
    beat(at, NOON, "3.4")
    spells = core(at, "SELECT from_at, last_at, until_at FROM core.success ORDER BY 1")
    assert max(last for _, last, _ in spells) == NOON
    assert max(until for _, _, until in spells) == NOON + 10 * MINUTE


def test_freshness_read_from_the_archive_goes_on_after_a_clock_that_was_ahead():
    def line(at: datetime) -> Line:
        path = f"{at:%Y-%m-%d}/x.json.gz"
        return Line("", path, "", 0, at.isoformat(), None, None, "weather", False, None)

    moments = [NOON, NOON + YEAR, NOON + MINUTE, NOON + 60 * MINUTE]
    told = list(answered(map(line, moments), "weather", MINUTE))
    assert {NOON, NOON + MINUTE, NOON + 60 * MINUTE} <= set(told)


def test_a_success_an_hour_ahead_is_no_reason_to_call_a_slow_platform_silent(at):
    health.succeeded(at.store, "iot_device", NOON + timedelta(minutes=15))
    (state,) = health.states(at.store, at.platforms, NOON)
    assert (state.state, state.age_s) == ("fresh", 0)


class Calm:
    """A clock that has run evenly for so long."""

    def __init__(self, span: timedelta) -> None:
        self.span = span

    def look(self) -> float:
        return self.span.total_seconds()


def test_nothing_is_deleted_by_a_clock_that_leapt_a_year_until_people_had_days_to_notice(at, var):
    etl = process.Etl(at, lambda words: Answer(0))
    beat(at, NOON, "3.6")
    run = runs.start(at.store, "iot_device", "poll")
    runs.finish(at.store, run, ok=True)
    run = runs.start(at.store, "iot_device", "poll")
    runs.finish(at.store, run, ok=True)

    def night(moment: datetime, calm: timedelta) -> int:
        etl._steadiness = Calm(calm)
        with clock.frozen(moment):
            etl._tidy()
        return len(list(at.loader.archive.lines("iot_device")))

    hour = timedelta(hours=1)
    assert night(NOON + DAY, hour) == 1  # the clock is known from here on
    assert night(NOON + 2 * YEAR, hour) == 1
    assert len(runs.recent(at.store)) == 2
    assert night(NOON + 2 * YEAR, 2 * DAY) == 1
    assert night(NOON + 2 * DAY, hour) == 1  # somebody has set it right
    assert marks.read(at.store, "retention") == "2026-11-25"
    assert night(NOON + 2 * YEAR, 3 * DAY) == 0  # two years away, and three days to notice
    assert len(runs.recent(at.store)) == 1


def test_the_night_is_not_missed_for_a_year_because_a_clock_was_ahead_once(at):
    marks.write(at.store, "retention", "2027-11-25", NOON)
    assert retention.is_due(at.store, NOON)
    marks.write(at.store, "retention", "2026-11-23", NOON)
    assert not retention.is_due(at.store, NOON)
