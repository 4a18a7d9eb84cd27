"""What the ledger of deliveries tells: what lies in quarantine, and whether every row is accounted
for."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from warehouse.assemble.text import name
from warehouse.delivery import Delivery


class Refused(NamedTuple):
    """Rows of one source and fact that lie in quarantine for one reason."""

    source: str
    fact: str
    reason: str
    rows: int
    deliveries: int
    first_at: datetime
    last_at: datetime
    batch_id: str  # the newest delivery that has such a row
    raw_path: str


class Balance(NamedTuple):
    """All deliveries of one source in figures; what is missing is neither loaded nor set aside."""

    key: str
    source: str
    deliveries: int
    rows_in: int
    loaded: int
    unchanged: int
    quarantined: int
    counted: int  # refused rows by their reasons: must be as many as are quarantined

    @property
    def missing(self) -> int:
        """Rows that came and of which nobody can say where they are."""
        known = self.loaded + self.unchanged + self.quarantined
        return abs(self.rows_in - known) + abs(self.quarantined - self.counted)


def quarantined(con: duckdb.DuckDBPyConnection, key: str) -> list[Refused]:
    """What lies in quarantine of one platform, by source, fact and reason."""
    rows = con.execute(
        "SELECT b.source, r.table_name, r.reason, sum(r.n), count(*), min(b.recorded_at),"
        " max(b.recorded_at), arg_max(b.batch_id, b.id), arg_max(b.raw_path, b.id)"
        " FROM core.batch_reject AS r JOIN core.batch AS b ON b.batch_id = r.batch_id"
        " WHERE b.key = $1 GROUP BY b.source, r.table_name, r.reason ORDER BY ALL",
        [key],
    ).fetchall()
    return [Refused(*row)._replace(rows=int(row[3])) for row in rows]


def unread(con: duckdb.DuckDBPyConnection, reasons: Iterable[str]) -> dict[str, str]:
    """The deliveries of which no row was read, with their platform: drifted, or not readable."""
    rows = con.execute(
        "SELECT batch_id, key FROM core.batch WHERE drifted OR batch_id IN"
        " (SELECT batch_id FROM core.batch_reject WHERE reason IN (SELECT unnest($1::VARCHAR[])))",
        [list(reasons)],
    ).fetchall()
    return {str(batch_id): str(key) for batch_id, key in rows}


def balance(con: duckdb.DuckDBPyConnection) -> list[Balance]:
    """Rows in, and where they went, of every source that ever delivered."""
    rows = con.execute(
        "WITH refused AS (SELECT batch_id, sum(n) AS n FROM core.batch_reject GROUP BY batch_id)"
        " SELECT b.key, b.source, count(*), sum(b.rows_in), sum(b.loaded), sum(b.unchanged),"
        " sum(b.quarantined), coalesce(sum(r.n), 0)"
        " FROM core.batch AS b LEFT JOIN refused AS r ON r.batch_id = b.batch_id"
        " GROUP BY b.key, b.source ORDER BY b.key, b.source"
    ).fetchall()
    return [Balance(row[0], row[1], *(int(n) for n in row[2:])) for row in rows]


def count_by_day(
    con: duckdb.DuckDBPyConnection, *, fact: str, on: str, span: tuple[str, date, date]
) -> dict[date, int]:
    """How many rows of a source a fact holds for each day of a span, by one of its columns."""
    rows = con.execute(
        f"SELECT CAST({name(on)} AS DATE), count(*) FROM core.{name(fact)}"  # noqa: S608 - declared names
        f" WHERE source = $1 AND CAST({name(on)} AS DATE) BETWEEN $2 AND $3 GROUP BY 1",
        list(span),
    ).fetchall()
    return {day: int(count) for day, count in rows}


def refused_since(
    con: duckdb.DuckDBPyConnection, *, source: str, since: date
) -> list[tuple[str, datetime]]:
    """The deliveries of a source from a day on of which rows were refused, oldest first."""
    rows = con.execute(
        "SELECT batch_id, recorded_at FROM core.batch"
        " WHERE source = $1 AND recorded_at >= $2 AND quarantined > 0 ORDER BY id",
        [source, since],
    ).fetchall()
    return [(str(batch_id), at) for batch_id, at in rows]


def known_keys(
    con: duckdb.DuckDBPyConnection,
    *,
    fact: str,
    key: Sequence[str],
    source: str,
    among: Sequence[tuple[str, ...]],
) -> list[tuple[str, ...]]:
    """Which of these keys a fact holds rows of."""
    columns = ", ".join(f"CAST({name(each)} AS VARCHAR)" for each in key)
    rows = con.execute(
        f"SELECT DISTINCT {columns} FROM core.{name(fact)}"  # noqa: S608 - declared names
        f" WHERE source = $1 AND CAST({name(key[0])} AS VARCHAR) IN"
        " (SELECT unnest($2::VARCHAR[]))",
        [source, [each[0] for each in among]],
    ).fetchall()
    wanted = set(among)
    return [row for row in rows if row in wanted]


def write(con: duckdb.DuckDBPyConnection, deliveries: Sequence[Delivery]) -> None:
    """Note what became of these deliveries, and how far their platform has been read."""
    ids = [each.batch.batch_id for each in deliveries]
    for table_name in ("batch", "batch_reject"):
        con.execute(
            f"DELETE FROM core.{table_name} WHERE batch_id IN (SELECT unnest($1::VARCHAR[]))",  # noqa: S608 - two fixed names
            [ids],
        )
    _insert(con, "batch", [_ledger_row(each) for each in deliveries])
    rejects = [
        {"batch_id": each.batch.batch_id, "table_name": table_name, "reason": reason, "n": n}
        for each in deliveries
        for (table_name, reason), n in each.refused.counts.items()
    ]
    if rejects:
        _insert(con, "batch_reject", rejects)
    cursors = [
        each.batch
        for each in deliveries
        if each.batch.cursor is not None and not each.result.drifted
    ]
    if cursors:
        newest = cursors[-1]
        where = [newest.key, newest.source]
        con.execute("DELETE FROM core.feed_cursor WHERE key = $1 AND source = $2", where)
        con.execute("INSERT INTO core.feed_cursor VALUES ($1, $2, $3)", [*where, newest.cursor])


def _ledger_row(delivery: Delivery) -> dict[str, Any]:
    batch, result = delivery.batch, delivery.result
    return {
        "id": delivery.number,
        "batch_id": batch.batch_id,
        "key": batch.key,
        "source": batch.source,
        "raw_path": batch.raw_path,
        "recorded_at": batch.recorded_at,
        "cursor_text": batch.cursor,
        "rows_in": result.rows_in,
        "loaded": result.loaded,
        "unchanged": result.unchanged,
        "quarantined": len(delivery.refused),
        "drifted": result.drifted,
    }


def _insert(con: duckdb.DuckDBPyConnection, table_name: str, rows: list[dict[str, Any]]) -> None:
    """Put rows into a ledger table by their names, all in one statement."""
    con.register("ledger", pa.Table.from_pylist(rows))
    con.execute(f"INSERT INTO core.{table_name} BY NAME SELECT * FROM ledger")  # noqa: S608 - fixed names
    con.unregister("ledger")
