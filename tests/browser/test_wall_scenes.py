"""Every scene as it is drawn on three shapes of walls, and how a window changes scene."""

import re
from datetime import timedelta

import pytest

from cases import scenes
from cases.audit import Entry
from cases.store import open_store
from layouts.wall import scene_names
from tests.browser.test_wall import CUT_OFF, OUTSIDE, SMALL
from tests.browser.test_wall_seams import BOXES

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


def overlaps(boxes):
    """Pairs of texts that lie on each other; boxes from left to right."""
    ordered = sorted(boxes, key=lambda one: one[2])
    for number, one in enumerate(ordered):
        for other in ordered[number + 1 :]:
            if other[2] >= one[4] - 1:
                break
            if min(one[5], other[5]) - max(one[3], other[3]) > 1:
                yield one[:2], other[1]


@pytest.mark.parametrize("profile", SHAPES)
def test_every_scene_is_drawn_whole_and_quiet(visit, product, profile):
    window = visit("wall", *SHAPES[profile])
    for scene in scene_names():
        window.page.goto(f"{product.address}/wall?profile={profile}&scene={scene}")
        window.page.wait_for_function(SHOWN, arg=scene, timeout=60000)
        frame = next(
            f for f in window.page.frames if "/wall/frame" in f.url and f"scene={scene}" in f.url
        )
        frame.wait_for_function("document.fonts.status === 'loaded'")
        assert window.errors == [] and window.foreign == [], scene
        for check in (CUT_OFF, OUTSIDE, SMALL):
            assert frame.evaluate(check) == [], scene
        (width, height), boxes = frame.evaluate(BOXES)
        assert list(overlaps(boxes)) == [], scene
        if profile == "lcd_7x3":
            seams = [width * k / 7 for k in range(1, 7)]
            assert [b[:2] for b in boxes for s in seams if b[2] < s < b[4]] == [], scene
            seams = [height * k / 3 for k in (1, 2)]
            assert [b[:2] for b in boxes for s in seams if b[3] < s < b[5]] == [], scene
        text = frame.evaluate("document.body.innerText")
        assert not re.search(r"[A-Za-z]{4,}|NaN|undefined|读取失败", text), (scene, text)
        assert len(boxes) > 60, scene


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
