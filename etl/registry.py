"""The platform modules: found by their key, never by a list."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from config.environment import environment
from config.errors import ConfigError
from etl.formats import bundle
from etl.formats.cell import Yielded
from warehouse.schema import Table

_ROOM: Final = Path(__file__).parent
_FOLDER: Final = _ROOM / "platforms"


def known() -> list[str]:
    """The keys that have a module."""
    return sorted(p.stem for p in _FOLDER.glob("*.py") if not p.stem.startswith("_"))


def module(key: str) -> Any:
    """The module of a platform; ConfigError when none is there for a configured key."""
    if key not in known():
        file = environment().config / "platforms.toml"
        raise ConfigError(file, key, key, ", ".join(known()))
    return import_module(f"etl.platforms.{key}")


def parser(key: str) -> Callable[[bytes], Iterator[Yielded]]:
    """The pure function from bytes to rows of a platform; a ZIP is read member by member."""
    parse: Callable[[bytes], Iterator[Yielded]] = module(key).parse

    def read(payload: bytes) -> Iterator[Yielded]:
        for part in bundle.parts(key, payload):
            yield from parse(part)

    return read


@cache
def code_mark(key: str) -> str:
    """A mark of the code that makes rows out of what a platform sent; changed code, other mark."""
    digest = hashlib.sha256()
    files = [_FOLDER / f"{key}.py", *sorted((_ROOM / "formats").glob("*.py"))]
    for file in (*files, _ROOM / "personal.py", _ROOM / "located.py", _ROOM / "reading.py"):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def tables(keys: Iterable[str]) -> dict[str, Mapping[str, Table]]:
    """The facts that each of these platforms declares."""
    return {key: module(key).TABLES for key in keys}


def facts(keys: Iterable[str]) -> dict[str, Table]:
    """All facts of these platforms under their own names."""
    return {name: table for declared in tables(keys).values() for name, table in declared.items()}


def labels(keys: Iterable[str]) -> dict[str, str]:
    """What people call the facts of these platforms."""
    return {name: table.label for name, table in facts(keys).items()}
