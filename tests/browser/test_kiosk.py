"""The player's session under a real X server: it fills the screen, sleeps by the clock, wakes for
an alarm, is looked after window by window, and needs nobody. Of the installation only the refusals
are tried here: the rest of it changes the machine it runs on."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from cases import alarms, raising
from config import clock
from tests.browser.product import ROOT
from tests.browser.test_takeover import STATION, Post

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


DATE = """#!/bin/sh
[ "$*" = +%s ] && cat {stands} 2>/dev/null || exec {date} "$@"
"""


class Watch:
    """The clock of who looks after the browser: it stands while a browser starts, however slowly,
    so that only one that hangs or is lost is taken for stuck."""

    def __init__(self, file):
        self.file = file

    def stand(self):
        self.file.with_suffix(".part").write_text(f"{time.time():.0f}\n")
        self.file.with_suffix(".part").replace(self.file)

    def go(self):
        self.file.unlink()


@pytest.fixture
def watch(tmp_path):
    made = Watch(tmp_path / "stands")
    made.stand()
    return made


@pytest.fixture
def player(small, screen, tmp_path, watch):
    """Starts the session as the unit does, at a time when the screen is to be dark."""
    now = datetime.now()
    log = tmp_path / "switched"
    switch = tmp_path / "switch.sh"
    switch.write_text(f'#!/bin/sh\necho "$1" >> {log}\n')
    switch.chmod(0o755)
    first = tmp_path / "first"
    first.mkdir()
    (first / "date").write_text(DATE.format(date=shutil.which("date"), stands=watch.file))
    (first / "date").chmod(0o755)
    environment = os.environ | {
        "DISPLAY": screen,
        "HOME": str(tmp_path),
        "URL": small.address,
        "PROFILE": str(tmp_path / "chromium"),
        "WINDOWS": "full",
        "CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
        "PATH": f"{first}:{os.environ['PATH']}",
        "STUCK_S": "25",
        "LOOK_S": "1",
        "SCREEN_OFF": f"{now - timedelta(hours=1):%H:%M}",
        "SCREEN_ON": f"{now + timedelta(hours=1):%H:%M}",
        "SCREEN_SWITCH": str(switch),
    }
    started = []

    def start(windows="full"):
        environment["WINDOWS"] = windows
        running = subprocess.Popen(
            ["sh", str(KIOSK / "session.sh")],
            env=environment,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        started.append(running)
        return environment, log

    yield start
    for running in started:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(60)
    tell(browsers(environment), signal.SIGKILL)


def browsers(environment):
    """Processes of the player's browser, its own children included."""
    found = subprocess.run(
        ["pgrep", "-f", "--", f"--user-data-dir={environment['PROFILE']}"],
        capture_output=True,
        text=True,
    )
    # whoever looks after the browser asks in the same words
    return [int(pid) for pid in found.stdout.split() if called(pid) not in ("", "pgrep")]


def called(pid):
    """The name of a process; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def tell(pids, what):
    """Send each a signal; some may have ended meanwhile."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)


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


def titles(environment):
    """What each window of the wall calls itself, by window."""
    windows = asked(environment, "search", "--name", "智慧洪蓝 · 大屏").splitlines()
    return {one: asked(environment, "getwindowname", one) for one in windows}


def title(environment):
    return next(iter(reversed(titles(environment).values())), "")


def live(environment):
    """The windows that say when they last lived."""
    return {one for one, said in titles(environment).items() if re.search(r"大屏 · .*\d{10}", said)}


def waiting_code(product):
    engine = create_engine(f"sqlite:///{product.var}/cases.sqlite3")
    with engine.connect() as connection:
        return connection.scalar(text("SELECT code FROM pairings ORDER BY rowid DESC"))


def pair(environment, product, name):
    until(lambda: "大屏配对" in title(environment), 120, "the pairing page")
    code = until(lambda: waiting_code(product), 60, "a code")
    product.run("dashboard", "wall", "pair", code, "--name", name)


def switched(log):
    return log.read_text().split() if log.exists() else []


def test_the_player_fills_the_screen_sleeps_by_the_clock_and_is_started_again_when_stuck(
    player, small, watch
):
    environment, log = player()
    pair(environment, small, "一号屏")
    until(lambda: re.search(r"大屏 · \d{9,}", title(environment)), 120, "the wall")
    window = asked(environment, "search", "--name", "智慧洪蓝 · 大屏").splitlines()[-1]
    place = asked(environment, "getwindowgeometry", "--shell", window)
    assert f"WIDTH={SCREEN[0]}" in place and f"HEIGHT={SCREEN[1]}" in place
    until(lambda: switched(log) == ["off"], 60, "the screen off")
    post = Post(small, None)
    post.raise_flood(rank=3)
    until(lambda: shown_rank(post), 60, "an alarm of rank Ⅲ on the wall")
    assert "告警" not in title(environment) and switched(log) == ["off"]
    post.change(STATION, raising.rerank, 10.2, 2, "guarantee")
    until(lambda: switched(log) == ["off", "on"], 60, "the screen woken by rank Ⅱ")
    post.calm()
    until(lambda: switched(log) == ["off", "on", "off"], 60, "the screen off again")
    watch.go()
    before = browsers(environment)
    tell(before, signal.SIGSTOP)  # as a browser that hangs
    until(lambda: not set(before) & set(browsers(environment)), 240, "a fresh start")
    watch.stand()
    until(lambda: re.search(r"大屏 · \d{9,}", title(environment)), 240, "the wall again")


def shown_rank(post):
    """Whether a window has said that it drew the alarm."""
    found = alarms.open_alarms(post.store, clock.now())
    return any(e.kind == "drawn" for one in found for e in alarms.events(post.store, one.id))


def test_one_of_two_windows_that_is_lost_is_not_hidden_by_the_other(player, small, watch):
    environment, _ = player("0,0,800,900?output=1 800,0,800,900?output=2")
    pair(environment, small, "二号屏")
    until(lambda: len(live(environment)) == 2, 180, "both windows of the wall")
    watch.go()
    before = set(browsers(environment))
    asked(environment, "windowclose", sorted(live(environment))[0])
    until(lambda: len(live(environment)) == 1, 60, "one window gone")
    until(lambda: not before & set(browsers(environment)), 240, "a fresh start")
    watch.stand()
    until(lambda: len(live(environment)) == 2, 180, "both windows again")


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
