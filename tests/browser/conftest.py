"""The whole product as its people meet it: demo town, ETL and web as processes, real Chromium."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    StorageState,
    expect,
)

from cases import factor
from tests.browser.product import PASSWORDS, Product, copied, new_product

PATIENCE_MS = 60_000  # a machine that also loads is slow, not wrong
expect.set_options(timeout=PATIENCE_MS)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Everything started once, first load finished: here, or before in HONGLAN_FILLED."""
    var, before = tmp_path_factory.mktemp("var"), os.environ.get("HONGLAN_FILLED")
    made = copied(Path(before), var) if before else new_product(var)
    try:
        made.begin()
        made.wait_for("/healthz", 150)
        made.wait_for_first_load(1200)
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Only the web, on an empty state: for what does not depend on what there is to show."""
    made = new_product(tmp_path_factory.mktemp("small"))
    made.start("web", "dashboard", "serve")
    try:
        made.wait_for("/healthz", 150)
        yield made
    finally:
        made.end()


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
    plain = browser.new_context

    def patient(**how: Any) -> BrowserContext:
        context = plain(**how)
        context.set_default_timeout(PATIENCE_MS)
        return context

    browser.new_context = patient  # type: ignore[method-assign] # for all who open a window
    yield browser
    browser.close()


def administrator_at(address: str, chromium: Browser) -> StorageState:
    """The session of an administrator, whose second factor is taken into use on the way in."""
    context = chromium.new_context()
    page = context.new_page()
    login(page, address, "admin", PASSWORDS["admin"])
    assert page.url.endswith("/factor")
    secret = page.inner_text("code").replace(" ", "")
    page.fill("input[name=code]", factor.code(secret, int(time.time() // factor.STEP_S)))
    page.get_by_role("button", name="启用").click()
    expect(page.locator("ol.spare li")).to_have_count(factor.CODES)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="session")
def administrator(product: Product, chromium: Browser) -> StorageState:
    """The session of the product's administrator."""
    return administrator_at(product.address, chromium)


@dataclass
class Visit:
    """One browser window and what it did: errors on its console, requests to other hosts."""

    page: Page
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


@pytest.fixture
def visit(product: Product, chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open a window as a role; every window is closed at the end of the test."""
    yield from windows(product, chromium)


@pytest.fixture(scope="module")
def open_windows(product: Product, chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """The same for windows that a whole file of tests shares."""
    yield from windows(product, chromium)


def windows(product: Product, chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """What opens windows, and closes them when nobody asks any more."""
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
            come_in(context, product.address, role)
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


def come_in(context: BrowserContext, address: str, role: str, password: str = "") -> None:
    """Through the same door without a look at the form, or at the page behind it."""
    answer = context.request.post(
        f"{address}/login",
        form={"username": role, "password": password or PASSWORDS[role]},
        headers={"Origin": address},
        max_redirects=0,
    )
    assert answer.status == 303, answer.text()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of a run waits for the whole product to start and load."""
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(pytest.mark.timeout(1800))
