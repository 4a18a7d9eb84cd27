"""Readings are judged when they come, by whatever way, once, and nothing waits for the loader."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cases import alarms, arrival
from cases.errors import Busy
from cases.schema import local, utc
from cases.store import open_store
from config import clock
from config.environment import ROOT
from etl.errors import Retryable
from etl.formats import sl651
from tests.etl import stations

RIVER = "3201170006"  # 兰台桥站: 警戒 9.00, 保证 10.00
NOW = datetime(2026, 11, 20, 12, 0)
DUMP = "STCD,TM,Z,DRP,INTV\n"
SENSORS = 500 if os.environ.get("HONGLAN_LONG") else 60
KILLS = 200
PROGRAM = Path(__file__).parent / "programs" / "judging.py"


def report(minutes: int, level: float, number: int = 1) -> bytes:
    """A timed report of `minutes` after noon."""
    at = 720 + minutes
    return stations.report(number, at, f"{round(level * 1000):08d}", RIVER)


def until(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    pytest.fail("did not come about")


def test_a_reading_on_the_line_is_an_alarm_before_its_segment_is_handed_over(
    var, configure, blocks, place
):
    configure(blocks["gauge"])
    with place() as at, clock.using(lambda: utc(NOW + timedelta(minutes=20))):
        stream = at.feeds["gauge"].stream(lambda: None)
        stream.port = 0
        stream.start()
        with socket.create_connection(("127.0.0.1", stream.port)) as line:
            for n, level in enumerate((9.10, 9.12)):
                line.sendall(report(5 * n, level, n))
                line.recv(100)
            found = until(lambda: [a for a in alarms.open_alarms(at.store, NOW) if a.raised_at])
        assert (found[0].subject, found[0].rank, found[0].value) == (RIVER, 3, 9.12)
        told = alarms.events(at.store, found[0].id)
        assert all(event.delay_ms is not None for event in told)
        version = alarms.version(at.store)
        stream.stop()
        at.feeds["gauge"].drain(at_tally())
        assert alarms.version(at.store) == version


def at_tally():
    from etl.health import Tally

    return Tally()


def test_a_file_by_hand_is_judged_as_well_and_an_imported_set_is_not(var, configure, blocks, place):
    configure(blocks["gauge"])
    rows = [
        f"{RIVER},{NOW + timedelta(minutes=5 * n):%Y-%m-%d %H:%M:%S},9.1{n},0,0.08" for n in (0, 1)
    ]
    payload = (DUMP + "\n".join(rows) + "\n").encode()
    with place() as at, clock.frozen(NOW + timedelta(minutes=20)):
        at.loader.take("gauge", payload, ext="csv", source="set_apart")
        assert alarms.open_alarms(at.store, NOW) == []
        at.loader.take("gauge", payload + b" ", ext="csv", source=at.platforms["gauge"].source)
        (one,) = alarms.open_alarms(at.store, NOW)
        assert (one.state, one.rank) == ("raised", 3)


def test_what_cannot_be_judged_is_not_loaded_and_is_read_again(
    var, configure, blocks, place, monkeypatch
):
    configure(blocks["gauge"])
    source = "gauge"
    payload = report(0, 9.2, 1) + report(5, 9.3, 2)
    with place() as at, clock.frozen(NOW + timedelta(minutes=20)):
        source = at.platforms["gauge"].source
        judge = arrival.judge
        monkeypatch.setattr(arrival, "judge", lambda *_: (_ for _ in ()).throw(Busy("x", "held")))
        with pytest.raises(Retryable, match="read again"):
            at.loader.take("gauge", payload, ext="sl651", source=source)
        assert at.loader.behind == ["gauge"]
        monkeypatch.setattr(arrival, "judge", judge)
        at.loader.catch_up(at.loader.behind)
        assert at.loader.behind == []
        assert [a.state for a in alarms.open_alarms(at.store, NOW)] == ["raised"]


def test_history_that_is_read_again_raises_nothing(var, configure, blocks, place):
    configure(blocks["gauge"])
    payload = report(0, 9.2, 1) + report(5, 9.3, 2)
    with place() as at, clock.frozen(NOW + timedelta(days=3)):
        at.loader.take("gauge", payload, ext="sl651", source=at.platforms["gauge"].source)
        assert alarms.open_alarms(at.store, NOW) == []


@pytest.mark.fault
def test_a_process_killed_between_judging_and_storing_loses_nothing_and_does_nothing_twice(
    var, configure, blocks, place
):
    """Each start hands everything over again. KILLS times it dies when the newest reading is judged
    and not stored; beside these it dies on the same reading twice, and just after a commit."""
    configure(blocks["gauge"])
    with place() as at:
        store = at.store
    levels = [round(9.1 + 0.004 * n, 3) for n in range(KILLS + 12)]
    frames = var / "readings.hex"
    frames.write_bytes(b"".join(report(5 * n, level, n) for n, level in enumerate(levels)))
    between = [(count, "flood.judged:2", count - 1) for count in range(2, KILLS + 2)]
    beside = []
    for count in range(KILLS + 2, KILLS + 11, 3):
        beside += [(count, "flood.judged", count - 2), (count, "flood.judged", count - 2)]
        beside += [(count, "flood.stored", count - 1), (count + 1, "flood.stored:2", count + 1)]
    rounds = [*between, *beside, (len(levels), "", len(levels))]
    words = [f"{count} {point}" for count, point, _ in rounds]
    command = [sys.executable, str(PROGRAM), str(frames), NOW.isoformat(), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    ends = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    # the point was reached in every round, and what was judged there is not in the store
    assert ends[: len(between)] == [(-signal.SIGKILL, kept) for _, _, kept in between]
    assert ends[len(between) : -1] == [(-signal.SIGKILL, kept) for _, _, kept in beside]
    assert ends[-1] == (0, len(levels))
    (one,) = alarms.open_alarms(store, clock.now())
    told = alarms.events(store, one.id)
    moments = [event.observed_at for event in told]
    assert len(moments) == len(set(moments))
    assert [event.kind for event in told[:2]] == ["pending", "raised"]
    assert [event.value for event in told] == levels
    assert arrival.track_of(store, RIVER).newest == local(moments[-1])


@pytest.mark.fault
def test_sensors_that_cross_within_a_minute_are_as_many_alarms_the_worst_first(
    var, configure, blocks, place, monkeypatch
):
    """F19: none is lost."""
    from config import thresholds

    known = thresholds.load_thresholds()
    river = known.station(RIVER)
    from dataclasses import replace

    many = tuple(replace(river, code=f"99{n:08d}", name=f"{n} 号站") for n in range(SENSORS))
    monkeypatch.setattr(arrival, "load_thresholds", lambda: replace(known, stations=many))
    configure(blocks["gauge"])
    with place() as at, clock.frozen(NOW + timedelta(minutes=11)):
        store = at.store
        for step in range(2):
            rows = [
                arrival.Reading(
                    each.code, NOW + timedelta(minutes=5 * step), 9.1 + n % 2 + step / 100
                )
                for n, each in enumerate(many)
            ]
            assert arrival.judge(store, rows, arrival.Received(clock.now())) == SENSORS
        found = alarms.open_alarms(store, NOW)
    assert len(found) == SENSORS
    assert {one.state for one in found} == {"raised"}
    ranks = [one.rank for one in found]
    assert ranks == sorted(ranks)
    assert ranks.count(2) == SENSORS // 2


def test_frames_that_cannot_be_read_stop_nobody(var, configure, blocks, place):
    configure(blocks["gauge"])
    with place() as at, clock.frozen(NOW + timedelta(minutes=20)):
        heard = at.loader.arrivals.ear("gauge")
        heard(b"\x7e\x7enothing")
        heard(sl651.MARK)
        heard(report(0, 9.4, 1) + report(5, 9.5, 2))
        until(lambda: alarms.open_alarms(at.store, NOW))


def test_only_platforms_with_gauge_readings_are_listened_to(var, configure, blocks, place):
    configure(blocks["gauge"])
    with place() as at:
        assert at.loader.arrivals.hears("gauge")
        assert not at.loader.arrivals.hears("weather")


def test_the_store_of_this_process_is_the_one_that_others_read(var, configure, blocks, place):
    configure(blocks["gauge"])
    with place() as at, clock.frozen(NOW + timedelta(minutes=20)):
        payload = report(0, 9.2, 1) + report(5, 9.3, 2)
        at.loader.take("gauge", payload, ext="sl651", source=at.platforms["gauge"].source)
    other = open_store()
    assert len(alarms.open_alarms(other, NOW)) == 1
    other.close()


def test_pumps_at_work_speak_for_a_single_reading_at_guarantee(var, configure, blocks, place):
    configure(blocks["gauge"])
    from cases import pumps

    calm = b"".join(report(5 * n, 9.5 + 0.001 * (n % 2), n) for n in range(4))
    with place() as at, clock.frozen(NOW + timedelta(minutes=30)):
        own = at.platforms["gauge"].source
        at.loader.take("gauge", calm, ext="sl651", source=own)
        running = [pumps.PumpReading("3201178005", NOW + timedelta(minutes=10), 2)]
        assert (pumps.note(at.store, running), pumps.note(at.store, running)) == (1, 0)
        at.loader.take("gauge", report(20, 10.02, 9), ext="sl651", source=own)
        (one,) = alarms.open_alarms(at.store, NOW)
        assert (one.state, one.rank) == ("raised", 2)
