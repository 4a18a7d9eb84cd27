"""Every page as axe-core reads it, and as it is measured at the sizes it is seen.

WCAG 2.1 A and AA, light and dark, at a desk and on a phone; nothing sideways, cut, over another or
too small for a finger.

axe-core (MPL-2.0) comes inside the development package axe-playwright-python and is put into the
page by the debugger's own way, so that the policy the product is served under stays as it is.
"""

import re
from importlib.resources import files

import pytest

from cases import users
from cases.store import open_store
from dashboard.gate.rules import ADMIN, LEADER
from dashboard.pages.app import PATHS, ROLES
from tests.browser.conftest import come_in
from tests.browser.legible import DEFECTS
from tests.browser.product import PASSWORDS

pytestmark = pytest.mark.browser
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast"]}  # all that the dark theme changes
RUN = """only => axe.run(document, {runOnly: only, resultTypes: ['violations'], preload: false})
  .then(told => told.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html,
    [...node.any, ...node.all, ...node.none].map(each => each.message).join('; ')])))"""
PROOF = "proof=mediation_completion_rate&from=2026-01-01&to=2026-09-30&p-line=unit"
BOTH_SIDES = "/urban?proof=urban_reported&from=2026-10-01&to=2026-10-31&was=2026-09-01..2026-09-30"
OPENED = [
    f"/mediation?{PROOF}",
    f"/mediation?{PROOF}&rows=1",
    BOTH_SIDES,
    "/platforms?platform=mediation",
    "/hotline?period=2026-01-01..2026-01-01",  # nothing was counted
]
DESK, PHONE = (1366, 768), (390, 844)
TABLETS = ((820, 1180), (1024, 768), (1920, 1080))
ON_A_PHONE = ("/", "/flood", f"/mediation?{PROOF}")  # a phone's own parts look alike on all pages


@pytest.fixture(scope="module")
def reader(product, chromium):
    """One window of a leader for all pages, so that the scripts are fetched once."""
    context = chromium.new_context(
        viewport={"width": DESK[0], "height": DESK[1]},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    come_in(context, product.address, "leader")
    yield page
    context.close()


def drawn(page, address):
    """The page once its figures stand."""
    page.goto(address)
    page.wait_for_selector("#foot:has-text('快照')")
    if not address.endswith("/admin/wall"):  # whose preview lives on
        page.wait_for_load_state("networkidle")
    if "proof=" in address:
        page.wait_for_selector("#sheet.open h2")
    if "rows=" in address:
        page.wait_for_selector(".ag-row [col-id=key]:has-text('T')")


def measured(page):
    """What is wrong once the curves have taken the new size."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 80)))")
    return page.evaluate(DEFECTS)


def violations(page, *, whole):
    """What axe finds at both sizes, the colours once more in the dark; a phone's where `whole`."""
    found = []
    for size, themes in ((DESK, 2), (PHONE, 2 if whole else 1)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        found += [(size[0], defect) for defect in measured(page)]
        for theme, only in (("light", TAGS), ("dark", COLOURS))[:themes]:
            page.emulate_media(color_scheme=theme)
            page.evaluate(f"window.axe || (() => {{ {AXE} }})()")
            found += [(size[0], theme, *each) for each in page.evaluate(RUN, only)]
    page.emulate_media(color_scheme="light")
    for size in TABLETS if whole else ():
        page.set_viewport_size({"width": size[0], "height": size[1]})
        found += [(size[0], defect) for defect in measured(page)]
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    return found


@pytest.mark.parametrize("path", [path for path in PATHS if LEADER in ROLES[path]] + OPENED)
def test_a_page_has_nothing_that_axe_objects_to(reader, product, path):
    drawn(reader, product.address + path)
    assert violations(reader, whole=path in ON_A_PHONE) == []
    assert reader.errors == []


def test_a_case_has_nothing_that_axe_objects_to(reader, product):
    told = product.run("warehouse", "sql", "SELECT max(case_no) AS n FROM core.mediation_case")
    number = re.search(r"MT\d+", told)
    assert number
    drawn(reader, f"{product.address}/case/demo:mediation/{number[0]}")
    assert violations(reader, whole=True) == []


def test_the_pages_of_the_administrator_have_nothing_that_axe_objects_to(
    administrator, chromium, product
):
    context = chromium.new_context(storage_state=administrator, locale="zh-CN")
    page = context.new_page()
    try:
        for path in (path for path in PATHS if LEADER not in ROLES[path] and ADMIN in ROLES[path]):
            drawn(page, product.address + path)
            assert violations(page, whole=False) == []
    finally:
        context.close()


def test_the_notices_of_a_unit_have_nothing_that_axe_objects_to(chromium, product):
    store = open_store(f"sqlite:///{product.var / 'cases.sqlite3'}")
    try:
        users.add(store, "village", "unit", PASSWORDS["seat"], villages=("320117005006",))
    finally:
        store.close()
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    try:
        come_in(context, product.address, "village", PASSWORDS["seat"])
        drawn(page, product.address + "/desk/posts")
        assert violations(page, whole=True) == []
    finally:
        context.close()


def test_the_pages_of_the_gate_have_nothing_that_axe_objects_to(reader, visit, product):
    page = visit(None, *DESK).page
    page.goto(f"{product.address}/login?next=/flood")
    page.fill("input[name=username]", "nobody")
    page.fill("input[name=password]", "Wrong-Wrong-1")
    page.click("main form button")
    page.wait_for_selector(".reason")
    assert violations(page, whole=True) == []
    for path in ("/password", "/factor"):
        reader.goto(product.address + path)
        assert violations(reader, whole=True) == []
