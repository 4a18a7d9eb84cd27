"""The administrator's pages in a real browser, after the second factor was taken into use."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PAGES = ["/admin/users", "/admin/audit", "/admin/wall"]
HIDDEN = """() => [...document.querySelectorAll('.top-bar nav a')].filter(link => {
  const box = link.getBoundingClientRect();
  const seen = link.parentElement.getBoundingClientRect();
  return box.left < seen.left - 1 || box.right > seen.right + 1;
}).map(link => link.textContent)"""


@pytest.fixture
def page(administrator, chromium):
    context = chromium.new_context(
        storage_state=administrator, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_the_top_bar_is_in_sight_at_every_width(page, product, path):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(product.address + path)
    page.wait_for_selector("#foot:has-text('快照')")
    page.evaluate("document.fonts.ready")
    assert page.locator(".top-bar nav a", has_text="审计").count() == 1
    for width in (1920, 1440, 1366, 1280, 1024, 768):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate(HIDDEN) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert errors == []


@pytest.mark.parametrize("path", PAGES)
def test_the_administrators_pages_speak_chinese(page, product, path):
    page.goto(product.address + path)
    page.wait_for_selector("#foot:has-text('快照')")
    words = set(re.findall(r"[A-Za-z]{3,}", page.inner_text("body")))
    # accounts and who a test acts as, a kind of wall, a key
    named = {"leader", "wall", "admin", "seat", "village", "test", "nobody", "LED", "Shift"}
    assert words - named == set()


def test_a_panel_is_moved_by_keys_previewed_saved_and_put_back(page, product):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(product.address + "/admin/wall")
    rain = page.locator(".wall-piece[data-panel=rain]")
    rain.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#wall-findings")).to_contain_text("雨量气象 与 平台接入 重叠")
    lamps = page.locator(".wall-piece[data-panel=platform_lamps]")
    lamps.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#wall-findings")).to_contain_text("校验通过")
    expect(page.locator("#wall-diff")).to_contain_text("第 6 列第 4 行")
    page.click("#wall-show")
    frame = page.frame_locator(".wall-pane iframe")
    expect(frame.locator("html[data-drawn='1']")).to_have_count(1, timeout=60_000)
    left = [
        frame.locator(f"#card-{name}").bounding_box()["x"] for name in ("platform_lamps", "rain")
    ]
    assert left[0] < left[1]
    page.click("#wall-save")
    expect(page.locator("#wall-standing")).to_contain_text("版")
    page.click("#wall-undo")
    expect(page.locator("#wall-standing")).to_contain_text("出厂布局")
    assert errors == []
