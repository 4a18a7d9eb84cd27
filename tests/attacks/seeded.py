"""A street whose rows an attacker wrote: platforms' recorded rows, changed, through the real ETL.

Landing, masking, vault, loading, build and publish are the product's own; only what `parse` yields
is a test's. A new platform takes part with its fixture.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from cases import health
from cases.store import migrate, open_store
from config import clock
from config.platforms import load_platforms
from dashboard import source
from etl import registry
from etl.loader import Loader
from warehouse.schema import Table

FIXTURES = Path(__file__).parents[1] / "fixtures" / "platforms"
NOW = datetime(2026, 11, 30, 12, 0)
UNITS = ("unit", "unit_main", "main_unit", "department", "squad")
PLACES = ("community", "community_code")
Row = dict[str, str | None]
Change = Callable[[str, str, Table, Row], Iterable[Row]]


@functools.cache
def _recorded(key: str) -> list[tuple[str, Row]]:
    found = json.loads((FIXTURES / key / "expected.json").read_text(encoding="utf-8"))
    return [(table, row) for table, row in found if table != "!"]


def recorded(key: str) -> list[tuple[str, Row]]:
    """The rows that a platform's fixture gives."""
    return [(table, dict(row)) for table, row in _recorded(key)]


def free_texts(table: Table) -> list[str]:
    """Columns in which people write what they like, and names that a platform gives."""
    rules = " ".join(table.rules.values())
    return [
        name
        for name, column in table.columns.items()
        if column.type == "text"
        and name not in (*table.key, *UNITS, *PLACES)
        and not column.hash_of
        and not re.search(r"(_code|_no|_hash|sha256)$|^(file|photo_.*|line|state)$", name)
        and not re.search(rf"\b{name}\b", rules)
    ]


@contextmanager
def installed(var: Path, now: datetime = NOW) -> Iterator[None]:
    """The installation under a folder, at a standing moment."""
    with pytest.MonkeyPatch.context() as patch, clock.frozen(now):
        patch.setenv("HONGLAN_VAR", str(var))
        for name in ("HONGLAN_CASES_URL", "HONGLAN_BEHIND_TLS_PROXY", "HONGLAN_PUBLIC_HOST"):
            patch.delenv(name, raising=False)
        source._data.cache_clear()
        try:
            yield
        finally:
            source.data().close()
            source._data.cache_clear()


def build(var: Path, change: Change) -> None:
    """Make an installation whose published rows are the changed ones of every platform."""
    with installed(var), pytest.MonkeyPatch.context() as patch:
        store = open_store()
        migrate(store)
        platforms = load_platforms()
        with Loader(var, platforms, store) as loader:
            for key, platform in platforms.items():
                tables = registry.module(key).TABLES
                rows = [
                    (table, changed)
                    for table, row in recorded(key)
                    for changed in change(key, table, tables[table], row)
                ]
                patch.setattr(registry, "parser", lambda _key, rows=rows: lambda _: iter(rows))
                tally = loader.take(key, key.encode(), ext="json", source=platform.source)
                assert not tally.quarantined, (key, tally)
                loader.succeeded(platform, clock.now())
                health.succeeded(store, key, clock.now())
            loader.catch_up()
            assert loader.publish(force=True) is not None, "a check failed"
        store.close()
