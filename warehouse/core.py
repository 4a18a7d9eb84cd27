"""The core file: one table per fact with its history, dimensions, ledger, cursors, dirty days."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Final

import duckdb
import pyarrow as pa

from warehouse import sketch
from warehouse.assemble.text import literal, name
from warehouse.dimension import SHAPES, Rows, fingerprint
from warehouse.engine import one
from warehouse.errors import BadDeclaration
from warehouse.schema import LOAD_COLUMNS, Column, Table

_INTERNAL: Final = (
    # what was delivered: one row a batch, refused rows counted by reason
    "batch (id BIGINT, batch_id VARCHAR, key VARCHAR, source VARCHAR, raw_path VARCHAR,"
    " recorded_at TIMESTAMP, cursor_text VARCHAR, rows_in BIGINT, loaded BIGINT,"
    " unchanged BIGINT, quarantined BIGINT, drifted BOOLEAN)",
    "batch_reject (batch_id VARCHAR, table_name VARCHAR, reason VARCHAR, n BIGINT)",
    "feed_cursor (key VARCHAR, source VARCHAR, cursor_text VARCHAR)",
    # spells in which a platform was fresh: from a success until two cadences after the last one
    "success (key VARCHAR, source VARCHAR, from_at TIMESTAMP, last_at TIMESTAMP,"
    " until_at TIMESTAMP)",
    # the newest moment that the rows of a source tell of themselves
    "newest (key VARCHAR, source VARCHAR, newest_at TIMESTAMP)",
    "dirty_day (table_name VARCHAR, on_day DATE)",
    "setting (name VARCHAR, text VARCHAR)",
)
_SKETCH: Final = "sketch of "
_DECLARED: Final = tuple(each.name for each in fields(Column))


def prepare(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table]) -> None:
    """Make what is missing in core: ledger tables, facts, histories, new columns."""
    for shape in _INTERNAL:
        con.execute("CREATE TABLE IF NOT EXISTS core." + shape)
    there: dict[str, dict[str, str]] = {}
    for relation, column, kind in con.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns()"
        " WHERE database_name = 'core'"
    ).fetchall():
        there.setdefault(relation, {})[column] = kind
    known = settings(con)
    for table_name, table in tables.items():
        _check(table_name, table)
        sketched = dict.fromkeys(sketch.shapes(table), "UBIGINT")
        for relation, more in ((table_name, sketched), (table_name + "_version", {})):
            wanted = fact_columns(table) | more
            _prepare_fact(con, relation, wanted, there.get(relation, {}))
        for column in sketch.OUTDATED:
            if column in there.get(table_name, {}):
                con.execute(f"ALTER TABLE core.{name(table_name)} DROP COLUMN {name(column)}")
        _sketch_anew(con, table_name, table, known)


def fact_columns(table: Table) -> dict[str, str]:
    """Every column of a fact in core with its type, load columns last."""
    version = "TIMESTAMP" if table.version is None else table.columns[table.version].sql_type
    shape = {"source": "VARCHAR"}
    shape |= {column: declared.sql_type for column, declared in table.columns.items()}
    shape |= {"extra": "VARCHAR", "_version": version, "_hash": "UBIGINT"}
    shape |= {"_batch": "BIGINT", "_recorded_at": "TIMESTAMP"}
    if table.partial:
        shape |= {part_version(column): version for column in parts(table)}
    return shape


def parts(table: Table) -> tuple[str, ...]:
    """The columns of a partial fact that complete each other."""
    return (*(column for column in table.columns if column not in table.key), "extra")


def part_version(column: str) -> str:
    """Where a partial fact keeps which delivery a value came from."""
    return f"_from_{column}"


def is_load_column(column: str) -> bool:
    """Whether a column tells of loading, not of the matter."""
    return column in LOAD_COLUMNS or column.startswith("_from_")


def day_columns(table: Table) -> tuple[str, ...]:
    """The dated columns by which a changed row makes days dirty."""
    dated = tuple(
        column
        for column, declared in table.columns.items()
        if declared.type in ("timestamp", "date") and column != table.version
    )
    return dated or ((table.version,) if table.version else ())


def own_time(table: Table) -> str | None:
    """The column by which a row says when the source wrote it: its version, else its first date."""
    version = table.version
    if version is not None and table.columns[version].type == "timestamp":
        return version
    return next(iter(day_columns(table)), None) if version is None else _first_moment(table)


def _first_moment(table: Table) -> str | None:
    return next((c for c, d in table.columns.items() if d.type == "timestamp"), None)


def remember(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table]) -> None:
    """Keep the declarations in core, so that `build` needs no platform module."""
    text = json.dumps(
        {
            each: {
                "key": table.key,
                "version": table.version,
                "columns": {c: _told(declared) for c, declared in table.columns.items()},
                "rules": dict(table.rules),
                "partial": table.partial,
                "label": table.label,
            }
            for each, table in tables.items()
        },
        ensure_ascii=False,
    )
    set_setting(con, "tables", text)


def _told(column: Column) -> dict[str, object]:
    """What is declared of a column; its values are plain words, which need no copy."""
    return {each: getattr(column, each) for each in _DECLARED}


def remembered(con: duckdb.DuckDBPyConnection) -> dict[str, Table]:
    """The declarations that core was last opened with."""
    stored: dict[str, dict[str, object]] = json.loads(setting(con, "tables") or "{}")
    tables: dict[str, Table] = {}
    for each, block in stored.items():
        columns = block["columns"]
        assert isinstance(columns, dict)
        version = block["version"]
        tables[each] = Table(
            key=tuple(block["key"]),  # type: ignore[arg-type]
            version=None if version is None else str(version),
            columns={c: Column(**declared) for c, declared in columns.items()},
            rules=block["rules"],  # type: ignore[arg-type]
            partial=bool(block["partial"]),
            label=str(block.get("label", "")),
        )
    return tables


def setting(con: duckdb.DuckDBPyConnection, key: str) -> str | None:
    """One remembered word of core."""
    found = one(con, "SELECT text FROM core.setting WHERE name = $1", [key])
    return None if found is None else str(found[0])


def settings(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """All remembered words of core: one question costs as much as one for a single word."""
    return dict(con.execute("SELECT name, text FROM core.setting").fetchall())


def set_setting(con: duckdb.DuckDBPyConnection, key: str, text: str) -> None:
    """Remember one word in core; nothing is written when it is already there."""
    if setting(con, key) == text:
        return
    con.execute("BEGIN")
    con.execute("DELETE FROM core.setting WHERE name = $1", [key])
    con.execute("INSERT INTO core.setting VALUES ($1, $2)", [key, text])
    con.execute("COMMIT")


def write_dimensions(con: duckdb.DuckDBPyConnection, rows: Mapping[str, Rows]) -> dict[str, str]:
    """Write the dimensions that changed; the answer is the fingerprint of each."""
    marks: dict[str, str] = {}
    known = settings(con)
    for table_name, shape in SHAPES.items():
        mark = marks[table_name] = fingerprint(rows[table_name])
        if known.get(table_name) == mark:
            continue
        con.execute(f"CREATE OR REPLACE TABLE core.{name(table_name)} ({shape})")
        if rows[table_name]:
            con.register("dimension", arrow_of(rows[table_name]))
            con.execute(f"INSERT INTO core.{name(table_name)} FROM dimension")
            con.unregister("dimension")
        set_setting(con, table_name, mark)
    return marks


def arrow_of(rows: Rows) -> pa.Table:
    """Rows of equal width as an Arrow table; the engine takes it in one statement."""
    columns = zip(*rows, strict=True)
    return pa.table({f"c{n}": list(column) for n, column in enumerate(columns)})


def _prepare_fact(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    wanted: Mapping[str, str],
    present: Mapping[str, str],
) -> None:
    if not present:
        columns = ", ".join(f"{name(column)} {kind}" for column, kind in wanted.items())
        con.execute(f"CREATE TABLE core.{name(relation)} ({columns})")
        return
    for column, kind in wanted.items():
        if column not in present:
            con.execute(f"ALTER TABLE core.{name(relation)} ADD COLUMN {name(column)} {kind}")
        elif present[column] != kind:
            raise BadDeclaration(
                relation,
                f"{relation}.{column} is {present[column]} in core but declared {kind};"
                " rebuild core from raw",
            )


def _sketch_anew(
    con: duckdb.DuckDBPyConnection, table_name: str, table: Table, remembered: Mapping[str, str]
) -> None:
    """Sketch rows of old when the sketch is new, or made in another way than theirs."""
    key, mark = f"{_SKETCH}{table_name}", sketch.mark(table)
    known = remembered.get(key)
    if not sketch.shapes(table) or known == mark:
        return
    if known is not None:
        sketch.forget(con, table_name, table)
    sketch.fill_in_parts(con, table_name, table)
    set_setting(con, key, mark)


def _check(table_name: str, table: Table) -> None:
    if not table.key:
        raise BadDeclaration(table_name, f"{table_name}: a fact needs at least one key column")
    known = set(table.columns)
    for column in (*table.key, *([table.version] if table.version else [])):
        if column not in known:
            allowed = ", ".join(table.columns)
            raise BadDeclaration(
                table_name, f"{table_name}: {literal(column)} is not a column; use {allowed}"
            )
