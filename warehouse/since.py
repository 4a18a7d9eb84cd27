# ruff: noqa: S608 - names come from .sql headers and the catalogue, a user's words are parameters
"""What became of a figure since a moment: its rows as they were known then, against those of now.

A generation is kept for minutes, a link for years. The rows of then are made anew: every fact that
the metric's SELECT reads is put back to the newest content that had arrived by the moment, from
the current rows and the history beside them, and the SELECT is asked again. A row that was sent
again unchanged has lost the day of its first arrival; such a row is told apart where it can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

import sqlglot
from sqlglot import exp

from warehouse.assemble.cube import view
from warehouse.assemble.question import Question, cases
from warehouse.assemble.text import duckdb_macros, literal, name, names
from warehouse.errors import QueryFailed
from warehouse.header import SqlFile
from warehouse.snapshot import Snapshot

ENTERED, LATE, LEFT, SIDE, EXCLUDED, BACK = "entered", "late", "left", "side", "excluded", "back"
_DIMENSIONS: Final = ("dim_", "_")
_DEEPEST: Final = 8  # views upon views


@dataclass(frozen=True, slots=True)
class Moved:
    """One case that counts otherwise than it did."""

    source: str
    key: str
    kind: str
    on_at: datetime | None
    community: str | None
    unit: str | None
    class_path: str | None
    reason: str | None
    num: float
    den: float


@dataclass(frozen=True, slots=True)
class Since:
    """The cases between, how many of each kind, and what the figure was by that account."""

    rows: tuple[Moved, ...]
    counts: Mapping[str, int]
    num: float
    den: float


def since(
    snapshot: Snapshot,
    question: Question,
    moment: datetime,
    models: Mapping[str, SqlFile],
    limit: int,
) -> Since:
    """The cases that entered, left or changed side; QueryFailed where history cannot tell."""
    metric = question.metric
    then = _as_known(metric.sql, models, snapshot, moment)
    rows = view(metric)
    asked = replace(question, as_of=min(question.as_of, moment))
    was = cases(asked).replace(rows, f"({then})")
    sql = f"""
WITH n AS ({_by_case(cases(question))}), w AS ({_by_case(was)}),
moved AS (
  SELECT coalesce(n.source, w.source) AS source, coalesce(n.key, w.key) AS key,
    CASE
      WHEN w.key IS NULL AND n.reason IS NULL AND n.on_at <= $moment THEN '{LATE}'
      WHEN w.key IS NULL AND n.reason IS NULL THEN '{ENTERED}'
      WHEN n.key IS NULL THEN '{LEFT}'
      WHEN n.reason IS NOT NULL THEN '{EXCLUDED}'
      WHEN w.reason IS NOT NULL THEN '{BACK}'
      ELSE '{SIDE}' END AS kind,
    coalesce(n.on_at, w.on_at) AS on_at, coalesce(n.community, w.community) AS community,
    coalesce(n.unit, w.unit) AS unit, coalesce(n.class_path, w.class_path) AS class_path,
    n.reason AS reason,
    coalesce(n.num, 0) - coalesce(w.num, 0) AS num,
    coalesce(n.den, 0) - coalesce(w.den, 0) AS den
  FROM n FULL JOIN w ON n.source = w.source AND n.key = w.key
  WHERE n.num IS DISTINCT FROM w.num OR n.den IS DISTINCT FROM w.den
    OR n.reason IS DISTINCT FROM w.reason
)
SELECT source, key, kind, on_at, community, unit, class_path, reason, num, den,
  count(*) OVER (PARTITION BY kind) AS of_kind, sum(num) OVER () AS num_all,
  sum(den) OVER () AS den_all
FROM moved ORDER BY kind, on_at DESC, source, key"""
    found = snapshot.rows(metric.id, sql, {**question.parameters, "moment": moment})
    totals = (found[0][11], found[0][12]) if found else (0, 0)
    return Since(
        rows=tuple(Moved(*row[:10]) for row in found[:limit]),
        counts={row[2]: int(row[10]) for row in found},
        num=float(totals[0]),
        den=float(totals[1]),
    )


def _by_case(select: str) -> str:
    """One row a case: a case of many lines or departments is one matter that moved."""
    return (
        "SELECT source, key, sum(CASE WHEN excluded_reason IS NULL THEN num ELSE 0 END) AS num,"
        " sum(CASE WHEN excluded_reason IS NULL THEN den ELSE 0 END) AS den,"
        " min(excluded_reason) AS reason, min(on_at) AS on_at, min(community) AS community,"
        " min(unit) AS unit, min(class_path) AS class_path"
        f" FROM ({select}) GROUP BY source, key"
    )


def _as_known(sql: str, models: Mapping[str, SqlFile], snapshot: Snapshot, moment: datetime) -> str:
    """The SELECT over every fact as it was known at a moment."""
    views = tuple((each, file.sql) for each, file in models.items() if _is_view(file))
    keys = tuple(
        (fact, tuple(info.name for info, is_key, _ in declared if is_key))
        for fact, declared in snapshot.columns.items()
    )
    return _rewritten(sql, views, keys).replace("'$moment'", f"TIMESTAMP {literal(str(moment))}")


def _is_view(file: SqlFile) -> bool:
    return file.words.get("kind") == "view"


@lru_cache(maxsize=128)
def _rewritten(
    sql: str, views: tuple[tuple[str, str], ...], keys: tuple[tuple[str, tuple[str, ...]], ...]
) -> str:
    known, facts = dict(views), dict(keys)
    tree = sqlglot.parse_one(duckdb_macros(sql), read="duckdb")
    for _ in range(_DEEPEST):
        made = [node for node in tree.find_all(exp.Table) if node.db == "mart" and _made(node)]
        for node in made:
            if node.name not in known:
                raise QueryFailed(node.name, f"{node.name}: kept without the days it came from")
            _put(node, duckdb_macros(known[node.name]))
        if not made:
            break
    for node in [n for n in tree.find_all(exp.Table) if n.db == "core" and _made(n)]:
        if not facts.get(node.name):
            raise QueryFailed(node.name, f"{node.name}: has no history")
        _put(node, _then(node.name, facts[node.name]))
    return tree.sql(dialect="duckdb")


def _made(node: exp.Table) -> bool:
    """Whether a relation is a fact or is made of facts: names and the snapshot's own are not."""
    return not node.name.startswith(_DIMENSIONS)


def _put(node: exp.Table, select: str) -> None:
    inner = sqlglot.parse_one(select, read="duckdb")
    alias = exp.TableAlias(this=exp.to_identifier(node.alias_or_name))
    node.replace(exp.Subquery(this=inner, alias=alias))


def _then(fact: str, key: tuple[str, ...]) -> str:
    """A fact as it was known: what has not changed since, and the newest content before that."""
    same = names(("source", *key))
    return (
        f"SELECT * FROM core.{name(fact)} WHERE _recorded_at <= '$moment'"
        f" UNION ALL BY NAME SELECT * FROM core.{name(f'{fact}_version')}"
        f" WHERE _recorded_at <= '$moment' AND ({same}) IN"
        f" (SELECT {same} FROM core.{name(fact)} WHERE _recorded_at > '$moment')"
        f" QUALIFY row_number() OVER (PARTITION BY {same} ORDER BY _version DESC, _hash DESC) = 1"
    )
