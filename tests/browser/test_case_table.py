"""The case table in a real browser: filter, order, columns, saved view, reload, file."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from dashboard.pages import rows
from dashboard.pieces import text

pytestmark = pytest.mark.browser
# a period that is over: nothing comes in while it is looked at
ADDRESS = "/hotline?proof=hotline_received&from=2026-01-01&to=2026-10-31&rows=1"
WAIT = 60_000
CLEAR = """() => document.querySelector('.sheet').getBoundingClientRect().bottom
  <= document.querySelector('.export-box').getBoundingClientRect().top"""


def cell(page, column):
    return page.locator(f".ag-row[row-index='0'] [col-id={column}]").first


def opened(window, product, address=ADDRESS):
    page = window.page
    page.goto(product.address + address)
    expect(cell(page, "key")).not_to_be_empty(timeout=WAIT)
    expect(page.locator("#case-said")).to_contain_text("件", timeout=WAIT)
    return page


def test_the_table_is_filtered_ordered_and_kept_as_a_view(visit, product):
    window = visit("leader", 1440, 900)
    page = opened(window, product)
    said = page.locator("#case-said")
    whole = said.inner_text()
    page.locator(".ag-header-cell[col-id='title'] .ag-header-icon").first.click()
    page.locator(".ag-filter input[type=text]").first.fill("路")
    page.locator(".ag-filter button", has_text="应用").click()
    expect(said).not_to_have_text(whole, timeout=WAIT)
    some = said.inner_text()
    page.locator(".ag-header-cell[col-id='received_at'] .ag-header-cell-label").click()
    expect(page.locator("#export-csv")).to_have_attribute(
        "href", re.compile("sort=received_at"), timeout=WAIT
    )
    page.locator("summary:has-text('列')").click()
    page.locator("#case-columns label:has-text('类别')").click()
    page.click("#case-choose")
    expect(page.locator(".ag-header-cell[col-id='class_path']")).to_have_count(0, timeout=WAIT)
    expect(said).to_have_text(some, timeout=WAIT)
    page.locator("summary:has-text('视图')").click()
    page.fill("#case-name", "路上的事")
    page.click("#case-save")
    expect(page.locator("summary:has-text('视图 1')")).to_be_visible(timeout=WAIT)
    expect(said).to_have_text(some, timeout=WAIT)
    with page.expect_download(timeout=WAIT) as taken:
        page.click("#export-csv")
    assert re.search(r"_审计\d+\.csv$", taken.value.suggested_filename)
    expect(page.locator(".export-box")).to_contain_text("由浏览器保存", timeout=WAIT)
    assert page.evaluate(CLEAR), "the progress of the export covers the drawer"
    content = taken.value.path().read_bytes()
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) - 1 == int(re.sub(r"\D", "", some))
    assert "类别" not in rows[0]
    place = rows[0].index("受理时间")
    moments = [row[place] for row in rows[1:]]
    assert moments == sorted(moments)
    page.reload()
    expect(said).to_have_text(some, timeout=WAIT)
    expect(page.locator(".ag-header-cell[col-id='class_path']")).to_have_count(0)
    assert "%E8%B7%AF" not in page.url and "路" not in page.url
    page.locator("summary:has-text('视图 1')").click()
    page.locator(".view-drop summary").click()
    page.get_by_role("button", name="确认删除").click()
    expect(said).to_have_text(whole, timeout=WAIT)
    assert "view=" not in page.url
    assert window.errors == [] and window.foreign == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_hostile_words_find_nothing_and_break_nothing(visit, product, width, height):
    window = visit("leader", width, height)
    page = opened(window, product)
    page.fill("#case-words", "%_'\"; DROP TABLE x; --<b>")
    page.click("#case-find")
    expect(page.locator("#case-said")).to_have_text("0 件", timeout=WAIT)
    expect(page.locator("#case-words")).to_have_value("%_'\"; DROP TABLE x; --<b>")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert window.errors == [] and window.foreign == []


def test_a_block_that_failed_comes_when_it_is_asked_for_again(visit, product):
    page = visit("leader", 1440, 900).page
    failing = [True]

    def fail(route):
        if "getRowsRequest" not in (route.request.post_data or "") or not failing:
            route.continue_()
            return
        told = {"response": {"case-rows": {"getRowsResponse": {"rowData": [], "rowCount": 0}}}}
        side = {"case-failed": {"children": rows.failed("数据没有取到。")}}
        body = text({"multi": True, **told, "sideUpdate": side})
        route.fulfill(status=200, content_type="application/json", body=body)

    page.route("**/_dash-update-component*", fail)
    page.goto(product.address + ADDRESS)
    failed = page.locator("#case-failed")
    expect(failed).to_contain_text("这一批行没有取到。数据没有取到。")
    expect(page.locator(".ag-row")).to_have_count(0)
    expect(page.locator(".ag-overlay-no-rows-center")).to_be_hidden()
    failing.clear()
    failed.get_by_role("button", name="重试").click()
    expect(cell(page, "key")).not_to_be_empty(timeout=WAIT)
    expect(failed).to_be_hidden()


def test_rows_that_are_scrolled_to_quicker_than_the_line_all_come(visit, product):
    page = opened(visit("leader", 1440, 900), product)
    held, free = [], []

    def take(route):
        hold = "getRowsRequest" in (route.request.post_data or "") and not free
        held.append(route) if hold else route.continue_()

    page.route("**/_dash-update-component*", take)
    rows = page.locator("#case-rows .ag-body-viewport")
    with page.expect_request(lambda one: "getRowsRequest" in (one.post_data or "")):
        rows.evaluate("one => { one.scrollTop = 30 * 95; }")  # the end of a block and the next
        rows.evaluate("one => { one.scrollTop = 30 * 295; }")  # two blocks at once
    free.append(True)
    for one in held:
        one.continue_()
    for number in (299, 300):
        cells = page.locator(f".ag-row[row-index='{number}'] [col-id=key]")
        expect(cells.first).not_to_be_empty()
