"""Whose history is still coming in for the first time, and what need not be built before it is in.

No figure is told of a platform before its first success. A history of years comes in over minutes
and makes most of its days dirty with each delivery: counting them at every publish meanwhile would
be the greater part of a first load, and nobody could see what was counted.
"""

from collections.abc import Iterable, Mapping

import duckdb

from warehouse.assemble.text import literal, name
from warehouse.engine import one
from warehouse.generation import SourceState
from warehouse.header import SqlFile, tables_read
from warehouse.metric import MetricDefinition

_NOT_A_FACT = "success"


def put_off(
    con: duckdb.DuckDBPyConnection,
    noted: Iterable[str],
    states: Iterable[SourceState],
    models: Mapping[str, SqlFile],
    metrics: Mapping[str, MetricDefinition],
) -> set[str]:
    """The facts with dirty days that may stay dirty: all their rows are of sources that never
    succeeded, and no metric that already tells a figure reads them."""
    known = list(states)
    waiting = {state.source for state in known if state.own and state.last_success_at is None}
    if waiting:  # one that was never connected keeps nobody waiting
        sent = con.execute("SELECT DISTINCT source FROM core.batch").fetchall()
        waiting.intersection_update(row[0] for row in sent)
    if not waiting:
        return set()
    facts = {each for each in noted if each != _NOT_A_FACT and _is_only_of(con, each, waiting)}
    if not facts:
        return set()
    succeeded = {state.platform for state in known if state.last_success_at is not None}
    told: set[str] = set()
    for metric in metrics.values():
        if not metric.platforms or succeeded.intersection(metric.platforms):
            told |= facts_below(metric.sql, models)
    return facts - told


def _is_only_of(con: duckdb.DuckDBPyConnection, fact: str, sources: set[str]) -> bool:
    """Whether a fact has rows, and of these sources alone."""
    rows = f"FROM core.{name(fact)}"
    others = f"source NOT IN ({', '.join(map(literal, sorted(sources)))})"
    if one(con, f"SELECT 1 {rows} WHERE {others} LIMIT 1") is not None:
        return False
    return one(con, f"SELECT 1 {rows} LIMIT 1") is not None


def facts_below(sql: str, models: Mapping[str, SqlFile]) -> set[str]:
    """The facts that a SELECT reads, also through models."""
    found: set[str] = set()
    for each in tables_read(sql):
        base, _, relation = each.partition(".")
        if base == "core":
            found.add(relation)
        elif relation in models:
            found |= facts_below(models[relation].sql, models)
    return found
