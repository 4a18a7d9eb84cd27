"""A stream that cannot take what is sent says so by its lamp, and is well again by itself."""

from __future__ import annotations

import errno
import os
import socket
import time
from datetime import timedelta
from pathlib import Path

import pytest

from cases import health, runs
from cases.faults import Fault
from config import clock
from etl import loader, process, schedule
from etl.formats import sl651
from etl.jobs import Answer
from etl.transports import mqtt, segment
from tests.etl import servers
from tests.etl.test_listener import frame

BROKER = """
[iot_device]
name = "物联感知平台"
owner = "区城运中心"
transport = "mqtt"
every = "5m"
stale_after = "20m"
[iot_device.mqtt]
host = "127.0.0.1"
port = {port}
user = "{user}"
password_env = "BROKER_PASSWORD"
topics = [{topics}]
"""
BEAT = b'{"sbbh":"WL-001","sblx":"1","sqbm":"320117005001","sj":"2026-11-20 08:00:00"}'


@pytest.fixture
def run(place, monkeypatch):
    monkeypatch.setattr(process, "LOOK", timedelta(seconds=0.1))
    monkeypatch.setattr(process, "TICK", timedelta(seconds=0.1))
    monkeypatch.setattr(schedule, "_SHORTEST", timedelta(seconds=0.05))
    monkeypatch.setattr(loader, "PUBLISH_EVERY_S", 0.2)
    monkeypatch.setattr(segment, "MAX_AGE_S", 0.2)
    monkeypatch.setattr(mqtt, "LONGEST_PAUSE_S", 1)
    monkeypatch.setattr(mqtt, "GRACE_S", 0.3)
    monkeypatch.setenv("BROKER_PASSWORD", servers.PASSWORD)
    begun: list[process.Etl] = []

    def start() -> process.Etl:
        begun.append(process.Etl(place(), lambda words: Answer(0)))
        begun[-1].start()
        return begun[-1]

    yield start
    for etl in begun:
        etl.stop()


def until(true) -> None:
    """Wait for something that must come; the test's own time-out ends it."""
    while not true():
        time.sleep(0.02)


def lamp(etl) -> health.PlatformState:
    (state,) = health.states(etl.place.store, etl.place.platforms, clock.now())
    return state


def confirmed(etl, number: int) -> bool:
    """Whether a station that sends a frame now is answered."""
    if not etl.streams:
        return False
    try:
        with socket.create_connection(("127.0.0.1", etl.streams[0].port), 60) as station:
            station.sendall(frame(number))
            wanted = sl651.confirmation(next(iter(sl651.split(frame(number)))))
            return station.recv(100) == wanted
    except OSError:
        return False


def test_a_broker_that_ends_turns_the_lamp_to_failed_and_one_that_is_back_turns_it_off(
    run, configure, core
):
    with servers.mosquitto() as broker:
        configure(BROKER.format(port=broker.port, user=servers.USER, topics='"iot/#"'))
        etl = run()
        until(lambda: etl.streams and etl.streams[0].is_reading)
        broker.publish("iot/1/up", BEAT)
        until(lambda: lamp(etl).state == "fresh")
        broker.end()
        until(lambda: lamp(etl).state == "failed")
        assert lamp(etl).fault == Fault.BROKER
        assert "消息服务器连不上" in lamp(etl).hint and "区城运中心" in lamp(etl).hint
        time_down = runs.recent(etl.place.store, "iot_device", 3)
        assert ("listen", False, Fault.BROKER) in [(r.kind, r.ok, r.fault) for r in time_down]
        broker.begin()
        until(lambda: lamp(etl).state == "fresh")
        assert lamp(etl).hint == ""


def test_a_lamp_that_was_red_when_the_etl_stopped_is_well_after_the_next_start(run, configure):
    with servers.mosquitto() as broker:
        configure(BROKER.format(port=broker.port, user=servers.USER, topics='"iot/#"'))
        etl = run()
        health.failed(
            etl.place.store, "iot_device", clock.now(), "x", permanent=True, fault=Fault.BROKER
        )
        until(lambda: lamp(etl).state == "stale")  # nothing ever came, but nothing is wrong


@pytest.mark.parametrize(("user", "topics", "fault"), [("nobody", '"iot/#"', Fault.BROKER_REFUSES)])
def test_a_broker_that_does_not_let_us_in_is_told_as_such(run, configure, user, topics, fault):
    with servers.mosquitto() as broker:
        configure(BROKER.format(port=broker.port, user=user, topics=topics))
        etl = run()
        until(lambda: lamp(etl).fault == fault)
        assert lamp(etl).state == "failed" and "账号" in lamp(etl).hint


def test_a_broker_that_was_never_there_is_told_too(run, configure):
    configure(BROKER.format(port=servers.free_port(), user=servers.USER, topics='"iot/#"'))
    etl = run()
    until(lambda: lamp(etl).fault == Fault.BROKER)


def test_a_listener_whose_thread_dies_is_started_anew_and_stations_are_answered_again(
    run, configure, blocks, core, monkeypatch
):
    configure(blocks["gauge"])
    etl = run()
    assert confirmed(etl, 1)
    first, sync = etl.streams[0], segment.Segment._sync

    async def broken(self):
        monkeypatch.setattr(segment.Segment, "_sync", sync)  # the first time only
        raise RuntimeError("cannot schedule new futures")

    monkeypatch.setattr(segment.Segment, "_sync", broken)
    confirmed(etl, 2)
    until(lambda: etl.streams and first not in etl.streams)
    failed = [run for run in runs.recent(etl.place.store, "gauge") if run.ok is False]
    assert [run.fault for run in failed] == [Fault.LISTENER]
    until(lambda: confirmed(etl, 2))
    until(lambda: core(etl.place, "SELECT count(*) FROM core.gauge_reading") == [(2,)])
    until(lambda: lamp(etl).state == "fresh")


def test_a_full_disk_under_a_stream_is_shown_until_there_is_room(
    run, configure, blocks, core, monkeypatch
):
    configure(blocks["gauge"])
    etl = run()
    real = os.write

    def full(handle, data):
        if bytes(data[:2]) == sl651.MARK:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, data)

    monkeypatch.setattr(segment.os, "write", full)
    assert not confirmed(etl, 1)
    until(lambda: lamp(etl).fault == Fault.DISK_FULL)
    assert lamp(etl).state == "failed" and "磁盘满" in lamp(etl).hint
    monkeypatch.setattr(segment.os, "write", real)
    until(lambda: confirmed(etl, 1))
    until(lambda: lamp(etl).state == "fresh")
    assert core(etl.place, "SELECT count(*) FROM core.gauge_reading") == [(1,)]


def test_a_disk_that_fails_under_a_stream_ends_the_process_for_a_new_start(
    run, configure, blocks, monkeypatch
):
    configure(blocks["gauge"])
    etl = run()
    real = os.fsync

    def broken(handle):
        if Path(f"/proc/self/fd/{handle}").readlink().suffix == ".open":
            raise OSError(errno.EIO, "Input/output error")
        return real(handle)

    monkeypatch.setattr(segment.os, "fsync", broken)
    assert not confirmed(etl, 1)
    until(lambda: etl._end.is_set())
    assert etl._is_disk_broken
