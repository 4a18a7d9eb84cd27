"""What is heard of an alarm, by the page's own clock: each minute until somebody acknowledges, from
one of all outputs."""

from __future__ import annotations

import pytest

from cases import alarms, raising
from config import clock
from tests.browser.conftest import QUIET, come_in
from tests.browser.test_takeover import STATION, WALLS, Post

pytestmark = pytest.mark.browser
OUTPUTS = 4
RANKS = {"record": 1, "guarantee": 2, "warning": 3, "near": 4}
HEARD = "() => Number(document.documentElement.dataset.sounded || 0)"
SAID = "words => document.getElementById('alarm-sound').textContent.startsWith(words)"
ALLOWED = "() => document.documentElement.dataset.sound === 'on'"


@pytest.fixture
def outputs(small, chromium):
    """Four windows of one wall in a browser that may sound, and the time they go by."""
    post = Post(small, chromium)
    loud = [*QUIET, "--autoplay-policy=no-user-gesture-required"]
    browser = chromium.browser_type.launch(executable_path="/usr/bin/chromium", args=loud)
    width, height = WALLS["screen_1080"]
    context = browser.new_context(viewport={"width": width // 4, "height": height // 4})
    come_in(context, small.address, "wall")
    context.clock.install()

    class Outputs:
        def __init__(self):
            self.post, self.frames, self.known = post, [], 0
            for number in range(1, OUTPUTS + 1):
                page = context.new_page()
                # without the shell around it, which would load a frame anew that heard nothing for
                # the minutes by which its clock is moved on
                page.goto(f"{small.address}/wall/frame/?profile=screen_1080&output={number}")
                self.frames.append(page)
            for frame in self.frames:
                frame.wait_for_function(ALLOWED)

        def are_told(self, words):
            for frame in self.frames:
                frame.wait_for_function(SAID, arg=words)

        def later(self, seconds):
            """The pages' clocks are moved on; how often all four sounded in this time."""
            context.clock.fast_forward(seconds * 1000)
            for frame in self.frames:  # two more looks of each, so that a second sound would show
                frame.wait_for_timeout(600)
            heard = sum(frame.evaluate(HEARD) for frame in self.frames)
            self.known, new = heard, heard - self.known
            return new

    yield Outputs()
    context.close()
    browser.close()
    post.calm()


@pytest.mark.parametrize("limit", ["record", "guarantee"])
def test_one_and_two_sound_again_each_minute_from_one_output_until_acknowledged(outputs, limit):
    number = outputs.post.raise_flood(STATION, RANKS[limit], limit)
    outputs.are_told(f"{RANKS[limit]} 60 ")
    assert outputs.later(1) == 1
    assert [outputs.later(seconds) for seconds in (50, 12, 40, 22)] == [0, 1, 0, 1]
    alarms.acknowledge(outputs.post.store, number, "seat", clock.now())
    for frame in outputs.frames:
        frame.wait_for_function("() => !document.getElementById('alarm-sound').textContent")
    assert outputs.later(130) == 0


def test_a_rise_sounds_each_time_it_comes_and_a_fall_never(outputs):
    post = outputs.post
    post.raise_flood(STATION, 3, "warning")
    outputs.are_told("3 0 ")
    heard = [outputs.later(1), outputs.later(90)]
    post.change(STATION, raising.rerank, 8.9, 4, "near")
    for frame in outputs.frames:
        frame.wait_for_function("() => !document.getElementById('alarm-sound').textContent")
    heard.append(outputs.later(1))
    post.change(STATION, raising.rerank, 9.2, 3, "warning")
    outputs.are_told("3 0 ")
    heard.append(outputs.later(1))
    post.change(STATION, raising.rerank, 10.3, 2, "guarantee")
    outputs.are_told("2 60 ")
    heard.append(outputs.later(1))
    post.change(STATION, raising.rerank, 9.2, 3, "warning")
    outputs.are_told("3 0 ")
    heard.append(outputs.later(90))
    assert heard == [1, 0, 0, 1, 1, 0]
