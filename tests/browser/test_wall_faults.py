"""F21: whatever happens to the server or the line, the wall is back within ten seconds, by itself.

HONGLAN_LONG=1 restarts twenty times and stays away for ten minutes.
"""

import os
import time
from pathlib import Path

import pytest

from tests.browser.conftest import PASSWORDS, ROOT, login
from tests.browser.cut_line import BAD_GATEWAY, CUT, PASS, line_to

LONG = os.environ.get("HONGLAN_LONG") == "1"
RESTARTS = 20 if LONG else 2
AWAY_S = 600 if LONG else 5
BACK_MS = 10_000
BLANK_MS = 2000
pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

# from the first picture on: how long there was none, and since when the present one is alive
WATCH = """() => {
  window.watched = {blank: 0, since: performance.now(), lost: 0};
  window.setInterval(() => {
    const frame = document.querySelector('iframe.shown');
    const root = frame && frame.contentDocument && frame.contentDocument.documentElement;
    const cards = root ? root.querySelectorAll('[data-panel] .body').length : 0;
    const now = performance.now();
    if (cards && frame.getBoundingClientRect().width > 0) window.watched.since = now;
    else window.watched.blank = Math.max(window.watched.blank, now - window.watched.since);
    if (root && root.dataset.link === 'lost') window.watched.lost += 1;
  }, 50);
}"""
ALIVE = """() => {
  const root = document.querySelector('iframe.shown')?.contentDocument?.documentElement;
  return Boolean(root && root.dataset.link === 'ok' && Number(root.dataset.heard) < 4000);
}"""
LOST = """() => {
  const root = document.querySelector('iframe.shown')?.contentDocument?.documentElement;
  return Boolean(root && root.dataset.link === 'lost'
    && root.querySelector('.link-words')?.textContent.startsWith('断开'));
}"""
VERSION = """() => document.querySelector('iframe.shown').contentDocument
  .getElementById('tick').textContent.split(' ')[3]"""

CHANGED = """before => {
  const tick = document.querySelector('iframe.shown')?.contentDocument?.getElementById('tick');
  const version = tick ? tick.textContent.split(' ')[3] : undefined;
  return version !== undefined && version !== before;
}"""


@pytest.fixture
def wall(small, chromium):
    """A wall behind a line that can be cut; it was never blank when the test ends."""
    with line_to(small.port) as line:
        context = chromium.new_context(viewport={"width": 1920, "height": 1080})
        page = context.new_page()
        address = f"http://127.0.0.1:{line.port}"
        login(page, address, "wall", PASSWORDS["wall"])
        page.goto(f"{address}/wall")
        page.wait_for_selector("iframe.shown", timeout=60_000)
        page.evaluate(WATCH)
        page.wait_for_function(ALIVE, timeout=20_000)
        yield page, line
        assert page.evaluate("watched.blank") < BLANK_MS
        context.close()


def back(page):
    page.wait_for_function(ALIVE, timeout=BACK_MS)


@pytest.mark.parametrize("fault", [CUT, BAD_GATEWAY])
def test_a_line_that_was_away_is_told_on_the_last_picture_and_comes_back(wall, fault):
    page, line = wall
    line.set(fault)
    page.wait_for_function(LOST, timeout=20_000)
    time.sleep(AWAY_S)
    assert page.evaluate(LOST)
    line.set(PASS)
    back(page)


def test_a_server_that_is_started_again_and_again_is_found_each_time(wall, small):
    page, _ = wall
    for _ in range(RESTARTS):
        process = small.processes.pop("web")
        process.kill()
        process.wait(10)
        small.start("web", "dashboard", "serve")
        small.wait_for("/healthz", 150)
        page.wait_for_timeout(500)
        back(page)


def test_a_window_that_slept_goes_on(wall):
    page, _ = wall
    probe = page.context.new_cdp_session(page)
    probe.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(40 if LONG else 6)
    probe.send("Page.setWebLifecycleState", {"state": "active"})
    back(page)


def test_a_new_version_takes_the_place_of_the_old_one_without_a_dark_moment(wall, small):
    page, _ = wall
    before = page.evaluate(VERSION)
    sheet = Path(ROOT) / "dashboard" / "assets" / "wall" / "wall.css"
    stamp = sheet.stat()
    process = small.processes.pop("web")
    process.terminate()
    process.wait(20)
    os.utime(sheet, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1_000_000_000))
    try:
        small.start("web", "dashboard", "serve")
        small.wait_for("/healthz", 150)
        page.wait_for_function(CHANGED, arg=before, timeout=BACK_MS + 5000)
        back(page)
    finally:
        os.utime(sheet, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
