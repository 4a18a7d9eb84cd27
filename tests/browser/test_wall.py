import os
import re
import signal
import time

import pytest

from tests.browser.wall_look import rested, show

pytestmark = pytest.mark.browser
WALLS = {"screen_16x9": (3840, 2160), "lcd_7x3": (13440, 3240)}

CUT_OFF = """() => [...document.querySelectorAll('*')].filter(e =>
  e.childElementCount === 0 && e.textContent.trim() && e.clientWidth > 0 &&
  getComputedStyle(e).display !== 'inline' &&
  (e.scrollWidth > e.clientWidth + 2) &&
  ['hidden', 'clip'].includes(getComputedStyle(e).overflowX)).map(e => e.textContent.trim())"""
OUTSIDE = """() => {
  const found = [];
  for (const card of document.querySelectorAll('[data-panel]')) {
    const frame = card.getBoundingClientRect();
    const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.textContent.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (!box.width) continue;
        const middle = (box.top + box.bottom) / 2;  // a Han glyph is 0.92 em, a line box is more
        const half = 0.46 * parseFloat(getComputedStyle(node.parentElement).fontSize);
        if (box.left < frame.left - 1 || box.right > frame.right + 1 ||
            middle - half < frame.top - 1 || middle + half > frame.bottom + 1)
          found.push(node.textContent.trim());
      }
    }
  }
  return found;
}"""
SMALL = """() => {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    if (!node.textContent.trim() || ['SCRIPT', 'STYLE'].includes(owner.tagName)) continue;
    if (owner.closest('.rank-mark, [data-icon]') || owner.getClientRects().length === 0) continue;
    const size = parseFloat(getComputedStyle(owner).fontSize);
    if (size < rem * 0.99) found.push(node.textContent.trim() + ' ' + (size / rem).toFixed(2));
  }
  return found;
}"""


OVERVIEW = "profile={}&scene=overview"


def faults_of(page, checks=(CUT_OFF, OUTSIDE, SMALL)):
    """What the scripts find wrong once the wall has come to rest."""
    return rested(page, lambda: [one for check in checks for one in page.evaluate(check)], bool)


@pytest.mark.parametrize("profile", WALLS)
def test_the_wall_draws_whole_and_quiet(visit, product, profile):
    window = visit("wall", *WALLS[profile])
    page = window.page
    show(page, product.address, OVERVIEW.format(profile))
    assert faults_of(page) == []
    assert window.errors == []
    assert window.foreign == []
    text = page.inner_text("body")
    assert "72.2" in text and "97.2" in text
    assert "演示数据" in text
    assert not re.search(r"[A-Za-z]{4,}|NaN|undefined", text), text


def test_the_shell_around_the_wall_is_quiet_and_asks_nobody_else(visit, product):
    window = visit("wall", 1920, 1080)
    window.page.goto(f"{product.address}/wall")
    window.page.wait_for_function(LINKED)
    assert window.errors == []
    assert window.foreign == []


def test_the_wall_shows_no_name_phone_or_address(visit, product):
    page = visit("wall", 3840, 2160).page
    show(page, product.address, OVERVIEW.format("screen_16x9"))
    text = page.inner_text("body")
    assert not re.search(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])", text)
    assert not re.search(r"[\u4e00-\u9fff]\*", text)


LINKED = """() => {
  const page = document.querySelector('iframe.shown')?.contentDocument?.documentElement;
  return Boolean(page && page.dataset.link === 'ok' && page.dataset.drawn === '1');
}"""
SAYS = """words => {
  const page = document.querySelector('iframe.shown')?.contentDocument;
  return Boolean(page?.body?.innerText.includes(words));
}"""


def test_the_wall_comes_back_by_itself_after_the_web_was_killed(visit, product):
    page = visit("wall", 1920, 1080).page
    page.goto(f"{product.address}/wall")
    page.wait_for_function(LINKED)
    process = product.processes.pop("web")
    os.kill(process.pid, signal.SIGKILL)
    process.wait(60)
    page.wait_for_function(f"() => !({LINKED})()")
    product.start("web", "dashboard", "serve")
    product.wait_for("/healthz", 150)
    page.wait_for_function(LINKED, timeout=120_000)
    page.wait_for_function(SAYS, arg="72.2")


def test_killing_etl_leaves_the_last_figures_on_the_wall(visit, product):
    page = visit("wall", 1920, 1080).page
    show(page, product.address, OVERVIEW.format("screen_1080"))
    product.stop("etl")
    try:
        time.sleep(2)
        assert "97.2" in page.inner_text("body")
        assert product.answers("/healthz")
    finally:
        product.start("etl", "etl", "run")
