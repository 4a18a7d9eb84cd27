"""L1 to L3: how long do 4 walls, 30 leaders and 6 seats wait, and how much does one web take?

A real web process serves a filled state of the demo town (its own first load, or a copy of
HONGLAN_BENCH_STATE); visitors come over loopback and leave by themselves. In turn: the crowd alone
(L1), the crowd until another process has loaded a million rows into the same state, a quarter of an
hour at most (L3), and as many calls as go through two workers (L2, `peak`).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.figure import quantile, show
from benchmarks.live import cpu_s, rss_mb
from benchmarks.peak import peak
from benchmarks.takeover import await_web
from benchmarks.visitors import Stay, Told, Visitor, server_at
from cases import sessions, tokens, users
from cases.store import Store, migrate, open_store
from tests.browser.product import fill, free_ports

SECONDS = float(os.environ.get("HONGLAN_BENCH_SECONDS", "120"))
WALLS, LEADERS, SEATS = ("lcd_7x3", "screen_16x9", "lcd_7x3", "screen_16x9"), 30, 6
LOADED = int(os.environ.get("HONGLAN_BENCH_LOADED", "1000000"))  # rows while the crowd is there
LOADING_S = 900.0  # the crowd stays no longer for the load to end
REACH = "p95 < 300, p99 < 1000 ms"


def filled(var: Path) -> None:
    """A state of the demo town with all its platforms."""
    given = os.environ.get("HONGLAN_BENCH_STATE")
    if given:
        shutil.copytree(given, var, dirs_exist_ok=True, ignore=_older)
        return
    fill(var)


def _older(folder: str, names: list[str]) -> list[str]:
    """Generations before the newest: a gigabyte that nobody reads any more."""
    kept = sorted(name for name in names if name.startswith(("core-", "mart-")))
    newest = {name.rpartition("-")[2] for name in kept[-1:]}
    is_serving = Path(folder).name == "serving"
    return [name for name in kept if is_serving and name.rpartition("-")[2] not in newest]


@contextmanager
def web(workers: int, module: str = "dashboard") -> Any:
    """The web process on a free port: its address and its processes."""
    (port,) = free_ports(1)
    environment = {**os.environ, "HONGLAN_PORT": str(port), "HONGLAN_HOST": "127.0.0.1"}
    command = [sys.executable, "-m", module, "serve", "--workers", str(workers)]
    log = Path(os.environ["HONGLAN_VAR"]) / f"web-{module}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        await_web(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}", _family(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(int(one) for one in children)]


def cookies(store: Store) -> dict[str, list[str]]:
    """Sessions of everybody who comes."""
    found: dict[str, list[str]] = {}
    for role, count in (("wall", len(WALLS)), ("leader", LEADERS), ("seat", SEATS)):
        name = f"load-{role}"
        given = {"units": ("城管中队",)} if role in users.NARROW else {}
        user = users.add(store, name, role, "Stone-Lake-2026-x", **given)
        found[role] = [sessions.start(store, user.id, role) for _ in range(count)]
    return found


async def crowd(address: str, given: dict[str, list[str]], stay: Stay) -> Told:
    """Everybody at once for a while."""
    told = Told()
    server = await server_at(address, given["leader"][0])
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(
        timeout=timeout, connector=aiohttp.TCPConnector(limit=0)
    ) as client:
        coming: list[Any] = []
        for n, (cookie, profile) in enumerate(zip(given["wall"], WALLS, strict=True)):
            coming.append(Visitor(server, cookie, told, n).watch(client, stay, profile))
        for n, cookie in enumerate(given["leader"]):
            coming.append(Visitor(server, cookie, told, 100 + n).lead(client, stay))
        for n, cookie in enumerate(given["seat"]):
            coming.append(Visitor(server, cookie, told, 200 + n).sit(client, stay))
        for done in await asyncio.gather(*coming, return_exceptions=True):
            if isinstance(done, BaseException):
                told.errors[f"a visitor ended: {type(done).__name__} {done}"] += 1
    return told


async def asked_once(address: str, cookie: str) -> None:
    """Everything the crowd asks for once, so that no first time is measured."""
    server = await server_at(address, cookie)
    async with aiohttp.ClientSession() as client:
        await Visitor(server, cookie, Told(), 0).tour(client)


async def sampled(pids: list[int], stay: Stay) -> list[tuple[float, float]]:
    """Memory of the web every few seconds."""
    found: list[tuple[float, float]] = []
    while stay.left() or not found:
        found.append((time.monotonic(), sum(rss_mb(pid) for pid in pids)))
        await asyncio.sleep(2)
    return found


def slope(samples: list[tuple[float, float]]) -> float:
    """MB an hour by least squares over the second half; the first warms up."""
    late = samples[len(samples) // 2 :]
    mean_t = sum(t for t, _ in late) / len(late)
    mean_m = sum(m for _, m in late) / len(late)
    below = sum((t - mean_t) ** 2 for t, _ in late) or 1.0
    return 3600 * sum((t - mean_t) * (m - mean_m) for t, m in late) / below


def say(what: str, told: Told) -> float:
    """Print the waits by kind; the p95 of all callbacks."""
    calls = [ms for kind, each in told.waits.items() if kind not in APART for ms in each]
    for kind, each in sorted(told.waits.items()):
        p50, p95, p99 = (quantile(each, share) for share in (0.5, 0.95, 0.99))
        reach = "-" if kind in APART else REACH
        show(f"{what}, {kind} ({len(each)})", f"{p50:.0f} / {p95:.0f} / {p99:.0f} ms", reach)
    p95 = quantile(calls, 0.95)
    all_of = f"{quantile(calls, 0.5):.0f} / {p95:.0f} / {quantile(calls, 0.99):.0f} ms"
    show(f"{what}, all callbacks ({len(calls)}) p50/p95/p99", all_of, REACH)
    show(f"{what}, errors", str(sum(told.errors.values())), "0")
    for words, count in sorted(told.errors.items()):
        print(f"    {count} × {words}")
    return p95


APART = ("export", "beat of a wall")


async def run(
    what: str, address: str, pids: list[int], given: dict[str, list[str]], stay: Stay
) -> tuple[float, Told]:
    """The crowd with the web's processor time and memory beside it."""
    before, own, begun = sum(cpu_s(pid) for pid in pids), time.process_time(), time.monotonic()
    told, memory = await asyncio.gather(crowd(address, given, stay), sampled(pids, stay))
    spent, wall = sum(cpu_s(pid) for pid in pids) - before, time.monotonic() - begun
    p95 = say(what, told)
    busy = f"{spent:.0f} of {wall:.0f} s"
    show(
        f"{what}, processor time of the web (visitors {time.process_time() - own:.0f} s)", busy, "-"
    )
    ends = f"{memory[0][1]:.0f} → {memory[-1][1]:.0f} MB, {slope(memory):+.0f} MB/h"
    show(f"{what}, memory of the web and its slope", ends, "< 5 MB/h over an hour")
    return p95, told


async def held(what: str, address: str, store: Store) -> None:
    """What the web keeps ready, as it tells Prometheus."""
    program = {"authorization": f"Bearer {tokens.create(store, 'leader')}"}
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"{address}/metrics", headers=program) as answer,
    ):
        lines = [line.rpartition(" ") for line in (await answer.text()).splitlines()]
    told = {name: float(value) for name, _, value in lines if name.startswith("honglan_kept")}
    kept, shared, made, ahead = (
        told[f'honglan_kept_answers{{how="{how}"}}'] for how in ("kept", "shared", "made", "ahead")
    )
    size = f"{told['honglan_kept_bytes'] / 1e6:.1f} MB"
    ways = f"{size}; {kept:.0f} given, {shared:.0f} waited for, {made:.0f} made, {ahead:.0f} ahead"
    show(f"{what}, answers held ready", ways, f"{told['honglan_kept_bytes_most'] / 1e6:.0f} MB")


def heavy(rows: int) -> subprocess.Popen[bytes]:
    """Another process that loads as the ETL does; ends by itself."""
    return subprocess.Popen([sys.executable, "-m", "benchmarks.heavy", str(rows)])


def main() -> None:
    var = Path(tempfile.mkdtemp(prefix="honglan-bench-crowd-"))
    os.environ["HONGLAN_VAR"] = str(var)
    try:
        filled(var)
        store = open_store()
        migrate(store)
        given = cookies(store)
        with web(1) as (address, pids):
            asyncio.run(asked_once(address, given["leader"][0]))
            alone, _ = asyncio.run(run("L1", address, pids, given, Stay(SECONDS)))
            asyncio.run(held("L1", address, store))
            loading = heavy(LOADED)
            try:
                stay = Stay(LOADING_S, loading)
                beside, _ = asyncio.run(run("L3", address, pids, given, stay))
            finally:
                if loading.poll() is None:
                    loading.terminate()
                loading.wait(60)
            show(f"L3, p95 while {LOADED:,} rows come in", f"{beside / alone:.2f} × L1", "1.5 ×")
        with web(2) as (address, pids):
            asyncio.run(peak(address, pids, given["leader"]))
        store.close()
    finally:
        shutil.rmtree(var)


if __name__ == "__main__":
    main()
