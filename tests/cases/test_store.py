import multiprocessing
import os
import stat

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select, text

from cases import schema
from cases.errors import Busy, NotMigrated
from cases.store import demand_current, is_current, migrate, newest, open_store
from config.errors import ConfigError


def test_the_migrations_make_exactly_the_tables_of_the_schema(store):
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_migrating_again_changes_nothing(store):
    migrate(store)
    assert is_current(store)


def test_the_newest_layout_is_the_one_to_which_migrations_lead(store):
    with store.reading() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == newest()


def test_a_store_in_use_is_brought_up_from_its_first_layout_without_losing_a_row(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    migrate(store, to="0001")
    day = "'2026-01-01'"
    with store.writing() as connection:
        connection.execute(
            text(f"INSERT INTO users VALUES (1, 'li', 'leader', 'x', {day}, '', {day}, NULL)")
        )
        connection.execute(
            text(
                f"INSERT INTO sessions VALUES ('a', 1, 'leader', {day}, {day}, {day}, NULL, '', '')"
            )
        )
    migrate(store)
    with store.writing() as connection:
        joined = text("SELECT u.name FROM sessions AS s JOIN users AS u ON u.id = s.user_id")
        assert connection.scalars(joined).all() == ["li"]
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_store_without_tables_says_what_to_run(tmp_path):
    fresh = open_store(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    with pytest.raises(NotMigrated, match="python -m cases migrate"):
        demand_current(fresh)


def test_the_file_is_on_disk_before_an_answer_and_only_its_owner_reads_it(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    store = open_store()
    migrate(store)
    with store.reading() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA busy_timeout")) == 5000
    for file in tmp_path.glob("cases.sqlite3*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_failed_change_leaves_nothing(store):
    row = {"name": "generation", "value": "1", "at": schema.utc(schema.datetime(2026, 11, 23))}
    with pytest.raises(ZeroDivisionError), store.writing() as connection:
        connection.execute(insert(schema.marks).values(**row))
        raise ZeroDivisionError
    with store.reading() as connection:
        assert connection.execute(select(schema.marks)).all() == []


def test_readers_do_not_wait_for_a_writer(store):
    with store.writing() as writer:
        writer.execute(insert(schema.progress).values(**_progress("hotline_12345")))
        with store.reading() as reader:
            assert reader.execute(select(schema.progress)).all() == []


def test_a_second_writer_of_the_file_is_told_to_try_again(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    first, second = open_store(), open_store()
    migrate(first)
    with second.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    with first.writing(), pytest.raises(Busy, match="try again"), second.writing():
        pass


@pytest.mark.parametrize("url", ["mysql://a/b", "not a url", "oracle://x"])
def test_an_address_that_cannot_be_used_is_refused_with_what_is_allowed(url):
    with pytest.raises(ConfigError, match="postgresql://"):
        open_store(url)


def test_a_password_in_the_address_never_shows_in_a_name():
    pytest.importorskip("psycopg")
    store = open_store("postgresql://honglan:topsecret@127.0.0.1/honglan")
    assert "topsecret" not in store.name


def test_processes_that_migrate_together_take_turns(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(_migrate_here, range(3)) == [True, True, True]


def _migrate_here(_number):
    store = open_store()
    migrate(store)
    return is_current(store)


def _progress(key):
    at = schema.utc(schema.datetime(2026, 11, 23))
    return {"key": key, "phase": "载入", "done": 1, "total": 2, "at": at}


@pytest.mark.skipif(not os.environ.get("HONGLAN_TEST_PG_URL"), reason="no HONGLAN_TEST_PG_URL")
def test_all_laws_of_this_room_are_held_on_postgresql_too(request):
    fixture = request._fixturemanager.getfixturedefs("store", request.node)[-1]
    assert fixture.params == ["sqlite", "postgresql"]
