"""Publish core and marts as one immutable generation that readers open read-only."""

import os
from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

import duckdb

from config import failpoint
from config.platforms import Platform
from warehouse import generation, rolled
from warehouse.core import arrow_of
from warehouse.engine import one, open_published
from warehouse.errors import CheckFailed
from warehouse.generation import Generation, SourceState
from warehouse.schema import Table

AHEAD = timedelta(minutes=5)  # a moment so far ahead of now was noted by a clock that was wrong
_STATE_TABLES = (
    "_source (source VARCHAR, platform VARCHAR, own BOOLEAN, demo BOOLEAN,"
    " last_success_at TIMESTAMP, changed BIGINT, newest_at TIMESTAMP)",
    "_column (table_name VARCHAR, column_name VARCHAR, place INTEGER, is_key BOOLEAN,"
    " label VARCHAR, type VARCHAR, unit VARCHAR, personal VARCHAR, wall BOOLEAN)",
    "_meta (name VARCHAR, text VARCHAR)",
)


def publish(
    con: duckdb.DuckDBPyConnection,
    var: Path,
    now: datetime,
    *,
    core_changed: bool,
) -> Generation:
    """Copy both files under the next number, prove that they open, then flip the pointer."""
    home = generation.folder(var)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = generation.read_pointer(var)
    kept = generation.kept(var)
    number = max([*kept, before["generation"] if before else 0]) + 1
    _write_meta(con, number, now)
    con.execute("CHECKPOINT core")
    con.execute("CHECKPOINT mart")
    failpoint.reach("publish.checkpointed")
    expected = _counts(con)
    core, mart = generation.core_file(var, number), generation.mart_file(var, number)
    previous = generation.core_file(var, before["generation"]) if before else None
    if previous is not None and not core_changed and previous.exists():
        _link(previous, _part(core))
        # its ledger may be older than the writer's; it was verified when it was copied
        expected = {each: size for each, size in expected.items() if not each.startswith("core.")}
    else:
        rolled.copy(_file_of(con, "core"), _part(core))
    failpoint.reach("publish.core_copied")
    rolled.copy(_file_of(con, "mart"), _part(mart))
    failpoint.reach("publish.copied")
    published = _verify(_part(core), _part(mart), number, expected)
    failpoint.reach("publish.verified")
    _part(core).replace(core)
    failpoint.reach("publish.core_renamed")
    _part(mart).replace(mart)
    failpoint.reach("publish.renamed")
    generation.sync_folder(home)
    history = {int(n): at for n, at in (before or {}).get("history", {}).items()}
    history[number] = now.isoformat()
    history = {n: at for n, at in history.items() if n in {*kept, number}}
    generation.write_pointer(
        var,
        {
            "generation": number,
            "core": core.name,
            "mart": mart.name,
            "published_at": now.isoformat(),
            "rows": expected,
            "history": history,
        },
    )
    failpoint.reach("publish.flipped")
    generation.remove_expired(
        var, {n: datetime.fromisoformat(at) for n, at in history.items()}, now
    )
    return published


def write_state(
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    platforms: Mapping[str, Platform],
    now: datetime,
) -> None:
    """Write what readers must know beside the figures: sources and columns."""
    for shape in _STATE_TABLES:
        con.execute("CREATE TABLE IF NOT EXISTS mart." + shape)
    con.execute("ALTER TABLE mart._source ADD COLUMN IF NOT EXISTS changed BIGINT")
    con.execute("ALTER TABLE mart._source ADD COLUMN IF NOT EXISTS newest_at TIMESTAMP")
    con.execute("BEGIN")
    con.execute("DELETE FROM mart._source")
    states = [astuple(state) for state in source_states(con, platforms, now)]
    if states:  # in one statement, which costs as much as one row alone
        places = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * len(states))
        con.execute(f"INSERT INTO mart._source VALUES {places}", list(chain(*states)))  # noqa: S608 - places only
    columns = [
        (
            table_name,
            column,
            place,
            column in table.key,
            declared.label,
            declared.type,
            declared.unit,
            declared.personal,
            declared.wall,
        )
        for table_name, table in tables.items()
        for place, (column, declared) in enumerate(table.columns.items())
    ]
    stored = con.execute("SELECT * FROM mart._column ORDER BY table_name, place").fetchall()
    if stored != sorted(columns, key=lambda row: (row[0], row[2])):
        con.execute("DELETE FROM mart._column")
        con.register("declared", arrow_of(columns))
        con.execute("INSERT INTO mart._column FROM declared")
        con.unregister("declared")
    con.execute("COMMIT")


def source_states(
    con: duckdb.DuckDBPyConnection, platforms: Mapping[str, Platform], now: datetime
) -> list[SourceState]:
    """Every source that ever delivered, and the site's own ones even before they did.

    A set apart is as old as its last delivery. The site's own source is as old as its last success:
    deliveries before the first one are part of a history that is still coming in, and a figure of
    that part would be wrong. What a clock that was ahead has noted says nothing about age.
    """
    own = {platform.source for platform in platforms.values() if platform.enabled}
    found = con.execute(
        "SELECT source, key, max(seen_at) FILTER (WHERE seen_at <= $1) FROM ("
        " SELECT source, key, last_at AS seen_at FROM core.success"
        " UNION ALL SELECT b.source, b.key, max(b.recorded_at) FILTER (WHERE b.recorded_at <= $1)"
        " AS seen_at FROM core.batch AS b"
        " WHERE NOT EXISTS (SELECT 1 FROM core.success AS s WHERE s.source = b.source)"
        " AND NOT list_contains($2, b.source) AND NOT b.drifted GROUP BY b.source, b.key"
        ") GROUP BY source, key ORDER BY source",
        [now + AHEAD, sorted(own)],
    ).fetchall()
    last = {(source, key): at for source, key, at in found}
    changed = dict(
        con.execute(
            "SELECT source, max(id) FROM core.batch WHERE loaded > 0 GROUP BY source"
        ).fetchall()
    )
    newest = dict(
        con.execute("SELECT source, max(newest_at) FROM core.newest GROUP BY source").fetchall()
    )
    for platform in platforms.values():
        if platform.enabled:
            last.setdefault((platform.source, platform.key), None)
    return [
        SourceState(
            source,
            key,
            source in own,
            source.startswith("demo:"),
            at,
            changed.get(source, 0),
            newest.get(source),
        )
        for (source, key), at in sorted(last.items())
    ]


def read_generation(con: duckdb.DuckDBPyConnection) -> Generation:
    """What a published pair says of itself."""
    meta = dict(con.execute("SELECT name, text FROM mart._meta").fetchall())
    # all columns there are: what was published by the program before an update has fewer
    sources = con.execute("SELECT * FROM mart._source ORDER BY source").fetchall()
    return Generation(
        int(meta["generation"]),
        datetime.fromisoformat(meta["published_at"]),
        tuple(SourceState(*row) for row in sources),
    )


def _write_meta(con: duckdb.DuckDBPyConnection, number: int, now: datetime) -> None:
    con.execute("BEGIN")
    con.execute("DELETE FROM mart._meta")
    for key, text in (("generation", str(number)), ("published_at", now.isoformat())):
        con.execute("INSERT INTO mart._meta VALUES ($1, $2)", [key, text])
    con.execute("COMMIT")


def _counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The number of rows of every table, as the engine knows it without counting."""
    rows = con.execute(
        "SELECT database_name || '.' || table_name, estimated_size FROM duckdb_tables()"
        " WHERE database_name IN ('core', 'mart')"
    ).fetchall()
    return {each: int(size) for each, size in sorted(rows)}


def _verify(core: Path, mart: Path, number: int, expected: dict[str, int]) -> Generation:
    """Open the copies as a reader would and compare what is in them."""
    con = open_published(core, mart, threads=1)
    try:
        found = read_generation(con)
        counts = _counts(con)
    finally:
        con.close()
    wrong = [each for each, size in expected.items() if counts.get(each) != size]
    if found.number != number or wrong:
        raise CheckFailed("publish", "the copy equals the original", len(wrong) or 1)
    return found


def _file_of(con: duckdb.DuckDBPyConnection, alias: str) -> Path:
    row = one(con, "SELECT path FROM duckdb_databases() WHERE database_name = $1", [alias])
    assert row is not None
    return Path(row[0])


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".tmp")


def _link(source: Path, target: Path) -> None:
    """The same content under a second name; a published file is never written again."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        generation.copy(source, target)


def worth_publishing(changed: bool, succeeded: bool, last: datetime | None, now: datetime) -> bool:
    """Whether there is something to tell: changed figures at once, a later time each minute."""
    if last is None or changed:
        return True
    return succeeded and abs(now - last) >= timedelta(minutes=1)
