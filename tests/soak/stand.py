"""The product as a soak needs it: loaded at its usual pace, then fast, then slow again."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from cases import scenes
from cases.audit import Entry
from cases.store import open_store
from config import clock
from tests.browser.conftest import QUIET
from tests.browser.product import PASSWORDS, product_at

USUAL = "1"
ACCOUNT = "soak"


class Stand:
    """Demo town, ETL and web, and an account of the wall."""

    def __init__(self, var: Path, *, loaded: bool) -> None:
        var.mkdir(parents=True, exist_ok=True)
        self.loaded = loaded
        self.moment = clock.now()
        self.product = product_at(var)
        self.product.run("cases", "migrate")
        add = ("dashboard", "user", "add", ACCOUNT, "--role", "wall", "--password-stdin")
        self.product.run(*add, text=PASSWORDS["wall"])
        self.hold("overview")

    @property
    def address(self) -> str:
        """Where the web listens."""
        return self.product.address

    def load(self) -> None:
        """Start everything at the usual pace and wait until every platform was loaded once.

        A town whose clock runs sixty times as fast asks the loader for sixty times as much while
        two years are still to be loaded, and never comes to an end.
        """
        self.product.environment["HONGLAN_DEMO_SPEED"] = USUAL
        if self.loaded:
            self.product.start("web", "dashboard", "serve")
            self.product.wait_for("/healthz", 150)
            return
        began = time.monotonic()
        self.product.begin()
        self.product.wait_for("/healthz", 150)
        self.product.wait_for_first_load(1200)
        print(f"loaded in {time.monotonic() - began:.0f} s", flush=True)

    def fast(self, times: float) -> None:
        """Town and ETL anew, so many times as fast."""
        self._again(f"{times:g}")

    def slow(self) -> None:
        """Town and ETL anew, at the usual pace."""
        self._again(USUAL)

    def still(self) -> datetime:
        """End town and ETL and let the clock stand at the moment of the last snapshot."""
        for name in ("etl", "demo"):
            if name in self.product.processes:
                self.product.stop(name)
        told = json.loads((self.product.var / "serving" / "CURRENT.json").read_text("utf-8"))
        self.moment = datetime.fromisoformat(told["published_at"]).replace(tzinfo=clock.ZONE)
        clock.write_shift(self.product.var, self.moment, 0.0)
        return self.moment

    def hold(self, scene: str) -> None:
        """The wall stays on a scene until it is held on another one."""
        store = open_store(f"sqlite:///{self.product.var / 'cases.sqlite3'}")
        try:
            scenes.choose(store, scene, timedelta(days=1), Entry("", who="soak"))
        finally:
            store.close()

    def end(self) -> None:
        """End every process."""
        self.product.end()

    def _again(self, speed: str) -> None:
        for name in ("etl", "demo"):
            if name in self.product.processes:
                self.product.stop(name)
        self.product.environment["HONGLAN_DEMO_SPEED"] = speed
        self.product.start("demo", "demo", "serve")
        self.product.start("etl", "etl", "run")


@contextmanager
def standing(state: str | None) -> Iterator[tuple[Stand, Browser]]:
    """The product on a copy of a filled state or on an empty one, and a browser; both end."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        var = Path(folder) / "var"
        if state:
            shutil.copytree(state, var, symlinks=True)
        stand = Stand(var, loaded=bool(state))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        try:
            yield stand, browser
        finally:
            browser.close()
            stand.end()
