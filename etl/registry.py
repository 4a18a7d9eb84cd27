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
from warehouse.schema import Column, Table

_ROOM: Final = Path(__file__).parent
_FOLDER: Final = _ROOM / "platforms"


def known() -> list[str]:
    """The keys that have a module."""
    return sorted(p.stem for p in _FOLDER.glob("*.py") if not p.stem.startswith("_"))


@cache
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


def pictures(key: str) -> Mapping[str, tuple[str, ...]]:
    """The columns that name picture files, by fact; of most platforms none."""
    found: Mapping[str, tuple[str, ...]] = getattr(module(key), "PICTURES", {})
    return found


def facts(keys: Iterable[str]) -> dict[str, Table]:
    """All facts of these platforms under their own names."""
    return {name: table for declared in tables(keys).values() for name, table in declared.items()}


@cache
def column_names(key: str) -> Mapping[str, Column]:
    """The columns of a platform by every name they go by: ours, and those the platform sends, as
    far as its module says so in a dictionary of theirs to ours."""
    found = module(key)
    declared = {name: one for table in found.TABLES.values() for name, one in table.columns.items()}
    theirs: dict[str, Column] = {}
    for each in vars(found).values():
        blocks = [each, *each.values()] if isinstance(each, dict) else []
        for block in blocks:
            if isinstance(block, dict) and block and declared.keys() >= set(_texts(block)):
                theirs |= {name: declared[ours] for name, ours in block.items()}
    return theirs | declared


def _texts(block: Mapping[Any, Any]) -> list[str]:
    """The values of a dictionary of texts; of any other one a name that no column has."""
    values = list(block.values())
    return values if all(isinstance(each, str) for each in values) else [""]


def labels(keys: Iterable[str]) -> dict[str, str]:
    """What people call the facts of these platforms."""
    return {name: table.label for name, table in facts(keys).items()}
