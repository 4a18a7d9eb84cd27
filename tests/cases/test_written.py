"""An answer of the case store stands until somebody has written, in this process or another."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from cases import alarms
from cases.errors import CaseError
from cases.store import migrate, open_store
from cases.written import UntilWritten

WRITE = "UPDATE alembic_version SET version_num = version_num"


@pytest.fixture
def counted(store):
    asked = []

    def ask(of):
        asked.append(1)
        return alarms.version(of)

    return UntilWritten(store, ask), asked


def test_it_is_asked_once_while_nobody_writes(store, counted):
    until, asked = counted
    for _ in range(5):
        assert until.answer() == alarms.version(store)
    assert len(asked) == (1 if store.is_sqlite else 5)


def test_what_this_process_writes_is_asked_again(store, counted):
    until, asked = counted
    until.answer()
    with store.writing() as connection:
        connection.execute(text(WRITE))
    before = len(asked)
    until.answer()
    assert len(asked) == before + 1


def test_what_another_process_writes_is_asked_again(store, counted):
    until, asked = counted
    until.answer()
    write = f"""
import os, sqlalchemy
with sqlalchemy.create_engine(os.environ["STORE"]).begin() as connection:
    connection.execute(sqlalchemy.text({WRITE!r}))
"""
    url = store.engine.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", write], env=os.environ | {"STORE": url}, check=True)
    until.answer()
    assert len(asked) == 2


def test_a_store_that_cannot_be_asked_says_so_and_answers_once_it_can(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    empty = open_store()
    until = UntilWritten(empty, alarms.version)
    with pytest.raises(CaseError):  # no tables yet
        until.answer()
    migrate(empty)
    assert until.answer() == 0
    empty.close()
