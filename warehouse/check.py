"""Check a whole published snapshot: every model, every day of the cube, the ledger's balance."""

from datetime import date

import duckdb

from warehouse import coming, counting
from warehouse.assemble import model
from warehouse.build import MODELS
from warehouse.engine import one
from warehouse.header import read_folder
from warehouse.metric import load_metrics


def check_snapshot(con: duckdb.DuckDBPyConnection, today: date) -> list[str]:
    """What does not hold, one sentence each; nothing is written.

    The cube of a history that is still coming in is behind its rows, and no figure is told of it.
    """
    found = _ledger(con)
    built = {
        row[0]
        for row in con.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'mart'"
        ).fetchall()
    }
    models = read_folder(MODELS)
    for each, file in models.items():
        if each not in built:
            continue
        for kind, rule in file.checks:
            row = one(con, model.check(file, kind, rule, [], today))
            if row and row[0]:
                found.append(f"mart.{each}: {row[0]} rows break {kind} ({rule})")
    numbers = dict(con.execute("SELECT metric, no FROM mart._number").fetchall())
    dirty = {row[0] for row in con.execute("SELECT table_name FROM core.dirty_day").fetchall()}
    for metric in load_metrics().values():
        if metric.id not in numbers or metric.kind == "median":
            continue
        if dirty.intersection(coming.facts_below(metric.sql, models)):
            continue
        found += counting.differing(con, metric, numbers[metric.id], built)
    return found


def _ledger(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Rows in are rows loaded, unchanged or refused with a reason; nothing else."""
    lost = con.execute(
        "SELECT b.batch_id FROM core.batch AS b LEFT JOIN ("
        " SELECT batch_id, sum(n) AS refused FROM core.batch_reject GROUP BY batch_id"
        ") AS r ON r.batch_id = b.batch_id"
        " WHERE b.rows_in <> b.loaded + b.unchanged + b.quarantined"
        " OR b.quarantined <> coalesce(r.refused, 0)"
    ).fetchall()
    return [f"batch {row[0]}: its rows in are not the rows loaded and refused" for row in lost]
