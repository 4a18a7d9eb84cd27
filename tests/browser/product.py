"""The whole product on loopback: its processes, its first load, and copies of what was loaded.

`python -m tests.browser.product FOLDER` loads the demo town into a folder, for tests that copy it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cases import health, scenes, users
from cases.audit import Entry
from cases.store import open_store
from config import clock
from config.platforms import load_platforms
from tests import fresh
from tests.ports import free_ports
from warehouse.errors import NoSnapshot
from warehouse.read import Reader

ROOT = Path(__file__).resolve().parents[2]
# when a town is founded: the figures of a period are the same whenever the tests are run, and
# neither midnight nor the wall's nightly reload falls into them
AFTERNOON = datetime(2026, 11, 24, 15, 20, tzinfo=clock.ZONE)
PASSWORDS = {
    "leader": "Stone-Lake-2026-a",
    "wall": "Stone-Lake-2026-b",
    "admin": "Stone-Lake-2026-c",
    "seat": "Stone-Lake-2026-s",
}


@dataclass
class Product:
    """The running product: where it listens, its state folder and its processes."""

    var: Path
    port: int
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, name: str, *words: str) -> None:
        with (self.var / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def begin(self) -> None:
        """Start web, town and ETL."""
        self._found()
        self.start("web", "dashboard", "serve")
        self.load()

    def _found(self) -> None:
        """Let the time of a town that is not there yet begin on the afternoon."""
        if not (self.var / "clock.json").exists():
            clock.write_shift(self.var, AFTERNOON, 1.0)

    def now(self) -> datetime:
        """The present moment in its town, as its processes tell it, in naive local time."""
        told = json.loads((self.var / "clock.json").read_text(encoding="utf-8"))
        since = datetime.now(UTC) - datetime.fromisoformat(told["real"])
        return (datetime.fromisoformat(told["town"]) + since * told["speed"]).replace(tzinfo=None)

    def load(self) -> None:
        """Start what fills the warehouse: town and ETL."""
        self._found()
        self.start("demo", "demo", "serve", "--years", "1")  # enough for a year ago
        self.start("etl", "etl", "run")

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(60)

    def end(self) -> None:
        """End every process."""
        for name in list(self.processes):
            self.stop(name)

    def run(self, *words: str, text: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.address + path, timeout=20):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def caught_up(self) -> bool:
        """Whether every station's readings of the last hour and every order are published."""
        hour_ago = self.now() - timedelta(hours=1)
        asked = (
            "SELECT (SELECT count(*) FROM (SELECT station FROM core.gauge_reading"
            f" GROUP BY station HAVING max(observed_at) > TIMESTAMP '{hour_ago:%Y-%m-%d %H:%M}'))"
            " AS stations, (SELECT count(*) FROM core.hotline_order) AS orders"
        )
        reader = Reader(self.var)  # a process for each look would take a second of a processor
        try:
            (told,) = reader.sql(asked).to_pylist()
        except NoSnapshot:
            return False
        finally:
            reader.close()
        return bool(told["stations"] == 12 and told["orders"] > 6000)

    def wait_for_first_load(self, seconds: float) -> None:
        end, platforms, said = time.monotonic() + seconds, load_platforms(), None
        store = open_store(f"sqlite:///{self.var / fresh.FILE}")
        try:
            while time.monotonic() < end:
                for name, process in self.processes.items():
                    assert process.poll() is None, f"{name} ended: {self._log_of(name)}"
                said = health.first_load(store, platforms)
                if said is None and self.caught_up():
                    return
                time.sleep(1)
        finally:
            store.close()
        raise AssertionError(f"the first load did not end within {seconds} s: {said}")

    def _log_of(self, name: str) -> str:
        return (self.var / f"{name}.log").read_text(encoding="utf-8")[-2000:]

    def wait_for(self, path: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for name, process in self.processes.items():
                assert process.poll() is None, f"{name} ended: {self._log_of(name)}"
            if self.answers(path):
                return
            time.sleep(0.3)
        logs = {name: (self.var / f"{name}.log").read_text()[-1500:] for name in self.processes}
        raise AssertionError(f"{path} did not answer within {seconds} s: {logs}")


def product_at(var: Path) -> Product:
    """A product with its own state and ports, not started yet."""
    demo, web, gauge, push = free_ports(4)
    return Product(
        var,
        web,
        os.environ
        | {
            "HONGLAN_VAR": str(var),
            "HONGLAN_PORT": str(web),
            "HONGLAN_SL651_PORT": str(gauge),
            "HONGLAN_DEMO_PORT": str(demo),
            "HONGLAN_PUSH_PORT": str(push),
            "PYTHONUNBUFFERED": "1",
        },
    )


def new_product(var: Path) -> Product:
    """One that has an account a role and stays on the overview."""
    store = open_store(f"sqlite:///{fresh.store_file(var)}")
    try:
        for role, password in PASSWORDS.items():
            users.add(store, role, role, password)
    finally:
        store.close()
    made = product_at(var)
    hold_the_overview(made)
    return made


def hold_the_overview(made: Product) -> None:
    """The wall stays on one scene, so that a test knows what it looks at."""
    store = open_store(f"sqlite:///{made.var / 'cases.sqlite3'}")
    try:
        scenes.hold(store, "overview", timedelta(days=1), Entry("", who="test"))
    finally:
        store.close()


def copied(before: Path, var: Path) -> Product:
    """A product of its own over a copy of what another one has loaded."""
    told = json.loads((before / "serving" / "CURRENT.json").read_text(encoding="utf-8"))
    newest = f"{told['generation']:08d}"

    def older(folder: str, names: list[str]) -> list[str]:
        """Snapshots nobody reads any more, which are most of the state."""
        return [
            each
            for each in names
            if Path(folder).name == "serving" and each.endswith(".duckdb") and newest not in each
        ]

    shutil.copytree(before, var, ignore=older, symlinks=True, dirs_exist_ok=True)
    return product_at(var)


def fill(var: Path, seconds: float = 1800) -> None:
    """Load the demo town into a folder and leave it there."""
    made = new_product(var)
    try:
        made.load()
        made.wait_for_first_load(seconds)
    finally:
        made.end()


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
