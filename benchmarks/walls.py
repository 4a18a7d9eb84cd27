"""What a wall costs: its first load, and each update for 1, 10 and 50 walls and in the browser.

A real web process serves a filled state, as for the crowd. Walls are clients that answer on the
socket as the wall's script does; one is Chromium. News is a real publish with a new reading of
every station and every platform told as changed. Each question is asked of the shipped web, then of
one that sends full figures at every tick (`benchmarks/full_figures.py`), in the same run.
"""

from __future__ import annotations

import asyncio
import math
import os
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import aiohttp
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from benchmarks.crowd import filled, server_at, web
from benchmarks.figure import show
from benchmarks.live import cpu_s
from benchmarks.visitors import Told, Visitor
from cases import sessions, users
from cases.store import Store, migrate, open_store
from config import clock
from config.platforms import load_platforms
from tests.browser.conftest import QUIET
from warehouse.write import Warehouse

WALLS = (1, 10, 50)
TICK_S, SETTLE_S, NEWS_S, ROUNDS = 30.0, 6.0, 3.0, 2
LONGEST_S, NEWS_CHARS = 60.0, 20_000  # until a wall has its news, and what these are at least
WAYS = {"changes": "dashboard", "full figures": "benchmarks.full_figures"}
SIZE = {"width": 1920, "height": 1080}


def news(var: Path, number: int) -> None:
    """Publish: a reading of every station a little higher, and new rows of every platform."""
    now = clock.local().replace(microsecond=0)
    with Warehouse(var) as here:  # as the ETL does, which is not running
        con = here.connection
        con.execute(
            "INSERT INTO core.gauge_reading BY NAME"
            " SELECT * REPLACE ($1 AS observed_at, level_m + $2 AS level_m)"
            " FROM core.gauge_reading QUALIFY"
            " row_number() OVER (PARTITION BY source, station ORDER BY observed_at DESC) = 1",
            [now, 0.01 * (number % 2 * 2 - 1)],
        )
        con.execute("INSERT INTO core.dirty_day VALUES ('gauge_reading', $1)", [now.date()])
        con.execute("UPDATE core.batch SET id = id + 1000000 WHERE loaded > 0")
        for key, one in load_platforms().items():
            if one.enabled:
                here.mark_success(key, one.source, now)
        here.publish()


@dataclass
class Costs:
    """Of one way and so many walls: ms and characters of a quiet half minute, and of news."""

    quiet_ms: float
    news_ms: float
    first_chars: float = 0.0
    news_chars: float = 0.0


async def server(address: str, pids: list[int], cookies: list[str], var: Path) -> Costs:
    """What the web spends on as many walls as there are cookies; characters are those of one."""

    def cpu() -> float:
        return 1000 * sum(cpu_s(pid) for pid in pids)

    told, many = Told(), len(cookies)
    visited = await server_at(address, cookies[0])
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        walls = [
            asyncio.create_task(
                Visitor(visited, one, told, n).watch(client, math.inf, "screen_16x9")
            )
            for n, one in enumerate(cookies)
        ]
        await asyncio.sleep(SETTLE_S)
        first, before = told.heard / many, cpu()
        await asyncio.sleep(TICK_S)
        quiet = cpu() - before
        spent, heard = [], []
        for number in range(ROUNDS):
            before, chars, begun = cpu(), told.heard, time.monotonic()
            await asyncio.to_thread(news, var, number)
            end = time.monotonic() + LONGEST_S
            while told.heard - chars < NEWS_CHARS * many and time.monotonic() < end:
                await asyncio.sleep(0.2)
            await asyncio.sleep(NEWS_S)  # the last ones
            share = (time.monotonic() - begun) / TICK_S
            spent.append(cpu() - before - quiet * share)
            heard.append((told.heard - chars) / many)
        ended = [one for one in walls if one.done()]
        while staying := [one for one in walls if not one.done()]:
            for one in staying:
                one.cancel()
            await asyncio.wait(staying, timeout=2)  # one that is just answered takes no notice
    if ended or told.errors:
        raise RuntimeError(f"{len(ended)} walls ended, {dict(told.errors)}")
    return Costs(quiet, max(mean(spent), 0.0), first, mean(heard))


def cold(playwright: Playwright, address: str, cookie: str) -> None:
    """Bytes of a first load by type, and the time until the shell shows a frame that is drawn."""
    browser, page = opened(playwright, address, cookie)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: Counter[str] = Counter()
    line.on("Network.requestWillBeSent", lambda e: kinds.update({e["requestId"]: _kind(e)}))
    line.on(
        "Network.loadingFinished",
        lambda e: sizes.update({kinds.get(e["requestId"], "Other"): int(e["encodedDataLength"])}),
    )
    begun = time.perf_counter()
    page.goto(f"{address}/wall?profile=screen_16x9")
    page.wait_for_selector("iframe.shown", timeout=90000)
    drawn = time.perf_counter() - begun
    page.wait_for_timeout(1500)
    fonts = sizes.pop("Font", 0)
    said = ", ".join(f"{kind} {n / 1e3:.0f}" for kind, n in sizes.most_common())
    show(f"cold load without fonts: {said} kB", f"{sum(sizes.values()) / 1e6:.2f} MB", "1.0 MB")
    show("cold load, fonts", f"{fonts / 1e6:.2f} MB", "1.6 MB, cached for good")
    show("cold load, every panel drawn in Chromium", f"{drawn:.1f} s", "3 s")
    browser.close()


def _kind(event: dict[str, Any]) -> str:
    return "Font" if "/fonts/" in event["request"]["url"] else str(event.get("type", "Other"))


def opened(playwright: Playwright, address: str, cookie: str) -> tuple[Any, Page]:
    """Chromium with the session of a wall."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    given = {"name": "honglan_session", "value": cookie, "url": address}
    context.add_cookies([given])  # type: ignore[list-item]
    return browser, context.new_page()


def drawing(playwright: Playwright, address: str, cookie: str, var: Path) -> Costs:
    """What all of Chromium's processes spend; the screen is drawn by the processor."""
    browser, page = opened(playwright, address, cookie)
    whole = browser.new_browser_cdp_session()

    def cpu() -> float:
        every = whole.send("SystemInfo.getProcessInfo")["processInfo"]
        return 1000 * sum(float(one["cpuTime"]) for one in every)

    page.goto(f"{address}/wall?profile=screen_16x9")
    page.wait_for_selector("iframe.shown", timeout=90000)
    page.wait_for_timeout(SETTLE_S * 1000)
    card = page.frame_locator("iframe.shown").locator("#card-nearest_level")
    before = cpu()
    page.wait_for_timeout(TICK_S * 1000)
    quiet, spent = cpu() - before, []
    for number in range(ROUNDS):
        before, begun = cpu(), time.monotonic()
        was = card.get_attribute("data-drawn")
        news(var, number)
        expect(card).not_to_have_attribute("data-drawn", was or "", timeout=LONGEST_S * 1000)
        page.wait_for_timeout(NEWS_S * 1000)
        spent.append(cpu() - before - quiet * (time.monotonic() - begun) / TICK_S)
    browser.close()
    return Costs(quiet, max(mean(spent), 0.0))


def say(who: str, ways: dict[str, Costs], reach: str) -> None:
    """The figures of the shipped way beside the other one."""
    ours, full = (ways[way] for way in WAYS)
    for what, own, other, held in (
        ("a quiet half minute, 15 beats", ours.quiet_ms, full.quiet_ms, "-"),
        ("an update, all platforms with news", ours.news_ms, full.news_ms, reach),
    ):
        show(f"{who}: {what}", f"{own:.0f} ms (full {other:.0f})", held)
    if ours.news_chars:
        said = f"{ours.news_chars / 1e3:.0f} kB (full {full.news_chars / 1e3:.0f})"
        show(f"{who}: on a socket with news, uncompressed", said, "-")


def sessions_of(store: Store) -> list[str]:
    """A session for each wall."""
    user = users.add(store, f"walls-{os.getpid()}", "wall", "Stone-Lake-2026-x")
    return [sessions.start(store, user.id, "wall") for _ in range(max(WALLS))]


def main() -> None:
    """Fill, then ask both ways."""
    var = Path(tempfile.mkdtemp(prefix="honglan-bench-walls-"))
    os.environ["HONGLAN_VAR"] = str(var)
    try:
        filled(var)
        store = open_store()
        migrate(store)
        cookies = sessions_of(store)
        told: dict[str, dict[str, Costs]] = {}
        for way, module in WAYS.items():
            with web(1, module) as (address, pids):
                with sync_playwright() as playwright:
                    if way == "changes":
                        cold(playwright, address, cookies[0])
                    told.setdefault("browser", {})[way] = drawing(
                        playwright, address, cookies[0], var
                    )
                for count in WALLS:
                    costs = asyncio.run(server(address, pids, cookies[:count], var))
                    told.setdefault(f"server, {count} walls", {})[way] = costs
        for who, ways in told.items():
            say(who, ways, "20 ms" if who != "browser" else "-")
        store.close()
    finally:
        shutil.rmtree(var)


if __name__ == "__main__":
    main()
