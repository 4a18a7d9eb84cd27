"""Scripts in what citizens and platforms write (S5): 200 payloads, every page, CSP on and off.

The payloads lie in every text column of every platform and came in through the ETL. A page under
attack defines `fx`, which notes who called it. Marks and links are hovered and clicked.
"""

import os
import shutil

import pytest
from playwright.sync_api import Page

from cases import sessions, users
from cases.store import open_store
from dashboard.pages import app as pages
from dashboard.pages.case_address import href
from tests.attacks.conftest import WEBBED
from tests.attacks.payloads import WEB
from tests.attacks.seeded import installed
from tests.attacks.serving import serving
from tests.browser.conftest import PATIENCE_MS, QUIET

LONG = os.environ.get("HONGLAN_LONG") == "1"
pytestmark = [pytest.mark.sec, pytest.mark.browser, pytest.mark.fault, pytest.mark.timeout(1800)]
SPAN = "from=2026-01-01&to=2026-11-30"
NOTES = """
window.fired = [];
window.fx = number => { window.fired.push(number); return ''; };
"""
MOMENT = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 60)))"
FIRED = "() => [...(window.fired || []), ...Array.from(window.frames).flatMap(f => f.fired || [])]"
TOUCH = """() => {
  const found = [...document.querySelectorAll(
    '.leaflet-interactive, .mk, .rows td, .rows a, .record td, .case-list td, .ag-cell, [title]'
  )].slice(0, 250);
  for (const one of found) {
    for (const kind of ['mouseover', 'mouseenter', 'mousemove', 'focus'])
      one.dispatchEvent(new MouseEvent(kind, {bubbles: true}));
  }
  return found.length;
}"""
SINKS = """() => {
  const found = [];
  for (const one of document.querySelectorAll('*')) {
    for (const {name, value} of one.attributes) {
      if (/^on/.test(name)) found.push(one.tagName + ' ' + name);
      if (['href', 'src', 'action', 'formaction', 'data', 'xlink:href'].includes(name) &&
          /^[\\s\\x00-\\x1f]*(j\\s*a\\s*v\\s*a\\s*s|vbs|data:text)/i.test(value))
        found.push(one.tagName + ' ' + name + '=' + value.slice(0, 40));
    }
  }
  return found;
}"""


PROOFS = (
    ("/grid", "grid_reported"),
    ("/mediation", "mediation_accepted"),
    ("/land", "land_clue"),
    ("/enforcement", "enforcement_filed"),
)


@pytest.fixture(scope="module")
def served(town, tmp_path_factory):
    """The attacked street's web process, and a leader's cookie."""
    var = shutil.copytree(town, tmp_path_factory.mktemp("web") / "var", symlinks=True)
    with installed(var):
        store = open_store()
        user = users.add(store, "attacked", "leader", "Stone-Lake-2026-a")
        wall = users.add(store, "screen", "wall", "Stone-Lake-2026-b")
        cookies = {
            "leader": sessions.start(store, user.id, "leader"),
            "wall": sessions.start(store, wall.id, "wall"),
        }
        store.close()
    with serving(var) as address:
        yield address, cookies


@pytest.fixture(scope="module")
def cases(town):
    """One attacked case of every fact that has any."""
    from tests.attacks.test_rights import numbered

    with installed(town):
        found = numbered([WEBBED])
    assert len(found) >= 15
    return [href(platform, number) for _, platform, number in found]


@pytest.fixture(scope="module")
def chromium(playwright):
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
    yield browser
    browser.close()


def everywhere(cases):
    """Addresses of all pages that show texts; a sample of them in the usual run."""
    proofs = [f"/hotline?{SPAN}&proof=hotline_received&rows=1",
              f"/whistle?{SPAN}&proof=whistle_blown&rows=1"]  # fmt: skip
    layers = "/map?layers=grid,urban,plot,gauge,team,store,camera&" + SPAN
    if not LONG:
        return [f"/?{SPAN}", proofs[0], layers, *cases[:4]]
    subjects = [f"{p}?{SPAN}" for p in pages.PATHS if not p.startswith(("/admin", "/case"))]
    more = [f"{path}?{SPAN}&proof={metric}&rows=1" for path, metric in PROOFS]
    return [*subjects, *proofs, *more, layers, *cases]


def settled(page: Page, address: str) -> None:
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_selector("#foot:has-text('快照')", timeout=60_000)
    if "rows=1" in address:
        page.wait_for_selector(".ag-row", timeout=60_000)


@pytest.mark.parametrize("policy", [True, False], ids=["with CSP", "without CSP"])
def test_s5_no_payload_runs_on_any_page(served, cases, chromium, policy):
    address, cookies = served
    context = chromium.new_context(bypass_csp=not policy, viewport={"width": 1440, "height": 1000})
    context.add_cookies([{"name": "honglan_session", "value": cookies["leader"], "url": address}])
    context.add_init_script(NOTES)
    context.set_default_timeout(PATIENCE_MS)
    page, wrong, violated, shown = context.new_page(), [], [], 0
    page.on("dialog", lambda dialog: (wrong.append(("dialog", dialog.message)), dialog.dismiss()))
    page.on("console", lambda m: violated.append(m.text) if "violates" in m.text else None)
    for path in everywhere(cases):
        settled(page, address + path)
        page.evaluate(TOUCH)
        page.evaluate(MOMENT)
        text = page.evaluate("document.body.textContent")
        shown += "fx(" in text
        wrong += [(path, f"payload {n}: {WEB[n]}") for n in page.evaluate(FIRED)]
        wrong += [(path, sink) for sink in page.evaluate(SINKS) if "fx(" in sink or "on" in sink]
        assert page.url.startswith(address), path
    context.close()
    assert wrong == [] and violated == []
    assert shown >= 3, "the payloads are there to be seen"


def test_s5_the_wall_shows_no_payload_at_all(served, chromium):
    address, cookies = served
    context = chromium.new_context(bypass_csp=True, viewport={"width": 1920, "height": 1080})
    context.add_cookies([{"name": "honglan_session", "value": cookies["wall"], "url": address}])
    context.add_init_script(NOTES)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{address}/wall")
    page.wait_for_selector("iframe.shown", timeout=60_000)
    shown = "document.querySelector('iframe.shown')"
    assert page.evaluate(f"{shown}.contentWindow.fired") == []
    assert "onerror" not in page.evaluate(f"{shown}.contentDocument.body.textContent")
    context.close()
