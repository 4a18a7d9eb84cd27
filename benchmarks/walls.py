"""What a wall costs: a first load, each tick for 1, 10 and 50 walls and in the browser, an alarm.

Two real web processes serve one filled state (HONGLAN_BENCH_STATE, else a first load): the shipped
one, and one that sends full figures at every tick (`benchmarks/full_figures.py`). Each question is
asked of both at the same time, so that what else the machine does falls on both. Walls are clients
that answer on the socket as the wall's script does; one is Chromium. News is a real publish with a
new reading of every station and every platform told as changed.
"""

from __future__ import annotations

import asyncio
import math
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

import aiohttp
from playwright.sync_api import sync_playwright

from benchmarks import wall_browser
from benchmarks.crowd import filled, web
from benchmarks.figure import show
from benchmarks.live import cpu_s
from benchmarks.visitors import Stay, Told, Visitor, server_at
from cases import sessions, users
from cases.store import Store, migrate, open_store
from config import clock
from config.platforms import load_platforms
from dashboard.source import data
from dashboard.wall.picture import chosen, pictures
from warehouse.write import Warehouse

WALLS, ENDS = (1, 10, 50), (1, 50)  # the ends are also looked at without news
TICK_S, SETTLE_S, NEWS_S = 30.0, 8.0, 2.0
LONGEST_S, NEWS_CHARS = 60.0, 20_000  # until a wall has its news, and what these are at least
WAYS = {"changes": "dashboard", "full figures": "benchmarks.full_figures"}
SCREEN = "screen_16x9"
ALONE = ("gauge", "weather", "hotline_12345", "mediation", "camera_street")


@dataclass
class Way:
    """A web process and what it spends: ms of half a minute without news, with, of an update."""

    address: str
    pids: list[int]
    told: Told = field(default_factory=Told)
    quiet_ms: float = 0.0
    news_ms: float = 0.0
    update_ms: float = 0.0
    news_chars: float = 0.0

    def cpu(self) -> float:
        """ms of processor time so far."""
        return 1000 * sum(cpu_s(pid) for pid in self.pids)


def news(var: Path, number: int, changed: Collection[str] = ()) -> None:
    """Publish: a reading of every station a little higher, new rows of every platform or some."""
    now = clock.local().replace(microsecond=0)
    keys = list(changed or load_platforms())
    with Warehouse(var) as here:  # as the ETL does, which is not running
        con = here.connection
        if "gauge" in keys:
            con.execute(
                "INSERT INTO core.gauge_reading BY NAME"
                " SELECT * REPLACE ($1 AS observed_at, level_m + $2 AS level_m)"
                " FROM core.gauge_reading QUALIFY"
                " row_number() OVER (PARTITION BY source, station ORDER BY observed_at DESC) = 1",
                [now, 0.01 * (number % 2 * 2 - 1)],
            )
            con.execute("INSERT INTO core.dirty_day VALUES ('gauge_reading', $1)", [now.date()])
        con.execute(
            "UPDATE core.batch SET id = id + 1000000"
            " WHERE loaded > 0 AND key IN (SELECT unnest($1::VARCHAR[]))",
            [keys],
        )
        for key, one in load_platforms().items():
            if one.enabled:
                here.mark_success(key, one.source, now)
        here.publish()


async def heard(ways: Mapping[str, Way], before: Mapping[str, int], many: int) -> None:
    """Wait until every wall of every way has heard news, at most a minute."""
    end = time.monotonic() + LONGEST_S
    while time.monotonic() < end and not all(
        way.told.heard - before[name] >= NEWS_CHARS * many for name, way in ways.items()
    ):
        await asyncio.sleep(0.2)


async def serve(
    ways: Mapping[str, Way], cookies: list[str], publish: Callable[[], None], *, quiet: bool
) -> None:
    """As many walls as there are cookies stand before each web: a tick with news, one without."""
    many = len(cookies)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        walls = []
        for way in ways.values():
            visited = await server_at(way.address, cookies[0])
            walls += [
                asyncio.create_task(
                    Visitor(visited, one, way.told, n).watch(client, Stay(math.inf), SCREEN)
                )
                for n, one in enumerate(cookies)
            ]
        await heard(ways, dict.fromkeys(ways, 0), many)
        await asyncio.sleep(SETTLE_S)
        before = {name: way.cpu() for name, way in ways.items()}
        if quiet:
            await asyncio.sleep(TICK_S)
            for name, way in ways.items():
                way.quiet_ms = way.cpu() - before[name]
        before = {name: way.cpu() for name, way in ways.items()}
        chars = {name: way.told.heard for name, way in ways.items()}
        tick, begun = asyncio.create_task(asyncio.sleep(TICK_S)), time.monotonic()
        await asyncio.to_thread(publish)
        await heard(ways, chars, many)
        await asyncio.sleep(NEWS_S)  # the last ones
        share = (time.monotonic() - begun) / TICK_S
        for name, way in ways.items():
            way.update_ms = way.cpu() - before[name] - share * way.quiet_ms
        await tick
        for name, way in ways.items():
            way.news_ms = way.cpu() - before[name]
            way.news_chars = (way.told.heard - chars[name]) / many
        ended = [one for one in walls if one.done()]
        while staying := [one for one in walls if not one.done()]:
            for one in staying:
                one.cancel()
            await asyncio.wait(staying, timeout=2)  # one that is just answered takes no notice
    wrong = [dict(way.told.errors) for way in ways.values() if way.told.errors]
    if ended or wrong:
        raise RuntimeError(f"{len(ended)} walls ended, {wrong}")


def parts(var: Path) -> None:
    """In this process: what of an update is opening the snapshot, what the picture itself, and what
    the news of one platform cost."""
    profile, scene = chosen(f"?profile={SCREEN}&scene=overview")
    ticks = iter(range(100))

    def spent(changed: Collection[str], number: int) -> tuple[float, float]:
        news(var, number, changed)
        begun = time.process_time()
        data().reader.current()
        opened = time.process_time()
        pictures.current(profile, scene, next(ticks))
        return 1000 * (opened - begun), 1000 * (time.process_time() - opened)

    spent((), 0)
    opening, whole = zip(*(spent((), number) for number in range(1, 4)), strict=True)
    show("of an update: opening the snapshot, once for all", f"{mean(opening):.0f} ms", "-")
    show("of an update: all panels asked and drawn", f"{mean(whole):.0f} ms", "20 ms")
    for key in ALONE:
        show(f"panels when {key} alone has news", f"{spent((key,), 4)[1]:.0f} ms", "20 ms")
    tick = time.process_time()
    pictures.current(profile, scene, next(ticks))
    show("a tick without news", f"{1000 * (time.process_time() - tick):.0f} ms", "20 ms")


def say(who: str, quiet: tuple[float, float], busy: tuple[float, float]) -> None:
    """Half a minute without and with news, the shipped way beside the other one."""
    for what, (ours, full) in (("without news", quiet), ("all with news", busy)):
        if ours:
            show(f"{who}: half a minute, {what}", f"{ours:.0f} ms (full {full:.0f})", "-")


def sessions_of(store: Store) -> list[str]:
    """A session for each wall."""
    user = users.add(store, f"walls-{os.getpid()}", "wall", "Stone-Lake-2026-x")
    return [sessions.start(store, user.id, "wall") for _ in range(max(WALLS))]


def compared(var: Path, store: Store) -> None:
    """Everything that is asked of both ways."""
    cookies, numbers = sessions_of(store), iter(range(100))

    def publish() -> None:
        news(var, next(numbers))

    with ExitStack() as running:
        webs = {way: running.enter_context(web(1, module)) for way, module in WAYS.items()}
        addresses = {way: address for way, (address, _) in webs.items()}
        ours = addresses["changes"]
        with sync_playwright() as playwright:
            wall_browser.cold(playwright, ours, cookies[0])
            drawn = wall_browser.drawing(playwright, addresses, cookies[0], publish, TICK_S)
            wall_browser.alarms(playwright, ours, cookies[0], store)  # all is rehearsed by now
        say("browser", *zip(*(drawn[way] for way in WAYS), strict=True))
        for count in WALLS:
            ways = {way: Way(*webs[way]) for way in WAYS}
            asyncio.run(serve(ways, cookies[:count], publish, quiet=count in ENDS))
            own, full = (ways[way] for way in WAYS)
            who = f"server, {count} walls" if count > 1 else "server, 1 wall"
            say(who, (own.quiet_ms, full.quiet_ms), (own.news_ms, full.news_ms))
            if own.quiet_ms:
                show(f"{who}: of it the update", f"{own.update_ms:.0f} ms", "20 ms")
            chars = f"{own.news_chars / 1e3:.0f} kB (full {full.news_chars / 1e3:.0f})"
            show(f"{who}: each hears in it, uncompressed", chars, "-")


def main() -> None:
    """Fill, ask both ways, then take an update apart."""
    var = Path(tempfile.mkdtemp(prefix="honglan-bench-walls-"))
    os.environ["HONGLAN_VAR"] = str(var)
    begun = time.monotonic()
    try:
        filled(var)
        store = open_store()
        migrate(store)
        show("a filled state", f"after {time.monotonic() - begun:.0f} s", "-")
        compared(var, store)
        parts(var)
        store.close()
        data().close()
        show("this benchmark, with its state", f"{time.monotonic() - begun:.0f} s", "360 s")
    finally:
        shutil.rmtree(var)


if __name__ == "__main__":
    main()
