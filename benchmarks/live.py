"""The whole product on this machine: first load, report, idle cycle, memory."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.figure import show
from tests.browser.product import new_product

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(words[11]) + int(words[12])) / TICKS


def rss_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def main() -> None:
    var = Path(tempfile.mkdtemp(prefix="honglan-bench-"))
    product = new_product(var)
    try:
        start = time.perf_counter()
        product.begin()
        product.wait_for("/healthz", 60)
        show("web answers after the start", f"{time.perf_counter() - start:.1f} s", "60 s")
        product.wait_for_first_load(600)
        show("first load of the demo town, all feeds", f"{time.perf_counter() - start:.0f} s", "-")
        time.sleep(20)
        began = time.perf_counter()
        product.run(
            "dashboard", "report", "--period", "2026-W45", "--kind", "weekly",
            "--format", "docx,pdf,xlsx", "--out", str(var / "out"),
        )  # fmt: skip
        show(
            "weekly report, three formats, own process",
            f"{time.perf_counter() - began:.1f} s",
            "5 s",
        )
        pids = {name: process.pid for name, process in product.processes.items()}
        before = cpu_s(pids["etl"])
        time.sleep(60)
        show("ETL in a quiet minute, 25 feeds", f"{cpu_s(pids['etl']) - before:.2f} s CPU", "-")
        sizes = {name: rss_mb(pid) for name, pid in pids.items()}
        said = " + ".join(f"{name} {size:.0f}" for name, size in sizes.items())
        show(f"memory: {said} MB", f"{sum(sizes.values()):.0f} MB", "1 GB")
    finally:
        product.end()
        shutil.rmtree(var)


if __name__ == "__main__":
    main()
