"""What is wrong with a platform's rows, messages, files and frames while a scenario says so.

Which rows are hit follows from their own names, so that the same delivery asked for again is dirty
in the same places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar
from zlib import crc32

from demo.scenario import (
    ADDED,
    BEFORE,
    CHANGED,
    ENCODED,
    LATE,
    RENAMED,
    TWICE,
    WRONG,
    Dirt,
)  # fmt: skip

_Row = TypeVar("_Row", bound=Mapping[str, Any])
_Entry = TypeVar("_Entry")
_DAY = timedelta(days=1)


class Shown(NamedTuple, Generic[_Entry]):
    """One line of a listing: what it shows, and as of when (None: as it is now)."""

    entry: _Entry
    at: datetime | None = None


class Dirty:
    """What is wrong with a platform at a moment; nothing unless it is told."""

    def __init__(self, by: str = "", dirt: Sequence[Dirt] = ()) -> None:
        self._by = by.split()
        self._dirt = {each.how: each for each in dirt}

    def hits(self, how: str, name: object) -> bool:
        """Whether this is wrong with what bears this name."""
        dirt = self._dirt.get(how)
        return dirt is not None and crc32(f"{how} {name}".encode()) % 1000 < dirt.share * 1000

    def row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """One row, its fields added, renamed, of another type or beyond belief."""
        found = dict(row)
        name = self._name(row)
        for dirt in self._dirt.values():
            if dirt.column and name is not None and self.hits(dirt.how, name):
                _CHANGES.get(dirt.how, _leave)(found, dirt)
        return found

    def rows(
        self, rows: Iterable[_Row], earlier: Callable[[_Row], _Row | None] | None = None
    ) -> list[dict[str, Any]]:
        """The rows of one delivery; some come twice, after some comes the version before it."""
        found = []
        for row in rows:
            name = self._name(row)
            found.append(self.row(row))
            if name is not None and self.hits(TWICE, name):
                found.append(self.row(row))
            if earlier is not None and name is not None and self.hits(LATE, name):
                older = earlier(row)
                found += [] if older is None else [self.row(older)]
        return found

    def _name(self, row: Mapping[str, Any]) -> str | None:
        """What tells a row apart; None for rows of another kind."""
        parts = [row.get(column) for column in self._by]
        return " ".join(map(str, parts)) if parts and None not in parts else None

    def listing(
        self, entries: Sequence[_Entry], before: Callable[[_Entry], datetime | None] | None = None
    ) -> list[Shown[_Entry]]:
        """A listing whose pages are cut later; `before` is the moment of the version before."""
        found: list[Shown[_Entry]] = []
        for entry in entries:
            found.append(Shown(entry))
            if self.hits(TWICE, entry):
                found.append(Shown(entry))
            if before is not None and self.hits(LATE, entry):
                at = before(entry)
                found += [] if at is None else [Shown(entry, at)]
        return found

    def header(self, names: Sequence[str]) -> tuple[str, ...]:
        """The header of a table whose rows are dirty."""
        added, renamed = self._dirt.get(ADDED), self._dirt.get(RENAMED)
        found = [renamed.value if renamed and name == renamed.column else name for name in names]
        return tuple([*found, added.column] if added else found)

    def encoding(self, usual: str) -> str:
        """The encoding of a text file."""
        dirt = self._dirt.get(ENCODED)
        return dirt.value if dirt else usual


def _leave(_row: dict[str, Any], _dirt: Dirt) -> None:
    """What is wrong with more than a row."""


def _added(row: dict[str, Any], dirt: Dirt) -> None:
    row[dirt.column] = dirt.value


def _renamed(row: dict[str, Any], dirt: Dirt) -> None:
    if dirt.column in row:
        row[dirt.value] = row.pop(dirt.column)


def _changed(row: dict[str, Any], dirt: Dirt) -> None:
    if row.get(dirt.column) is not None:
        row[dirt.column] = dirt.value.format(row[dirt.column])


def _before(row: dict[str, Any], dirt: Dirt) -> None:
    """A time a day before the one that it must follow, where both are there."""
    first = row.get(dirt.value)
    if first is None or row.get(dirt.column) is None:
        return
    if isinstance(first, date):
        row[dirt.column] = first - _DAY
        return
    moment = datetime.fromisoformat(first) - _DAY
    row[dirt.column] = moment.isoformat(sep="T" if "T" in first else " ")


_CHANGES: Mapping[str, Callable[[dict[str, Any], Dirt], None]] = {
    ADDED: _added, RENAMED: _renamed, CHANGED: _changed, WRONG: _changed, BEFORE: _before,
}  # fmt: skip


CLEAN = Dirty()
