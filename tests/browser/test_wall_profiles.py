"""Every shipped wall and every scene in a real browser: whole, legible, off the seams, quiet.

In the suite each wall shows one scene, so that all walls and all scenes are seen once. With
HONGLAN_LONG every wall shows every scene, the visitors' ones too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import cycle

import pytest
from playwright.sync_api import Page

from layouts.wall import VISITORS, load_profiles, load_scene, scene_names
from tests.browser.conftest import come_in
from tests.browser.wall_look import DRAWN, at_rest, faults, measured, viewport
from tests.browser.wall_look import show as draw

pytestmark = pytest.mark.browser
PROFILES = load_profiles()
SCENES = scene_names()
LONG = bool(os.environ.get("HONGLAN_LONG"))
EVERY = [(wall, scene + end) for wall in PROFILES for scene in SCENES for end in ("", VISITORS)]
ONE_EACH = list(zip(PROFILES, cycle(SCENES), strict=False))
OUTPUTS = [(key, one.number) for key, wall in PROFILES.items() for one in wall.outputs]
NOISE = ("error", "warning")
PLACED = """() => [...document.querySelectorAll('#stage > [data-panel]')].filter(
  card => card.getClientRects().length).map(card => card.dataset.panel)"""  # also under an alarm


@pytest.fixture(scope="module")
def window(product, chromium) -> Iterator[tuple[Page, list[str]]]:
    """One window for all walls, and what its console said."""
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page, said = context.new_page(), []
    come_in(context, product.address, "wall")
    page.on("console", lambda one: said.append(one.text) if one.type in NOISE else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page, said
    context.close()


def show(page: Page, address: str, size: dict[str, int], asked: str) -> None:
    page.set_viewport_size(size)
    draw(page, address, asked)


@pytest.mark.parametrize(("wall", "scene"), EVERY if LONG else ONE_EACH)
def test_a_wall_shows_a_scene_whole_legible_and_off_its_seams(window, product, wall, scene):
    page, said = window
    said.clear()
    show(page, product.address, viewport(PROFILES[wall]), f"profile={wall}&scene={scene}")
    seen = at_rest(PROFILES[wall], page)
    assert len(seen["texts"]) > 60
    assert faults(PROFILES[wall], seen) == []
    assert said == []


def test_a_wall_is_drawn_when_its_charts_have_the_size_of_their_places(window, product):
    page, _ = window
    show(page, product.address, viewport(PROFILES["lcd_7x3"]), "profile=lcd_7x3&scene=flood")
    page.evaluate(
        """() => {
          performance.now = () => 1000;  // a chart that never fits does not hold the wall for ever
          const chart = document.querySelector('#card-rain .main-svg');
          chart.style.height = '5px';
          delete document.documentElement.dataset.drawn;
          window.looked = new Promise(done => window.setTimeout(done, 700));  // more than two looks
        }"""
    )
    page.evaluate("() => window.looked")
    assert page.locator(DRAWN).count() == 0
    page.evaluate("() => { document.querySelector('#card-rain .main-svg').style.height = ''; }")
    page.wait_for_selector(DRAWN, state="attached")


def test_a_fault_is_found_where_there_is_one(window, product):
    page, _ = window
    wall = PROFILES["lcd_7x3"]
    show(page, product.address, viewport(wall), f"profile={wall.key}&scene=overview")
    page.evaluate(
        """() => {
          document.querySelector('#card-received_today').style.left = '20rem';
          document.querySelector('#card-rain .title').style.fontSize = '.8rem';
          document.querySelector('#card-on_time_rate .value').style.fontSize = '7rem';
        }"""
    )
    wrong = "\n".join(faults(wall, measured(page)))
    assert "card received_today lies on on_time_rate" in wrong
    assert "runs over the seam at 24.9 across" in wrong
    assert "is 0.80 rem" in wrong
    assert "on_time_rate: " in wrong and "lies on" in wrong


def test_the_outputs_of_one_player_show_one_canvas_and_no_text_runs_over_their_edges(
    window, product
):
    page, said = window
    said.clear()
    seen: dict[str, list[str]] = {}
    for key, number in OUTPUTS:
        wall = PROFILES[key]
        part = wall.output(number)
        size = viewport(wall)
        own = {
            "width": round(size["width"] * part.width),
            "height": round(size["height"] * part.height),
        }
        show(page, product.address, own, f"profile={key}&output={number}&scene=overview")
        found = measured(page)
        left, right = wall.columns * part.left, wall.columns * (part.left + part.width)
        for name, words, *box in found["texts"]:
            assert box[0] >= left - 0.05 and box[2] <= right + 0.05, (number, name, words)
        assert found["window"][0] == pytest.approx(found["scale"][0] * (right - left), rel=0.005)
        seen.setdefault(key, []).extend(page.evaluate(PLACED))
    for key, names in seen.items():
        whole = set(load_scene("overview").grid_for(PROFILES[key]).grid.panels)
        assert sorted(names) == sorted(whole)  # each card on one output, none forgotten
    assert said == []
