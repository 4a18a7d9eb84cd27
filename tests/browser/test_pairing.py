"""A screen of the wall in a real browser whose profile lasts: paired, restarted, withdrawn."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import QUIET

pytestmark = pytest.mark.browser


@pytest.fixture
def start(small, playwright, tmp_path):
    """The player: each call is a start of its browser with the same profile folder."""
    running = []

    def begin(pages=1):
        for each in running:
            each.close()
        running.clear()
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile",
            executable_path="/usr/bin/chromium",
            args=QUIET,
            viewport={"width": 1920, "height": 1080},
        )
        running.append(context)
        opened = [context.pages[0], *(context.new_page() for _ in range(pages - 1))]
        for page in opened:
            page.goto(f"{small.address}/wall", wait_until="commit")
        return context, opened

    yield begin
    for each in running:
        each.close()


def code_on(page):
    page.wait_for_url("**/wall/pair")
    expect(page.locator("#code")).to_have_text(re.compile(r"[2-9A-HJ-NP-Z]{8}"))
    return page.inner_text("#code").replace("\n", "")


def on_the_wall(page, small):
    page.wait_for_url(f"{small.address}/wall")
    page.wait_for_selector("iframe.shown", timeout=30000)


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
    page.wait_for_function(
        "() => fetch('/wall/frame/', {redirect: 'manual'}).then(a => a.status !== 200)",
        timeout=5000,
    )
    assert code_on(page) != code
