"""How a figure is printed, and the quantiles it is made of."""

from __future__ import annotations

import time
from collections.abc import Callable


def show(what: str, measured: str, reach: str) -> None:
    print(f"{what:<58} {measured:>26}   reach {reach}", flush=True)


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def timed(work: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each of `times` runs, after one that is not counted."""
    work()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1000)
    return found


def spread(values: list[float]) -> str:
    return f"p50 {quantile(values, 0.5):.1f} p95 {quantile(values, 0.95):.1f} ms"
