"""Every scene as it is drawn on three shapes of walls, and how a window changes scene."""

import re
from datetime import timedelta

import pytest

from cases import scenes
from cases.audit import Entry
from cases.store import open_store
from layouts.wall import scene_names
from tests.browser.test_wall import faults_of
from tests.browser.test_wall_seams import BOXES, on_seams, overlaps
from tests.browser.wall_look import rested, show

pytestmark = pytest.mark.browser
SHAPES = {  # profile: the window of its signal
    "lcd_7x3": (13440, 3240),
    "led_2x35": (5120, 2176),
    "screen_16x9": (3840, 2160),
}
SHOWN = """scene => {
  const page = document.querySelector('iframe.shown')?.contentDocument?.documentElement;
  return page?.dataset.scene === scene && page.dataset.drawn === '1';
}"""
BLANK = """() => {
  const count = () => document.querySelectorAll('iframe.shown').length;
  window.blank = 0;
  window.setInterval(() => { if (!count()) window.blank += 1; }, 50);
}"""


@pytest.mark.parametrize("profile", SHAPES)
def test_every_scene_is_drawn_whole_and_quiet(visit, product, profile):
    window = visit("wall", *SHAPES[profile])
    page = window.page

    def on_each_other_or_on_seams(seen):
        return list(overlaps(seen[1])) + (on_seams(seen) if profile == "lcd_7x3" else [])

    for scene in scene_names():
        show(page, product.address, f"profile={profile}&scene={scene}")
        assert faults_of(page) == [], scene
        seen = rested(page, lambda: page.evaluate(BOXES), on_each_other_or_on_seams)
        assert on_each_other_or_on_seams(seen) == [], scene
        text = page.inner_text("body")
        assert not re.search(r"[A-Za-z]{4,}|NaN|undefined|读取失败", text), (scene, text)
        assert len(seen[1]) > 60, scene
        assert window.errors == [] and window.foreign == [], scene


def test_a_window_changes_scene_without_reload_or_dark_moment(visit, product):
    store = open_store(f"sqlite:///{product.var / 'cases.sqlite3'}")
    who, long = Entry("", who="test"), timedelta(days=1)
    page = visit("wall", 1920, 1080).page
    try:
        page.goto(f"{product.address}/wall")
        page.wait_for_function(SHOWN, arg="overview", timeout=60000)
        page.evaluate(BLANK)
        scenes.choose(store, "night", long, who)
        page.wait_for_function(SHOWN, arg="night", timeout=60000)
        scenes.receive_visitors(store, long, who, on=True)
        page.wait_for_function(SHOWN, arg="night-visitors", timeout=60000)
        assert page.evaluate("window.blank") == 0
    finally:
        scenes.receive_visitors(store, long, who, on=False)
        scenes.hold(store, "overview", long, who)
        store.close()
