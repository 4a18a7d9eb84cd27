"""What holds for every test: none is timed, since machines are shared; one driver of browsers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import settings
from playwright.sync_api import Playwright, sync_playwright

from config.environment import environment

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


class SiteFiles:
    """A folder of configuration as delivered, to be changed by a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for file in environment().config.iterdir():
            if file.is_file():
                (folder / file.name).write_bytes(file.read_bytes())

    def put(self, name: str, old: str, new: str) -> None:
        """Change a file as somebody with an editor does."""
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def site_files(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> SiteFiles:
    """The site's own files, in a folder of the test."""
    made = SiteFiles(tmp_path_factory.mktemp("config"))
    monkeypatch.setenv("HONGLAN_CONFIG", str(made.folder))
    return made


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
