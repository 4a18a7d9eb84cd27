"""Presses on a slow line: each is done once, none is lost, and what is told once is seen."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import administrator_at, come_in

pytestmark = pytest.mark.browser
ASKS = "**/_dash-update-component*"


class Line:
    """The way to the server: questions that hold these words wait until they are let go."""

    def __init__(self, page, words):
        self.page, self.words, self.held, self.free = page, words, [], False
        page.route(ASKS, self._take)

    def _take(self, route):
        if self.free or self.words not in (route.request.post_data or ""):
            route.continue_()
        else:
            self.held.append(route)

    def wait_for(self, count):
        end = time.monotonic() + 60
        while len(self.held) < count and time.monotonic() < end:
            self.page.wait_for_timeout(20)
        assert len(self.held) == count

    def let_go(self):
        self.free = True
        for one in self.held:
            one.continue_()


@pytest.fixture
def opened(small, chromium):
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()

    def open_as(role, path):
        come_in(context, small.address, role)
        page.goto(small.address + path)
        return page

    yield open_as
    context.close()


@pytest.fixture(scope="module")
def admin(small, chromium):
    return administrator_at(small.address, chromium)


@pytest.fixture
def page(admin, chromium):
    context = chromium.new_context(storage_state=admin, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()


def test_two_presses_one_after_the_other_are_both_done_in_their_order(opened):
    page = opened("seat", "/desk/wall")
    choose = page.get_by_role("button", name="防汛", exact=True)
    expect(choose).to_be_visible()
    line = Line(page, "wall-said")
    choose.click()
    line.wait_for(1)
    page.click("#wall-visitors")
    line.let_go()
    expect(page.locator("#wall-said")).to_have_text("已打开参观模式。")
    expect(page.locator("#wall-events tbody tr").nth(0)).to_contain_text("打开参观模式")
    expect(page.locator("#wall-events tbody tr").nth(1)).to_contain_text("选定场景")
    expect(page.locator("#wall-now")).to_contain_text("（参观模式）")


def test_a_double_press_makes_one_account_whose_password_is_seen(page, small):
    page.goto(small.address + "/admin/users")
    page.fill("#user-name", "u1")
    page.click("#user-role")
    page.get_by_role("option", name="领导").click()
    line = Line(page, "user-said")
    page.dblclick("#user-add")
    line.wait_for(1)
    line.let_go()
    expect(page.locator("#user-said code")).to_be_visible()
    expect(page.locator("#user-list")).to_contain_text("u1")
    assert len(line.held) == 1


def test_a_password_that_is_shown_once_is_not_written_over_by_the_next_press(page, small):
    page.goto(small.address + "/admin/users")
    page.get_by_role("link", name="leader", exact=True).click()
    expect(page.locator("#one-password")).to_be_visible()
    line = Line(page, "one-said")
    page.click("#one-password")
    line.wait_for(1)
    page.click("#one-sessions")
    line.let_go()
    code = page.locator("#one-said code")
    expect(code).to_be_visible()
    password = code.inner_text()
    page.click("#one-shut")
    expect(page.locator("#one-said")).to_have_text("已停用。")
    expect(page.locator("#one-shut")).to_have_text("启用账号")
    expect(page.locator("#one-standing")).to_contain_text("停用")
    page.click("#one-shut")
    expect(page.locator("#one-said")).to_have_text("已启用。")
    assert len(password) >= 12 and len(line.held) == 1


def test_a_button_does_what_it_says_though_somebody_else_was_there_before(page, small):
    page.goto(small.address + "/admin/users")
    page.get_by_role("link", name="wall", exact=True).click()
    expect(page.locator("#one-shut")).to_have_text("停用账号")
    small.run("dashboard", "user", "disable", "wall")
    page.click("#one-shut")
    expect(page.locator("#one-said")).to_have_text("该账号已经停用。")
    expect(page.locator("#one-shut")).to_have_text("启用账号")


def test_arrow_keys_that_are_quicker_than_the_line_are_all_counted(page, small):
    page.goto(small.address + "/admin/wall")
    piece = page.locator(".wall-piece[data-panel=rain]")
    before = piece.evaluate("one => one.style.gridColumnStart")
    piece.focus()
    line = Line(page, "wall-draft")
    for count in (1, 2, 3):
        page.keyboard.press("ArrowLeft")
        line.wait_for(count)
    line.let_go()
    wanted = str(int(before) - 3)
    expect(piece).to_have_css("grid-column-start", wanted)
    page.keyboard.press("ArrowRight")
    expect(piece).to_have_css("grid-column-start", str(int(before) - 2))
