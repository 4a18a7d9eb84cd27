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
    store_file(environment().var)
    opened = open_store()
    migrate(opened)  # nothing to do, unless the test left an older one
    return opened


def store_file(var: Path) -> Path:
    """The file of a migrated case store under var, made unless there is one."""
    if not (var / FILE).exists():
        var.mkdir(parents=True, exist_ok=True)
        shutil.copy(_migrated(), var / FILE)
    return var / FILE


@functools.cache
def _opened(keys: tuple[str, ...]) -> Path:
    var = Path(tempfile.mkdtemp(dir=_folder()))
    with Warehouse(var, registry.facts(keys)) as made:
        assert made.build().ok
    return var / "warehouse"


def warehouse(var: Path, platforms: Iterable[str]) -> None:
    """An empty warehouse of these platforms under var, built once, unless there is one."""
    if not (var / "warehouse").exists():
        shutil.copytree(_opened(tuple(platforms)), var / "warehouse")
