"""How long from an alarm row in the case store to a takeover that is drawn in a browser?

A web process serves one wall in Chromium; alarms are raised one after the other by another process,
as the judge of water levels does, while a scene's pictures are being made as usual. The window
itself says when it has drawn (two frames after the bar stood), and the product writes that down.
Together with `alarms` (reading on the line to row) this is the second a wall may take.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.figure import quantile, show
from cases import alarms, raising
from cases.alarm_rows import changing
from cases.store import Store, migrate, open_store
from config import clock

ROUNDS = int(os.environ.get("HONGLAN_BENCH_ROUNDS", "40"))
STATION, PASSWORD = "3201170005", "Stone-Lake-2026-b"
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SETTLE_S = 15.0  # a window of a wall stands for months; every station is rehearsed by then
SIZE = {"width": 1920, "height": 1080}


def main() -> None:
    """Set a product of a web process alone, then raise and clear."""
    with tempfile.TemporaryDirectory(prefix="honglan-takeover-") as folder:
        os.environ["HONGLAN_VAR"] = folder
        port = os.environ.setdefault("HONGLAN_PORT", "8077")
        store = open_store()
        migrate(store)
        add = [sys.executable, "-m", "dashboard", "user", "add", "wall", "--role", "wall"]
        subprocess.run([*add, "--password-stdin"], input=PASSWORD, text=True, check=True)
        log = (Path(folder) / "web.log").open("wb")
        command = [sys.executable, "-m", "dashboard", "serve"]
        web = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            measure(store, f"http://127.0.0.1:{port}")
        finally:
            web.terminate()
            web.wait(15)
            store.close()


def measure(store: Store, address: str) -> None:
    """Raise an alarm, wait for the window's sign, clear it; then the same by a higher rank."""
    await_web(address)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{address}/login")
        page.fill("input[name=username]", "wall")
        page.fill("input[name=password]", PASSWORD)
        with page.expect_navigation():
            page.click("main form button")
        page.goto(f"{address}/wall")
        page.wait_for_selector("iframe.shown", timeout=60000)
        first = one_round(store, page)
        page.wait_for_timeout(SETTLE_S * 1000)
        delays = [one_round(store, page) for _ in range(ROUNDS)]
        browser.close()
    show("alarm row → drawn, within seconds of the web's start", f"{first:.0f} ms", "-")
    show(
        f"alarm row → drawn in Chromium, {ROUNDS} alarms, 1920×1080",
        f"p50 {quantile(delays, 0.5):.0f} p99 {quantile(delays, 0.99):.0f} ms",
        "with the reading's way p99 ≤ 1000 ms",
    )


def one_round(store: Store, page: object) -> float:
    """Milliseconds from the row to the drawn takeover, as the product itself wrote them down."""
    now = clock.now()
    facts = raising.Facts(
        kind="flood", subject=STATION, now=now, observed_at=now, received_at=now, rank=3,
        limit_name="warning", threshold=9.1, value=9.18,
    )  # fmt: skip
    with changing(store) as connection:
        number = raising.start(connection, facts, is_raised=True)
    found = None
    end = time.monotonic() + 15
    while found is None and time.monotonic() < end:
        events = alarms.events(store, number)
        found = next((one.delay_ms for one in events if one.kind == "drawn"), None)
        time.sleep(0.02)
    if found is None:
        raise RuntimeError(f"alarm {number} was not drawn within 15 s")
    with changing(store) as connection:
        alarm = raising.current(connection, "flood", STATION)
        if alarm is not None:
            later = raising.Facts("flood", STATION, clock.now(), clock.now() + timedelta(0))
            raising.clear(connection, alarm, later)
    time.sleep(0.4)
    return float(found)


def await_web(address: str) -> None:
    """Wait until the web process answers."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"{address} did not answer within 60 s")


if __name__ == "__main__":
    main()
