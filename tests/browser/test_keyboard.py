"""A page by keyboard alone: past the bar, into a table beside a chart, its proof and back."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
FOCUSED = "() => { const at = document.activeElement; return [at.id, at.className, at.tagName]; }"
EARLY = """async () => {
  const place = document.body.appendChild(document.createElement('div'));
  place.id = 'early';
  place.innerHTML = '<div></div><details class="of-curve"><summary></summary>'
    + '<div data-heads="时间|水位"></div></details>';
  const [curve, twin] = place.children;
  const opened = new Promise(done => twin.addEventListener('toggle', done));
  twin.open = true;
  await opened;
  const trace = {x: ['2026-11-24 15:00'], y: [9.154], meta: {column: 1, digits: 2}};
  await window.Plotly.newPlot(curve, [trace]);
}"""
ROWS_AND_POINTS = """() => {
  const [first] = document.querySelector('.a-curve .js-plotly-plot').data;
  const points = first.y.map((level, at) => [first.x[at], level])
    .filter(([, level]) => level !== null).map(([at, level]) => [at.slice(5), level.toFixed(2)]);
  const rows = [...document.querySelectorAll('.of-curve tbody tr')]
    .map(row => [row.cells[0].textContent, row.cells[1].textContent]);
  return [rows.filter(row => row[1] !== '—'), points];
}"""  # at one moment: readings go on to come in


def test_a_chart_is_used_by_keyboard_alone(visit, product):
    window = visit("leader", 1440, 900)
    page = window.page
    page.goto(product.address + "/hotline?period=2026-10")
    page.wait_for_selector("#foot:has-text('快照')")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)[1] == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED)[0] == "body"
    head = page.locator(".a-trend .twin-head")
    head.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert "row-button" in page.evaluate(FOCUSED)[1] or page.evaluate(FOCUSED)[1] == "twin-rows"
    row = page.locator(".a-trend tbody tr td:nth-child(2) a").first  # a count, which has a proof
    told = row.inner_text()
    row.focus()
    outline = "at => getComputedStyle(at).outlineStyle + getComputedStyle(at).outlineWidth"
    assert row.evaluate(outline) == "solid2px"
    page.keyboard.press("Enter")
    expect(page.locator("#sheet.open h2")).to_be_focused()
    expect(page.locator("#sheet h2")).to_contain_text(re.compile(rf"\b{told}\b"))
    page.keyboard.press("Escape")
    expect(page.locator("#sheet.open")).to_have_count(0)
    page.get_by_label("外观").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".theme-switch[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".theme-switch[open]")).to_have_count(0)
    assert window.errors == []


def test_a_table_that_was_opened_before_its_curve_was_drawn_is_filled_when_it_is(visit, product):
    page = visit("leader", 1440, 900).page
    page.goto(product.address + "/platforms")
    page.wait_for_selector("#foot:has-text('快照')")
    page.evaluate(EARLY)
    expect(page.locator("#early td")).to_have_text(["11-24 15:00", "9.15"])


def test_the_table_beside_a_curve_holds_the_points_that_were_drawn(visit, product):
    page = visit("leader", 1440, 900).page
    page.goto(product.address + "/flood")
    page.locator(".of-curve .twin-head").click()
    expect(page.locator(".of-curve tbody tr").first).to_be_visible()
    rows, points = page.evaluate(ROWS_AND_POINTS)
    assert len(points) > 100
    assert sorted(points) == sorted(rows)
