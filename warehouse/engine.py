"""DuckDB as we open it: the writer's two files, and a published pair that nobody can change."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from warehouse import sketch
from warehouse.assemble.text import literal
from warehouse.errors import Locked, QueryFailed

# 2.0 writes a format that 1.5 cannot read unless told to; the way back stays open.
STORAGE_VERSION = "v1.5.0"
# Both turn a filter by day into a scan of everything: one joins a list of words, the other
# computes a view once for two days.
_DISABLED = "SET disabled_optimizers = 'in_clause,common_subplan'"
_LOCKED = ("Could not set lock", "Conflicting lock")
_LEAST = "64MB"
# A relation would be planned twice, which costs more than the copy that the engine warns of.
warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)
_FULL = ("No space left", "Could not write", "Disk quota")


def open_writer(spill: Path, memory: str) -> duckdb.DuckDBPyConnection:
    """A connection to attach the writer's files to; what does not fit in memory goes to spill."""
    con = duckdb.connect()
    con.execute(_DISABLED)
    con.execute("SET memory_limit = " + literal(memory))
    con.execute("SET temp_directory = " + literal(str(spill)))
    con.execute("SET checkpoint_threshold = '128MB'")  # publishing folds the log in, not loading
    _give_back(con)
    sketch.register(con)
    return con


def _give_back(con: duckdb.DuckDBPyConnection) -> None:
    """Without these its allocator keeps what a large question took until the process ends."""
    con.execute("SET allocator_background_threads = true")
    con.execute("SET allocator_flush_threshold = '8MB'")


def forget(con: duckdb.DuckDBPyConnection, usual: str) -> None:
    """Let go of what was only held to be read again; the system still has it in its own cache."""
    with suppress(duckdb.OutOfMemoryException), within(con, _LEAST, usual):
        pass


@contextmanager
def within(con: duckdb.DuckDBPyConnection, memory: str, usual: str) -> Iterator[None]:
    """Less memory for a while; what does not fit goes to spill."""
    con.execute("SET memory_limit = " + literal(memory))
    try:
        yield
    finally:
        con.execute("SET memory_limit = " + literal(usual))


def attach(con: duckdb.DuckDBPyConnection, file: Path, alias: str) -> None:
    """Attach one file for writing; Locked when another process owns it."""
    try:
        con.execute(
            f"ATTACH {literal(str(file))} AS {alias} (STORAGE_VERSION {literal(STORAGE_VERSION)})"
        )
    except duckdb.IOException as error:
        if any(word in str(error) for word in _LOCKED):
            raise Locked(file.name, f"{file} is held by another process; try again") from None
        raise


def is_full_disk(error: Exception) -> bool:
    """Whether the engine stopped because there is no room; the files are then still good."""
    return any(word in str(error) for word in _FULL)


def is_damage(error: Exception) -> bool:
    """Whether the engine says that the file itself is broken."""
    if is_full_disk(error) or any(word in str(error) for word in _LOCKED):
        return False
    words = (
        "corrupt",
        "checksum",
        "not a valid DuckDB",
        "replaying WAL",
        "deserialize",
        "enough bytes",
    )
    said = str(error).lower()
    return isinstance(error, duckdb.SerializationException) or any(w.lower() in said for w in words)


def is_dead(error: Exception) -> bool:
    """Whether the engine has given up this connection; the files may well be good."""
    return isinstance(error, duckdb.FatalException | duckdb.InternalException)


def open_published(
    core: Path, mart: Path, *, memory: str = "400MB", threads: int = 2
) -> duckdb.DuckDBPyConnection:
    """A published pair, read-only, in a connection that can reach nothing else.

    Both files are attached first; then external access goes off and the settings are locked, so
    that no statement can read or write a file, load an extension or switch it back on.
    """
    con = duckdb.connect(config={"threads": threads})
    try:
        con.execute(_DISABLED)
        con.execute(f"ATTACH {literal(str(core))} AS core (READ_ONLY)")
        con.execute(f"ATTACH {literal(str(mart))} AS mart (READ_ONLY)")
        con.execute("SET temp_directory = ''")
        con.execute("SET memory_limit = " + literal(memory))
        _give_back(con)
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
    except Exception:
        con.close()
        raise
    return con


def failed(name: str, error: Exception) -> QueryFailed:
    """What the engine refused, in one sentence without its stack."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return QueryFailed(name, f"{name}: {line}")


def one(con: duckdb.DuckDBPyConnection, sql: str, values: object = None) -> tuple[Any, ...] | None:
    """The first row of an answer; the whole answer is read, since 2.0 lets none lie unfinished."""
    rows = con.execute(sql, values).fetchall()
    return rows[0] if rows else None
