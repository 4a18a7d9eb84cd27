"""F21: whatever happens to the server or the line, the wall is back within ten seconds, by itself.

The page's own clock counts them, from the moment on when nothing is in the way any more.
HONGLAN_LONG=1 restarts twenty times and stays away for ten minutes.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import come_in
from tests.browser.cut_line import BAD_GATEWAY, CUT, PASS, Line, line_to
from tests.browser.dark_moments import Watched, watch
from tests.browser.product import ROOT

LONG = os.environ.get("HONGLAN_LONG") == "1"
RESTARTS = 20 if LONG else 2
AWAY_S = 600 if LONG else 5
BACK_MS = 10_000
BLANK_MS = 2000
pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

# when the wall was alive after the last `from`
WATCH = """() => {
  window.watched = {lost: 0, from: 0, alive: 0};
  window.setInterval(() => {
    const frame = document.querySelector('iframe.shown');
    const root = frame && frame.contentDocument && frame.contentDocument.documentElement;
    const now = performance.now();
    if (root && root.dataset.link === 'lost') window.watched.lost += 1;
    const silent = Number(root ? root.dataset.heard || Infinity : Infinity) + 250; // at most
    if (root && root.dataset.link === 'ok' && silent < Math.min(4250, now - window.watched.from)) {
      window.watched.alive = window.watched.alive || now;
    }
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


@dataclass
class Wall:
    """A window of the wall and the line behind it."""

    page: Page
    line: Line
    watched: Watched

    def wait(self, seconds):
        """Let time go by, while its paintings are looked at."""
        self.page.wait_for_timeout(1000 * seconds)

    def wait_for(self, product):
        """Wait until a server that was started again answers."""
        end = time.monotonic() + 150
        while not product.answers("/healthz"):
            assert time.monotonic() < end
            self.wait(0.3)

    def heals(self):
        """From now on nothing is in the way any more."""
        self.page.evaluate("watched.from = performance.now(); watched.alive = 0")

    def back(self):
        """Wait until it is alive, and hold it to its time."""
        self.page.wait_for_function("() => watched.alive", timeout=120_000)
        took = self.page.evaluate("watched.alive - watched.from")
        assert took < BACK_MS, f"back after {took:.0f} ms"


@pytest.fixture
def wall(small, chromium):
    """A wall behind a line that can be cut; it was never dark when the test ends."""
    with line_to(small.port) as line:
        context = chromium.new_context(viewport={"width": 1920, "height": 1080})
        page = context.new_page()
        address = f"http://127.0.0.1:{line.port}"
        come_in(context, address, "wall")
        page.goto(f"{address}/wall")
        page.wait_for_selector("iframe.shown", timeout=60_000)
        page.evaluate(WATCH)
        page.wait_for_function("() => watched.alive", timeout=120_000)
        made = Wall(page, line, watch(page))
        yield made
        made.wait(0.5)  # for what is painted last
        assert made.watched.seen, "no painting was seen"
        assert made.watched.longest_dark_ms() < BLANK_MS
        context.close()


def test_a_wall_that_is_dark_is_seen_to_be(small, chromium):
    """What the other tests rest on: cards that are there and show nothing count as none."""
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    come_in(context, small.address, "wall")
    page.goto(f"{small.address}/wall")
    page.wait_for_selector("iframe.shown", timeout=60_000)
    seen = watch(page)
    page.wait_for_timeout(500)
    assert seen.longest_dark_ms() == 0
    frame = next(one for one in page.frames if "/wall/frame" in one.url)
    frame.evaluate("document.querySelectorAll('.card > *').forEach(e => { e.style.opacity = 0; })")
    frame.evaluate("document.querySelectorAll('.bare').forEach(e => { e.style.opacity = 0; })")
    page.wait_for_timeout(BLANK_MS + 500)
    assert frame.evaluate("document.querySelectorAll('[data-panel] .body').length") > 0
    assert seen.longest_dark_ms() > BLANK_MS
    context.close()


@pytest.mark.parametrize("fault", [CUT, BAD_GATEWAY])
def test_a_line_that_was_away_is_told_on_the_last_picture_and_comes_back(wall, fault):
    wall.line.set(fault)
    wall.page.wait_for_function(LOST, timeout=120_000)
    wall.wait(AWAY_S)
    assert wall.page.evaluate(LOST)
    wall.line.set(PASS)
    wall.heals()
    wall.back()


HELD, PIECES = "no answer", "no pieces"  # of a page, of the scripts of a page that came


@pytest.mark.parametrize("fault", [CUT, BAD_GATEWAY, HELD, PIECES])
def test_a_page_that_fails_while_it_loads_makes_room_for_the_next_attempt(small, chromium, fault):
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    page, asked, held = context.new_page(), [], []

    def page_asked(route):
        asked.append(time.monotonic())
        if len(asked) > 1 or fault == PIECES:
            route.continue_()
        elif fault == CUT:
            route.abort("connectionreset")
        elif fault == BAD_GATEWAY:
            route.fulfill(status=502, content_type="text/html", body="<h1>502 Bad Gateway</h1>")
        else:
            held.append(route)

    def piece_asked(route):
        if len(asked) > 1 or fault != PIECES:
            route.continue_()
        else:
            held.append(route)

    try:
        come_in(context, small.address, "wall")
        page.route("**/wall/frame/?*", page_asked)
        page.route("**/_dash-component-suites/**", piece_asked)
        page.goto(f"{small.address}/wall", wait_until="commit")
        page.wait_for_function(ALIVE, timeout=120_000)
        most = BACK_MS if held else BACK_MS / 2  # what is no page of the wall is not waited for
        assert len(asked) == 2 and asked[1] - asked[0] < most / 1000
    finally:
        context.close()


AHEAD = "Date.now = () => 1.8e12 + (window.top.ahead || 0);"
CAME = """() => {  // pieces of the frame's page that the shell has taken notice of
  const frame = document.querySelector('iframe.waiting');
  return Number(((frame && frame.dataset.come) || '').split(' ')[1] || 0);
}"""


def test_a_page_that_gets_further_is_not_given_up_and_one_that_stands_still_is(small, chromium):
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    page, asked, held = context.new_page(), [], []

    def until(seen):
        end = time.monotonic() + 60
        while not seen():
            assert time.monotonic() < end
            page.wait_for_timeout(50)

    try:
        come_in(context, small.address, "wall")
        page.add_init_script(AHEAD)  # the shell's clock, which only the test moves
        page.route("**/wall/frame/?*", lambda one: (asked.append(1), one.continue_()))
        page.route("**/_dash-component-suites/**", lambda one: held.append(one))
        page.goto(f"{small.address}/wall", wait_until="commit")
        for _ in range(4):  # twenty seconds, and a piece every five
            until(lambda: held)
            before = page.evaluate(CAME)
            held.pop(0).continue_()
            until(lambda was=before: page.evaluate(CAME) > was)
            page.evaluate("window.ahead = (window.ahead || 0) + 5000")
            page.wait_for_timeout(300)  # the shell looks ten times a second
            assert len(asked) == 1
        page.evaluate("window.ahead += 5000")
        until(lambda: len(asked) == 2)
    finally:
        context.close()


def test_a_server_that_is_started_again_and_again_is_found_each_time(wall, small):
    for _ in range(RESTARTS):
        process = small.processes.pop("web")
        process.kill()
        process.wait(60)
        small.start("web", "dashboard", "serve")
        wall.wait_for(small)
        wall.heals()
        wall.back()


def test_a_window_that_slept_goes_on(wall):
    probe = wall.page.context.new_cdp_session(wall.page)
    probe.send("Page.setWebLifecycleState", {"state": "frozen"})
    wall.wait(40 if LONG else 6)
    probe.send("Page.setWebLifecycleState", {"state": "active"})
    wall.heals()
    wall.back()


def test_a_new_version_takes_the_place_of_the_old_one_without_a_dark_moment(wall, small):
    before = wall.page.evaluate(VERSION)
    sheet = Path(ROOT) / "dashboard" / "assets" / "wall" / "wall.css"
    stamp = sheet.stat()
    process = small.processes.pop("web")
    process.terminate()
    process.wait(60)
    os.utime(sheet, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1_000_000_000))
    try:
        small.start("web", "dashboard", "serve")
        wall.wait_for(small)
        wall.heals()
        wall.page.wait_for_function(CHANGED, arg=before, timeout=120_000)
        wall.back()
    finally:
        os.utime(sheet, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))


PROFILE = """() => {
  const frame = document.querySelector('iframe.shown');
  return frame && new URL(frame.src).searchParams.get('profile');
}"""


def test_a_window_that_changes_while_it_loads_gets_the_picture_of_its_new_shape(small, chromium):
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    page, other = context.new_page(), context.new_page()
    held, free = [], []
    try:
        come_in(context, small.address, "wall")
        other.set_viewport_size({"width": 2070, "height": 500})
        other.goto(f"{small.address}/wall")
        wanted = other.wait_for_function(PROFILE).json_value()
        page.route("**/wall/frame/?*", lambda one: one.continue_() if free else held.append(one))
        with page.expect_request("**/wall/frame/?*"):
            page.goto(f"{small.address}/wall", wait_until="commit")
        page.set_viewport_size({"width": 2070, "height": 500})
        free.append(True)
        for one in held:
            one.continue_()
        assert page.wait_for_function(PROFILE).json_value() != wanted  # it was on its way
        page.wait_for_function(f"wanted => ({PROFILE})() === wanted", arg=wanted)
    finally:
        context.close()
