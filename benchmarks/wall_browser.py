"""Chromium as a wall: what a first load takes, and what its updates and an alarm cost to draw."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Page, Playwright, expect

from benchmarks.figure import quantile, show
from benchmarks.takeover import one_round
from cases.store import Store
from tests.browser.conftest import QUIET

SIZE = {"width": 1920, "height": 1080}
WALL = "/wall?profile=screen_16x9"
FIRST_S, LONGEST_S, SETTLE_S = 90.0, 60.0, 3.0  # until shown, until news are drawn
ALARMS = 8
CALM_MS = 40.0  # of a second that Chromium spends with nothing to do


def opened(playwright: Playwright, address: str, cookie: str) -> tuple[Any, Page]:
    """Chromium with the session of a wall."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    given = {"name": "honglan_session", "value": cookie, "url": address}
    context.add_cookies([given])  # type: ignore[list-item]
    return browser, context.new_page()


def shown(page: Page, address: str) -> float:
    """Open the wall; the seconds until the shell shows a frame in which every panel is drawn."""
    begun = time.perf_counter()
    page.goto(address + WALL)
    page.wait_for_selector("iframe.shown", timeout=FIRST_S * 1000)
    return time.perf_counter() - begun


def cold(playwright: Playwright, address: str, cookie: str) -> None:
    """Bytes of a first load by type, and how long it takes beside a page without anything."""
    browser, page = opened(playwright, address, cookie)
    begun = time.perf_counter()
    page.goto(f"{address}/healthz")
    empty = time.perf_counter() - begun
    calmed(page, processor(browser))
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: Counter[str] = Counter()
    line.on("Network.requestWillBeSent", lambda e: kinds.update({e["requestId"]: _kind(e)}))
    line.on(
        "Network.loadingFinished",
        lambda e: sizes.update({kinds.get(e["requestId"], "Other"): int(e["encodedDataLength"])}),
    )
    spent = processor(browser)
    before = spent()
    drawn = shown(page, address)
    cost = spent() - before
    page.wait_for_timeout(1500)
    fonts = sizes.pop("Font", 0)
    said = ", ".join(f"{kind} {n / 1e3:.0f}" for kind, n in sizes.most_common())
    show(f"cold load without fonts: {said} kB", f"{sum(sizes.values()) / 1e6:.2f} MB", "1.0 MB")
    show("cold load, fonts", f"{fonts / 1e6:.2f} MB", "1.6 MB, cached for good")
    beside = f"{drawn:.1f} s (an empty page {empty:.2f})"
    show("cold load, every panel drawn in Chromium", beside, "3 s")
    show("cold load, processor time of Chromium", f"{cost / 1000:.1f} s", "-")
    browser.close()


def calmed(page: Page, spent: Callable[[], float]) -> None:
    """Wait until Chromium is done with its own start, which goes on for seconds after it opens a
    page: it loads what stands behind an address line that no wall has. At most half a minute."""
    end, before = time.monotonic() + 10 * SETTLE_S, spent()
    while time.monotonic() < end:
        page.wait_for_timeout(1000)
        now = spent()
        if now - before < CALM_MS:
            return
        before = now


def _kind(event: dict[str, Any]) -> str:
    return "Font" if "/fonts/" in event["request"]["url"] else str(event.get("type", "Other"))


def processor(browser: Any) -> Callable[[], float]:
    """What all processes of a Chromium have spent, in ms; the screen is drawn by the processor."""
    whole = browser.new_browser_cdp_session()

    def spent() -> float:
        every = whole.send("SystemInfo.getProcessInfo")["processInfo"]
        return 1000 * sum(float(one["cpuTime"]) for one in every)

    return spent


def drawing(
    playwright: Playwright,
    addresses: Mapping[str, str],
    cookie: str,
    publish: Callable[[], None],
    tick_s: float,
) -> dict[str, tuple[float, float]]:
    """ms of half a minute without and with news, for a wall of each address side by side."""
    walls = {way: opened(playwright, address, cookie) for way, address in addresses.items()}
    spent = {way: processor(browser) for way, (browser, _) in walls.items()}
    pages = {way: page for way, (_, page) in walls.items()}
    for way, page in pages.items():
        shown(page, addresses[way])
    one = next(iter(pages.values()))
    one.wait_for_timeout(SETTLE_S * 1000)

    def costs() -> dict[str, float]:
        return {way: ask() for way, ask in spent.items()}

    before = costs()
    one.wait_for_timeout(tick_s * 1000)
    quiet = {way: now - before[way] for way, now in costs().items()}
    cards = {way: _card(page) for way, page in pages.items()}
    was = {way: card.get_attribute("data-drawn") or "" for way, card in cards.items()}
    before, begun = costs(), time.monotonic()
    publish()
    for way, card in cards.items():
        expect(card).not_to_have_attribute("data-drawn", was[way], timeout=LONGEST_S * 1000)
    one.wait_for_timeout(max(tick_s - (time.monotonic() - begun), 0.0) * 1000)
    busy = {way: now - before[way] for way, now in costs().items()}
    for browser, _ in walls.values():
        browser.close()
    return {way: (quiet[way], busy[way]) for way in walls}


def _card(page: Page) -> Any:
    return page.frame_locator("iframe.shown").locator("#card-nearest_level")


def alarms(playwright: Playwright, address: str, cookie: str, store: Store) -> None:
    """How long from an alarm's row to a takeover that stands on a wall full of figures."""
    browser, page = opened(playwright, address, cookie)
    shown(page, address)
    delays = [one_round(store, page) for _ in range(ALARMS)]
    show(
        f"alarm raised → drawn in Chromium, {ALARMS} alarms",
        f"p50 {quantile(delays, 0.5):.0f} longest {max(delays):.0f} ms",
        "with the reading's way p99 ≤ 1000 ms",
    )
    browser.close()
