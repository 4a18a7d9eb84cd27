"""What holds for every test: none is timed, since machines are shared; one driver of browsers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from hypothesis import settings
from playwright.sync_api import Playwright, sync_playwright

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failed logins are counted as of one moment: on a slow machine no wait runs out in between."""
    moment = time.time()
    monkeypatch.setattr("cases.attempts.time", SimpleNamespace(time=lambda: moment))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one driver of a test process: a second one beside it is refused by the library."""
    with sync_playwright() as driver:
        yield driver
