"""The rows behind a number as a file: XLSX and CSV that no spreadsheet reads as a formula."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import xlsxwriter
from dash import no_update

from dashboard import wording
from dashboard.pages import rows as tables
from dashboard.pages.asked import Asked, ask
from dashboard.pages.reading import log
from dashboard.pages.state import UNKNOWN, State
from warehouse.errors import WarehouseError

MOST: Final = 50_000
_BLOCK: Final = 5_000
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file(pages: Sequence[Any], state: State, pressed: str) -> Any:
    """What the browser downloads: the rows of the open proof in the asked form."""
    try:
        asked = ask(pages, state)
        if asked is None:
            return no_update
        heads, body = _table(asked)
    except WarehouseError as error:
        log.warning("export_failed", metric=state.get("proof"), why=str(error))
        return no_update
    name = _name(asked)
    if pressed == "export-csv":
        return _download(f"{name}.csv", as_csv(heads, body), "text/csv;charset=utf-8")
    return _download(f"{name}.xlsx", as_xlsx(heads, body, about(asked, len(body))), _XLSX)


def as_csv(heads: Sequence[str], body: Sequence[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte order mark; a text that a spreadsheet would compute gets an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_text(head) for head in heads])
    writer.writerows([[safe_text(value) for value in row] for row in body])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def safe_text(value: Any) -> str:
    """A cell of a CSV file that stays text in every spreadsheet; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    text = f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)
    return f"'{text}" if text.lstrip(" \u3000\u200b\ufeff").startswith(_DANGEROUS) else text


def as_xlsx(
    heads: Sequence[str], body: Sequence[Sequence[Any]], told: Sequence[tuple[str, str]]
) -> bytes:
    """Rows on the first sheet, what they are on the second; strings stay strings."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet("案件")
        sheet.freeze_panes(1, 1)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
            sheet.set_column(column, column, 22 if "时间" in head else 16)
        for line, row in enumerate(body, start=1):
            for column, value in enumerate(row):
                _cell(sheet, line, column, value)
        if body:
            sheet.autofilter(0, 0, len(body), len(heads) - 1)
        about_sheet = book.add_worksheet("说明")
        about_sheet.set_column(0, 0, 14)
        about_sheet.set_column(1, 1, 80)
        for line, (name, text) in enumerate(told):
            about_sheet.write_string(line, 0, name, bold)
            about_sheet.write_string(line, 1, text)
    return out.getvalue()


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
        sheet.write_string(line, column, str(value))


def about(asked: Asked, count: int) -> list[tuple[str, str]]:
    """What an exported file says of itself."""
    glass, query = asked.glass, asked.query
    total = asked.rows(limit=0).total
    return [
        ("指标", f"{asked.answer.name}（{asked.metric}，第 {asked.answer.version} 版）"),
        ("时段", f"{query.first} 至 {query.last}"),
        ("筛选", "、".join(filter_words(asked)) or "无"),
        ("数据快照", f"第 {glass.generation.number} 号"),
        ("数据截至", wording.moment(asked.answer.as_of, glass.now.date())),
        ("导出", f"{glass.now:%Y-%m-%d %H:%M}，{glass.viewer}"),
        ("行数", f"{count} 行" if count == total else f"{count} 行，共 {total} 行，其余未导出"),
        ("说明", "姓名、电话、地址均已脱敏；文字栏按原文保存，不作公式处理。"),
    ]


def filter_words(asked: Asked) -> list[str]:
    """The filters of a question in words."""
    glass = asked.glass
    words = []
    for name, value in asked.filters.items():
        if value == "unknown":
            words.append(UNKNOWN.get(name, "未定"))
            continue
        shown = glass.want.options.get(name, {}).get(value, value)
        words.append(" › ".join(tables.class_names(glass, value)) if name == "class" else shown)
    return words


def _table(asked: Asked) -> tuple[list[str], list[list[Any]]]:
    first = asked.rows(limit=0)
    told = {column.name: column.label for column in first.columns}
    names = tables.ordered(list(told), lines=bool(asked.definition.lines))
    heads = [tables.label(name, told[name]) for name in names]
    body = [[_raw(asked, name, row.get(name)) for name in names] for row in _all(asked)]
    return heads, body


def _raw(asked: Asked, name: str, value: Any) -> Any:
    kept = isinstance(value, (int, float, datetime)) and not isinstance(value, bool)
    return value if kept else tables.shown(asked.glass, name, value)


def _all(asked: Asked) -> Iterator[dict[str, Any]]:
    for offset in range(0, MOST, _BLOCK):
        found = asked.rows(limit=_BLOCK, offset=offset)
        yield from found.rows
        if len(found.rows) < _BLOCK:
            return


def _name(asked: Asked) -> str:
    words = [asked.answer.name, *filter_words(asked), f"{asked.query.first}至{asked.query.last}"]
    text = "_".join([*words, f"第{asked.glass.generation.number}号"])
    return "".join("-" if sign in '\\/:*?"<>|' else sign for sign in text)[:120]


def _download(name: str, content: bytes, kind: str) -> dict[str, Any]:
    return {
        "filename": name,
        "content": base64.b64encode(content).decode("ascii"),
        "base64": True,
        "type": kind,
    }
