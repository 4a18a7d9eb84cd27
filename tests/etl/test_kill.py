"""kill -9 of the ETL at random moments: nothing lost, doubled or half-visible."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from config.environment import ROOT
from etl.formats import sl651
from etl.rebuild import rebuild
from warehouse.generation import read_pointer

KILLS = int(os.environ.get("HONGLAN_KILLS", "50"))
ORDERS = 800
PROGRAMS = Path(__file__).parent / "programs"
pytestmark = [pytest.mark.fault, pytest.mark.timeout(600)]


def frame(number: int) -> bytes:
    minute = f"2611{1 + number // 1440:02d}{number // 60 % 24:02d}{number % 60:02d}"
    body = number.to_bytes(2, "big") + bytes.fromhex(f"{minute}00F1F1320117000148F0F0{minute}")
    body += bytes.fromhex("39230000983538121248")
    head = b"\x7e\x7e\x01" + bytes.fromhex("3201170001") + b"\x12\x34\x32"
    raw = head + len(body).to_bytes(2, "big") + b"\x02" + body + b"\x03"
    return raw + sl651.checksum(raw)


def stamp(number: int) -> str:
    return f"2026-11-{1 + number // 100:02d}T{number % 100 // 5:02d}:{number % 5:02d}:00"


class Station(threading.Thread):
    """Sends one frame after another, each until it is confirmed."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.confirmed = 0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.is_set():
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), 1) as line,
            ):
                line.settimeout(2)
                self.send(line)
            time.sleep(0.02)

    def send(self, line: socket.socket) -> None:
        while not self.ended.is_set() and self.confirmed < 20_000:
            line.sendall(frame(self.confirmed))
            answer = line.recv(100)
            if not answer:
                return
            self.confirmed += 1
            time.sleep(0.02)


def wait_for_a_newer_generation(var: Path) -> None:
    before = read_pointer(var)
    until = time.monotonic() + 60
    while read_pointer(var) == before:
        assert time.monotonic() < until, "nothing was published"
        time.sleep(0.05)


@pytest.fixture
def programs(var):
    """Starts programs of this folder; those still running at the end are killed."""
    running: list[subprocess.Popen] = []

    def start(names: list[str]) -> list[subprocess.Popen]:
        for name in names:
            made = subprocess.Popen(
                [sys.executable, "-W", "ignore", str(PROGRAMS / name)],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            running.append(made)
        return running

    yield start
    for each in running:
        with each:
            each.kill()


def test_kill_9_at_random_moments_loses_doubles_and_halves_nothing(
    var, configure, blocks, hotline, make_order, place, core, programs, monkeypatch
):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("HONGLAN_SL651_PORT", str(port))
    often = blocks["hotline"].format(url=hotline.url, size=100).replace('"1m"', '"1s"')
    configure(often + blocks["gauge"])
    script = [make_order(n, stamp(n)) for n in range(ORDERS)]
    dice = random.Random(20261123)
    nursery, *readers = programs(["nursery.py", "reader.py", "reader.py", "reader.py"])
    station = Station(port)
    station.start()

    def say(word: str) -> int:
        print(word, file=nursery.stdin, flush=True)
        while (line := nursery.stdout.readline().strip()) == "ready":
            pass
        return int(line)

    ends = []
    for kill in range(KILLS):
        hotline.records = script[: ORDERS * (kill + 1) // (KILLS + 1)]
        child = say("go")
        if kill % 5:  # most die at work, some while they open their files
            assert nursery.stdout.readline() == "ready\n"
        if kill % 10 == 9:  # on a slow machine nobody would live long enough to publish
            wait_for_a_newer_generation(var)
        time.sleep(dice.uniform(0.01, 0.7))
        os.kill(child, signal.SIGKILL)
        ends.append(say("wait"))
    assert ends == [-signal.SIGKILL] * KILLS

    hotline.records = script
    child = say("go")
    manifest = var / "raw" / "hotline_12345" / "manifest.jsonl"
    last = script[-1]["gxsj"]
    until = time.monotonic() + 120
    while last not in (manifest.read_text() if manifest.exists() else ""):
        assert time.monotonic() < until, "the ETL did not come to the end of the script"
        time.sleep(0.2)
    station.ended.set()
    station.join()
    os.kill(child, signal.SIGTERM)
    assert say("wait") == 0
    nursery.communicate("", timeout=30)

    seen = []
    for reader in readers:
        out, _ = reader.communicate("", timeout=30)
        seen.append(json.loads(out))
    assert [each["wrong"] for each in seen] == [[], [], []]
    assert [each["orders"] for each in seen] == [ORDERS] * 3
    assert min(each["generations"] for each in seen) > 2

    at = place()
    at.mend()
    assert not at.feeds["gauge"].has_segments
    orders = core(at, "SELECT order_no, updated_at::VARCHAR FROM core.hotline_order ORDER BY 1")
    wanted = sorted((r["gdbh"], r["gxsj"].replace("T", " ")) for r in script)
    assert orders == wanted
    events = core(at, "SELECT order_no, seq FROM core.hotline_event ORDER BY 1, 2")
    assert events == [(no, n) for no, _ in wanted for n in (1, 2)]
    numbers = core(at, "SELECT count(*), count(DISTINCT observed_at) FROM core.gauge_reading")
    assert station.confirmed > KILLS
    assert numbers[0][0] == numbers[0][1] >= station.confirmed
    torn = "SELECT count(*) FROM core.batch WHERE rows_in <> loaded + unchanged + quarantined"
    assert core(at, torn) == [(0,)]
    before = core(at, "SELECT order_no, _hash FROM core.hotline_order ORDER BY 1")
    _, lacking = rebuild(at.loader)
    assert lacking == []
    assert core(at, "SELECT order_no, _hash FROM core.hotline_order ORDER BY 1") == before
