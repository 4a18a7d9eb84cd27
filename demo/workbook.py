"""A workbook as offices export it: merged title rows, a header, cells with their types."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import xlsxwriter

from demo.lives import Cell

_one = threading.Lock()  # at a founding every office writes its whole history at the same time


def workbook(
    page: str, titles: Sequence[str], header: Sequence[str], rows: Iterable[Mapping[str, Cell]]
) -> bytes:
    """The bytes of a workbook with one page: title rows, header, one line a row.

    Rows go to a temporary file one by one, so that a long history needs no memory.
    """
    with _one:
        return _written(page, titles, header, rows)


def _written(
    page: str, titles: Sequence[str], header: Sequence[str], rows: Iterable[Mapping[str, Cell]]
) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_formulas": False})
    leaf = book.add_worksheet(page)
    bold = book.add_format({"bold": True, "align": "center"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    day = book.add_format({"num_format": "yyyy/m/d"})
    for line, title in enumerate(titles):
        leaf.merge_range(line, 0, line, len(header) - 1, title, bold)
    leaf.write_row(len(titles), 0, header, bold)
    for line, row in enumerate(rows, len(titles) + 1):
        for column, name in enumerate(header):
            value = row.get(name)
            if isinstance(value, datetime):
                leaf.write_datetime(line, column, value, moment)
            elif isinstance(value, date):
                leaf.write_datetime(line, column, value, day)
            elif isinstance(value, bool):
                leaf.write_string(line, column, "是" if value else "否")
            elif isinstance(value, int | float):
                leaf.write_number(line, column, value)
            elif value is not None:
                leaf.write_string(line, column, value)
    book.close()
    return buffer.getvalue()
