"""The running ETL: everything arrives by itself, and nothing is lost when it ends."""

from __future__ import annotations

import socket
import threading
import time
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from cases import health, runs
from config import clock
from config.environment import ROOT
from etl import loader, process, schedule
from etl.formats import sl651
from etl.jobs import Answer
from etl.transports import segment
from warehouse.read import Reader

SHEET = ROOT / "tests" / "fixtures" / "platforms" / "mediation" / "payload.xlsx"
FRAME = bytes.fromhex(
    "7E7E013201170001123432002B020007260712080000F1F1320117000148F0F0260712080020190000352619"
    "001280392300010452381212610386CB"
)


@pytest.fixture
def often(monkeypatch):
    """Turns come often enough for a test."""
    monkeypatch.setattr(process, "LOOK", timedelta(seconds=0.1))
    monkeypatch.setattr(process, "TICK", timedelta(seconds=0.1))
    monkeypatch.setattr(schedule, "_SHORTEST", timedelta(seconds=0.05))
    monkeypatch.setattr(loader, "PUBLISH_EVERY_S", 0.2)
    monkeypatch.setattr(segment, "MAX_AGE_S", 0.2)


@pytest.fixture
def running(place, configure, blocks, hotline, often):
    configure(
        blocks["hotline"].format(url=hotline.url, size=20) + blocks["mediation"] + blocks["gauge"]
    )
    at = place()
    etl = process.Etl(at, lambda words: Answer(0, " ".join(words)))
    etl.start()
    yield etl
    etl.stop()


def until(true) -> None:
    """Wait for something that must come; the test's own time-out ends it."""
    while not true():
        time.sleep(0.02)


def test_all_feeds_arrive_are_published_and_shown_as_fresh(running, hotline, make_order, var, core):
    at = running.place
    hotline.records = [make_order(1, "2026-11-20T10:00:00")]
    with socket.create_connection(("127.0.0.1", running.streams[0].port)) as station:
        station.sendall(FRAME)
        assert station.recv(100) == sl651.confirmation(next(iter(sl651.split(FRAME))))
    until(lambda: core(at, "SELECT count(*) FROM core.gauge_reading") == [(1,)])
    inbox = var / "inbox" / "mediation"
    (inbox / "台账.xlsx.part").write_bytes(SHEET.read_bytes())
    (inbox / "台账.xlsx.part").rename(inbox / "台账.xlsx")
    until(lambda: (inbox / "done" / "台账.xlsx").exists())
    at.watches["hotline_12345"].breaker.failed()  # asks again at once, without its cadence
    until(lambda: core(at, "SELECT count(*) FROM core.hotline_order") == [(1,)])
    until(lambda: health.first_load(at.store, at.platforms) is None)
    states = {s.key: s.state for s in health.states(at.store, at.platforms, clock.now())}
    assert states == {"hotline_12345": "fresh", "mediation": "fresh", "gauge": "fresh"}
    assert Reader(var).current().number >= 1


def test_what_was_confirmed_just_before_the_end_is_loaded(running, core):
    at = running.place
    with socket.create_connection(("127.0.0.1", running.streams[0].port)) as station:
        station.sendall(FRAME)
        assert station.recv(100)
    running.stop()
    assert core(at, "SELECT level_m FROM core.gauge_reading") == [(10.452,)]
    assert not at.feeds["gauge"].has_segments
    running.stop = lambda: None


def test_one_platform_down_does_not_keep_the_others_from_arriving(
    running, hotline, respond, core, var
):
    at = running.place

    def down(handler) -> bool:
        respond(handler, b"", status=500)
        return True

    hotline.answer = down
    with socket.create_connection(("127.0.0.1", running.streams[0].port)) as station:
        station.sendall(FRAME)
        assert station.recv(100)
    until(lambda: core(at, "SELECT count(*) FROM core.gauge_reading") == [(1,)])
    until(lambda: Reader(var).current() is not None)


def test_a_station_port_that_is_taken_is_told_and_tried_again_while_the_others_go_on(
    place, configure, blocks, monkeypatch, hotline, often, make_order, core
):
    configure(blocks["gauge"] + blocks["hotline"].format(url=hotline.url, size=20))
    hotline.records = [make_order(1, "2026-11-20T10:00:00")]
    at = place()
    etl = process.Etl(at, lambda words: Answer(0))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("HONGLAN_SL651_PORT", str(port))
        with capture_logs() as said:
            etl.start()
        [down] = [each for each in said if each["event"] == "platform_down"]
        assert f"127.0.0.1:{port} cannot be listened on" in down["reason"]
        until(lambda: core(at, "SELECT count(*) FROM core.hotline_order") == [(1,)])
        assert etl.streams == []
    at.watches["gauge"].breaker.resume(1)  # its pause is over
    until(lambda: etl.streams)
    with socket.create_connection(("127.0.0.1", port)) as station:
        station.sendall(FRAME)
        assert station.recv(100)
    etl.stop()
    assert core(at, "SELECT count(*) FROM core.gauge_reading") == [(1,)]


def test_a_platform_that_does_not_answer_holds_no_other_up(
    place, configure, blocks, hotline, often, core, var
):
    configure(blocks["mediation"] + blocks["hotline"].format(url=hotline.url, size=20))
    answering, asked = threading.Event(), threading.Event()

    def silent(_handler) -> bool:
        asked.set()
        answering.wait()
        return False

    hotline.answer = silent
    at = place()
    etl = process.Etl(at, lambda words: Answer(0))
    etl.start()
    asked.wait()
    inbox = var / "inbox" / "mediation"
    (inbox / "台账.xlsx").write_bytes(SHEET.read_bytes())
    until(lambda: (inbox / "done" / "台账.xlsx").exists())
    until(lambda: Reader(var).current() is not None)
    assert runs.last(at.store, "hotline_12345", "poll") is None
    answering.set()
    etl.stop()
    assert runs.last(at.store, "hotline_12345", "poll").ok


BROKER = """
[pump_gate]
name = "泵站"
owner = "水务"
transport = "mqtt"
every = "5m"
[pump_gate.mqtt]
host = "127.0.0.1"
user = "honglan"
password_env = "SURELY_NOT_SET"
topics = ["water/#"]
"""


def test_a_secret_that_is_missing_stops_its_own_platform_and_no_other(
    place, configure, blocks, hotline, often, make_order, core
):
    configure(BROKER + blocks["hotline"].format(url=hotline.url, size=20))
    hotline.records = [make_order(1, "2026-11-20T10:00:00")]
    at = place()
    etl = process.Etl(at, lambda words: Answer(0))
    with capture_logs() as said:
        etl.start()
    [down] = [each for each in said if each["event"] == "platform_down"]
    assert down["platform"] == "pump_gate"
    assert "SURELY_NOT_SET" in down["reason"]
    until(lambda: core(at, "SELECT count(*) FROM core.hotline_order") == [(1,)])
    etl.stop()
