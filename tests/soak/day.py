"""One window for the data ticks of a day: each drawn before the next is sent, nothing grown."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.conftest import login
from tests.browser.product import PASSWORDS
from tests.soak.growth import Sample
from tests.soak.stand import ACCOUNT, Stand

SAMPLES = 48
SILENT_S = 60  # without a new tick, then the link or the loop is dead
AGREE_S = 45  # one tick at the usual pace, and a half
WATCH = Path(__file__).with_name("watch.js").read_text(encoding="utf-8")
STATE = """() => ({
  tick: soak.tick, acknowledged: soak.acknowledged, wrong: soak.wrong,
  told: Number((document.getElementById('tick').textContent || '').split(' ')[7]),
  late: Number(document.documentElement.dataset.late || 0),
  link: document.documentElement.dataset.link,
})"""
SHOWN = """() => {
  const cards = [...document.querySelectorAll('#stage > [data-panel]')].filter(c => c.offsetWidth);
  return Object.fromEntries(cards.map(card => {
    const words = [...card.querySelectorAll('.head, .body, .over, .foot')]
      .filter(part => !part.querySelector('.clock, .counting')).map(part => part.innerText);
    const charts = [...card.querySelectorAll('.js-plotly-plot')].filter(c => c.offsetHeight)
      .map(chart => JSON.stringify(chart.data));
    return [card.dataset.panel, JSON.stringify([words, charts])];
  }));
}"""


@dataclass
class Window:
    """One window of the wall: a frame by itself, so that no nightly reload hides what grows."""

    page: Page
    probe: CDPSession

    def state(self) -> dict[str, Any]:
        """What the watch in the page has seen."""
        found: dict[str, Any] = self.page.evaluate(STATE)
        return found

    def shown(self) -> dict[str, str]:
        """Words and charts of each card."""
        found: dict[str, str] = self.page.evaluate(SHOWN)
        return found

    def measure(self, ticks: int) -> Sample:
        """Heap, nodes and listeners after what can be collected is."""
        for _ in range(2):  # what the first one finalizes only the second frees
            self.probe.send("HeapProfiler.collectGarbage")
        told = self.probe.send("Performance.getMetrics")["metrics"]
        by_name = {one["name"]: one["value"] for one in told}
        return Sample(
            ticks,
            by_name["JSHeapUsedSize"] / 2**20,
            int(by_name["Nodes"]),
            int(by_name["JSEventListeners"]),
        )


def day(
    stand: Stand, browser: Browser, ticks: int, minutes: float, *, leak: bool
) -> tuple[list[Sample], float, list[str]]:
    """Look at one window until so many numbered data ticks were drawn in it.

    A machine that is too slow for them ends after so many minutes with those it has drawn.
    """
    window = frame(stand, browser, leak=leak)
    samples = [window.measure(0)]
    began = moved = time.monotonic()
    before = 0
    while before < ticks and time.monotonic() - began < 60 * minutes:
        state = window.state()
        if wrong := _wrong(state):
            return samples, time.monotonic() - began, wrong
        if state["tick"] > before:
            before, moved = state["tick"], time.monotonic()
        elif time.monotonic() - moved > SILENT_S:
            gone = f"nothing was drawn for {SILENT_S} s after {before} ticks: {state}"
            return samples, time.monotonic() - began, [gone]
        if before >= len(samples) * ticks / SAMPLES:
            samples.append(window.measure(before))
            print(_said(samples[-1], time.monotonic() - began), flush=True)
        window.page.wait_for_timeout(200)
    took = time.monotonic() - began
    samples.append(window.measure(before))
    print(f"{before} ticks in {took:.0f} s", flush=True)
    stand.slow()
    fresh = frame(stand, browser, leak=False)
    wrong = newest(window, fresh)
    for one in (window, fresh):
        one.page.context.close()
    return samples, took, wrong


def newest(old: Window, new: Window) -> list[str]:
    """Cards of a window that has hung for long which differ from those of one just opened."""
    end = time.monotonic() + AGREE_S
    while True:
        there, fresh = old.shown(), new.shown()
        differ = sorted(name for name in fresh if there.get(name) != fresh[name])
        if not differ:
            return []
        if time.monotonic() > end:
            return [f"{name} shows {there.get(name)}, not {fresh[name]}" for name in differ]
        old.page.wait_for_timeout(200)


def frame(stand: Stand, browser: Browser, *, leak: bool) -> Window:
    """A frame of the overview, drawn and watched."""
    page = entered(stand, browser)
    page.goto(f"{stand.address}/wall/frame/?profile=screen_16x9&scene=overview")
    page.wait_for_selector("html[data-drawn='1']", state="attached", timeout=120_000)
    page.evaluate(WATCH, leak)
    return Window(page, probe(page))


def entered(stand: Stand, browser: Browser) -> Page:
    """A window of the wall's account."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN")
    page = context.new_page()
    login(page, stand.address, ACCOUNT, PASSWORDS["wall"])
    return page


def probe(page: Page) -> CDPSession:
    """What measures a window from outside of its page."""
    made = page.context.new_cdp_session(page)
    made.send("Performance.enable")
    return made


def _wrong(state: dict[str, Any]) -> list[str]:
    late = [f"{state['late']} beats were acknowledged before they were drawn"]
    return [*state["wrong"], *(late if state["late"] else [])]


def _said(one: Sample, seconds: float) -> str:
    return (
        f"{one.ticks} ticks: {one.heap:.1f} MB, {one.nodes} nodes, "
        f"{one.listeners} listeners, {seconds:.0f} s"
    )
