"""The wall for the 2,880 data ticks of a day, then 50 reloads: `python -m tests.soak [--ticks N]`.

The real product on a demo town whose clock runs sixty times as fast, and one window of a real
browser; the next tick is sent when the last one is drawn. Ends with 1 and says why when the heap
after a collection, the nodes or the listeners grow by more than a tenth, a tick is acknowledged
that is not on the screen, the newest one is not drawn, or reloads leave loops behind. The curve
goes to docs/pictures/soak.svg.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Frame, Page, sync_playwright

from tests.browser.conftest import PASSWORDS, QUIET, ROOT, Product, login, new_product
from tests.soak.curve import Sample, draw

TICKS = 2880  # half minutes of a day
SAMPLES = 48
SETTLED = 0.05  # of the ticks, before what is grown from is measured
MOST_GROWTH = 0.10
RELOADS = 50
SPEED = "60"
STATE = """() => {
  const root = document.documentElement;
  const parts = (document.getElementById('tick')?.textContent || '').split(' ');
  const charts = [...document.querySelectorAll('.js-plotly-plot')].filter(e => e.offsetHeight);
  return {
    number: Number(parts[0]), late: Number(root.dataset.late || 0), link: root.dataset.link,
    clock: document.querySelector('.clock')?.textContent, version: parts[3],
    metas: charts.map(e => [e.layout?.meta, e._fullLayout?.meta]),
  };
}"""


@dataclass
class Window:
    """One window of the wall."""

    page: Page
    probe: CDPSession

    @property
    def frame(self) -> Frame:
        """The frame that is shown."""
        self.page.wait_for_selector("iframe.shown", timeout=60_000)
        handle = self.page.query_selector("iframe.shown")
        found = handle.content_frame() if handle else None
        assert found is not None, "the frame that is shown has no page"
        return found

    def measure(self, ticks: int) -> Sample:
        """Heap after a collection, nodes and listeners."""
        self.probe.send("HeapProfiler.collectGarbage")
        told = self.probe.send("Performance.getMetrics")["metrics"]
        by_name = {one["name"]: one["value"] for one in told}
        return Sample(
            ticks,
            by_name["JSHeapUsedSize"] / 2**20,
            int(by_name["Nodes"]),
            int(by_name["JSEventListeners"]),
        )


def main() -> int:
    """Exit 0 when the wall is after a day as it was at its beginning."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--ticks", type=int, default=TICKS)
    words.add_argument("--reloads", type=int, default=RELOADS)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        product = new_product(Path(folder))
        product.environment["HONGLAN_DEMO_SPEED"] = SPEED
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        try:
            product.begin()
            product.wait_for("/healthz", 60)
            product.wait_for_first_load(1200)
            samples, wrong = day(product, browser, asked.ticks)
            wrong += loops(product, browser, asked.reloads)
        finally:
            browser.close()
            for name in list(product.processes):
                product.stop(name)
    draw(samples, ROOT / "docs" / "pictures" / "soak.svg")
    for each in wrong:
        print(f"FAILED: {each}")
    print("soak: " + ("failed" if wrong else "passed"))
    return 1 if wrong else 0


def day(product: Product, browser: Browser, ticks: int) -> tuple[list[Sample], list[str]]:
    """Look at one window until so many ticks of half a minute were drawn in it."""
    window = opened(product, browser)
    wrong: list[str] = []
    samples: list[Sample] = []
    drawn, last_clock, began = 0, "", time.monotonic()
    moved = last_move = time.monotonic()
    while drawn < ticks:
        state = window.frame.evaluate(STATE)
        half = half_minute(state["clock"])
        if half != last_clock:
            drawn += half_minutes_between(last_clock, half)
            last_clock, last_move = half, time.monotonic()
        if time.monotonic() - last_move > 30:
            return samples, [*wrong, f"nothing was drawn for 30 s after {drawn} ticks: {state}"]
        if state["late"]:
            wrong.append(f"{state['late']} beats were acknowledged before they were drawn")
            break
        if drawn >= (len(samples) + 1) * ticks / SAMPLES or not samples:
            samples.append(window.measure(drawn))
            one = samples[-1]
            print(
                f"{drawn} ticks: {one.heap:.1f} MB, {one.nodes} nodes, {one.listeners} listeners,"
                f" beat {state['number']}, {time.monotonic() - began:.0f} s",
                flush=True,
            )
            wrong += unfinished(window)
        time.sleep(0.1)
        moved = time.monotonic()
    print(f"{drawn} ticks in {moved - began:.0f} s")
    window.page.context.close()
    return samples, wrong + grown(samples, ticks)


def half_minute(clock: Any) -> str:
    """The half minute that the wall's own clock shows: "13:07.5"."""
    text = str(clock or "")
    return f"{text[:5]}{'.5' if text[6:8] >= '30' else '.0'}" if len(text) == 8 else ""


def half_minutes_between(before: str, after: str) -> int:
    """How many half minutes lie between two readings of a clock, over midnight too."""
    if not before or not after:
        return 0
    first, last = (
        2 * (60 * int(each[:2]) + int(each[3:5])) + (each[-1] == "5") for each in (before, after)
    )
    return (last - first) % TICKS


def unfinished(window: Window) -> list[str]:
    """Charts on the screen that are not the newest figure they were given."""
    return [
        f"a chart was acknowledged undrawn: {given} is there, {drawn} is drawn"
        for given, drawn in window.frame.evaluate(STATE)["metas"]
        if given != drawn
    ]


def grown(samples: list[Sample], ticks: int) -> list[str]:
    """What grew by more than a tenth from the settled beginning to the end."""
    settled = next((one for one in samples if one.ticks >= SETTLED * ticks), None)
    if settled is None or len(samples) < 3:
        return ["too few samples were taken"]
    said = []
    for name in ("heap", "nodes", "listeners"):
        first, last = getattr(settled, name), getattr(samples[-1], name)
        print(f"{name}: {first:.1f} to {last:.1f} ({(last / first - 1) * 100:+.1f} %)")
        if last > first * (1 + MOST_GROWTH):
            said.append(f"{name} grew from {first:.1f} to {last:.1f}")
    return said


def loops(product: Product, browser: Browser, reloads: int) -> list[str]:
    """Reload one window often while a second stays open: one loop for each is left."""
    first, second = opened(product, browser), opened(product, browser)
    for _ in range(reloads):
        first.page.reload(wait_until="commit")
        first.page.wait_for_selector("iframe.shown", timeout=60_000)
    token = product.run("dashboard", "token", "create", "--role", "admin").strip()
    asked = first.page.context.request
    end = time.monotonic() + 45
    open_sockets = -1.0
    while time.monotonic() < end and open_sockets != 2:
        told = asked.get(
            f"{product.address}/metrics", headers={"authorization": f"Bearer {token}"}
        ).text()
        open_sockets = next(
            float(line.split()[1])
            for line in told.splitlines()
            if line.startswith("honglan_open_sockets ")
        )
        time.sleep(1)
    print(f"after {reloads} reloads: {open_sockets:.0f} loops for 2 windows")
    drawn = [window.frame.evaluate(STATE)["link"] for window in (first, second)]
    wrong = [] if open_sockets == 2 else [f"{open_sockets:.0f} loops are left for 2 windows"]
    return wrong + ([] if drawn == ["ok", "ok"] else [f"the windows are {drawn}"])


def opened(product: Product, browser: Browser) -> Window:
    """A window of the wall, drawn."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    page = context.new_page()
    login(page, product.address, "wall", PASSWORDS["wall"])
    page.goto(f"{product.address}/wall?scene=overview")
    page.wait_for_selector("iframe.shown", timeout=120_000)
    probe = context.new_cdp_session(page)
    probe.send("Performance.enable")
    return Window(page, probe)


if __name__ == "__main__":
    sys.exit(main())
