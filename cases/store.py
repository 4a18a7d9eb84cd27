"""The case store: what the centre itself owns, in SQLite or PostgreSQL.

SQLite writes wait for each other (BEGIN IMMEDIATE, at most five seconds) and are on disk before
they answer (synchronous=FULL); readers never wait.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    column,
    create_engine,
    event,
    inspect,
    select,
    table,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from cases.errors import Busy, CaseError, NotMigrated
from config.environment import environment
from config.errors import ConfigError

if TYPE_CHECKING:  # a tenth of the start of every command; only migrations need it
    from alembic.config import Config

_WRITING = "honglan_writing"
_REBUILDING = "honglan_rebuilding"
_LAYOUT = table("alembic_version", column("version_num"))
MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Store:
    """An open case store; `reading` and `writing` give one transaction each."""

    engine: Engine
    var: Path

    @property
    def is_sqlite(self) -> bool:
        """True for the file that comes by default."""
        return self.engine.dialect.name == "sqlite"

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look at the store; never waits for a writer."""
        with _named_errors(self.name), self.engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One change, whole or not at all; Busy when others hold the store too long."""
        engine = self.engine.execution_options(**{_WRITING: True})
        with _named_errors(self.name), engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """A change of the layout: SQLite replaces whole tables that rows of others point at.

        Its foreign keys are looked at once, before the commit, instead of at each statement.
        """
        engine = self.engine.execution_options(**{_WRITING: True, _REBUILDING: True})
        try:
            with _named_errors(self.name), engine.begin() as connection:
                yield connection
                if self.is_sqlite:
                    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    if lost:
                        tables = "、".join(sorted({str(row[0]) for row in lost}))
                        raise CaseError(
                            self.name, f"would hold rows that point at nothing: {tables}"
                        )
        finally:
            self.engine.dispose()  # the connection that does not look at foreign keys goes

    @property
    def name(self) -> str:
        """How the store is called in a message: its file, or its address without the password."""
        url = self.engine.url
        return url.database or "" if self.is_sqlite else url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_store(url: str | None = None) -> Store:
    """The store of this installation: HONGLAN_CASES_URL, or a SQLite file under HONGLAN_VAR."""
    var = environment().var
    chosen = url or os.environ.get("HONGLAN_CASES_URL") or f"sqlite:///{var / 'cases.sqlite3'}"
    try:
        parsed = make_url(chosen)
    except ArgumentError:
        raise _unusable("a text that is no address") from None
    if parsed.get_backend_name() == "sqlite":
        return Store(_sqlite(Path(parsed.database or "")), var)
    if parsed.get_backend_name() != "postgresql":
        raise _unusable(parsed.get_backend_name())
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        return Store(create_engine(parsed, pool_pre_ping=True, pool_size=10), var)
    except ModuleNotFoundError as error:
        raise ConfigError(
            "environment", "HONGLAN_CASES_URL", parsed.drivername, f"install {error.name} first"
        ) from None


def migrate(store: Store, to: str = "head") -> None:
    """Bring the store's layout up to this version; processes that start together take turns."""
    folder = store.var / "locks"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "cases-migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(store):
            return
        from alembic import command

        with store.rebuilding() as connection:
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, to)


def is_current(store: Store) -> bool:
    """Whether the store has the layout that this version reads."""
    with store.reading() as connection:
        if not inspect(connection).has_table(_LAYOUT.name):
            return False
        found: str | None = connection.scalar(select(_LAYOUT.c.version_num))
    return found == newest()


@functools.cache
def newest() -> str:
    """The number of the last migration, with which its file's name begins."""
    return max(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def demand_current(store: Store) -> None:
    """NotMigrated unless the store has the layout that this version reads."""
    if not is_current(store):
        raise NotMigrated(store.name, "has an older layout; run: python -m cases migrate")


def put(
    connection: Connection,
    table: Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    new: Mapping[str, Any] | None = None,
) -> None:
    """Insert the row of this key or change it; `new` fills what only a new row needs."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(**key, **(new or {}), **values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=dict(values)))


def real_now() -> datetime:
    """Real UTC time, for time-outs and the audit trail: a demo clock must not move those."""
    return datetime.fromtimestamp(time.time(), UTC)


def _alembic() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def _unusable(value: str) -> ConfigError:
    allowed = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
    return ConfigError("environment", "HONGLAN_CASES_URL", value, allowed)


def _sqlite(path: Path) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)  # personal data: the -wal and -shm files take the same mode
    except OSError as error:
        raise ConfigError(path, "case store", str(error.strerror), "a writable folder") from None
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 5})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN would come too late
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA busy_timeout=5000")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(_REBUILDING):  # SQLite takes this between transactions only
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        writing = options.get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


@contextlib.contextmanager
def _named_errors(name: str) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        text = str(error.orig)
        if "locked" in text or "busy" in text:
            raise Busy(name, "is held by another process for more than 5 s; try again") from error
        if "no such table" in text:
            raise NotMigrated(name, "has no tables yet; run: python -m cases migrate") from error
        raise CaseError(name, f"cannot be used ({text.splitlines()[0]})") from error
