"""A raw delivery read: rows of text by table, narrowed, and what the vault must hold of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from etl.errors import EtlError
from etl.formats.cell import REJECT, Row, Yielded
from etl.personal import Narrowing
from warehouse.batch import Reject
from warehouse.schema import Table
from warehouse.spooled import Spooled, Text

CHUNK: Final = 5_000  # rows held as Python objects at a time
HELD: Final = 50_000  # rows of a delivery that are held in memory; more of them wait on disk
_EXTRA = "extra"
Kept = list[tuple[str, dict[str, str | None]]]


@dataclass
class Delivery:
    """What one raw file says; `fault` when it could not be read to its end."""

    rows: dict[str, Text] = field(default_factory=dict)
    rejects: Collection[Reject] = ()
    kept: dict[str, Kept] = field(default_factory=dict)
    fault: EtlError | None = None

    @property
    def count(self) -> int:
        """How many rows it had, read or rejected."""
        return sum(map(len, self.rows.values())) + len(self.rejects)


class Room(NamedTuple):
    """Where a delivery waits that is too large to be held: its rows in a folder, and who takes what
    the vault must hold of them as it is read."""

    folder: Path
    keep: Callable[[str, Kept], None]


def read(
    yielded: Iterable[Yielded],
    tables: Mapping[str, Table],
    keyed_hash: Callable[[str], str],
    room: Room | None = None,
) -> Delivery:
    """Sort what parse yields by table, narrow personal columns, keep it as Arrow text.

    A delivery that breaks off in the middle counts for nothing: it is refused as a whole.
    """
    facts = {name: _Fact(table, keyed_hash) for name, table in tables.items()}
    rejects = Rejects(room)
    place = 0
    try:
        for name, row in yielded:
            if name == REJECT:
                rejects.add(Reject(place, row["reason"] or "读不懂", row["row"]))
            elif facts[name].add(row) and room is not None:
                facts[name].make_room(name, room)
            place += 1
    except EtlError as error:
        return Delivery(rejects=[Reject(place, "整份读不懂", error.what)], fault=error)
    found = Delivery(rejects=rejects)
    for name, fact in facts.items():
        rows = fact.rows()
        if rows is not None:
            found.rows[name] = rows
        if fact.narrowing.kept:
            found.kept[name] = fact.narrowing.kept
    return found


class _Fact:
    """The rows of one table so far."""

    def __init__(self, table: Table, keyed_hash: Callable[[str], str]) -> None:
        self.table = table
        self.narrowing = Narrowing(table, keyed_hash)
        self._pile: list[Row] = []
        self._chunks: list[pa.Table] = []
        self._spooled: Spooled | None = None

    def add(self, row: Row) -> bool:
        """One more row; whether there is a chunk more."""
        self._pile.append(self.narrowing.narrow(row))
        if len(self._pile) < CHUNK:
            return False
        self._pack()
        return True

    def make_room(self, name: str, room: Room) -> None:
        """Put on disk what is more than may be held."""
        if self._spooled is None:
            if len(self._chunks) * CHUNK < HELD:
                return
            self._spooled = Spooled(room.folder, self._chunks[0].schema)
        self._settle()
        room.keep(name, self.narrowing.kept)
        self.narrowing.kept = []

    def rows(self) -> Text | None:
        """All rows; None when there is none."""
        if self._pile:
            self._pack()
        if self._spooled is not None:
            self._settle()
            return self._spooled
        return pa.concat_tables(self._chunks) if self._chunks else None

    def _pack(self) -> None:
        self._chunks.append(_arrow(self._pile, self.table))
        self._pile = []

    def _settle(self) -> None:
        assert self._spooled is not None
        for chunk in self._chunks:
            self._spooled.add(chunk)
        self._chunks = []


class Rejects(Collection[Reject]):
    """What parse could not read; the many of a file that is no table of ours wait on disk, too."""

    _SCHEMA: Final = pa.schema({"row": pa.int64(), "reason": pa.string(), "payload": pa.string()})

    def __init__(self, room: Room | None) -> None:
        self._room = room
        self._held: list[Reject] = []
        self._spooled: Spooled | None = None

    def add(self, reject: Reject) -> None:
        """One more."""
        self._held.append(reject)
        if self._room is not None and len(self._held) >= CHUNK:
            self._spooled = self._spooled or Spooled(self._room.folder, self._SCHEMA)
            rows = [{"row": r.row, "reason": r.reason, "payload": r.payload} for r in self._held]
            self._spooled.add(pa.Table.from_pylist(rows, self._SCHEMA))
            self._held = []

    def __len__(self) -> int:
        return len(self._held) + (len(self._spooled) if self._spooled else 0)

    def __iter__(self) -> Iterator[Reject]:
        for piece in self._spooled.pieces() if self._spooled else ():
            for start in range(0, piece.num_rows, CHUNK):
                yield from (Reject(**row) for row in piece.slice(start, CHUNK).to_pylist())
        yield from self._held

    def __contains__(self, reject: object) -> bool:
        return any(each == reject for each in self)


def noise(payload: bytes) -> Iterable[Yielded]:
    """The notes a stream took of what was no frame."""
    for line in payload.decode("utf-8").splitlines():
        note = json.loads(line)
        yield REJECT, {"reason": note["reason"], "row": note["row"]}


def _arrow(rows: list[Row], table: Table) -> pa.Table:
    names = [*table.columns, _EXTRA]
    kind = pa.string()
    columns = [pa.array([row.get(name) for row in rows], kind) for name in names]
    return pa.Table.from_arrays(columns, names)
