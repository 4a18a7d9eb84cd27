"""The whole product as its people meet it: demo town, ETL and web as processes, real Chromium."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    StorageState,
    expect,
)

from cases import factor, scenes
from cases.audit import Entry
from cases.store import open_store
from config import clock

ROOT = Path(__file__).resolve().parents[2]
PASSWORDS = {
    "leader": "Stone-Lake-2026-a",
    "wall": "Stone-Lake-2026-b",
    "admin": "Stone-Lake-2026-c",
    "seat": "Stone-Lake-2026-s",
}
expect.set_options(timeout=30_000)  # a machine that also loads is slow, not wrong
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_ports(count: int) -> list[int]:
    """Ports that are free now, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


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
        self.start("web", "dashboard", "serve")
        self.start("demo", "demo", "serve", "--years", "1")  # enough for a year ago
        self.start("etl", "etl", "run")

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)

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
            with urllib.request.urlopen(self.address + path, timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def caught_up(self) -> bool:
        """Whether every station's readings of the last hour and every order are published."""
        hour_ago = clock.local() - timedelta(hours=1)
        told = self.run(
            "warehouse",
            "sql",
            "SELECT 'stations=' || count(*) AS n FROM (SELECT station FROM core.gauge_reading "
            f"GROUP BY station HAVING max(observed_at) > TIMESTAMP '{hour_ago:%Y-%m-%d %H:%M}') "
            "UNION ALL SELECT 'orders=' || (count(*) > 6000) FROM core.hotline_order",
        )
        return "stations=12" in told and "orders=true" in told

    def wait_for_first_load(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        said = ""
        while time.monotonic() < end:
            done = subprocess.run(
                [sys.executable, "-c", FIRST_LOAD],
                cwd=ROOT,
                env=self.environment,
                capture_output=True,
                text=True,
            )
            said = done.stdout.strip() or done.stderr[-500:]
            if said == "None" and self.caught_up():
                return
            time.sleep(2)
        raise AssertionError(f"the first load did not end within {seconds} s: {said}")

    def wait_for(self, path: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for name, process in self.processes.items():
                log = self.var / f"{name}.log"
                assert process.poll() is None, f"{name} ended: {log.read_text()[-2000:]}"
            if self.answers(path):
                return
            time.sleep(0.3)
        logs = {name: (self.var / f"{name}.log").read_text()[-1500:] for name in self.processes}
        raise AssertionError(f"{path} did not answer within {seconds} s: {logs}")


FIRST_LOAD = """
from cases import health, store
from config.platforms import load_platforms
print(health.first_load(store.open_store(), load_platforms()))
"""


def product_at(var: Path) -> Product:
    """A product with its own state and ports, not started yet."""
    web, gauge, demo = free_ports(3)
    return Product(
        var,
        web,
        os.environ
        | {
            "HONGLAN_VAR": str(var),
            "HONGLAN_PORT": str(web),
            "HONGLAN_SL651_PORT": str(gauge),
            "HONGLAN_DEMO_PORT": str(demo),
            "PYTHONUNBUFFERED": "1",
        },
    )


def new_product(var: Path) -> Product:
    """One that has an account a role and stays on the overview."""
    made = product_at(var)
    made.run("cases", "migrate")
    for role, password in PASSWORDS.items():
        made.run(
            "dashboard", "user", "add", role, "--role", role, "--password-stdin", text=password
        )
    hold_the_overview(made)
    return made


def hold_the_overview(made: Product) -> None:
    """The wall stays on one scene, so that a test knows what it looks at."""
    store = open_store(f"sqlite:///{made.var / 'cases.sqlite3'}")
    try:
        scenes.hold(store, "overview", timedelta(days=1), Entry("", who="test"))
    finally:
        store.close()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Everything started once, first load finished."""
    made = new_product(tmp_path_factory.mktemp("var"))
    try:
        made.begin()
        made.wait_for("/healthz", 150)
        made.wait_for_first_load(600)
        yield made
    finally:
        for name in list(made.processes):
            made.stop(name)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Only the web, on an empty state: for what does not depend on what there is to show."""
    made = new_product(tmp_path_factory.mktemp("small"))
    made.start("web", "dashboard", "serve")
    try:
        made.wait_for("/healthz", 150)
        yield made
    finally:
        for name in list(made.processes):
            made.stop(name)


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def administrator(product: Product, chromium: Browser) -> StorageState:
    """The session of the administrator, whose second factor is taken into use on the way in."""
    context = chromium.new_context()
    page = context.new_page()
    login(page, product.address, "admin", PASSWORDS["admin"])
    assert page.url.endswith("/factor")
    secret = page.inner_text("code").replace(" ", "")
    page.fill("input[name=code]", factor.code(secret, int(time.time() // factor.STEP_S)))
    page.get_by_role("button", name="启用").click()
    expect(page.locator("ol.spare li")).to_have_count(factor.CODES)
    state = context.storage_state()
    context.close()
    return state


@dataclass
class Visit:
    """One browser window and what it did: errors on its console, requests to other hosts."""

    page: Page
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


@pytest.fixture
def visit(product: Product, chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open a window as a role; every window is closed at the end of the test."""
    contexts = []

    def open_as(role: str | None, width: int, height: int, scale: float = 1) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        made = Visit(context.new_page())

        def note_console(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                made.errors.append(f"{message.type}: {message.text}")

        def note_request(request: Request) -> None:
            if not re.match(rf"(http|ws)://127\.0\.0\.1:{product.port}/|data:|blob:", request.url):
                made.foreign.append(request.url)

        made.page.on("console", note_console)
        made.page.on("pageerror", lambda error: made.errors.append(f"pageerror: {error}"))
        context.on("request", note_request)
        if role:
            login(made.page, product.address, role, PASSWORDS[role])
        return made

    yield open_as
    for context in contexts:
        context.close()


def login(page: Page, address: str, name: str, password: str) -> None:
    """Through the real form, as a person would."""
    page.goto(f"{address}/login")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    with page.expect_navigation():
        page.click("main form button")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of a run waits for the whole product to start and load."""
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(pytest.mark.timeout(900))
