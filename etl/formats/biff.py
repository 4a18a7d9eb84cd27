"""An old Excel book (.xls) measured before the reader sees it: protection, macros, far cells.

The reader keeps a dense grid, so one cell in the last corner would fill memory; and it shows a
cell in error as empty. Both are found here by walking the records of the book.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

import olefile

from cases.faults import Fault
from etl.errors import BadRecord

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS: Final = ("Workbook", "Book")
_BOUNDSHEET, _FILEPASS, _BOF = 0x0085, 0x002F, 0x0809
_FORMULA, _BOOLERR = 0x0006, 0x0205
_CELLS: Final = frozenset(
    {_FORMULA, _BOOLERR, 0x0201, 0x0203, 0x0204, 0x00FD, 0x027E, 0x00BD, 0x00BE, 0x00D6}
)


class Measured(NamedTuple):
    """What a look at the records found: cells of the dense grid, cells in error by sheet."""

    cells: int
    errors: dict[int, set[tuple[int, int]]]


def measure(platform: str, payload: bytes) -> Measured:
    """Walk the book; BadRecord when it is protected, holds macros, or is none."""
    return _walk(_book(platform, payload), platform)


def _book(platform: str, payload: bytes) -> bytes:
    try:
        with olefile.OleFileIO(io.BytesIO(payload)) as folder:
            names = ["/".join(path) for path in folder.listdir(storages=True)]
            if "EncryptedPackage" in names:
                raise BadRecord(
                    platform, "the workbook is protected by a password", fault=Fault.FILE_PROTECTED
                )
            if any(name.split("/")[0] in ("_VBA_PROJECT_CUR", "VBA") for name in names):
                raise BadRecord(
                    platform,
                    "the workbook has macros (_VBA_PROJECT_CUR)",
                    fault=Fault.FILE_PROTECTED,
                )
            for name in _STREAMS:
                if folder.exists(name):
                    content: bytes = folder.openstream(name).read()
                    return content
    except BadRecord:
        raise
    except Exception as error:  # noqa: BLE001 - the library checks little of a damaged file
        raise BadRecord(
            platform, f"the workbook is damaged ({error})", fault=Fault.FILE_UNREADABLE
        ) from None
    raise BadRecord(
        platform,
        "the file is no workbook (an old Word or PowerPoint file?)",
        fault=Fault.FILE_UNREADABLE,
    )


def _walk(book: bytes, platform: str) -> Measured:
    starts: list[int] = []
    errors: dict[int, set[tuple[int, int]]] = {}
    cells, rows, columns, sheet = 0, 0, 0, -1
    for at, kind, body in _records(book):
        if kind == _FILEPASS:
            raise BadRecord(
                platform, "the workbook is protected by a password", fault=Fault.FILE_PROTECTED
            )
        if kind == _BOUNDSHEET and len(body) >= 4:
            starts.append(struct.unpack_from("<I", body)[0])
        elif kind == _BOF:
            cells += rows * columns
            rows = columns = 0
            sheet = starts.index(at) if at in starts else -1
        elif kind in _CELLS and len(body) >= 6:
            row, column = struct.unpack_from("<HH", body)
            if kind in (0x00BD, 0x00BE):  # several cells in one record end with their last column
                column = max(column, struct.unpack_from("<H", body, len(body) - 2)[0])
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if _in_error(kind, body) and sheet >= 0:
                errors.setdefault(sheet, set()).add((row, column))
    return Measured(cells + rows * columns, errors)


def _records(book: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        yield at, kind, book[at + 4 : at + 4 + size]
        at += 4 + size


def _in_error(kind: int, body: bytes) -> bool:
    if kind == _BOOLERR:
        return len(body) >= 8 and body[7] == 1
    return kind == _FORMULA and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff"
