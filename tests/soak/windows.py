"""What months do to a window of the wall besides ticks: scenes that change, reloads."""

from __future__ import annotations

import time

from playwright.sync_api import Browser, Page

from tests.soak.day import Window, entered, probe
from tests.soak.growth import Sample, grown
from tests.soak.stand import Stand

SCENES = ("hotline", "overview")
A_TURN_MS = 90_000
END_S = 60  # a loop ends within 30 s of its window
SHOWN = """scene => {
  const frames = [...document.querySelectorAll('iframe')];
  return frames.length === 1 && frames[0].className === 'shown' &&
    frames[0].contentDocument.documentElement.dataset.scene === scene;
}"""


def turns(stand: Stand, browser: Browser, count: int) -> tuple[list[Sample], list[str]]:
    """Change the scene often, each time by a second frame: none of them may stay behind."""
    window = shell(stand, browser)
    samples: list[Sample] = []
    for number in range(1, count + 1):
        scene = SCENES[number % 2 - 1]
        stand.hold(scene)
        window.page.wait_for_function(SHOWN, arg=scene, timeout=A_TURN_MS)
        if scene == SCENES[-1]:  # of one scene only: each has its own number of nodes
            samples.append(window.measure(number))
            one = samples[-1]
            print(f"turn {number}: {one.heap:.1f} MB, {one.nodes} nodes", flush=True)
    stand.hold("overview")
    window.page.context.close()
    return samples, grown(samples, "scenes")


def loops(stand: Stand, browser: Browser, reloads: int) -> tuple[float, list[str]]:
    """Reload one window often while a second stays open: one loop for each is left."""
    first, second = shell(stand, browser), shell(stand, browser)
    for _ in range(reloads):
        first.page.reload(wait_until="commit")
        first.page.wait_for_selector("iframe.shown", timeout=A_TURN_MS)
    token = stand.product.run("dashboard", "token", "create", "--role", "admin").strip()
    end = time.monotonic() + END_S
    left = open_sockets(stand, first.page, token)
    while left != 2 and time.monotonic() < end:
        first.page.wait_for_timeout(1000)
        left = open_sockets(stand, first.page, token)
    print(f"after {reloads} reloads: {left:.0f} loops for 2 windows", flush=True)
    wrong = [] if left == 2 else [f"{left:.0f} loops are left for 2 windows"]
    links = [link(window.page) for window in (first, second)]
    return left, wrong + ([] if links == ["ok", "ok"] else [f"the windows are {links}"])


def open_sockets(stand: Stand, page: Page, token: str) -> float:
    """How many sockets the web holds open."""
    asked = page.context.request.get(
        f"{stand.address}/metrics", headers={"authorization": f"Bearer {token}"}
    )
    line = next(
        line for line in asked.text().splitlines() if line.startswith("honglan_open_sockets ")
    )
    return float(line.split()[1])


def link(page: Page) -> str | None:
    """What the shown frame says of its link."""
    handle = page.query_selector("iframe.shown")
    inner = handle.content_frame() if handle else None
    return inner.evaluate("document.documentElement.dataset.link") if inner else None


def shell(stand: Stand, browser: Browser) -> Window:
    """A window of the wall as a kiosk opens it, drawn."""
    page = entered(stand, browser)
    page.goto(f"{stand.address}/wall")
    page.wait_for_selector("iframe.shown", timeout=120_000)
    return Window(page, probe(page))
