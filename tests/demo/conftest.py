import asyncio
from datetime import date, datetime, timedelta

import duckdb
import httpx
import pyarrow
import pytest

from config.environment import environment
from config.platforms import load_platforms
from demo.hotline import orders_on
from demo.serve import application
from demo.stage import Stage
from demo.town import Town
from etl import registry

ANCHOR = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 15, 20)


@pytest.fixture
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def town():
    return Town(ANCHOR)


@pytest.fixture(scope="session")
def now():
    return NOW


@pytest.fixture(scope="session")
def records(town, now):
    first = date(2025, 6, 1)  # a year and a half are enough and quick to draw
    days = (first + timedelta(days=n) for n in range((ANCHOR - first).days + 1))
    orders = [order for day in days for order in orders_on(town, day)]
    return [order.row(now) for order in orders if order.updated_at(now)]


@pytest.fixture(scope="session")
def clean():
    """Reads bytes as the product does; every row is accepted, cast and kept. Rows by table."""

    def read(key, *payloads, now=NOW):
        declared = registry.tables([key])[key]
        rows = {name: [] for name in declared}
        for payload in payloads:
            for table, row in registry.parser(key)(payload):
                assert table != "!", row
                rows[table].append(row)
        for name, table in declared.items():
            assert not refused(table, rows[name], now)
        return rows

    return read


def refused(table, rows, now):
    """The rows that a cast or a rule would send to quarantine, with the reason."""
    if not rows:
        return []
    columns = {name: [row.get(name) for row in rows] for name in table.columns}
    text = pyarrow.table({n: pyarrow.array(v, pyarrow.string()) for n, v in columns.items()})
    casts = ", ".join(f'TRY_CAST("{n}" AS {c.sql_type}) AS "{n}"' for n, c in table.columns.items())
    with duckdb.connect() as db:
        db.register("delivered", text)
        db.execute(f"CREATE TABLE row AS SELECT {casts} FROM delivered")
        lost = [
            f"{name}: {row[name]}"
            for name in table.columns
            for row, (kept,) in zip(
                rows, db.sql(f'SELECT "{name}" FROM row').fetchall(), strict=True
            )
            if row.get(name) is not None and kept is None
        ]
        for reason, predicate in table.rules.items():
            said = predicate.replace("$recorded_at", f"TIMESTAMP '{now}'")
            lost += [(reason, *row) for row in db.sql(f"FROM row WHERE {said}").fetchall()]
    return lost


def _column(db, name):
    return db.sql(f'SELECT "{name}" FROM row').fetchall()


class Reader:
    """Somebody who calls the interface of one platform."""

    def __init__(self, app):
        self.app = app

    def get(self, path, params=None, headers=None):
        async def ask():
            door = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=door, base_url="http://town") as client:
                return await client.get(path, params=params, headers=headers)

        return asyncio.run(ask())

    def pages(self, path, params, following, count, headers=None):
        """The bytes of all pages; `following(answer, seen)` says what to ask next, or None."""
        found, seen, more = [], 0, {}
        while more is not None:
            answer = self.get(path, params | more, headers)
            assert answer.status_code == 200, answer.text
            found.append(answer.content)
            seen += count(answer.json())
            more = following(answer.json(), seen)
        return found


@pytest.fixture(scope="session")
def client(town):
    """The interface of one platform of the town."""

    def opened(key):
        stage = Stage(town, environment(), load_platforms()[key])
        return Reader(application([stage]))

    return opened
