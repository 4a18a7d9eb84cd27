# ruff: noqa: S608 - names come from the declarations below, the caller's units are parameters
"""Whose rows: what a unit or a village may read, cut out of every question before it is asked.

A case belongs to its main unit, to the units that help with it and to the one it lies with now,
and to the village it happened in. Rows that belong to nobody (a gauge, a forecast) are in no
narrow scope unless the question itself says that it is about the street (`scope: street`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import sqlglot
from sqlglot import exp

CASES, STREET = "cases", "street"
REACHES: Final = (CASES, STREET)
_UNITS: Final = ("unit", "unit_main", "main_unit", "department", "squad", "handler")
_PLACES: Final = ("community", "community_code")
_MINE: Final = "(SELECT unnest(CAST($own_units AS VARCHAR[])))"
_HERE: Final = "(SELECT unnest(CAST($own_communities AS VARCHAR[])))"
_FEW: Final = 8
_LENT: Final = "SELECT unnest($lent_sources::VARCHAR[]), unnest($lent_keys::VARCHAR[])"
_WORDS: Final = ("own_units", "own_communities")
_OPEN: Final = ("dim_", "_")  # tables of names and of the generation's own facts
_KEYS: Final = {
    "hotline_order": "order_no",
    "linkage_order": "dispatch_no",
    "whistle": "whistle_no",
}
_PARENTS: Final = {
    "hotline_event": "hotline_order",
    "linkage_step": "linkage_order",
    "whistle_department": "whistle",
}
_STEPS: Final = {"hotline_order": "hotline_event", "linkage_order": "linkage_step"}

Relations = Mapping[str, frozenset[str]]  # columns by `core.table` or `mart.table`


@dataclass(frozen=True, slots=True)
class Scope:
    """The units and the villages whose rows may be read; empty ones give no case at all."""

    units: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()

    def words(self, sql: str) -> dict[str, list[str]]:
        """The parameters that a narrowed statement needs."""
        values = dict(zip(_WORDS, (list(self.units), list(self.communities)), strict=True))
        return {name: value for name, value in values.items() if f"${name}" in sql}


NOTHING: Final = Scope()


def of_cases(fact: str | None, relations: Relations) -> str:
    """The condition on a metric's rows: their unit, their place, or their case by its key."""
    return " OR ".join(
        [f"unit IN {_MINE}", f"community IN {_HERE}", *_by_key(fact, "key", relations)]
    )


def of_own(scope: Scope, *, lends: bool) -> str:
    """The same where the cases that lie with the caller's units besides are known by number:
    the engine then looks into no other table, for each of ten million rows."""
    parts = []
    if scope.units:
        parts.append(of_keys(scope, "unit", "unit"))
    if scope.communities:
        parts.append(of_keys(scope, "community", "community"))
    if lends:
        parts.append(f"(source, key) IN ({_LENT})")
    return " OR ".join(parts) or "FALSE"


def lending(fact: str | None, relations: Relations) -> str:
    """A SELECT of (source, key) of the cases of a fact that lie with the caller's units though
    these are not the main one; empty where a fact has no such cases."""
    return " UNION ".join(_handled(fact, relations)) if fact else ""


def of_lent(scope: Scope | None) -> str:
    """The condition on a metric's rows: lent to the caller's units, and not the caller's anyway."""
    found = f"(unit IS NULL OR unit NOT IN {_MINE}) AND (source, key) IN ({_LENT})"
    if scope is not None and scope.communities:
        found += f" AND (community IS NULL OR community NOT IN {_HERE})"
    return found


def of_keys(scope: Scope, dimension: str, column: str) -> str:
    """The condition on a column of units or of communities: it is one of the caller's own.

    A few are said one by one: that the engine holds against each different word of a column, a
    list it holds against each row.
    """
    name, some = "own_units", scope.units
    if dimension == "community":
        name, some = "own_communities", scope.communities
    own = f"CAST(${name} AS VARCHAR[])"
    if len(some) > _FEW:
        return f"list_contains({own}, {column})"
    return " OR ".join(f"{column} = list_extract({own}, {n + 1})" for n in range(len(some)))


def narrowed(sql: str, relations: Relations) -> str:
    """The SELECT with every table of cases cut down to the caller's own rows.

    A table that names neither unit nor village and hangs on no case gives no row.
    """
    return _narrowed(sql, tuple(sorted((name, columns) for name, columns in relations.items())))


@lru_cache(maxsize=256)
def _narrowed(sql: str, relations: tuple[tuple[str, frozenset[str]], ...]) -> str:
    known = dict(relations)
    tree = sqlglot.parse_one(sql, read="duckdb")
    for node in list(tree.find_all(exp.Table)):
        if node.db not in ("core", "mart") or node.name.startswith(_OPEN):
            continue
        cut = own_rows(f"{node.db}.{node.name}", known)
        inner = sqlglot.parse_one(cut, read="duckdb")
        node.replace(exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(
            node.alias_or_name))))  # fmt: skip
    return tree.sql(dialect="duckdb")


def own_rows(relation: str, relations: Relations) -> str:
    """The SELECT of the caller's own rows of one table."""
    columns = relations.get(relation, frozenset())
    parts = [f"t.{name} IN {_MINE}" for name in _UNITS if name in columns]
    parts += [f"t.{name} IN {_HERE}" for name in _PLACES if name in columns]
    base, _, name = relation.partition(".")
    parent = _PARENTS.get(name)
    if base == "core" and parent is not None:  # a step belongs to whom its case belongs to
        key, above = _KEYS[parent], own_rows(f"core.{parent}", relations)
        parts = [f"(t.source, t.{key}) IN (SELECT p.source, p.{key} FROM ({above}) AS p)"]
    else:
        fact = next((fact for fact, key in _KEYS.items() if key in columns), None)
        parts += _by_key(fact, f"t.{_KEYS[fact]}" if fact else "", relations)
    where = " OR ".join(parts) or "FALSE"
    return f"SELECT * FROM {relation} AS t WHERE {where}"


def _by_key(fact: str | None, key: str, relations: Relations) -> list[str]:
    """Cases of a fact that lie with the caller's units though these are not the main one."""
    source = f"{key.rpartition('.')[0]}.source".lstrip(".")
    found = _handled(fact, relations) if fact else []
    return [f"({source}, {key}) IN ({select})" for select in found]


def _handled(fact: str, relations: Relations) -> list[str]:
    """SELECTs of (source, key): whom a case was given to besides, and where it lies now."""
    found = []
    steps, key = _STEPS.get(fact, ""), _KEYS.get(fact, "")
    if f"core.{steps}" in relations:
        found.append(
            f"SELECT e.source, e.{key} FROM core.{steps} AS e WHERE e.unit IN {_MINE}"
            f" AND NOT EXISTS (SELECT 1 FROM core.{steps} AS l WHERE l.source = e.source"
            f" AND l.{key} = e.{key} AND l.seq > e.seq)"
        )
    if fact == "whistle" and "core.whistle_department" in relations:
        found.append(
            "SELECT d.source, d.whistle_no FROM core.whistle_department AS d"
            f" WHERE d.department IN {_MINE}"
        )
    if fact in ("linkage_order", "hotline_order") and "core.linkage_order" in relations:
        pair = "n.source, n.dispatch_no"
        if fact == "hotline_order":  # the platform that a joint order came from, by its key
            pair = "replace(n.source, 'linkage', 'hotline_12345'), n.source_no"
        found.append(
            f"SELECT {pair} FROM core.linkage_order AS n WHERE n.co_units IS NOT NULL"
            " AND EXISTS (SELECT 1 FROM unnest(CAST($own_units AS VARCHAR[])) AS w(unit)"
            " WHERE strpos('、' || replace(replace(n.co_units, ',', '、'), '，', '、') || '、',"
            " '、' || w.unit || '、') > 0)"
        )
    return found


def relations_of(rows: list[tuple[Any, ...]]) -> Relations:
    """Columns by relation, from (database, table, column)."""
    found: dict[str, set[str]] = {}
    for base, table, column in rows:
        found.setdefault(f"{base}.{table}", set()).add(str(column))
    return {name: frozenset(columns) for name, columns in found.items()}
