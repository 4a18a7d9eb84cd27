"""From a number on a page to the page of a case: by pointer, by keyboard, and back."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from config import clock
from dashboard.pages import case_address
from dashboard.pages.deadlines import OPEN, STOCKS, deadline
from warehouse.metric import load_metrics
from warehouse.read import MetricQuery, Reader

pytestmark = pytest.mark.browser
TABLE = "/grid?period=2026-ytd&proof=grid_open&from=2026-01-01&to=2026-12-31&rows=1"
YEAR = timedelta(days=365)
NUMBER = ".ag-row[row-index='{}'] [col-id=key]"


def shows_the_case(page, number):
    expect(page.locator("h1 .case-key")).to_have_text(number)
    expect(page.locator("#sheet")).not_to_have_class(re.compile("open"))
    expect(page.locator(".a-facts .case-fact").first).to_be_visible()


def cell(page, row=0):
    found = page.locator(NUMBER.format(row)).first
    expect(found).not_to_be_empty()
    return found


def test_from_a_tile_over_its_proof_and_its_table_to_the_case(visit, product):
    window = visit("leader", 1440, 900)
    page = window.page
    page.goto(f"{product.address}/grid?period=2026-ytd")
    page.locator(".a-volume a.door[href*='proof=grid_open']").first.click()
    every = page.locator(".sheet a", has_text="打开全部")
    expect(every).to_be_visible()
    every.click()
    link = cell(page, 1).get_by_role("link")
    number = link.inner_text()
    table = page.url
    link.click()
    shows_the_case(page, number)
    page.go_back()
    assert page.url == table
    expect(cell(page, 1).get_by_role("link")).to_have_text(number)
    assert window.errors == [] and window.foreign == []


def test_by_keyboard_from_the_cell_that_has_the_focus(visit, product):
    page = visit("leader", 1440, 900).page
    page.goto(product.address + TABLE)
    number = cell(page, 2).inner_text()
    page.locator("#case-rows .ag-header-cell[col-id=key]").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.locator(f"{NUMBER.format(2)}:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    shows_the_case(page, number)


def test_the_rows_of_a_proof_open_their_cases(visit, product):
    page = visit("leader", 1440, 900).page
    page.goto(product.address + TABLE.removesuffix("&rows=1"))
    link = page.locator(".sheet a.case-no").nth(3)
    number = link.inner_text()
    link.click()
    shows_the_case(page, number)


@pytest.mark.parametrize(("width", "height"), [(768, 1024), (390, 844)])
def test_a_tablet_and_a_phone_open_the_case_as_well(visit, product, width, height):
    page = visit("leader", width, height).page
    page.goto(product.address + TABLE)
    link = cell(page).get_by_role("link")
    number = link.inner_text()
    link.click()
    shows_the_case(page, number)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_another_tab_takes_the_case_and_the_table_stays(visit, product):
    page = visit("leader", 1440, 900).page
    page.goto(product.address + TABLE)
    number = cell(page).inner_text()
    with page.context.expect_page() as opened:
        cell(page).get_by_role("link").click(modifiers=["Control"])
    shows_the_case(opened.value, number)
    assert page.url == product.address + TABLE


def test_the_way_back_leads_to_the_rows_that_were_filtered_by_hand(visit, product):
    page = visit("leader", 1440, 900).page
    page.goto(product.address + TABLE)
    cell(page)
    page.locator(".ag-header-cell[col-id=state] .ag-header-icon").first.click()
    page.locator(".ag-filter input[type=text]").first.fill("待核查")
    page.locator(".ag-filter button", has_text="应用").click()
    copied = page.locator("#sheet-copy")
    expect(copied).to_have_attribute("data-copy", re.compile("view="))
    some = page.locator("#case-said").inner_text()
    link = cell(page).get_by_role("link")
    number = link.inner_text()
    link.click()
    shows_the_case(page, number)
    page.go_back()
    expect(page.locator("#case-said")).to_have_text(some)
    expect(cell(page).get_by_role("link")).to_have_text(number)


def test_a_row_without_a_case_is_no_link(visit, product):
    page = visit("leader", 1440, 900).page
    page.goto(f"{product.address}/grid?proof=grid_on_duty_rate&rows=1&period=2026-ytd")
    cell(page)
    expect(page.locator("#case-rows a")).to_have_count(0)


def test_whatever_a_number_of_the_town_names_has_its_page(product):
    """Every metric that can be listed: each of its first rows has a case, or names none."""
    reader, last = Reader(product.var), clock.local().date()
    named = []
    for metric, definition in load_metrics().items():
        if definition.about_persons or not definition.fact:
            continue
        found = reader.rows(metric, MetricQuery(last - YEAR, last), limit=3)
        for row in found.rows:
            if case_address.of(found, row) is None:
                assert definition.fact == "grid_duty", metric
                continue
            key = "/".join(str(row[name]) for name in found.numbered)
            assert reader.case(row["source"], key) is not None, (metric, key)
            named.append(definition.fact)
    reader.close()
    assert len(set(named)) > 15


OVERDUE = ("hotline_overdue", "grid_overdue", "urban_overdue", "linkage_overdue", "hazard_overdue")


@pytest.mark.parametrize("metric", STOCKS)
def test_the_town_s_cases_are_open_and_late_on_their_pages_as_in_the_figures(product, metric):
    reader, today, told = Reader(product.var), clock.local().date(), deadline(metric)
    late = metric.replace("_open", "_overdue")

    def keys(name):
        found = reader.rows(name, MetricQuery(today, today), limit=50_000)
        assert found.total == len(found.rows)
        return {row["key"] for row in found.rows}

    fact = STOCKS[metric]
    as_of = reader.metric(metric, MetricQuery(today, today)).as_of
    key = reader.rows(metric, MetricQuery(today, today), limit=0).numbered[0]
    rows = {row[key]: row for row in reader.sql(f"SELECT * FROM core.{fact}").to_pylist()}
    still = {number for number, row in rows.items() if told.stands(row) == OPEN}
    assert still == keys(metric) and len(rows) > len(still)
    if late in OVERDUE:
        over = {n for n in still if (due := told.of(rows[n])) is not None and due < as_of}
        assert over == keys(late) and len(over) < len(still)
    reader.close()
