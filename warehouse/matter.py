# ruff: noqa: S608 - names come from declarations, a user's words are parameters
"""One case with everything a platform said of it: its row, its steps, and how it changed.

A case is found by its source and its number alone; what has two key columns, such as the stock of
one item in one store, by both with a stroke between, as the metrics write them. Personal columns
stand there masked, as everywhere; what was said of it before stands in the versions of its fact.
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
    keys: Sequence[str] = ()


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
    keys: Sequence[str] = ()

    @property
    def places(self) -> list[tuple[str, str]]:
        """Fact and key of each of its rows as the vault knows them, the case's own in front."""
        own = [(self.fact, _kept_key(self.row, self.keys))]
        return own + [
            (fact, _kept_key(row, steps.keys))
            for fact, steps in self.steps.items()
            for row in steps.rows
        ]

    def label(self, column: str) -> str:
        """How people call a column."""
        return next((each.label for each in self.columns if each.name == column), column)


def _kept_key(row: Mapping[str, Any], keys: Sequence[str]) -> str:
    return "|".join(str(row[name]) for name in keys)


def find(snapshot: Snapshot, source: str, key: str, scope: Scope | None = None) -> Matter | None:
    """The case of a number; None where the source has none, or none of the scope's own."""
    for fact in _facts(snapshot, source):
        columns, keys = _declared(snapshot, fact)
        where = f"source = $source AND {_number(keys)} = $key"
        given = {"source": source, "key": key}
        found = _read(snapshot, fact, columns, where, given, "1", scope)
        if found:
            alone = len(keys) == 1
            return Matter(
                source=source,
                key=key,
                fact=fact,
                columns=columns,
                row=found[0],
                steps=_steps(snapshot, fact, keys[0], source, key) if alone else {},
                changes=_changes(snapshot, fact, columns, where, given),
                keys=keys,
            )
    return None


def numbered(snapshot: Snapshot, fact: str | None) -> tuple[str, ...]:
    """The columns of a fact that make the number of the case which a row is, or is a step of.

    None for rows that `find` knows no case of, such as readings and days of duty.
    """
    if fact is None or fact not in snapshot.columns:
        return ()
    keys = _declared(snapshot, fact)[1]
    sole = _sole(snapshot)
    if len(keys) == 1 or _is_pair(snapshot.columns[fact], sole):
        return tuple(keys)
    return tuple(keys[:1]) if sole.intersection(keys[:1]) else ()


def _sole(snapshot: Snapshot) -> set[str]:
    """The key columns that name a case alone."""
    keys = [_declared(snapshot, fact)[1] for fact in snapshot.columns]
    return {each[0] for each in keys if len(each) == 1}


def _number(keys: Sequence[str]) -> str:
    return name(keys[0]) if len(keys) == 1 else f"concat_ws('/', {names(keys)})"


def _facts(snapshot: Snapshot, source: str) -> list[str]:
    """Facts of one row a number, the source's platform's in front, then those of two keys."""
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
    sole = _sole(snapshot)
    pairs = [fact for fact in snapshot.columns if _is_pair(snapshot.columns[fact], sole)]
    return list(dict.fromkeys([fact for fact in likely if fact in whole] + whole + pairs))


def _is_pair(declared: Sequence[tuple[ColumnInfo, bool, bool]], sole: set[str]) -> bool:
    """Whether two codes name a row that is no step of a case and no reading of a time."""
    keys = [info for info, is_key, _ in declared if is_key]
    return len(keys) > 1 and keys[0].name not in sole and all(each.type == "text" for each in keys)


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
            found[other] = Steps(columns, rows, keys)
    return found


def _changes(
    snapshot: Snapshot,
    fact: str,
    columns: Sequence[ColumnInfo],
    where: str,
    given: Mapping[str, Any],
) -> list[Change]:
    """What each later delivery changed: the versions that were replaced, then the row as it is.

    They stand in the order their platform gave them, which a late delivery does not follow; of
    very many the newest are told.
    """
    wanted = [each.name for each in columns]
    select = f"SELECT _recorded_at, {names(wanted)}, _version, _hash FROM core."
    sql = (
        f"{select}{name(f'{fact}_version')} WHERE {where} UNION ALL"
        f" {select}{name(fact)} WHERE {where} ORDER BY _version DESC, _hash DESC LIMIT {_MOST}"
    )
    rows = snapshot.rows(fact, sql, dict(given))
    found = []
    for before, after in itertools.pairwise(reversed(rows)):
        moved = {
            column: (old, new)
            for column, old, new in zip(wanted, before[1:-2], after[1:-2], strict=True)
            if old != new and column not in _UNSAID
        }
        if moved:
            found.append(Change(after[0], moved))
    return found
