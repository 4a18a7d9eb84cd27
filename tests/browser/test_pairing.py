"""A screen of the wall in a real browser (S12): paired, restarted, withdrawn; its profile lasts.

HONGLAN_LONG=1 starts the server twenty times, 400 days later.
"""

import os
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cases import audit, devices
from cases.store import open_store
from config import clock
from tests.browser.conftest import PATIENCE_MS, QUIET
from tests.browser.product import ROOT
from tests.browser.test_wall_faults import ALIVE

pytestmark = pytest.mark.browser
RESTARTS = 20 if os.environ.get("HONGLAN_LONG") == "1" else 1
DAYS = timedelta(days=400)
MINUTES = timedelta(minutes=3)  # longer than other windows of a screen may go on with its old key
LATER = """shift => {
  const Real = Date;
  window.Date = class extends Real {
    constructor(...given) { super(...(given.length ? given : [Real.now() + shift])); }
    static now() { return Real.now() + shift; }
  };
}"""


# whether a question that is asked within so many ms, by the page's own clock, is the last let in
REFUSED = """async (within) => {
  const began = performance.now();
  for (;;) {
    const asked = performance.now() - began;
    const answer = await fetch('/wall/frame/', {redirect: 'manual'});
    if (answer.status !== 200) return true;
    if (asked > within) return false;
    await new Promise(done => setTimeout(done, 100));
  }
}"""


@pytest.fixture
def start(small, playwright, tmp_path):
    """The player: each call is a start of its browser with the same profile folder."""
    running = []

    def begin(pages=1, later=timedelta(0)):
        for each in running:
            each.close()
        running.clear()
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile",
            executable_path="/usr/bin/chromium",
            args=QUIET,
            viewport={"width": 1920, "height": 1080},
        )
        context.set_default_timeout(PATIENCE_MS)
        running.append(context)
        if later:
            context.add_init_script(f"({LATER})({later.total_seconds() * 1000:.0f})")
        opened = [context.pages[0], *(context.new_page() for _ in range(pages - 1))]
        for page in opened:
            page.goto(f"{small.address}/wall", wait_until="commit")
        return context, opened

    yield begin
    for each in running:
        each.close()


class Years:
    """A server whose clock is moved while it runs, as the product's and as the machine's."""

    def __init__(self, small, file):
        self.small, self.file = small, file
        where = [str(ROOT / "tests" / "browser" / "moved_clock"), os.environ.get("PYTHONPATH", "")]
        small.environment |= {
            "HONGLAN_TEST_LATER": str(file),
            "PYTHONPATH": os.pathsep.join(filter(None, where)),
        }
        self.restart()

    def restart(self):
        process = self.small.processes.pop("web")
        process.kill()
        process.wait(60)
        self.small.start("web", "dashboard", "serve")
        self.small.wait_for("/healthz", 150)

    def later(self, span):
        part = self.file.with_suffix(".part")
        part.write_text(str(span.total_seconds()), encoding="ascii")
        part.replace(self.file)
        clock.write_shift(self.small.var, clock.now() + span, 1.0)


@pytest.fixture(scope="module")
def moving(small, tmp_path_factory):
    """The server with a clock that can be moved; started once for the tests that move it."""
    return Years(small, tmp_path_factory.mktemp("later") / "seconds")


@pytest.fixture
def years(moving):
    yield moving
    moving.file.unlink(missing_ok=True)
    (moving.small.var / "clock.json").unlink(missing_ok=True)


def paired(small, start, name):
    context, (page,) = start()
    small.run("dashboard", "wall", "pair", code_on(page), "--name", name)
    on_the_wall(page, small)
    return context, page


def code_on(page):
    page.wait_for_url("**/wall/pair")
    expect(page.locator("#code")).to_have_text(re.compile(r"[2-9A-HJ-NP-Z]{8}"))
    return page.inner_text("#code").replace("\n", "")


def on_the_wall(page, small):
    page.wait_for_url(f"{small.address}/wall")
    page.wait_for_selector("iframe.shown", timeout=120_000)


def status(page, path):
    return page.evaluate("path => fetch(path, {redirect: 'manual'}).then(a => a.status)", path)


def test_a_screen_is_paired_by_its_code_comes_back_after_restarts_and_ends_when_withdrawn(
    small, start
):
    _, (page, second) = start(pages=2)
    errors = []
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    code = code_on(page)
    assert code_on(second) == code  # windows of one browser are one screen
    expect(page.locator("#say")).to_contain_text("有效")
    small.run("dashboard", "wall", "pair", f"{code[:4]} {code[4:]}".lower(), "--name", "一号屏")
    on_the_wall(page, small)
    on_the_wall(second, small)
    assert errors == []
    for path, said in (("/wall", 200), ("/", 403), ("/api/v1/metrics", 403), ("/admin/users", 403)):
        assert status(page, path) == said, path
    for _ in range(3):
        context, (page,) = start()
        on_the_wall(page, small)
    cookies = {each["name"]: each for each in context.cookies()}
    kept = cookies["honglan_screen"]
    assert (kept["httpOnly"], kept["sameSite"], kept["expires"]) == (True, "Strict", -1)
    assert kept["value"] not in page.url
    small.run("dashboard", "wall", "revoke", "一号屏")
    assert page.evaluate(REFUSED, 5000), "asked five seconds later, it was still let in"
    assert code_on(page) != code


@pytest.mark.timeout(900 if RESTARTS == 1 else 3600)  # before that of all browser tests
def test_after_400_days_and_many_starts_of_the_server_the_screen_still_draws(small, start, years):
    _, page = paired(small, start, "久挂屏")
    years.later(DAYS)
    for _ in range(RESTARTS):
        years.restart()
        page.wait_for_function(ALIVE, timeout=120_000)
    context, (page,) = start(later=DAYS)  # and its player was started anew as well
    on_the_wall(page, small)
    page.wait_for_function(ALIVE, timeout=120_000)
    then = clock.local() + DAYS
    words = page.frame_locator("iframe.shown").locator("#stage").inner_text()
    assert f"{then.month}月{then.day}日" in words.replace(" ", "")
    assert status(page, "/wall") == 200
    assert [each["expires"] for each in context.cookies() if "screen" in each["name"]] == [-1]


def test_a_cookie_copied_into_another_browser_is_refused_after_the_next_load_and_noted(
    small, start, chromium, years
):
    context, page = paired(small, start, "被抄屏")
    thief = chromium.new_context()
    store = open_store(f"sqlite:///{small.var / 'cases.sqlite3'}")

    def copy():
        kept = next(each for each in context.cookies() if each["name"] == "honglan_screen")
        thief.clear_cookies()
        thief.add_cookies(
            [{"name": kept["name"], "value": kept["value"], "url": f"{small.address}/"}]
        )

    try:
        copy()
        other = thief.new_page()
        other.goto(f"{small.address}/wall")
        assert status(other, "/") == 403  # the wall and nothing else, while it is good at all
        years.later(MINUTES)
        page.reload()  # the screen loads and has another key
        on_the_wall(page, small)
        years.later(2 * MINUTES)
        other.goto(f"{small.address}/wall")
        assert code_on(other)  # refused: it shows a code like any browser that nobody knows
        (device,) = [one for one in devices.every(store) if one.name == "被抄屏"]
        assert device.copied_at is not None
        assert "screen_old_key" in [row.event for row in audit.recent(store)]
        page.reload()
        on_the_wall(page, small)

        copy()  # now the thief is the first to load, and takes the key that follows
        years.later(4 * MINUTES)
        other.goto(f"{small.address}/wall")
        on_the_wall(other, small)
        years.later(6 * MINUTES)
        page.reload()  # its own key is over; it signs again, without a hand
        on_the_wall(page, small)
        years.later(8 * MINUTES)
        other.goto(f"{small.address}/wall")
        assert code_on(other)
    finally:
        thief.close()
        store.close()
