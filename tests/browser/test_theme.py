"""Light and dark in a real browser: as the device has it, or as chosen; paper is light."""

import pytest
from playwright.sync_api import expect

from layouts.theme import load_theme

pytestmark = pytest.mark.browser
GROUND = "() => getComputedStyle(document.documentElement).backgroundColor"
FIRST = """() => { window.grounds = []; const look = () => { if (document.body) window.grounds.push(
  getComputedStyle(document.body).backgroundColor); requestAnimationFrame(look); }; look(); }"""


def rgb(medium, role):
    value = load_theme()[medium][role]
    red, green, blue = (int(value[n : n + 2], 16) for n in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


def choose(page, words):
    page.get_by_label("外观").click()
    page.get_by_role("button", name=words, exact=True).click()


def test_a_page_follows_the_device_until_its_reader_chooses_and_never_flashes(visit, product):
    window = visit("leader", 1440, 900)
    page = window.page
    page.emulate_media(color_scheme="dark")
    page.add_init_script(f"({FIRST})()")
    page.goto(product.address + "/flood")
    expect(page.locator(".chart .scatterlayer .js-line").first).to_be_visible()
    assert set(page.evaluate("window.grounds")) == {rgb("dark", "ground")}
    line = page.locator(".chart .scatterlayer .js-line").first
    colour = "mark => getComputedStyle(mark).stroke"
    assert line.evaluate(colour) == rgb("dark", "teal")
    choose(page, "浅色")
    assert page.evaluate(GROUND) == rgb("light", "ground")
    assert line.evaluate(colour) == rgb("light", "teal")
    page.reload()
    expect(page.locator(".chart .scatterlayer .js-line").first).to_be_visible()
    assert set(page.evaluate("window.grounds")) == {rgb("light", "ground")}
    choose(page, "深色")
    page.emulate_media(color_scheme="light")
    assert page.evaluate(GROUND) == rgb("dark", "ground")
    page.emulate_media(media="print")
    assert page.evaluate(GROUND) == rgb("light", "panel")
    assert page.locator(".panel").first.evaluate("panel => getComputedStyle(panel).color") == rgb(
        "light", "ink"
    )
    page.emulate_media(media="screen")
    page.goto(product.address + "/password")
    assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == rgb(
        "dark", "ground"
    )
    choose(page, "跟随设备")
    assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == rgb(
        "light", "ground"
    )
    assert window.errors == [] and window.foreign == []
