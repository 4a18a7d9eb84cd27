"""A migrated case store: SQLite in a folder of the test, PostgreSQL too where one is named."""

import os

import pytest
from sqlalchemy import create_engine, text

from cases.store import migrate, open_store
from tests import fresh

POSTGRES = os.environ.get("HONGLAN_TEST_PG_URL", "")


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def store(request, tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    if request.param == "postgresql":
        empty_postgres()
        opened = open_store(POSTGRES)
        migrate(opened)
    else:
        opened = fresh.store()
    yield opened
    opened.close()


def empty_postgres():
    engine = create_engine(POSTGRES.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
