"""A page on its way: no old figure under a new address, and one that fails says so."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import come_in

pytestmark = pytest.mark.browser
ASKS = "**/_dash-update-component*"


def test_what_is_on_its_way_hides_the_old_page_and_what_fails_says_so(small, chromium):
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    try:
        come_in(context, small.address, "leader")
        page.goto(f"{small.address}/hotline")
        heading = page.locator("h1")
        expect(heading).to_have_text("12345 热线")
        held, free = [], []
        page.route(ASKS, lambda one: one.continue_() if free else held.append(one))
        page.locator("#top nav").get_by_text("防汛").click()
        page.wait_for_selector("html.waiting-elsewhere #body[aria-busy]")
        expect(heading).to_be_hidden()
        free.append(True)
        for one in held:
            one.continue_()
        expect(heading).to_have_text("防汛水情")
        page.wait_for_selector("html:not(.waiting) #body:not([aria-busy])")

        page.unroute(ASKS)
        page.route(ASKS, lambda one: one.fulfill(status=500, body="{}"))
        page.locator("#top nav").get_by_text("网格").click()
        expect(page.get_by_role("alert")).to_contain_text("这一页没取到")
        expect(heading).to_be_hidden()
        page.unroute(ASKS)
        page.get_by_role("button", name="重试").click()
        expect(heading).to_have_text("网格治理")
        assert page.locator("html.waiting").count() == 0
    finally:
        context.close()
