"""F6, F7 and F22: a clock that jumps, hours without us, and two of us at once."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cases import health, runs
from config import clock
from config.environment import ROOT
from etl import loader, process, schedule
from etl.jobs import Answer
from etl.process import Etl

pytestmark = pytest.mark.fault
HOUR = timedelta(hours=1)


@pytest.fixture
def often(monkeypatch):
    monkeypatch.setattr(process, "LOOK", timedelta(seconds=0.05))
    monkeypatch.setattr(process, "TICK", timedelta(seconds=0.1))
    monkeypatch.setattr(schedule, "_SHORTEST", timedelta(seconds=0.02))
    monkeypatch.setattr(loader, "PUBLISH_EVERY_S", 0.2)


def until(true) -> None:
    while not true():
        time.sleep(0.02)


@pytest.fixture
def hotline_place(place, configure, blocks, hotline, make_order, often):
    """A place that asks the hotline each second."""
    configure(blocks["hotline"].format(url=hotline.url, size=20).replace('"1m"', '"1s"'))
    hotline.records = [make_order(1, "2026-11-20T10:00:00")]
    return place


def test_three_hours_down_are_caught_up_once_and_stand_in_the_run_table(
    hotline_place, configure, blocks, hotline, make_order, core
):
    configure(blocks["hotline"].format(url=hotline.url, size=20))
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    moment = [noon - 3 * HOUR]
    with clock.using(lambda: moment[0]):
        before = hotline_place()
        first = Etl(before, lambda _: Answer(0))
        first.start()
        until(lambda: runs.last(before.store, "hotline_12345", "poll"))
        first.stop()
        left = runs.start(before.store, "hotline_12345", "poll")  # and was killed in the next
        before.__exit__(None, None, None)
        hotline.records += [make_order(n, f"2026-11-20T11:{n:02d}:00") for n in range(2, 40)]
        asked = len(hotline.asked)
        moment[0] = noon
        at = hotline_place()
        began = time.monotonic()
        second = Etl(at, lambda _: Answer(0))
        second.start()
        until(lambda: runs.last(at.store, "hotline_12345", "poll").started_at == noon)
        second.stop()
        assert time.monotonic() - began < 60
    told = [(r.kind, r.ok, r.error) for r in reversed(runs.recent(at.store, "hotline_12345"))]
    gap = "停机 3 小时 0 分，漏 179 次，补取一次"
    assert told == [
        ("poll", True, None),
        ("poll", False, runs.INTERRUPTED),
        ("missed", False, gap),
        ("poll", True, None),
    ]
    assert left is not None
    since = {each["updatedSince"] for each in hotline.asked[asked:]}
    assert min(since) < "2026-11-20T11"  # from where it had come to
    assert core(at, "SELECT count(*), count(DISTINCT order_no) FROM core.hotline_order") == [
        (39, 39)
    ]


def test_starting_again_and_again_does_not_tell_one_gap_twice(hotline_place):
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    with clock.frozen(noon - 3 * HOUR):
        at = hotline_place()
        runs.finish(at.store, runs.start(at.store, "hotline_12345", "poll"), ok=True)
    with clock.frozen(noon):
        at.resume()
        at.resume()
    kinds = [run.kind for run in runs.recent(at.store)]
    assert kinds.count("missed") == 1


def test_a_clock_that_jumps_neither_stops_the_turns_nor_makes_them_rush(
    hotline_place, hotline, make_order, core
):
    real = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    offset, began = [timedelta(0)], time.monotonic()
    year = timedelta(days=365)
    with clock.using(lambda: real + offset[0] + timedelta(seconds=time.monotonic() - began)):
        at = hotline_place()
        etl = Etl(at, lambda _: Answer(0))
        etl.start()
        for jump in (2 * HOUR, -HOUR, year, -year, timedelta(milliseconds=400)):
            offset[0] += jump
            number = len(hotline.records) + 1
            hotline.records.append(make_order(number, f"2026-11-20T12:{number:02d}:00"))
            then, asked = time.monotonic(), len(hotline.asked)
            until(lambda asked=asked: len(hotline.asked) >= asked + 2)
            assert len(hotline.asked) - asked <= (time.monotonic() - then) / 0.9 + 2
        until(lambda: core(at, "SELECT count(*) FROM core.hotline_order") == [(6,)])
        until(lambda: health.states(at.store, at.platforms, clock.now())[0].state == "fresh")
        etl.stop()
    lasted = [run.ended_at - run.started_at for run in runs.recent(at.store, limit=500)]
    assert len(lasted) > 5
    assert min(lasted) >= timedelta(0)


@contextlib.contextmanager
def run_etl() -> Iterator[subprocess.Popen]:
    with subprocess.Popen(
        [sys.executable, "-m", "etl", "run"],
        cwd=ROOT,
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as etl:
        try:
            yield etl
        finally:
            etl.kill()  # whatever became of the test


def has_started(etl: subprocess.Popen) -> bool:
    return any("started" in line for line in iter(etl.stdout.readline, ""))


def test_a_second_etl_ends_at_once_and_the_next_takes_over_when_the_first_is_dead(
    hotline_place, var
):
    began = time.monotonic()
    with run_etl() as first:
        assert has_started(first)
        usual = time.monotonic() - began  # a start takes as long as the machine needs for it
        with run_etl() as second:
            said, _ = second.communicate(timeout=300)
        assert second.returncode == 75
        assert f"another ETL (process {first.pid}) works in {var}" in said
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        killed = time.monotonic()
        with run_etl() as third:
            assert has_started(third)
            assert time.monotonic() - killed < usual + 10
            third.terminate()
            third.communicate(timeout=300)
        assert third.returncode == 0
