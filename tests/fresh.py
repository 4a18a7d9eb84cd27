"""State that every test would make anew: made once in a process, then copied."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cases.store import Store, migrate, open_store
from config.environment import environment
from etl import registry
from warehouse.write import Warehouse

FILE = "cases.sqlite3"


@functools.cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fresh-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.cache
def _migrated() -> Path:
    made = open_store(f"sqlite:///{_folder() / FILE}")
    migrate(made)
    made.close()
    return _folder() / FILE


def store() -> Store:
    """The migrated case store of HONGLAN_VAR, as it is where there is one already."""
    var = environment().var
    if not (var / FILE).exists():
        var.mkdir(parents=True, exist_ok=True)
        shutil.copy(_migrated(), var / FILE)
    opened = open_store()
    migrate(opened)  # nothing to do, unless the test left an older one
    return opened


@functools.cache
def _opened(keys: tuple[str, ...]) -> Path:
    var = Path(tempfile.mkdtemp(dir=_folder()))
    Warehouse(var, registry.facts(keys)).close()
    return var / "warehouse"


def warehouse(var: Path, platforms: Iterable[str]) -> None:
    """An empty warehouse with the tables of these platforms under var, unless there is one."""
    if not (var / "warehouse").exists():
        shutil.copytree(_opened(tuple(platforms)), var / "warehouse")
