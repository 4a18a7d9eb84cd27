"""The child process that writes a file of rows: one at a time on the machine, at low priority.

The order comes on stdin; what the browser gets goes to stdout as it is made. The others wait in the
order in which they came to the lock. Whoever stops reading ends it: its next write fails.
"""

from __future__ import annotations

import fcntl
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from dashboard.exports import progress
from dashboard.exports.files import as_csv, write_xlsx
from dashboard.exports.order import MOST, Order
from dashboard.exports.progress import Progress
from warehouse.errors import WarehouseError
from warehouse.read import Reader

_BLOCK, _PIECE = 5_000, 1 << 16
_LOW = 15


def main() -> int:
    """Write the file of one order; 1 with a line on stderr when the rows could not be read."""
    os.nice(_LOW)
    order = Order.of_text(sys.stdin.readline())
    folder = Path(order.var) / "exports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    progress.forget_old(folder)
    _tell(order, folder, 0, progress.WAITING)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _tell(order, folder, 0, progress.WRITING)
        try:
            write(order, sys.stdout.buffer, folder)
            _tell(order, folder, order.total, progress.DONE)
        except progress.Stopped:
            _tell(order, folder, 0, progress.STOPPED)
            sys.stderr.write("stopped\n")
            return 1
        except BrokenPipeError:
            _tell(order, folder, 0, progress.STOPPED)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except WarehouseError as error:
            _tell(order, folder, 0, progress.FAILED)
            sys.stderr.write(f"{error}\n")
            return 1
    return 0


def _tell(order: Order, folder: Path, rows: int, state: str) -> None:
    progress.note(folder, order.job, Progress(rows, order.total, state, order.by))


def write(order: Order, out: BinaryIO, folder: Path) -> None:
    """The whole file, to a stream."""
    heads = [head for _, head in order.columns]
    if order.form == "csv":
        for piece in as_csv(heads, rows(order, folder)):
            out.write(piece)
            out.flush()
        return
    with tempfile.TemporaryDirectory(dir=folder) as home:
        path = Path(home) / "rows.xlsx"
        write_xlsx(path, heads, rows(order, folder), order.told, order.watermark)
        with path.open("rb") as made:
            while piece := made.read(_PIECE):
                out.write(piece)
    out.flush()


def rows(order: Order, folder: Path) -> Iterator[list[list[Any]]]:
    """The rows of an order as they are read, block by block; Stopped where that was asked for."""
    written = 0
    reader = Reader(Path(order.var), seconds=120.0, threads=1)
    names = [name for name, _ in order.columns]
    try:
        for block in reader.every(
            order.metric,
            order.query,
            most=MOST[order.form],
            block=_BLOCK,
            sort=order.sort,
            only=order.only,
            generation=order.generation,
            sift=order.sift,
        ):
            progress.demand_going(folder, order.job)
            yield [[_shown(order, name, row.get(name)) for name in names] for row in block]
            written += len(block)
            _tell(order, folder, written, progress.WRITING)
    finally:
        reader.close()


def _shown(order: Order, name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and name in order.names:
        known = order.names[name]
        if name in order.paths:
            return _path(known, value.split("/"))
        return known.get(value, value)
    return value


def _path(known: Any, codes: Sequence[str]) -> str:
    return " › ".join(known.get(code, code) for code in codes if code)


if __name__ == "__main__":
    sys.exit(main())
