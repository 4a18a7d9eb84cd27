"""Rows of a delivery too large to be held: on disk as Arrow, handed out piece by piece."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyarrow as pa

PIECE: Final = 50_000  # rows that are handed out together
_PACKED: Final = pa.ipc.IpcWriteOptions(compression="lz4")


class Spooled:
    """Text columns in a file without a name, which goes when nobody holds it any more."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: Any = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - it lives as long as this
        weakref.finalize(self, self._file.close)
        self._writer = pa.ipc.new_stream(self._file, schema, options=_PACKED)
        self._nulls = dict.fromkeys(schema.names, 0)
        self._is_open = True
        self.num_rows = 0
        self.column_names: list[str] = schema.names

    def __len__(self) -> int:
        return self.num_rows

    def add(self, rows: pa.Table) -> None:
        """Put more rows behind those that are there; not after the first has been handed out."""
        self._writer.write_table(rows)
        self.num_rows += rows.num_rows
        for column in self.column_names:
            self._nulls[column] += rows.column(column).null_count

    def pieces(self) -> Iterator[pa.Table]:
        """All rows in their order, from the first on each time."""
        if self._is_open:
            self._writer.close()
            self._is_open = False
        self._file.seek(0)
        with pa.ipc.open_stream(self._file) as stored:
            waiting: list[pa.RecordBatch] = []
            for batch in stored:
                waiting.append(batch)
                if sum(len(each) for each in waiting) >= PIECE:
                    yield pa.Table.from_batches(waiting)
                    waiting = []
            if waiting:
                yield pa.Table.from_batches(waiting)

    def is_empty(self, column: str) -> bool:
        """Whether no row has anything in a column."""
        return self._nulls[column] == self.num_rows


Text: TypeAlias = pa.Table | Spooled


def pieces(rows: Text) -> Iterator[tuple[int, pa.Table]]:
    """The rows piece by piece, each with the place of its first row."""
    at = 0
    for piece in rows.pieces() if isinstance(rows, Spooled) else [rows]:
        yield at, piece
        at += piece.num_rows


def is_empty(rows: Text, column: str) -> bool:
    """Whether a delivery has nothing in a column, or lacks it altogether."""
    if column not in rows.column_names:
        return True
    if isinstance(rows, Spooled):
        return rows.is_empty(column)
    empty: bool = rows.column(column).null_count == rows.num_rows
    return empty
