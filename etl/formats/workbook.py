"""Excel books: measured first, so that nothing hostile reaches the reader, then read by sheet."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final, NamedTuple

import defusedxml.ElementTree as Safe
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from cases.faults import Fault
from etl.errors import BadRecord
from etl.formats import biff
from etl.formats.cell import text

MAX_UNPACKED: Final = 256 << 20  # an XLSX that unpacks to more than this is refused
MAX_CELLS: Final = 8_000_000  # the reader keeps a dense grid, so one far cell would fill memory
MAX_RATIO: Final = 200  # a sheet of equal rows packs 50 times
_SMALL: Final = 4 << 20  # below this the ratio says nothing
_STEP: Final = 1 << 20
_MANY: Final = 10_000  # cells in error that are named; more are a broken book
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_ERROR = re.compile(rb"""<(?:\w+:)?c\s[^<>]*\bt\s*=\s*["']e["'][^<>]*>""")
_OTHER_BOOKS: Final = {
    "xl/workbook.bin": "XLSB", "content.xml": "ODS", "word/document.xml": "DOCX",
    "ppt/presentation.xml": "PPTX",
}  # fmt: skip
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError,
    NotImplementedError, KeyError, SyntaxError,
)  # fmt: skip
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Cells = list[str | None]


class Sheet(NamedTuple):
    """One sheet of a book: its name, its rows from row 1 and column A, its cells in error."""

    name: str
    rows: Iterator[Cells]
    errors: frozenset[tuple[int, int]] = frozenset()


def is_book(payload: bytes) -> bool:
    """Whether the bytes are an Excel book, new or old; a ZIP of other files is none."""
    if payload.startswith(biff.MAGIC):
        return True
    if not payload.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            names = archive.namelist()
    except _DAMAGE:
        return True  # what is damaged is told by the one who reads it
    return "[Content_Types].xml" in names or any(name in _OTHER_BOOKS for name in names)


def sheets(platform: str, payload: bytes, named: str | None = None) -> list[Callable[[], Sheet]]:
    """The sheets that are shown, or the one asked for by name; each is read when it is called.

    BadRecord when the book is damaged, protected, has macros, or would fill memory.
    """
    errors = _measure(platform, payload)
    with _reading(platform):
        book = CalamineWorkbook.from_filelike(io.BytesIO(payload))
        wanted = [
            (number, sheet.name)
            for number, sheet in enumerate(book.sheets_metadata)
            if sheet.typ == SheetTypeEnum.WorkSheet
            and (sheet.name == named if named else sheet.visible == SheetVisibleEnum.Visible)
        ]
    if not wanted:
        raise BadRecord(
            platform,
            f"the workbook has no sheet {named or 'that is shown'}",
            fault=Fault.FILE_HEADER,
        )

    def load(number: int, name: str) -> Sheet:
        with _reading(platform):
            rows = book.get_sheet_by_name(name).iter_rows()
        broken = errors.get(name) or errors.get(number) or set()
        return Sheet(name, ([_shown(cell) for cell in row] for row in rows), frozenset(broken))

    return [partial(load, number, name) for number, name in wanted]


def address(row: int, column: int) -> str:
    """A cell as Excel calls it, from its numbers counted from 0."""
    letters = ""
    column += 1
    while column:
        column, left = divmod(column - 1, 26)
        letters = chr(65 + left) + letters
    return f"{letters}{row + 1}"


@contextmanager
def _reading(platform: str) -> Iterator[None]:
    try:
        yield
    except BaseException as error:  # a panic of the Rust reader is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | BadRecord):
            raise
        raise BadRecord(
            platform, f"the workbook cannot be read ({error})", fault=Fault.FILE_UNREADABLE
        ) from None


def _measure(platform: str, payload: bytes) -> dict[str | int, set[tuple[int, int]]]:
    """Refuse what must not be read; cells in error by the name or number of their sheet."""
    if payload.startswith(biff.MAGIC):
        found = biff.measure(platform, payload)
        if found.cells > MAX_CELLS:
            raise BadRecord(
                platform, f"the workbook has {found.cells} cells, too many", fault=Fault.TOO_LARGE
            )
        return {number: cells for number, cells in found.errors.items()}
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            return _measure_zip(platform, archive)
    except _DAMAGE as error:
        raise BadRecord(
            platform, f"the workbook is damaged ({error})", fault=Fault.FILE_UNREADABLE
        ) from None


def _measure_zip(platform: str, archive: zipfile.ZipFile) -> dict[str | int, set[tuple[int, int]]]:
    names = archive.namelist()
    for name, kind in _OTHER_BOOKS.items():
        if name in names:
            raise BadRecord(
                platform,
                f"the file is {kind} ({name}); it must be saved as XLSX",
                fault=Fault.FILE_PROTECTED,
            )
    macro = next((name for name in names if name.endswith("vbaProject.bin")), None)
    if macro:
        raise BadRecord(
            platform,
            f"the workbook has macros ({macro}); it must be saved as XLSX",
            fault=Fault.FILE_PROTECTED,
        )
    total = sum(member.file_size for member in archive.infolist())
    if total > MAX_UNPACKED:
        raise BadRecord(
            platform, f"the workbook unpacks to {total >> 20} MiB", fault=Fault.TOO_LARGE
        )
    _judge_ratio(platform, archive)
    cells = 0
    errors: dict[str, set[tuple[int, int]]] = {}
    for name in names:
        far_row, far_column, broken = _scan(archive, name)
        cells += far_row * far_column
        if cells > MAX_CELLS:
            far = address(far_row - 1, far_column - 1)
            raise BadRecord(
                platform,
                f"{name} goes to cell {far}: {cells} cells are too many",
                fault=Fault.TOO_LARGE,
            )
        if broken:
            errors[name] = broken
    return {shown: errors[part] for part, shown in _parts(archive).items() if part in errors}


def _judge_ratio(platform: str, archive: zipfile.ZipFile) -> None:
    """What is packed so tightly says nothing, and would be held as a whole by the reader."""
    for member in archive.infolist():
        if member.file_size > max(_SMALL, MAX_RATIO * member.compress_size):
            raise BadRecord(
                platform,
                f"{member.filename} in the workbook is packed more than {MAX_RATIO} times",
                fault=Fault.TOO_LARGE,
            )


def _scan(archive: zipfile.ZipFile, name: str) -> tuple[int, int, set[tuple[int, int]]]:
    """The farthest cell of a part, and its cells in error; reading checks length and checksum."""
    rows, columns, tail = 0, 0, b""
    broken: set[tuple[int, int]] = set()
    is_text = name.endswith(".xml")
    with archive.open(name) as part:
        while piece := part.read(_STEP):
            if not is_text:
                continue
            piece = tail + piece
            # a tag may be cut by the end of a piece: what follows the last ">" is looked at again
            cut = piece.rfind(b">") + 1 or len(piece)
            whole, tail = piece[:cut], piece[cut:]
            for letters, number in _CELL.findall(whole):
                rows, columns = max(rows, int(number)), max(columns, _column(letters))
            for tag in _ERROR.findall(whole) if len(broken) < _MANY else ():
                at = _CELL.search(tag)
                if at:
                    broken.add((int(at[2]) - 1, _column(at[1]) - 1))
    return rows, columns, broken


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part that holds a sheet -> the name the sheet is shown under."""
    book = Safe.fromstring(archive.read("xl/workbook.xml"))
    links = Safe.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_LINK), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found[part] = sheet.get("name", "")
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _shown(cell: object) -> str | None:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return text(cell)
