"""The player's session under a real X server: it fills the screen, sleeps by the clock, is looked
after, and needs nobody. The installation itself is tried by hand in a fresh Debian
(docs/kiosk.md)."""

import os
import re
import shutil
import signal
import subprocess
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from tests.browser.product import ROOT

KIOSK = ROOT / "deploy" / "kiosk"
SCREEN = (1600, 900)
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def screen(tmp_path):
    """An X server of its own, on a number that is free."""
    read, write = os.pipe()
    size = f"{SCREEN[0]}x{SCREEN[1]}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    assert number, "the X server did not start"
    yield f":{number}"
    server.terminate()
    server.wait(60)


@pytest.fixture
def player(small, screen, tmp_path):
    """The session as the unit starts it, at a time when the screen is to be dark."""
    now = datetime.now()
    log = tmp_path / "switched"
    switch = tmp_path / "switch.sh"
    switch.write_text(f'#!/bin/sh\necho "$1" >> {log}\n')
    switch.chmod(0o755)
    environment = os.environ | {
        "DISPLAY": screen,
        "HOME": str(tmp_path),
        "URL": small.address,
        "PROFILE": str(tmp_path / "chromium"),
        "WINDOWS": "full",
        "CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
        "STUCK_S": "25",
        "LOOK_S": "1",
        "SCREEN_OFF": f"{now - timedelta(hours=1):%H:%M}",
        "SCREEN_ON": f"{now + timedelta(hours=1):%H:%M}",
        "SCREEN_SWITCH": str(switch),
    }
    running = subprocess.Popen(
        ["sh", str(KIOSK / "session.sh")],
        env=environment,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    yield environment, log
    os.killpg(running.pid, signal.SIGTERM)
    running.wait(60)
    for pid in browsers(environment):
        os.kill(pid, signal.SIGKILL)


def browsers(environment):
    """Processes of the player's browser, its own children included."""
    found = subprocess.run(
        ["pgrep", "-f", "--", f"--user-data-dir={environment['PROFILE']}"],
        capture_output=True,
        text=True,
    )
    return [int(pid) for pid in found.stdout.split()]


def asked(environment, *words):
    done = subprocess.run(["xdotool", *words], env=environment, capture_output=True, text=True)
    return done.stdout.strip()


def until(wanted, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = wanted()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {seconds} s")


def title(environment):
    window = asked(environment, "search", "--name", "智慧洪蓝 · 大屏").splitlines()
    return asked(environment, "getwindowname", window[-1]) if window else ""


def waiting_code(product):
    engine = create_engine(f"sqlite:///{product.var}/cases.sqlite3")
    with engine.connect() as connection:
        return connection.scalar(text("SELECT code FROM pairings"))


def test_the_player_fills_the_screen_sleeps_by_the_clock_and_is_started_again_when_stuck(
    player, small
):
    environment, log = player
    until(lambda: "大屏配对" in title(environment), 120, "the pairing page")
    code = until(lambda: waiting_code(small), 60, "a code")
    small.run("dashboard", "wall", "pair", code, "--name", "一号屏")
    until(lambda: re.search(r"大屏 · \d{9,}", title(environment)), 120, "the wall")
    window = asked(environment, "search", "--name", "智慧洪蓝 · 大屏").splitlines()[-1]
    place = asked(environment, "getwindowgeometry", "--shell", window)
    assert f"WIDTH={SCREEN[0]}" in place and f"HEIGHT={SCREEN[1]}" in place
    until(lambda: log.exists() and log.read_text().split() == ["off"], 60, "the screen off")
    before = browsers(environment)
    for pid in before:
        os.kill(pid, signal.SIGSTOP)  # as a browser that hangs
    until(lambda: not set(before) & set(browsers(environment)), 120, "a fresh start")
    until(lambda: re.search(r"大屏 · \d{9,}", title(environment)), 120, "the wall again")


@pytest.mark.parametrize("name", ["session.sh", "watch.sh", "install.sh"])
def test_scripts_are_plain_sh(name):
    assert subprocess.run(["dash", "-n", str(KIOSK / name)], check=False).returncode == 0


@pytest.mark.parametrize("words", [[], ["board.example"], ["http://10.0.0.5"], ["https://"]])
def test_the_installation_refuses_an_address_without_tls_in_one_sentence(words):
    done = subprocess.run(["sh", str(KIOSK / "install.sh"), *words], capture_output=True, text=True)
    assert done.returncode == 2
    assert "cannot be used; allowed: https://HOST" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_what_the_session_needs_is_here():
    assert all(shutil.which(each) for each in ("Xvfb", "openbox", "xdotool", "curl", "chromium"))
