import re

import pypdf
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PAGES = [
    "/", "/mediation", "/hotline", "/flood", "/platforms", "/reports", "/grid", "/urban",
    "/whistle", "/land", "/enforcement", "/video", "/people", "/services",
]  # fmt: skip
ONE_PLATFORM = "/platforms?platform=mediation"
# words that are names, units or codes in Chinese usage
LATIN = re.compile(r"[A-Za-z]{3,}")
KNOWN = {"DOCX", "PDF", "XLSX", "CSV", "Esc", "Wilson"}


def settled(window, product, path):
    window.page.goto(product.address + path)
    window.page.wait_for_selector("#foot:has-text('快照')")
    window.page.wait_for_load_state("networkidle")
    window.page.evaluate("document.fonts.ready")
    return window.page


@pytest.fixture(scope="module")
def reader(open_windows):
    """One window of a leader for pages that are only looked at, so that scripts come once."""
    return open_windows("leader", 1440, 900)


@pytest.mark.parametrize("path", [*PAGES, ONE_PLATFORM, "/map", "/hotline?more=1"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_a_page_draws_in_chinese_without_errors_foreign_requests_or_sideways_scrolling(
    reader, product, path, width, height
):
    reader.errors.clear()
    reader.foreign.clear()
    reader.page.set_viewport_size({"width": width, "height": height})
    page = settled(reader, product, path)
    assert reader.errors == []
    assert reader.foreign == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert "NaN" not in page.inner_text("body") and "None" not in page.inner_text("body")
    assert latin(page) - {"leader"} == set()


def test_a_case_speaks_chinese(visit, product):
    page = settled(visit("leader", 1440, 900), product, "/hotline")
    page.locator(".case-list a[href*='/case/']").first.click()
    expect(page.locator(".case-facts")).to_be_visible()
    settled(visit("leader", 1440, 900), product, "/hotline")
    for place in ("#head", ".a-facts", ".a-lanes", ".a-links"):  # what is registered is the town's
        assert latin(page, place) == set(), place


def latin(page, place="body"):
    """The words of a page in Latin letters that are neither names nor units."""
    return {word for word in LATIN.findall(page.inner_text(place)) if word not in KNOWN}


def test_a_click_on_a_number_opens_its_proof_and_the_rows_add_up_to_it(visit, product):
    window = visit("leader", 1440, 900)
    page = settled(window, product, "/mediation?period=2026-01-01..2026-09-30")
    page.locator("a[href*='proof=mediation_completion_rate'][href*='p-line=unit']").first.click()
    sheet = page.locator("#sheet")
    expect(sheet).to_contain_text("139")
    expect(sheet).to_contain_text("143")
    expect(sheet).to_contain_text("逐行重算相等")
    expect(sheet).to_contain_text("97.2 %")
    address = page.url
    answer = page.request.get(
        f"{product.address}/api/v1/metrics/mediation_completion_rate/rows"
        "?from=2026-01-01&to=2026-09-30&line=unit&limit=1000"
    ).json()
    counted = [row for row in answer["rows"] if row["in_denominator"]]
    assert len(counted) == 143
    assert sum(1 for row in counted if row["in_numerator"]) == 139
    page.keyboard.press("Escape")
    expect(sheet).not_to_contain_text("139")
    page.go_back()
    assert page.url == address
    expect(sheet).to_contain_text("139")
    assert window.errors == []


def test_the_tile_the_api_and_the_command_say_the_same(visit, product):
    page = settled(visit("leader", 1440, 900), product, "/mediation?period=2026-01-01..2026-09-30")
    body = page.inner_text("#body")
    assert "72.2" in body and "65/90" in body
    assert "97.2" in body and "139/143" in body
    told = product.run(
        "warehouse", "metric", "mediation_completion_rate",
        "--from", "2026-01-01", "--to", "2026-09-30", "--by", "line", "--json",
    )  # fmt: skip
    assert '"numerator": 139' in told.replace("139.0", "139")


def test_period_and_filters_stay_in_the_address_through_reload_and_back(visit, product):
    window = visit("leader", 1440, 900)
    page = settled(window, product, "/hotline?period=2026-Q3&community=320117005001")
    first = page.inner_text("#body")
    page.reload()
    page.wait_for_selector("#foot:has-text('快照')")
    expect(page.locator("#body")).to_contain_text("2026", timeout=60_000)
    assert "period=2026-Q3" in page.url and "community=320117005001" in page.url
    assert page.locator("#head").inner_text().count("清泉社区") >= 1
    page.goto(f"{product.address}/flood")
    page.go_back()
    page.wait_for_selector("#foot:has-text('快照')")
    assert "period=2026-Q3" in page.url
    assert first


def test_an_unknown_word_in_the_address_is_kept_marked_and_ignored(visit, product):
    page = settled(visit("leader", 1440, 900), product, "/hotline?period=someday")
    assert "period=someday" in page.url
    expect(page.locator("#head")).to_contain_text("someday")


def test_text_of_a_citizen_that_contains_markup_stays_text(visit, product):
    told = product.run(
        "warehouse", "sql",
        "SELECT order_no FROM core.hotline_order WHERE content LIKE '%<img%' "
        "OR title LIKE '%<img%' ORDER BY received_at DESC LIMIT 1",
    )  # fmt: skip
    assert re.search(r"[A-Z]{2}\d+", told), "the town's hotline holds an order with markup"
    day = product.run(
        "warehouse", "sql",
        "SELECT strftime(received_at, '%Y-%m-%d') AS d FROM core.hotline_order "
        "WHERE content LIKE '%<img%' OR title LIKE '%<img%' ORDER BY received_at DESC LIMIT 1",
    )  # fmt: skip
    found = re.search(r"\d{4}-\d{2}-\d{2}", day)
    assert found
    window = visit("leader", 1600, 1000)
    page = window.page
    page.add_init_script("window.__fired = false;")
    page.goto(
        f"{product.address}/hotline?period={found[0]}..{found[0]}&proof=hotline_received"
        f"&from={found[0]}&to={found[0]}&rows=all"
    )
    page.wait_for_selector(".ag-row", timeout=60_000)
    grid = page.locator(".ag-root")
    expect(grid).to_contain_text("<img", timeout=60_000)
    assert page.evaluate("document.querySelectorAll('.ag-root img[onerror]').length") == 0
    assert page.evaluate("window.__fired") is False
    assert window.errors == []


def test_a_mark_filters_goes_down_and_comes_back(visit, product):
    window = visit("leader", 1440, 900)
    page = settled(window, product, "/grid?period=2026-10")
    page.locator(".a-places .unit-row a.quiet").first.click()
    page.wait_for_url("**community=*")
    page.locator(".chip-pair").get_by_text("下钻").click()
    page.wait_for_url("**down=community*")
    expect(page.locator(".a-map h2")).to_contain_text("各网格")
    page.go_back()
    expect(page.locator(".a-map h2")).to_contain_text("各社区")
    page.locator(".chip-off").first.click()
    expect(page.locator(".chip-pair")).to_have_count(0)
    assert window.errors == [] and window.foreign == []


def test_a_case_number_opens_the_case_in_full(visit, product):
    window = visit("leader", 1440, 900)
    page = settled(window, product, "/hotline")
    page.locator(".a-cases a[href^='/case/']").first.click()
    expect(page.locator(".a-facts")).to_contain_text("自然日")
    page.reload()
    expect(page.locator(".a-events")).to_contain_text("受理")
    assert window.errors == [] and window.foreign == []


def test_a_change_opens_both_its_sides_and_what_made_it(visit, product):
    window = visit("leader", 1440, 900)
    page = settled(window, product, "/urban?period=2026-10")
    page.locator("a[href*='was=']").first.click()
    sheet = page.locator("#sheet")
    expect(sheet).to_contain_text("两边逐行重算相等")
    expect(sheet).to_contain_text("谁造成的")
    assert window.errors == []


def test_home_prints_as_one_page_of_sentences(visit, product, tmp_path):
    page = settled(visit("leader", 1440, 900), product, "/")
    file = tmp_path / "home.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True)
    read = pypdf.PdfReader(file)
    assert len(read.pages) == 1
    text = read.pages[0].extract_text()
    assert "早会简报" in text and "谁要动" in text and "变了什么" in text


def printed(page, file):
    """What a sheet of paper says; the browser tells the page before it lays it out."""
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.pdf(path=str(file), prefer_css_page_size=True)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    return "".join(one.extract_text() for one in pypdf.PdfReader(file).pages)


PROVED = "/hotline?proof=hotline_received&from=2026-01-01&to=2026-12-31"


def test_an_open_proof_is_printed_alone_with_its_days_and_who_looked(visit, product, tmp_path):
    page = settled(visit("leader", 1440, 900), product, PROVED)
    expect(page.locator("#sheet .meaning")).to_be_visible()
    text = printed(page, tmp_path / "proof.pdf")
    assert "热线受理量" in text and "2026年1月1日—2026年12月31日" in text
    assert "查看人" in text and "来源与时效" in text
    assert "受理与办结" not in text and "关闭" not in text


def test_an_open_table_is_printed_as_a_table_that_says_what_it_leaves_out(visit, product, tmp_path):
    page = settled(visit("leader", 1440, 900), product, f"{PROVED}&rows=1")
    expect(page.locator("#sheet .ag-row").first).to_be_visible()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("#sheet [data-print]").click()
    page.wait_for_function("window.printed")
    text = printed(page, tmp_path / "table.pdf")
    assert text.count("NJ20") >= 90 and "其余" in text and "请导出" in text
    assert "查看人" in text and "查找" not in text
    assert page.locator(".paper-rows").count() == 0


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_bar_of_a_phone_counts_in_ink_and_goes_on_counting(visit, product, look):
    window = visit("leader", 390, 844)
    window.page.emulate_media(color_scheme=look)
    page = settled(window, product, "/grid")
    bar = page.locator("#tabs")
    for word in ("要事", "告警", "超期", "专题", "报告"):
        expect(bar).to_contain_text(word)
    late = page.locator("#tab-late")
    expect(late).to_have_text(re.compile("[0-9]+"))
    ink = "one => getComputedStyle(one).color === getComputedStyle(document.body).color"
    assert late.evaluate(ink)
    late.evaluate("one => { one.textContent = ''; }")
    page.evaluate("window.dash_clientside.set_props('beat', {n_intervals: 999})")
    expect(late).to_have_text(re.compile("[0-9]+"))
    bar.get_by_text("超期").click()
    expect(page.locator("#sheet.open")).to_contain_text("超期 各平台")


def test_a_new_snapshot_leaves_open_what_is_open_and_the_keyboard_where_it_was(visit, product):
    window = visit("leader", 1440, 900)
    page = window.page
    page.goto(product.address + "/hotline")
    expect(page.locator("#body .twin").first).to_be_visible()
    menu = page.locator("#head details.drop:has(.calendar)").first
    menu.locator("summary").click()
    day = menu.locator("[data-day]:not([disabled])").first
    day.click()
    expect(menu.locator(".said")).to_contain_text("再点结束日")
    page.locator("#body .twin summary").first.focus()
    page.locator("#body .twin").first.evaluate("one => { one.open = true; }")
    page.evaluate(
        """() => {
          document.querySelector('#body').firstElementChild.dataset.old = '1';
          window.dash_clientside.set_props('generation', {data: ['another']});
        }"""
    )
    expect(page.locator("#body > [data-old]")).to_have_count(0)
    expect(page.locator("#body .twin[open]")).to_have_count(1)
    expect(page.locator("#body .twin summary").first).to_be_focused()
    expect(menu).to_have_attribute("open", "")
    expect(menu.locator(".said")).to_contain_text("再点结束日")
    assert window.errors == []


def test_a_bar_chooses_its_days_and_its_figure_opens_the_proof(visit, product):
    window = visit("leader", 1440, 900)
    page = window.page
    address = f"{product.address}/land?period=2026-ytd"
    page.goto(address)
    bars = page.locator(".a-trend .plot-hit")
    expect(bars.first).to_be_visible()
    page.locator(".a-trend .plot-value .door").nth(-3).click()
    expect(page.locator(".sheet h2")).to_contain_text("疑似图斑")
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).not_to_have_class(re.compile("open"))
    bars.nth(-3).click()
    chip = page.locator(".chip-pair", has_text="时段：")
    expect(chip).to_be_visible()
    assert "of=2026-ytd" in page.url
    expect(page.locator(".a-trend .plot-hit.chosen")).to_be_visible()
    page.locator(".a-trend .plot-hit.chosen").click()
    expect(chip).to_have_count(0)
    expect(page).to_have_url(address)
    page.locator(".a-months .month-pick").nth(-4).click()
    expect(chip).to_be_visible()
    chip.get_by_role("link", name="去掉时段").click()
    expect(page).to_have_url(address)
    assert window.errors == [] and window.foreign == []
