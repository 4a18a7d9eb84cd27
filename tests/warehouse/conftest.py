"""A small town for the warehouse: rows of a test go in as text, figures come out."""

import functools
import hashlib
import itertools
import shutil
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from config import clock
from config.platforms import Platform, load_platforms
from config.site import load_site
from config.thresholds import load_thresholds
from etl.platforms import gauge, hotline_12345, mediation, weather
from warehouse.batch import Batch, LoadResult, Reject
from warehouse.dimension import dimensions
from warehouse.read import MetricAnswer, MetricQuery, Reader
from warehouse.schema import Table
from warehouse.write import Warehouse

TABLES: dict[str, Table] = {
    **hotline_12345.TABLES,
    **mediation.TABLES,
    **gauge.TABLES,
    **weather.TABLES,
}
OWNERS = {
    "hotline_order": "hotline_12345",
    "hotline_event": "hotline_12345",
    "mediation_case": "mediation",
    "gauge_reading": "gauge",
    "weather_reading": "weather",
    "weather_warning": "weather",
}
NOW = datetime(2026, 11, 23, 12, 0)


def _platform(key: str) -> Platform:
    return Platform(
        key=key,
        name=key,
        short=key,
        owner="某办",
        phone="",
        transport="rest",
        every=timedelta(minutes=5),
        stale_after=timedelta(minutes=20),
        demo=False,
        enabled=True,
    )


PLATFORMS = {key: _platform(key) for key in ("hotline_12345", "mediation", "gauge", "weather")}


@functools.cache
def _dimensions(keys: tuple[str, ...]) -> Mapping[str, Any]:
    return dimensions(load_site(), load_thresholds(), {key: _platform(key) for key in keys})


class Town:
    """One installation's warehouse with short words for tests."""

    tables: Mapping[str, Table] = TABLES
    owners: Mapping[str, str] = OWNERS
    platforms: Mapping[str, Platform] = PLATFORMS

    def __init__(self, var: Path) -> None:
        self.var = var
        self.numbers = itertools.count(1)
        self.open()
        self.reader = Reader(var)

    def open(self) -> Warehouse:
        """Open the writer's side."""
        self.warehouse = Warehouse(
            self.var,
            self.tables,
            platforms=lambda: self.platforms,
            dimensions=lambda: _dimensions(tuple(self.platforms)),
        )
        return self.warehouse

    def batch(
        self,
        table: str,
        rows: Any,
        *,
        source: str | None = None,
        at: datetime = NOW,
        cursor: str | None = None,
        rejects: tuple[Reject, ...] = (),
        batch_id: str | None = None,
    ) -> Batch:
        """Rows of one table as a delivery."""
        number = next(self.numbers)
        name = batch_id or hashlib.sha256(str(number).encode()).hexdigest()
        key = self.owners[table]
        return Batch(name, key, source or key, f"{key}/x", at, cursor, {table: rows}, rejects)

    def load(self, table: str, rows: Any, **words: Any) -> LoadResult:
        """Load rows of one table."""
        return self.warehouse.load(self.batch(table, rows, **words))

    def publish(self, at: datetime = NOW, *, succeed: bool = True) -> int:
        """Build and publish as of a moment; the number of the generation."""
        with clock.frozen(at):
            if succeed:
                for key in self.platforms:
                    self.warehouse.mark_success(key, key, at)
            result = self.warehouse.build()
            assert result.ok, result.failures
            done = self.warehouse.publish()
        assert done is not None
        return done.number

    def ask(
        self,
        metric: str,
        first: date = date(2026, 11, 1),
        last: date = date(2026, 11, 30),
        generation: int | None = None,
        **words: Any,
    ) -> MetricAnswer:
        """One figure of the published snapshot."""
        return self.reader.metric(metric, MetricQuery(first, last, **words), generation)

    def sql(self, text: str) -> list[tuple[Any, ...]]:
        """Rows of the writer's files."""
        return self.warehouse.connection.execute(text).fetchall()

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Sorted rows of core and marts without the columns that tell of loading."""
        found = {}
        tables = self.sql(
            "SELECT database_name, table_name FROM duckdb_tables() WHERE database_name = 'mart'"
            " AND table_name NOT IN ('_meta', '_source', '_column')"
        )
        names = [f"{base}.{table}" for base, table in tables]
        names += [f"core.{each}{tail}" for each in self.tables for tail in ("", "_version")]
        for each in names:
            columns = self.sql(
                "SELECT column_name FROM duckdb_columns() WHERE database_name || '.' ||"
                f" table_name = '{each}' ORDER BY column_index"
            )
            kept = [c for (c,) in columns if not c.startswith("_") or c == "_hash"]
            select = ", ".join(f'"{c}"' for c in kept)
            found[each] = sorted(self.sql(f"SELECT {select} FROM {each}"), key=repr)
        return found

    def close(self) -> None:
        """Close both sides."""
        self.reader.close()
        self.warehouse.close()


ALL_OWNERS = {
    table: key for key in load_platforms() for table in import_module(f"etl.platforms.{key}").TABLES
}
ALL_TABLES = {
    table: import_module(f"etl.platforms.{key}").TABLES[table] for table, key in ALL_OWNERS.items()
}
ALL_PLATFORMS = {key: _platform(key) for key in sorted(set(ALL_OWNERS.values()))}


class WideTown(Town):
    """The same with all platforms connected."""

    tables = ALL_TABLES
    owners = ALL_OWNERS
    platforms = ALL_PLATFORMS


@pytest.fixture(scope="session")
def silent_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the tables of all platforms, none of which was ever heard; once for all."""
    var = tmp_path_factory.mktemp("silent")
    town = WideTown(var)
    with clock.frozen(NOW):
        assert town.warehouse.build().ok
    town.close()
    return var


@pytest.fixture(scope="session")
def wide_var(silent_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after every platform has answered, so that a test builds only what it loads."""
    var = tmp_path_factory.mktemp("wide") / "var"
    shutil.copytree(silent_var, var)
    town = WideTown(var)
    with clock.frozen(NOW):
        for key in town.platforms:
            town.warehouse.mark_success(key, key, NOW)
        assert town.warehouse.build().ok
    town.close()
    return var


def copied(made: Path, var: Path) -> Iterator[WideTown]:
    """A town of one's own over a copy of what was made once."""
    shutil.copytree(made, var)
    found = WideTown(var)
    yield found
    found.close()


@pytest.fixture
def street(wide_var: Path, tmp_path: Path) -> Iterator[WideTown]:
    """A fresh town with all platforms."""
    yield from copied(wide_var, tmp_path / "street")


@pytest.fixture
def silent_street(silent_var: Path, tmp_path: Path) -> Iterator[WideTown]:
    """A fresh town with all platforms, none of which was ever heard."""
    yield from copied(silent_var, tmp_path / "silent")


@pytest.fixture(scope="module")
def shared_street(wide_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WideTown]:
    """A town with all platforms for the tests of a file that only read it."""
    yield from copied(wide_var, tmp_path_factory.mktemp("street") / "var")


@pytest.fixture(scope="session")
def empty_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with its tables, once for all tests."""
    var = tmp_path_factory.mktemp("empty")
    town = Town(var)
    with clock.frozen(NOW):
        assert town.warehouse.build().ok
    town.close()
    return var


@pytest.fixture
def town(empty_var: Path, tmp_path: Path) -> Iterator[Town]:
    """A fresh town."""
    var = tmp_path / "var"
    shutil.copytree(empty_var, var)
    found = Town(var)
    yield found
    found.close()


@pytest.fixture(scope="module")
def shared_town(empty_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One town for the tests of a file that only read it."""
    var = tmp_path_factory.mktemp("shared") / "var"
    shutil.copytree(empty_var, var)
    found = Town(var)
    yield found
    found.close()


@pytest.fixture
def new_town(empty_var: Path, tmp_path: Path) -> Iterator[Any]:
    """Makes further fresh towns, for tests that compare several."""
    made: list[Town] = []

    def make() -> Town:
        var = tmp_path / f"town-{len(made)}"
        shutil.copytree(empty_var, var)
        made.append(Town(var))
        return made[-1]

    yield make
    for each in made:
        each.close()


def make_order(number: int, received: str = "2026-11-02 08:30:00", **words: Any) -> dict[str, Any]:
    """One hotline order as parse gives it."""
    return {
        "order_no": f"NJ{number:06}",
        "class_code": "050203",
        "community_code": "320117005001",
        "grid_code": "320117005001001",
        "unit_main": "城管中队",
        "received_at": received,
        "state": "办理中",
        "updated_at": "2026-11-20 08:00:00",
        **words,
    }


def make_case(number: int, accepted: str = "2026-02-02 09:00:00", **words: Any) -> dict[str, Any]:
    """One dispute as parse gives it."""
    return {
        "case_no": f"TJ{number:06}",
        "line": "centre",
        "type_code": "02",
        "accepted_at": accepted,
        "registered_at": accepted,
        "unit": "司法所",
        "community_code": "320117005002",
        "state": "调解中",
        "updated_at": accepted,
        **words,
    }


@pytest.fixture(scope="session")
def order() -> Any:
    """Makes a hotline order."""
    return make_order


@pytest.fixture(scope="session")
def case() -> Any:
    """Makes a dispute."""
    return make_case
