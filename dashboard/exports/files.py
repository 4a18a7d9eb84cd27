"""Rows as CSV and XLSX that no spreadsheet reads as a formula, written block by block."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

BOM: Final = b"\xef\xbb\xbf"
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_HEADER: Final = 200  # Excel takes 255 characters, codes included

Blocks = Iterable[Sequence[Sequence[Any]]]


def as_csv(heads: Sequence[str], blocks: Blocks) -> Iterator[bytes]:
    """UTF-8 with a byte order mark; a text that a spreadsheet would compute gets an apostrophe."""
    yield BOM + _lines([heads])
    for block in blocks:
        yield _lines(block)


def _lines(rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([[safe_text(value) for value in row] for row in rows])
    return out.getvalue().encode("utf-8")


def safe_text(value: Any) -> str:
    """A cell of a CSV file that stays text in every spreadsheet; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    text = f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)
    return f"'{text}" if text.lstrip(" \u3000\u200b\ufeff").startswith(_DANGEROUS) else text


def write_xlsx(
    path: Path,
    heads: Sequence[str],
    blocks: Blocks,
    told: Sequence[tuple[str, str]],
    watermark: str,
) -> None:
    """Rows on the first sheet, what they are on the second; who took them in every page's header.

    A row is on the disk before the next is written, so that a long table needs no memory.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet("案件")
        sheet.freeze_panes(1, 1)
        sheet.set_header("&C" + watermark.replace("&", "&&")[:_LONGEST_HEADER])
        for column, head in enumerate(heads):
            sheet.set_column(column, column, 22 if "时间" in head else 16)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        line = 0
        for block in blocks:
            for row in block:
                line += 1
                for column, value in enumerate(row):
                    _cell(sheet, line, column, value)
        if line and heads:
            sheet.autofilter(0, 0, line, len(heads) - 1)
        about = book.add_worksheet("说明")
        about.set_header("&C" + watermark.replace("&", "&&")[:_LONGEST_HEADER])
        about.set_column(0, 0, 14)
        about.set_column(1, 1, 80)
        for number, (name, text) in enumerate(told):
            about.write_string(number, 0, name, bold)
            about.write_string(number, 1, text)


def _cell(sheet: Any, line: int, column: int, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(line, column, "是" if value else "否")
    elif isinstance(value, (int, float)):
        sheet.write_number(line, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, column, value)
    else:
        sheet.write_string(line, column, str(value)[:32_767])
