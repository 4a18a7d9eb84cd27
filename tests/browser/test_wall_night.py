"""Less light at night, all of it for an alarm, and a picture that never stands still for long."""

from __future__ import annotations

import os
import re
import shutil
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from config import clock
from dashboard.theme import colour
from tests.browser.conftest import come_in
from tests.browser.product import ROOT, new_product
from tests.browser.test_takeover import TAKEN, Post

pytestmark = pytest.mark.browser
COLOUR = """one => {
  const found = document.querySelector(one);
  return found && getComputedStyle(found).color.match(/\\d+/g).map(Number);
}"""
TICKS = """one => [...document.querySelectorAll(one + ' .js-plotly-plot text')]
  .map(text => getComputedStyle(text).fill.match(/\\d+/g).map(Number))"""
SHIFT_MS = 300_000
RING = 13  # places the picture goes to, one after the other


def rgb(role, medium):
    return [int(colour(role, medium)[k : k + 2], 16) for k in (1, 3, 5)]


@pytest.fixture(scope="module")
def clocked(tmp_path_factory):
    """A product whose hours of the night a test may write; the web reads them while it runs."""
    folder = tmp_path_factory.mktemp("night")
    shutil.copytree(ROOT / "config", folder / "config", ignore=shutil.ignore_patterns("*.py"))
    made = new_product(folder / "var")
    made.environment["HONGLAN_CONFIG"] = str(folder / "config")
    made.start("web", "dashboard", "serve")
    try:
        made.wait_for("/healthz", 150)
        yield made, folder / "config" / "scenes.toml"
    finally:
        made.end()


def set_night(file: Path, *, on: bool):
    """Let it be night now, or half a day from now."""
    begin = clock.local() - timedelta(hours=1 if on else 12)
    text = re.sub(r'(?m)^from = "\d\d:\d\d"', f'from = "{begin:%H:%M}"', file.read_text())
    end = begin + timedelta(hours=3)
    part = file.with_suffix(".part")
    part.write_text(re.sub(r'(?m)^until = "\d\d:\d\d"', f'until = "{end:%H:%M}"', text))
    part.replace(file)
    os.utime(file)


def test_the_wall_is_dimmed_at_night_without_a_reload_and_a_takeover_is_not(clocked, chromium):
    product, file = clocked
    set_night(file, on=False)
    post = Post(product, chromium)
    frame = post.wall("screen_1080")
    frame.wait_for_function("() => document.documentElement.dataset.light !== 'night'")
    frame.evaluate("window.kept = true")
    assert frame.evaluate(COLOUR, ".site") == rgb("text", "wall")
    set_night(file, on=True)
    frame.wait_for_function("() => document.documentElement.dataset.light === 'night'")
    assert frame.evaluate("window.kept") is True
    assert frame.evaluate(COLOUR, ".site") == rgb("text", "night")
    post.raise_flood()
    frame.wait_for_function(TAKEN)
    frame.wait_for_selector("#card-alarm_curve .js-line", state="attached")
    title = "#takeover [data-panel=alarm_steps] .title"
    assert frame.evaluate(COLOUR, title) == rgb("text", "wall")
    assert rgb("muted", "wall") in frame.evaluate(TICKS, "#card-alarm_curve")
    assert rgb("muted", "night") not in frame.evaluate(TICKS, "#card-alarm_curve")
    assert frame.evaluate(COLOUR, ".site") == rgb("text", "night")
    post.calm()
    set_night(file, on=False)
    frame.wait_for_function("() => document.documentElement.dataset.light === 'day'")
    assert frame.evaluate(COLOUR, ".site") == rgb("text", "wall")
    for context in post.contexts:
        context.close()


def test_the_picture_moves_every_five_minutes_by_a_point_or_two_and_stays_where_it_belongs(
    clocked, chromium
):
    product, _ = clocked
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    come_in(context, product.address, "wall")
    page.route("**/wall/frame/?*", lambda _route: None)  # the shell alone, and its own clock
    page.clock.install()
    page.goto(f"{product.address}/wall")
    seen = []
    for _ in range(RING):
        page.clock.fast_forward(SHIFT_MS)
        box = page.evaluate("document.body.getBoundingClientRect().toJSON()")
        seen.append((box["x"], box["y"]))
    context.close()
    assert all(one != other for one, other in pairwise(seen))
    assert len(set(seen)) == RING and seen[-1] == (0, 0)
    for along in (0, 1):
        assert {one[along] for one in seen} == {-2, -1, 0, 1, 2}
        assert sum(one[along] for one in seen) == 0
