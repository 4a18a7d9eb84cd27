"""A second marts file for a long build: it takes the first one's place only when it is whole.

A build of a long history does not fit into one transaction, so it is committed part by part. Parts
in the file that is published from would be half a build after a crash; here they are a file that
the next start removes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse import engine, generation


def file_beside(marts: Path) -> Path:
    """Where the second file lies while it is built."""
    return marts.with_name(f"{marts.stem}.next{marts.suffix}")


def remove(marts: Path) -> None:
    """Take away what a build that died left behind."""
    shadow = file_beside(marts)
    for path in (shadow, shadow.with_name(shadow.name + ".wal")):
        path.unlink(missing_ok=True)


@contextmanager
def beside(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Within it `mart` is a copy; the copy stays when the end is reached, else the original."""
    row = engine.one(con, "SELECT path FROM duckdb_databases() WHERE database_name = 'mart'")
    assert row is not None
    marts = Path(row[0])
    shadow = file_beside(marts)
    remove(marts)
    con.execute("CHECKPOINT mart")
    generation.copy(marts, shadow)
    con.execute("DETACH mart")
    try:
        engine.attach(con, shadow, "mart")
        yield
        con.execute("CHECKPOINT mart")
        con.execute("DETACH mart")
        generation.sync_file(shadow)
        shadow.replace(marts)
        generation.sync_folder(marts.parent)
    except BaseException:
        _give_up(con)
        raise
    finally:
        remove(marts)
        engine.attach(con, marts, "mart")


def _give_up(con: duckdb.DuckDBPyConnection) -> None:
    for statement in ("ROLLBACK", "DETACH DATABASE IF EXISTS mart"):
        try:
            con.execute(statement)
        except duckdb.Error:
            continue  # there is no transaction any more, or the engine has given up as a whole
