"""The administrator's pages in a real browser, after the second factor was taken into use."""

import re

import pytest

pytestmark = pytest.mark.browser
PAGES = ["/admin/users", "/admin/audit"]
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
    assert words - {"leader", "wall", "admin"} == set()  # the names of this product's accounts
