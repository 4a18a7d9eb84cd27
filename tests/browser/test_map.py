"""The map in a real browser: offline, under the strict policy, every click an address."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
ZOOM = "() => Math.round(100 * document.querySelector('.street-map path.leaflet-interactive')"
ZOOM += ".getBoundingClientRect().width)"
SHADED = ".street-map path.leaflet-interactive"


def opened(visit, product, address="/map", width=1440, height=900):
    seen = visit("leader", width, height)
    seen.page.goto(product.address + address)
    expect(seen.page.locator(SHADED).first).to_be_visible()
    return seen


def zoomed_in(page: Page) -> int:
    """One step closer; the width of the first outline afterwards, when nothing moves any more."""
    before = page.evaluate(ZOOM)
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_function(f"before => ({ZOOM})() !== before", arg=before)
    page.wait_for_function("() => !document.querySelector('.leaflet-zoom-anim')")
    return page.evaluate(ZOOM)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_map_draws_from_its_own_files_alone(product, visit, width, height):
    seen = opened(visit, product, "/map?layers=grid,urban,plot,gauge,team,store,camera",
                  width, height)  # fmt: skip
    expect(seen.page.locator(".street-map .mk").first).to_be_visible()
    expect(seen.page.locator(SHADED)).to_have_count(12)
    assert seen.page.locator(".street-map img").count() == 0
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.errors == [] and seen.foreign == []


OVERLAPS = """() => {
  const signs = [...document.querySelectorAll('.street-map .mk')];
  const boxes = signs.map(m => m.getBoundingClientRect());
  const half = (a, b) => {
    const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return w > 0 && h > 0 && w * h > 0.25 * Math.min(a.width * a.height, b.width * b.height);
  };
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b => half(a, b))).length;
}"""


def test_signs_of_the_first_view_do_not_hide_each_other(product, visit):
    seen = opened(visit, product, "/map")
    expect(seen.page.locator(".street-map .mk").first).to_be_visible()
    seen.page.wait_for_function(f"() => ({OVERLAPS})() === 0")
    assert seen.errors == []


def test_a_layer_is_a_box_that_stays_in_the_address_and_the_view_stays_where_it_was(product, visit):
    seen = opened(visit, product, "/map?layers=grid")
    page = seen.page
    size = zoomed_in(page)
    box = page.get_by_role("checkbox", name="水位站")
    expect(box).not_to_be_checked()
    box.focus()
    page.keyboard.press(" ")
    expect(page).to_have_url(re.compile(r"layers=grid,gauge"))
    expect(page.get_by_role("checkbox", name="水位站")).to_be_checked()
    expect(page.locator(".street-map .mk:not(.many)").first).to_be_visible()
    page.wait_for_function(f"size => ({ZOOM})() === size", arg=size)
    page.reload()
    expect(page.get_by_role("checkbox", name="水位站")).to_be_checked()
    assert seen.errors == [] and seen.foreign == []


def test_a_click_on_a_place_sets_its_filter_and_again_takes_it_off(product, visit):
    seen = opened(visit, product, "/map?layers=none")
    page = seen.page
    box = page.locator(SHADED).nth(3).bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*middle)
    expect(page).to_have_url(re.compile(r"community=320117005\d{3}"))
    expect(page.locator(".chip-pair").first).to_be_visible()
    expect(page.locator(f"{SHADED}[stroke-width='3']")).to_have_count(1)  # the map is drawn anew
    page.mouse.click(*middle)
    expect(page).not_to_have_url(re.compile("community="))
    expect(page.locator(".chip-pair")).to_have_count(0)
    page.go_back()
    expect(page).to_have_url(re.compile("community="))
    assert seen.errors == []


def test_a_sign_and_its_row_open_the_same_case(product, visit):
    seen = opened(visit, product, "/map?layers=plot")
    page = seen.page
    page.locator("details.twin summary").first.click()
    row = page.locator("details.twin a.case-no").first
    expect(row).to_be_visible()
    assert (row.get_attribute("href") or "").startswith("/case/demo:land_watch/")
    page.locator(".street-map .mk:not(.many)").first.click()
    expect(page).to_have_url(re.compile("/case/demo:land_watch/"))
    expect(page.locator("h1")).to_contain_text("TB")
    assert seen.errors == []


def test_the_number_of_a_layer_is_that_of_its_table_and_of_its_proof(product, visit):
    seen = opened(visit, product, "/map?layers=grid")
    page = seen.page
    shown = page.locator(".map-row", has_text="网格在办事件").locator("a.door")
    number = shown.inner_text()
    expect(page.locator("details.twin summary").first).to_contain_text(f"{number} 件")
    shown.click()
    expect(page.locator("#sheet")).to_contain_text(number)
    assert seen.errors == []


CUT = """() => [...document.querySelectorAll('.street-map .map-label')].filter(label => {
  const here = label.getBoundingClientRect();
  const box = label.closest('.street-box').getBoundingClientRect();
  return here.left < box.left || here.right > box.right || here.top < box.top
    || here.bottom > box.bottom;
}).map(label => label.textContent)"""


def test_on_paper_the_whole_street_is_seen(product, visit):
    page = opened(visit, product, "/map").page
    wide = page.evaluate("document.querySelector('.street-box').clientWidth")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(f"() => !({CUT})().length")
    assert page.evaluate("document.querySelector('.street-map').clientWidth") <= 688  # A4
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.querySelector('.street-map').clientWidth") == wide


TAKEN_AWAY = """() => new Promise(done => {
  const made = () => {
    const box = document.body.appendChild(document.createElement('div'));
    box.style.cssText = 'width: 300px; height: 200px';
    const map = window.L.map(box), hideout = {frame: [118.6, 31.9, 118.9, 32.1]};
    window.honglan.map.each({properties: {}}, {on() {}}, {map: map, hideout: hideout});
    return map;
  };
  const early = made(), late = made();
  early.fire('moveend');
  early.remove();
  setTimeout(() => {
    late.remove();
    late.fire('moveend');  // as after a resize, which the library tells 200 ms later
  }, 50);
  setTimeout(done, 200);
})"""


def test_a_map_that_is_taken_away_while_its_signs_are_being_put_leaves_no_error(visit, product):
    window = visit("leader", 1366, 768)
    window.page.goto(product.address + "/map")
    window.page.wait_for_selector(".leaflet-marker-pane .mk")
    window.page.evaluate(TAKEN_AWAY)
    assert window.errors == []
