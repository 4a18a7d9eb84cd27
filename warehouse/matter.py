# ruff: noqa: S608 - names come from declarations, a user's words are parameters
"""One case with everything a platform said of it: its row, its steps, and how it changed.

A case is found by its source and its number alone. Personal columns stand there masked, as
everywhere; what was said of it before stands in the versions of its fact.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from warehouse.answer import ColumnInfo
from warehouse.assemble.text import name, names
from warehouse.metric import load_metrics
from warehouse.scope import Scope, narrowed
from warehouse.snapshot import Snapshot

_MOST: Final = 400
_UNSAID: Final = ("updated_at", "changed_at")


@dataclass(frozen=True)
class Steps:
    """The rows of one fact that belong to a case, such as the events of an order."""

    columns: Sequence[ColumnInfo]
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Change:
    """What one delivery changed of a case: the columns with their values before and after."""

    at: datetime
    values: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Matter:
    """A case as its platform has it now."""

    source: str
    key: str
    fact: str
    columns: Sequence[ColumnInfo]
    row: Mapping[str, Any]
    steps: Mapping[str, Steps] = field(default_factory=dict)
    changes: Sequence[Change] = ()

    def label(self, column: str) -> str:
        """How people call a column."""
        return next((each.label for each in self.columns if each.name == column), column)


def find(snapshot: Snapshot, source: str, key: str, scope: Scope | None = None) -> Matter | None:
    """The case of a number; None where the source has none, or none of the scope's own."""
    for fact in _facts(snapshot, source):
        columns, keys = _declared(snapshot, fact)
        found = _read(snapshot, fact, columns, f"source = $source AND {name(keys[0])} = $key",
                      {"source": source, "key": key}, "1", scope)  # fmt: skip
        if found:
            return Matter(
                source=source,
                key=key,
                fact=fact,
                columns=columns,
                row=found[0],
                steps=_steps(snapshot, fact, keys[0], source, key),
                changes=_changes(snapshot, fact, columns, keys[0], source, key),
            )
    return None


def _facts(snapshot: Snapshot, source: str) -> list[str]:
    """Facts of one row a number, those of the source's platform in front."""
    platform = next(
        (each.platform for each in snapshot.generation.sources if each.source == source), None
    )
    if platform is None:
        return []
    likely = [
        metric.fact
        for metric in load_metrics().values()
        if metric.fact and platform in metric.platforms
    ]
    whole = [fact for fact in snapshot.columns if len(_declared(snapshot, fact)[1]) == 1]
    return list(dict.fromkeys([fact for fact in likely if fact in whole] + whole))


def _declared(snapshot: Snapshot, fact: str) -> tuple[list[ColumnInfo], list[str]]:
    declared = snapshot.columns[fact]
    columns = [info for info, _, _ in declared if not info.name.endswith("_hash")]
    return columns, [info.name for info, is_key, _ in declared if is_key]


def _read(
    snapshot: Snapshot,
    fact: str,
    columns: Sequence[ColumnInfo],
    where: str,
    values: Mapping[str, Any],
    order: str,
    scope: Scope | None = None,
) -> list[dict[str, Any]]:
    wanted = [each.name for each in columns]
    sql = (
        f"SELECT {names(wanted)} FROM core.{name(fact)} WHERE {where}"
        f" ORDER BY {order} LIMIT {_MOST}"
    )
    given = dict(values)
    if scope is not None:
        sql = narrowed(sql, snapshot.relations)
        given |= scope.words(sql)
    rows = snapshot.rows(fact, sql, given)
    return [dict(zip(wanted, row, strict=True)) for row in rows]


def _steps(
    snapshot: Snapshot, fact: str, key_column: str, source: str, key: str
) -> dict[str, Steps]:
    """The facts whose key begins with the case's own, such as its events."""
    found: dict[str, Steps] = {}
    for other in snapshot.columns:
        columns, keys = _declared(snapshot, other)
        if other == fact or len(keys) < 2 or keys[0] != key_column:
            continue
        rows = _read(
            snapshot,
            other,
            columns,
            f"source = $source AND {name(key_column)} = $key",
            {"source": source, "key": key},
            names(keys[1:]),
        )
        if rows:
            found[other] = Steps(columns, rows)
    return found


def _changes(
    snapshot: Snapshot,
    fact: str,
    columns: Sequence[ColumnInfo],
    key_column: str,
    source: str,
    key: str,
) -> list[Change]:
    """What each later delivery changed, from the versions of the row."""
    wanted = [each.name for each in columns]
    sql = (
        f"SELECT _recorded_at, {names(wanted)} FROM core.{name(f'{fact}_version')}"
        f" WHERE source = $source AND {name(key_column)} = $key"
        f" ORDER BY _recorded_at LIMIT {_MOST}"
    )
    rows = snapshot.rows(fact, sql, {"source": source, "key": key})
    found = []
    for before, after in itertools.pairwise(rows):
        moved = {
            column: (old, new)
            for column, old, new in zip(wanted, before[1:], after[1:], strict=True)
            if old != new and column not in _UNSAID
        }
        if moved:
            found.append(Change(after[0], moved))
    return found
