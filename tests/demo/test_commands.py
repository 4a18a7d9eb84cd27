"""The commands as somebody types them."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from demo.__main__ import main

ROOT = Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


@pytest.mark.parametrize(
    "words",
    [
        ["serve", "--speed", "fast"],
        ["serve", "--speed", "0"],
        ["serve", "--speed", "61"],
        ["serve", "--scenario", "storm"],
        ["serve", "--date", "30.9."],
    ],
)
def test_a_wrong_word_is_named_with_what_is_allowed(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert words[2] in told
    assert "allowed" in told


def test_a_taken_port_is_said_in_one_sentence(tmp_path):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = str(door.getsockname()[1])
        env = os.environ | {"HONGLAN_VAR": str(tmp_path), "HONGLAN_DEMO_PORT": port}
        words = [sys.executable, "-m", "demo", "serve"]
        ended = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True)
    assert ended.returncode == 75
    assert f"HONGLAN_DEMO_PORT = {port}" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_the_town_opens_drops_its_files_and_goes_when_told(tmp_path):
    port = free_port()
    env = os.environ | {
        "HONGLAN_VAR": str(tmp_path),
        "HONGLAN_DEMO_PORT": str(port),
        "HONGLAN_SL651_PORT": str(free_port()),
    }
    words = [sys.executable, "-m", "demo", "serve"]
    words += ["--date", "2025-03-01", "--speed", "60", "--years", "0"]
    town = subprocess.Popen(words, cwd=ROOT, env=env, stderr=subprocess.PIPE)
    try:
        waited = time.monotonic() + 600
        address = f"http://127.0.0.1:{port}/weather/observe"
        while True:
            assert time.monotonic() < waited, "the town does not open"
            try:
                answer = httpx.get(address, params={"since": "2025-02-28T20:00:00"}).json()
                break
            except httpx.TransportError:
                time.sleep(0.1)
        assert answer["data"]["list"][0]["obsTime"] >= "2025-02-28"
        gauges, disputes = tmp_path / "inbox" / "gauge", tmp_path / "inbox" / "mediation"
        while not (list(gauges.glob("*.csv")) and list(disputes.glob("*.xlsx"))):
            assert time.monotonic() < waited, "the town drops no files"
            time.sleep(0.1)
        assert (tmp_path / "demo" / "town.json").exists()
        assert (tmp_path / "secrets" / "HOTLINE_12345_TOKEN").stat().st_mode & 0o077 == 0
    finally:
        town.send_signal(signal.SIGTERM)
        _, told = town.communicate(timeout=120)
    assert town.returncode == 0, told.decode()
    assert b"Traceback" not in told
