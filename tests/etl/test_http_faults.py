"""F11 and F12: whatever a platform or the line to it does, it is over in time and said plainly."""

from __future__ import annotations

import math
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import stamina

from cases import health
from config import clock
from config.environment import ROOT
from config.platforms import load_platforms
from etl import commands, process, registry
from etl.errors import EtlError, Refused, Retryable
from etl.jobs import Answer
from etl.transports import caller, rest
from etl.transports.caller import read
from tests.etl.fault_server import Certificates, FaultServer

NOW = datetime(2026, 11, 23, 12, 0, 0)
BLOCK = """
[{key}]
name = "{key}"
owner = "值班室"
transport = "rest"
every = "1m"
[{key}.rest]
url = "{url}"
records = "data.list"
total = "data.total"
{more}
"""


@pytest.fixture
def faults():
    server = FaultServer()
    yield server
    server.close()


@pytest.fixture
def poll(configure):
    """One poll of a platform with such an address: what it brought, or how it went wrong."""

    def run(url: str, more: str = "", key: str = "weather") -> list | EtlError:
        configure(BLOCK.format(key=key, url=url, more=more))
        asking = rest.poll(load_platforms()[key])
        try:
            return list(asking.pages(None, NOW))
        except EtlError as error:
            return error
        finally:
            asking.close()

    return run


@pytest.mark.parametrize(
    ("path", "kind", "tries", "said"),
    [
        ("500", Retryable, 3, "HTTP 500"),
        ("502", Retryable, 3, "HTTP 502"),
        ("503", Retryable, 3, "HTTP 503"),
        ("408", Retryable, 3, "HTTP 408"),
        ("401", Refused, 1, "HTTP 401: the platform does not accept our token"),
        ("403", Refused, 1, "HTTP 403"),
        ("404", Refused, 1, "HTTP 404"),
        ("302", Refused, 1, "HTTP 302: the platform points elsewhere"),
        ("html", Refused, 1, "a page, not JSON"),
        ("brotli", Refused, 1, "packed as br"),
        ("reset", Retryable, 3, "the connection failed"),
        ("short", Retryable, 3, "the connection failed"),
        ("cut-chunks", Retryable, 3, "the connection failed"),
        ("no-http", Retryable, 3, "the connection failed"),
        ("two-lengths", Retryable, 3, "the connection failed"),
        ("long-head", Retryable, 3, "the connection failed"),
        ("no-gzip", Retryable, 3, "damaged"),
        ("half-gzip", Retryable, 3, "cut off"),
    ],
)
def test_a_fault_is_named_and_tried_as_often_as_it_makes_sense(
    faults, poll, path, kind, tries, said
):
    with stamina.set_testing(True, attempts=3, cap=True):
        error = poll(faults.url(path))
    assert isinstance(error, kind)
    assert str(error).startswith("weather: ")
    assert said in str(error)
    assert faults.asked == {path: tries}


@pytest.mark.fault
@pytest.mark.parametrize("path", ["silent", "drip", "drip-head", "drip-chunks"])
def test_a_platform_that_is_too_slow_is_given_up_at_its_deadline(faults, poll, path):
    start = time.monotonic()
    error = poll(faults.url(path), 'timeout = "2s"')
    assert isinstance(error, Retryable)
    assert "the answer took too long (limit 2 s)" in str(error)
    assert time.monotonic() - start < 20


@pytest.mark.fault
def test_tls_that_never_finishes_its_greeting_is_given_up(configure, poll):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = poll(f"https://127.0.0.1:{silent.getsockname()[1]}/", 'timeout = "2s"')
    assert isinstance(error, Retryable)


def test_a_connection_that_died_while_it_was_kept_is_made_anew(faults, configure, monkeypatch):
    monkeypatch.setattr("etl.transports.bounded._SILENCE_S", 2.0)
    configure(BLOCK.format(key="weather", url=faults.url("half-open"), more=""))
    asking = rest.poll(load_platforms()["weather"])
    for _ in range(2):
        assert [answer.records for answer in asking.pages(None, NOW)] == [0]
    asking.close()
    assert faults.asked["half-open"] == 3


@pytest.fixture
def waits(monkeypatch):
    """The waits between tries, on a clock that goes on by them and nothing else."""
    now, waited = [0.0], []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(caller, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr("tenacity.nap.time.sleep", sleep)
    return waited


def test_the_wait_that_a_platform_asks_for_is_kept(faults, poll, waits):
    error = poll(faults.url("429?after=7"))
    assert isinstance(error, Retryable)
    assert (waits, faults.asked["429"]) == ([7.0, 7.0], 3)


def test_a_wait_until_a_date_is_held_against_the_clock_of_the_platform(faults, poll, waits):
    date = (datetime.now(UTC) + timedelta(seconds=10)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    poll(faults.url(f"429?after={date.replace(' ', '%20')}"))
    assert len(waits) == 2
    assert all(0 <= wait <= 10 for wait in waits)


def test_waits_never_add_up_to_more_than_the_deadline(faults, poll, waits):
    error = poll(faults.url("503?after=20"))
    assert (error.after, waits, faults.asked["503"]) == (20.0, [20.0], 2)


def test_a_wait_that_is_too_long_is_left_to_the_next_poll(faults, poll):
    error = poll(faults.url("503?after=900"))
    assert (error.after, faults.asked["503"]) == (900.0, 1)


def test_tries_are_spread_at_random_and_not_all_at_once(faults, poll, waits):
    for _ in range(20):
        poll(faults.url("500"))
    assert len(waits) == 40
    assert len({round(wait, 3) for wait in waits}) > 20
    assert max(waits) <= 2.0


@pytest.fixture
def tls(var):
    certificates = Certificates(var.parent / "config")
    opened = []

    def serve(**more: object) -> FaultServer:
        opened.append(FaultServer(certificates.server(**more)))
        return opened[-1]

    yield serve
    for each in opened:
        each.close()


def test_the_certificates_of_the_district_are_trusted_where_the_block_says_so(tls, poll):
    assert [a.records for a in poll(tls().url("good"), 'ca = "district.pem"')] == [0]


@pytest.mark.parametrize(
    ("issued", "more", "said"),
    [
        ({}, "", "is not trusted (unable to get local issuer certificate)"),
        ({"name": "elsewhere.example"}, 'ca = "district.pem"', "is not trusted (IP address mism"),
        (
            {
                "not_before": datetime(2020, 1, 1, tzinfo=UTC),
                "not_after": datetime(2021, 1, 1, tzinfo=UTC),
            },
            'ca = "district.pem"',
            "is not trusted (certificate has expired)",
        ),
    ],
)
def test_a_certificate_that_is_not_good_is_refused_at_once(tls, poll, issued, more, said):
    server = tls(**issued)
    error = poll(server.url("good"), more)
    assert isinstance(error, Refused)
    assert said in str(error)
    assert not server.asked


def test_a_port_that_speaks_no_tls_is_a_failed_connection(faults, poll):
    error = poll(faults.url("good").replace("http:", "https:"), 'timeout = "2s"')
    assert isinstance(error, Retryable)


MEASURE = """
import re, sys, time
from pathlib import Path
from etl.errors import EtlError
from etl.transports.bounded import Ask
from etl.transports.caller import Caller, read
from etl.transports.rest_auth import Fixed
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
caller = Caller("weather", Fixed())
try:
    read("weather", caller.ask(Ask(sys.argv[2])).body)
except EtlError:
    pass
before, start = peak(), time.process_time()
try:
    read("weather", caller.ask(Ask(sys.argv[1])).body)
except EtlError as error:
    used = round(time.process_time() - start, 2)
    print(type(error).__name__, round(peak() - before), used, error)
"""


@pytest.mark.fault
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("gzip-bomb", "the answer unpacks to more than 200 times its size"),
        ("double-bomb", "the answer is packed as gzip, gzip"),
        ("gigabyte", "the answer is larger than 16 MiB"),
        ("deep", "the answer holds more than 1,000,000 values"),
        ("deep-records", "the answer is nested deeper than 64 levels"),
        ("many-values", "the answer holds more than 1,000,000 values"),
    ],
)
def test_a_bomb_is_refused_in_five_seconds_and_64_mib(faults, path, said):
    told = subprocess.run(
        [sys.executable, "-c", MEASURE, faults.url(path), faults.url("good")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=60,
    ).stdout
    kind, rise, seconds, sentence = told.strip().split(" ", 3)
    print(f"{path}: {rise} MiB, {seconds} s CPU")
    assert kind == "Refused"
    assert sentence == f"weather: {sentence.removeprefix('weather: ')}"
    assert said in sentence
    assert int(rise) <= 64
    assert float(seconds) <= 5


def test_numbers_that_are_none_stay_the_text_that_was_sent():
    got = read("weather", b'{"a": 1e999, "b": NaN, "c": -Infinity, "d": 1, "d": 2}')
    assert got == {"a": "1e999", "b": "NaN", "c": "-Infinity", "d": "2"}
    assert not any(isinstance(value, float) and not math.isfinite(value) for value in got.values())


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"{", b'{"a": "\x00', b"[" * 100_000, b"nul", "{'a': 洪}".encode()]
)
def test_what_is_no_json_is_refused_never_raised(body):
    with pytest.raises(Refused, match=r"^weather: the answer"):
        read("weather", body)


@pytest.mark.fault
def test_one_turn_of_all_takes_as_long_as_the_slowest_not_as_all_together(
    faults, hotline, make_order, blocks, configure, place
):
    hotline.records = [make_order(1, "2026-11-20T10:00:00")]
    dead = [key for key in registry.known() if key != "hotline_12345"][:12]
    text = "".join(
        BLOCK.format(key=key, url=faults.url("silent"), more='timeout = "5s"') for key in dead
    )
    configure(text + blocks["hotline"].format(url=hotline.url, size=20))
    answer = commands.once(place(), [])
    assert faults.most_kept_waiting > 6
    assert "hotline_12345: " in answer.out
    assert answer.code == 75
    assert answer.err.count("took too long (limit 5 s)") == 12


FAULTS = (
    *("silent", "drip", "drip-head", "drip-chunks", "reset", "short", "cut-chunks", "half-open"),
    *("500", "502", "429?after=1", "503?after=900", "401", "302", "404", "html", "no-http"),
    *("gzip-bomb", "gigabyte", "deep", "many-values", "long-head", "two-lengths", "brotli"),
)


def until(true: Callable[[], bool], limit_s: float) -> float:
    """How long it took until something that must come was there."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < limit_s
        time.sleep(0.05)
    return time.monotonic() - start


@pytest.mark.fault
@pytest.mark.slow
def test_one_good_platform_among_bad_ones_is_fresh_and_the_whole_turn_ends_in_a_minute(
    faults, hotline, make_order, blocks, configure, place, monkeypatch
):
    hotline.records = [make_order(n, "2026-11-20T10:00:00") for n in range(5)]
    bad = [key for key in registry.known() if key != "hotline_12345"]
    text = blocks["hotline"].format(url=hotline.url, size=20)
    paths = dict(zip(bad, FAULTS * 2, strict=False))
    for key, path in paths.items():
        text += BLOCK.format(key=key, url=faults.url(path), more="")
    configure(text)
    monkeypatch.setattr(process, "LOOK", timedelta(seconds=0.5))
    at = place()
    etl = process.Etl(at, lambda words: Answer(0, " ".join(words)))
    start = time.monotonic()
    etl.start()

    def state() -> dict[str, str]:
        return {s.key: s.state for s in health.states(at.store, at.platforms, clock.now())}

    try:
        good = until(lambda: state()["hotline_12345"] == "fresh", 60)
        good_paths = {key for key, path in paths.items() if path == "half-open"}
        ill = [key for key in bad if key not in good_paths]
        until(lambda: all(at.watches[key].breaker.failures for key in ill), 60)
        whole = time.monotonic() - start
    finally:
        etl.stop()
    print(f"{len(bad)} bad platforms: good one fresh after {good:.1f} s, all done in {whole:.1f} s")
    assert whole <= 60
    assert state()["hotline_12345"] == "fresh"
