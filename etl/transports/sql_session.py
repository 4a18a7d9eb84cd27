"""A session on another office's database that can only read, with limits on time.

The address is built from its parts, so that no password stands in a file. What a driver says is
sorted into "later" and "a person must act".
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
import pymysql
from psycopg.types import datetime as psycopg_times
from sqlalchemy import (
    URL,
    BindParameter,
    Connection,
    Engine,
    NullPool,
    bindparam,
    create_engine,
    event,
    exc,
)
from sqlalchemy.types import NullType

from cases.faults import Fault
from config.environment import environment, secret
from etl.errors import EtlError, Refused, Retryable

DRIVERS: Final = ("postgresql+psycopg", "mysql+pymysql", "sqlite")
CONNECT_S: Final = 5
_PORTS: Final = {"postgresql+psycopg": 5432, "mysql+pymysql": 3306}
_REFUSED_STATES: Final = ("42", "28", "3D", "3F", "0A", "25006")  # SQLSTATE by its beginning
_REFUSED_NUMBERS: Final = frozenset(  # rights, names, a view that lost its table, a write
    {1044, 1045, 1049, 1054, 1142, 1143, 1146, 1356, 1698, 1792}
)
_REFUSED_WORDS: Final = (  # a driver that could not connect has no code
    "password authentication failed",
    "no pg_hba.conf entry",
    "does not exist",
    "no such table",
    "no such column",
    "readonly database",
    "certificate verify failed",
)


@contextmanager
def session(key: str, options: Mapping[str, Any], timeout: timedelta) -> Iterator[Connection]:
    """A connection for one poll, given back at its end whatever happens; EtlError without one."""
    source = _engine(key, options, timeout)
    try:
        connection = source.connect()
    except (exc.SQLAlchemyError, psycopg.Error, pymysql.Error) as error:
        raise told(key, error) from None
    try:
        yield connection
    finally:
        connection.close()
        source.dispose()


def _engine(key: str, options: Mapping[str, Any], timeout: timedelta) -> Engine:
    driver = options["driver"]
    if driver == "sqlite":
        file = environment().var / options["database"]  # an absolute path stays what it is
        if not Path(file).is_file():
            raise Retryable(key, f"the database file {file} is not there", fault=Fault.FOLDER)
        url = URL.create(driver, database=f"{file.as_uri()}", query={"mode": "ro", "uri": "true"})
    else:
        url = URL.create(
            driver,
            username=options["user"],
            password=secret(options["password_env"]) if options["password_env"] else None,
            host=options["host"],
            port=options["port"] or _PORTS[driver],
            database=options["database"],
        )
    made = create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args=_connecting(options, timeout),
    )
    seconds = timeout.total_seconds()
    if driver == "sqlite":
        _limit_file(made, seconds)
    else:
        event.listen(made, "connect", lambda raw, _: _settle(driver, raw, seconds))
    return made


def told(key: str, error: Exception) -> EtlError:
    """What went wrong, and whether asking again can help."""
    origin = getattr(error, "orig", None) or error
    said = " ".join(str(origin).split())[:200]
    state = getattr(origin, "sqlstate", None) or ""
    number = origin.args[0] if origin.args and isinstance(origin.args[0], int) else 0
    refused = (
        state.startswith(_REFUSED_STATES)
        or number in _REFUSED_NUMBERS
        or any(words in said for words in _REFUSED_WORDS)
    )
    return (
        Refused(key, f"the database says: {said}", fault=Fault.DATABASE)
        if refused
        else Retryable(key, said, fault=Fault.LINE)
    )


def bound(value: Any) -> BindParameter[Any]:
    """A value as it is: a type would be cast to, and a text is no time to PostgreSQL."""
    return bindparam(None, value, type_=NullType(), unique=True)


def _connecting(options: Mapping[str, Any], timeout: timedelta) -> dict[str, Any]:
    """What each driver wants to know beside the address."""
    ca = str(environment().config / options["ca"]) if options["ca"] else ""
    if options["driver"] == "postgresql+psycopg":
        checked: dict[str, Any] = {"sslmode": "verify-full", "sslrootcert": ca} if ca else {}
        return {"connect_timeout": CONNECT_S, "application_name": "honglan", **checked}
    if options["driver"] == "mysql+pymysql":
        checked = {"ssl_ca": ca, "ssl_verify_cert": True, "ssl_verify_identity": True} if ca else {}
        wait = int(timeout.total_seconds()) + CONNECT_S  # the server's own limit comes first
        return {
            "connect_timeout": CONNECT_S,
            "read_timeout": wait,
            "write_timeout": wait,
            "charset": "utf8mb4",
            "local_infile": False,  # a server taken over could ask for our files
            **checked,
        }
    return {"timeout": CONNECT_S}


def _settle(driver: str, raw: Any, seconds: float) -> None:
    """A new session: nothing but reading, local time, an end to every statement."""
    if driver == "postgresql+psycopg":
        words = [
            "SET default_transaction_read_only = on",
            f"SET statement_timeout = {int(seconds * 1000)}",
            "SET TIME ZONE 'Asia/Shanghai'",
        ]
        for name, loader in _FORGIVING.items():
            raw.adapters.register_loader(name, loader)
    else:
        is_mariadb = "mariadb" in raw.get_server_info().lower()
        limit = f"max_statement_time = {seconds}"  # in seconds; MySQL's own wants milliseconds
        words = [
            "SET SESSION TRANSACTION READ ONLY",
            f"SET SESSION {limit if is_mariadb else f'max_execution_time = {int(seconds * 1000)}'}",
            "SET time_zone = '+08:00'",
        ]
    with raw.cursor() as cursor:
        for word in words:
            cursor.execute(word)
    raw.commit()  # PostgreSQL would take the settings back with the transaction


def _limit_file(made: Engine, seconds: float) -> None:
    """SQLite has no server to end a statement; it asks us every so often."""
    until = [0.0]

    def begin(*_: object) -> None:
        until[0] = time.monotonic() + seconds

    def settle(raw: sqlite3.Connection, _: object) -> None:
        raw.execute("PRAGMA query_only = on")
        raw.set_progress_handler(lambda: int(time.monotonic() > until[0]), 20_000)

    event.listen(made, "before_cursor_execute", begin)
    event.listen(made, "connect", settle)


class _Times:
    """Infinity and years after 9999 cannot be a Python time; they stay the text they are."""

    def load(self, data: Any) -> Any:
        try:
            return super().load(data)  # type: ignore[misc]
        except psycopg.DataError:
            return bytes(data).decode("ascii", "replace")


class _Timestamp(_Times, psycopg_times.TimestampLoader):
    """A time without zone."""


class _TimestampTz(_Times, psycopg_times.TimestamptzLoader):
    """A time with zone."""


class _Date(_Times, psycopg_times.DateLoader):
    """A day."""


_FORGIVING: Final = {"timestamp": _Timestamp, "timestamptz": _TimestampTz, "date": _Date}
