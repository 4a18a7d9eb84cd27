"""A table that somebody exported: XLSX, XLS, or CSV in any usual encoding, with its header found.

The header is the row with most known names, within the first rows; title rows above it are passed
over. A header of two rows (a merged group over its parts) is put together. A book may hold the
table on several sheets, one a month: all sheets that have the header are read, one after another.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from itertools import chain, islice
from typing import Final, NamedTuple, TextIO

from cases.faults import Fault
from etl.errors import BadRecord
from etl.formats import encoding as encodings
from etl.formats import workbook
from etl.formats.workbook import Cells
from warehouse.schema import Column

HEADER_WITHIN: Final = 30
MAX_FIELD: Final = 1 << 20  # characters in one cell of a CSV; an unclosed quote ends here
MAX_LINE: Final = 4 << 20
csv.field_size_limit(MAX_FIELD)


class Line(NamedTuple):
    """One row under the header: its number as a person counts, its cells by name, its fault."""

    number: int
    cells: dict[str, str | None]
    fault: str | None = None


class Shape(NamedTuple):
    """What is known beforehand about a file: all of it may be left to be found.

    `columns` names the columns of a file that has no header at all.
    """

    header_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    columns: tuple[str, ...] | None = None


class _Grid(NamedTuple):
    """One table as it lies there: its rows, and which of its cells are in error."""

    name: str
    rows: Iterator[Cells]
    is_padded: bool
    errors: frozenset[tuple[int, int]]


class _Header(NamedTuple):
    """Where a header was found: how many rows lie up to its end, its titles, its known names."""

    rows: int
    titles: Cells
    hits: int


FOUND: Final = Shape()  # nothing is known, all of it is looked for


def names(columns: Mapping[str, Column], fields: Mapping[str, str]) -> dict[str, str]:
    """How a hand-made table may call each column: our name, its label, the platform's field."""
    ours = {name: name for name in columns}
    labels = {column.label: name for name, column in columns.items()}
    return {**fields, **labels, **ours}


def is_book(payload: bytes) -> bool:
    """Whether the bytes are an Excel book."""
    return workbook.is_book(payload)


def read(
    platform: str, payload: bytes, known: Collection[str], shape: Shape = FOUND
) -> Iterator[Line]:
    """The lines of a table; a line that does not fit its header carries a fault.

    BadRecord when there is no header, the file is damaged, or it would unpack to too much.
    """
    found = 0
    tables = _tables(platform, payload, shape)
    # on a cover or a summary sheet stand a few of the names as well
    least = _most(platform, tables, known, shape) / 2 if len(tables) > 1 else 0
    for table in tables:
        grid = table()
        head = list(islice(grid.rows, HEADER_WITHIN))
        header = _header(platform, head, known, shape)
        if header is None or header.hits < least:
            continue
        found += 1
        number = header.rows
        for row in chain(head[header.rows :], grid.rows):
            number += 1
            if any(row):
                yield _line(number, header.titles, row, grid)
    if not found:
        wanted = ", ".join(list(known)[:6])
        raise BadRecord(
            platform, f"no header row found; it should have {wanted}", fault=Fault.FILE_HEADER
        )


def _most(
    platform: str, tables: list[Callable[[], _Grid]], known: Collection[str], shape: Shape
) -> int:
    heads = (list(islice(table().rows, HEADER_WITHIN)) for table in tables)
    found = (_header(platform, head, known, shape) for head in heads)
    return max(header.hits if header else 0 for header in found)


def _line(number: int, titles: Cells, row: Cells, grid: _Grid) -> Line:
    cells: dict[str, str | None] = dict(zip(titles, row, strict=False))  # type: ignore[arg-type]
    cells.pop(None, None)  # type: ignore[call-overload]
    if not grid.is_padded and len(row) != len(titles):
        return Line(number, cells, f"第{number}行有{len(row)}列, 表头有{len(titles)}列")
    if grid.errors:
        for column, name in enumerate(titles):
            if name and (number - 1, column) in grid.errors:
                where = workbook.address(number - 1, column)
                return Line(number, cells, f"{grid.name}!{where}是错误值")
    return Line(number, cells)


def _header(
    platform: str, head: list[Cells], known: Collection[str], shape: Shape
) -> _Header | None:
    if shape.columns:
        return _Header(0, list(shape.columns), len(shape.columns))
    if shape.header_row is not None:
        if not 1 <= shape.header_row <= len(head):
            raise BadRecord(
                platform,
                f"the file has no row {shape.header_row} for the header",
                fault=Fault.FILE_HEADER,
            )
        return _Header(shape.header_row, _titles(head[shape.header_row - 1]), 1)
    best: _Header | None = None
    head = [[_neat(cell) for cell in row] for row in head]
    for at, row in enumerate(head):
        hits = _hits(row, known)
        if hits > (best.hits if best else 0):
            best = _Header(at + 1, _titles(row), hits)
        if at + 1 < len(head):
            both = _joined(row, head[at + 1], known)
            hits_both = _hits(both, known)
            # the second row belongs to the header only where it brings names of its own
            if hits_both > (best.hits if best else 0) and _hits(head[at + 1], known) < hits_both:
                best = _Header(at + 2, _titles(both), hits_both)
    return best


def _hits(row: Cells, known: Collection[str]) -> int:
    return sum(cell in known for cell in set(row) if cell)


def _joined(upper: Cells, lower: Cells, known: Collection[str]) -> Cells:
    """A header of two rows as one: a part under a merged group, or a cell over both rows."""
    titles: Cells = []
    group: str | None = None
    for over, under in zip(upper, lower, strict=False):
        group = over or group
        if under is None or (over and over in known and under not in known):
            titles.append(over)
        elif under in known or group is None:
            titles.append(under)
        else:
            titles.append(f"{group}{under}")
    return titles


def _titles(row: Cells) -> Cells:
    seen: dict[str, int] = {}
    titles: Cells = []
    for cell in row:
        if cell is None:
            titles.append(None)
            continue
        name = _neat(cell) or ""
        seen[name] = seen.get(name, 0) + 1
        titles.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return titles


def _neat(cell: str | None) -> str | None:
    """A header without the line breaks that a narrow column brings."""
    return " ".join(cell.split()) if cell else None


def _tables(platform: str, payload: bytes, shape: Shape) -> list[Callable[[], _Grid]]:
    """What in the file may hold the table; each is read when it is called."""
    if not is_book(payload):
        return [lambda: _Grid("", _csv(platform, payload, shape), False, frozenset())]

    def grid(load: Callable[[], workbook.Sheet]) -> _Grid:
        sheet = load()
        return _Grid(sheet.name, sheet.rows, True, sheet.errors)

    return [partial(grid, load) for load in workbook.sheets(platform, payload, shape.sheet)]


def _csv(platform: str, payload: bytes, shape: Shape) -> Iterator[Cells]:
    lines = _lines(platform, encodings.stream(platform, payload, shape.encoding))
    first = next(lines, "")
    delimiter = shape.delimiter or max(",;\t|", key=first[:4096].count)
    rows = csv.reader(chain([first], lines), delimiter=delimiter)
    try:
        for row in rows:
            # as cell.text does it, for text that a codec gave: a million rows come this way
            yield [cell.replace("\0", "").strip() or None for cell in row]
    except csv.Error as error:
        raise BadRecord(
            platform,
            f"the CSV cannot be read at line {rows.line_num} ({error})",
            fault=Fault.FILE_HEADER,
        ) from None


def _lines(platform: str, text: TextIO) -> Iterator[str]:
    """The lines of a text; a file without line ends must not fill memory as one."""
    number = 0
    with text:
        while line := text.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE and not line.endswith("\n"):
                raise BadRecord(
                    platform,
                    f"line {number} is longer than {MAX_LINE:,} characters",
                    fault=Fault.TOO_LARGE,
                )
            yield line
