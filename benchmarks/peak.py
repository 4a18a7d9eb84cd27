"""L2: as many calls as go through; part of `crowd`.

What people share, the same pages, villages, proofs and blocks of rows; then questions that were
never asked before, which nothing can keep ready, by kind.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Sequence
from typing import Any

import aiohttp

from benchmarks.figure import quantile, show
from benchmarks.live import cpu_s
from benchmarks.visitors import FRAME, KINDS, PLACES, ROWS, SHEET, Told, Visitor, server_at

PEAK_S, AT_ONCE = float(os.environ.get("HONGLAN_BENCH_PEAK_S", "15")), 16
SHARED = "what people share"


async def peak(address: str, pids: Sequence[int], cookies: Sequence[str]) -> None:
    """As many calls as go through: what was never asked before by kind, then what is shared."""
    server = await server_at(address, cookies[0])
    chance = random.Random(5)
    shared = Visitor(server, cookies[0], Told(), 5)

    def body(kind: str) -> dict[str, Any]:
        if kind == SHARED:
            return shared.wish(chance.choice(KINDS))[1]
        first = f"2025-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
        last = f"2026-{chance.randrange(1, 11):02d}-{chance.randrange(1, 29):02d}"
        days = f"from={first}&to={last}"
        proof = f"?proof=hotline_received&{days}"
        if kind == "page of a table":
            request = {"startRow": 0, "endRow": 100, "sortModel": [], "filterModel": {}}
            return server.call(ROWS, "/hotline", f"{proof}&rows=1", case_rows=request)
        if kind == "proof":
            return server.call(SHEET, "/hotline", proof)
        month = f"2026-{chance.randrange(1, 11):02d}"
        until = f"at=2026-{chance.randrange(10, 12)}-{chance.randrange(1, 29):02d}"
        search = f"?period={month}&community={chance.choice(PLACES)}&{until}"
        return server.call(FRAME, chance.choice(("/hotline", "/grid", "/urban")), search)

    async def hammered(kind: str) -> Told:
        told, end = Told(), time.monotonic() + PEAK_S
        async with aiohttp.ClientSession() as client:

            async def ask(n: int) -> None:
                one = Visitor(server, cookies[n % len(cookies)], told, n)
                while time.monotonic() < end:
                    await one.call(client, kind, body(kind))

            await asyncio.gather(*(ask(n) for n in range(AT_ONCE)))
        return told

    await hammered(SHARED)  # as many have had these pages open before
    for kind in (SHARED, "page of a table", "proof", "whole page"):
        before = sum(cpu_s(pid) for pid in pids)
        told = await hammered(kind)
        waits, wrong = told.waits[kind], sum(told.errors.values())
        spent = 1000 * (sum(cpu_s(pid) for pid in pids) - before) / max(len(waits), 1)
        rate = f"{len(waits) / PEAK_S:.0f}/s, p95 {quantile(waits, 0.95):.0f} ms"
        name = kind if kind == SHARED else f"{kind} never asked before"
        what = f"L2, {name}, {AT_ONCE} at once, 2 workers, errors {wrong}"
        show(what, f"{rate}, {spent:.1f} ms CPU each", "200/s")
