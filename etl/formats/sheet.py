"""A table that somebody exported: XLSX, or CSV in any usual encoding, with its header found."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Final, NamedTuple

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from etl.errors import BadRecord
from etl.formats.cell import text
from warehouse.schema import Column

MAX_UNPACKED: Final = 64 << 20  # an XLSX that unpacks to more than this is refused
MAX_CELLS: Final = 8_000_000  # the reader keeps a dense grid, so one far cell would fill memory
HEADER_WITHIN: Final = 30
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Line(NamedTuple):
    """One row under the header: its number as a person counts, its cells by name, its fault."""

    number: int
    cells: dict[str, str | None]
    fault: str | None = None


class Shape(NamedTuple):
    """What is known beforehand about a file: all of it may be left to be found."""

    header_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


FOUND: Final = Shape()  # nothing is known, all of it is looked for


def names(columns: Mapping[str, Column], fields: Mapping[str, str]) -> dict[str, str]:
    """How a hand-made table may call each column: our name, its label, the platform's field."""
    ours = {name: name for name in columns}
    labels = {column.label: name for name, column in columns.items()}
    return {**fields, **labels, **ours}


def is_xlsx(payload: bytes) -> bool:
    """Whether the bytes are a zip, which is what an XLSX is."""
    return payload[:4] == b"PK\x03\x04"


def read(
    platform: str, payload: bytes, known: Collection[str], shape: Shape = FOUND
) -> Iterator[Line]:
    """The lines of a table; the header is the row with most known names, title rows are passed.

    BadRecord when there is no such row, the file is damaged, or it would unpack to too much.
    """
    grid = _xlsx(platform, payload, shape) if is_xlsx(payload) else _csv(platform, payload, shape)
    head: list[list[str | None]] = []
    for row in grid:
        head.append(row)
        if len(head) == HEADER_WITHIN:
            break
    at = _header(platform, head, known, shape.header_row)
    titles = _titles(head[at])
    padded = is_xlsx(payload)
    number = at + 1
    for row in chain(head[at + 1 :], grid):
        number += 1
        if any(row):
            yield _line(number, titles, row, padded)


def _line(number: int, titles: list[str | None], row: list[str | None], padded: bool) -> Line:
    cells = {name: value for name, value in zip(titles, row, strict=False) if name}
    wrong = not padded and len(row) != len(titles)
    fault = f"第{number}行有{len(row)}列, 表头有{len(titles)}列" if wrong else None
    return Line(number, cells, fault)


def _header(
    platform: str, head: list[list[str | None]], known: Collection[str], fixed: int | None
) -> int:
    if fixed is not None:
        if not 1 <= fixed <= len(head):
            raise BadRecord(platform, f"the file has no row {fixed} for the header")
        return fixed - 1
    hits = [sum(cell in known for cell in set(row) if cell) for row in head]
    if not hits or max(hits) == 0:
        wanted = ", ".join(list(known)[:6])
        raise BadRecord(platform, f"no header row found; it should have {wanted}")
    return hits.index(max(hits))


def _titles(row: list[str | None]) -> list[str | None]:
    seen: dict[str, int] = {}
    titles: list[str | None] = []
    for cell in row:
        if cell is None:
            titles.append(None)
            continue
        seen[cell] = seen.get(cell, 0) + 1
        titles.append(cell if seen[cell] == 1 else f"{cell}.{seen[cell]}")
    return titles


def _csv(platform: str, payload: bytes, shape: Shape) -> Iterator[list[str | None]]:
    content = decode(platform, payload, shape.encoding)
    first = content[:4096].split("\n", 1)[0]
    delimiter = shape.delimiter or max(",;\t|", key=first.count)
    try:
        for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter):
            yield [text(cell) for cell in row]
    except csv.Error as error:
        raise BadRecord(platform, f"the CSV cannot be read ({error})") from None


def decode(platform: str, payload: bytes, encoding: str | None = None) -> str:
    """The text of a file: the named encoding, else by its mark, else UTF-8, else GB18030."""
    marked = next((name for mark, name in _BOMS if payload.startswith(mark)), None)
    for name in [encoding] if encoding else [marked] if marked else ["utf-8", "gb18030"]:
        try:
            return payload.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    tried = encoding or marked or "UTF-8 nor GB18030"
    raise BadRecord(platform, f"the text is not {tried}")


def _xlsx(platform: str, payload: bytes, shape: Shape) -> Iterator[list[str | None]]:
    _measure(platform, payload)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(payload))
        wanted = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
            and (
                sheet.name == shape.sheet
                if shape.sheet
                else sheet.visible == SheetVisibleEnum.Visible
            )
        ]
        if not wanted:
            raise BadRecord(platform, f"the workbook has no sheet {shape.sheet or 'that is shown'}")
        rows = book.get_sheet_by_name(wanted[0]).to_python(skip_empty_area=False)
    except BadRecord:
        raise
    except BaseException as error:  # a panic of the Rust reader is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise BadRecord(platform, f"the workbook cannot be read ({error})") from None
    return ([_shown(cell) for cell in row] for row in rows)


def _measure(platform: str, payload: bytes) -> None:
    """Refuse a workbook that is damaged, lies about its size, or would fill memory."""
    total, rows, columns = 0, 0, 0
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            total = sum(member.file_size for member in archive.infolist())
            if total > MAX_UNPACKED:
                raise BadRecord(platform, f"the workbook unpacks to {total >> 20} MiB")
            for member in archive.infolist():
                content = archive.read(member)  # checks length and checksum too
                if "worksheets/" not in member.filename:
                    continue
                for column, row in _CELL.findall(content):
                    rows = max(rows, int(row))
                    columns = max(columns, int(column, 36))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
        NotImplementedError,
    ) as error:
        raise BadRecord(platform, f"the workbook is damaged ({error})") from None
    width = _column_number(columns)
    if rows * width > MAX_CELLS:
        raise BadRecord(platform, f"the workbook has {rows} rows and {width} columns, too many")


def _column_number(packed: int) -> int:
    """Column letters read as base 36 (a cheap running maximum) back to their number."""
    number = 0
    for power in (1296, 36, 1):
        digit, packed = divmod(packed, power)
        number = number * 26 + (digit - 9 if digit else 0)
    return number


def _shown(cell: object) -> str | None:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return text(cell)
