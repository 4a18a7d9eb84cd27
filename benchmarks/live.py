"""The whole product on this machine: first load, wall, report, idle cycle, memory."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.figure import show, spread
from tests.browser.conftest import PASSWORDS, QUIET, login, new_product

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
        wall(product)
        os.environ.update(product.environment)
        update()
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
        for name in list(product.processes):
            product.stop(name)
        shutil.rmtree(var)


def wall(product) -> None:  # type: ignore[no-untyped-def]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        page = browser.new_page(viewport={"width": 3840, "height": 2160})
        login(page, product.address, "wall", PASSWORDS["wall"])
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.clearBrowserCache")
        sizes: dict[str, float] = {}
        urls: dict[str, str] = {}
        session.on(
            "Network.requestWillBeSent",
            lambda e: urls.update({e["requestId"]: e["request"]["url"]}),
        )
        session.on(
            "Network.loadingFinished",
            lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}),
        )
        start = time.perf_counter()
        page.goto(f"{product.address}/wall")
        page.wait_for_selector("iframe.shown", timeout=60000)
        drawn = time.perf_counter() - start
        page.wait_for_timeout(2000)
        fonts = sum(n for key, n in sizes.items() if "/fonts/" in urls.get(key, ""))
        rest = sum(sizes.values()) - fonts
        show("wall, cold load on the wire without fonts", f"{rest / 1e6:.2f} MB", "1.0 MB")
        show("wall, fonts on the wire", f"{fonts / 1e6:.2f} MB", "1.6 MB, cached for good")
        show("wall, every panel drawn (software raster)", f"{drawn:.1f} s", "3 s")
        browser.close()


def update() -> None:
    """CPU of one update of all panels of the scene, as each half minute."""
    from dashboard.wall.picture import pictures
    from layouts.wall import load_profiles

    profile = load_profiles()["screen_16x9"]
    pictures.current(profile, 0)
    spent = []
    for tick in range(1, 21):
        start = time.process_time()
        pictures.current(profile, tick)
        spent.append((time.process_time() - start) * 1000)
    show("wall, all panels of one update, server CPU", spread(spent), "20 ms")


if __name__ == "__main__":
    main()
