"""A raw delivery read: rows of text by table, narrowed, and what the vault must hold of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from etl.errors import EtlError
from etl.formats.cell import REJECT, Row, Yielded
from etl.personal import Narrowing
from warehouse.batch import Reject
from warehouse.schema import Table

CHUNK: Final = 5_000  # rows held as Python objects at a time
_EXTRA = "extra"


@dataclass
class Delivery:
    """What one raw file says; `fault` when it could not be read to its end."""

    rows: dict[str, pa.Table] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    kept: dict[str, list[tuple[str, dict[str, str | None]]]] = field(default_factory=dict)
    fault: EtlError | None = None

    @property
    def count(self) -> int:
        """How many rows it had, read or rejected."""
        read: int = sum(table.num_rows for table in self.rows.values())
        return read + len(self.rejects)


def read(
    yielded: Iterable[Yielded],
    tables: Mapping[str, Table],
    keyed_hash: Callable[[str], str],
) -> Delivery:
    """Sort what parse yields by table, narrow personal columns, keep it as Arrow text.

    A delivery that breaks off in the middle counts for nothing: it is refused as a whole.
    """
    found = Delivery()
    piles: dict[str, list[Row]] = {name: [] for name in tables}
    chunks: dict[str, list[pa.Table]] = {name: [] for name in tables}
    narrowings = {name: Narrowing(table, keyed_hash) for name, table in tables.items()}

    def pack(name: str) -> None:
        chunks[name].append(_arrow(piles[name], tables[name]))
        piles[name] = []

    place = 0
    try:
        for name, row in yielded:
            if name == REJECT:
                reject = Reject(place, row["reason"] or "读不懂", row["row"])
                found.rejects.append(reject)
            else:
                pile = piles[name]
                pile.append(narrowings[name].narrow(row))
                if len(pile) >= CHUNK:
                    pack(name)
            place += 1
    except EtlError as error:
        return Delivery(rejects=[Reject(place, "整份读不懂", error.what)], fault=error)
    for name, pile in piles.items():
        if pile:
            pack(name)
        if chunks[name]:
            found.rows[name] = pa.concat_tables(chunks[name])
        if narrowings[name].kept:
            found.kept[name] = narrowings[name].kept
    return found


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
