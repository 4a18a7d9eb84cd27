"""The report's tables as a workbook: numbers as numbers, every text a text.

One sheet a table and a chart, one with the sentences, one that says where every figure is from. A
cell that begins like a formula stays the text it is.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from dashboard.reports.content import Chart, Paragraph, Report, Table
from dashboard.reports.marks import SOURCES, marks

PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CHARACTER = 2.2  # width units of a sheet for one Chinese character
_FACE = "宋体"
_MOMENT = datetime(2024, 1, 1)


def render(report: Report) -> bytes:
    """The finished file."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, PLAIN)
    # a fixed moment, so that equal content gives equal bytes
    book.set_properties(
        {
            "title": report.head + report.issue,
            "author": report.issuer,
            "created": datetime(2024, 1, 1),
        }
    )
    looks = _Looks(book)
    _text(book, looks, report)
    for table in report.tables:
        _table(book, looks, report, table)
    for chart in report.charts:
        _chart(book, looks, report, chart)
    _notes(book, looks, report)
    book.close()
    return buffer.getvalue()


class _Looks:
    """The few formats of the workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self.title = self._made(bold=True, font_size=14)
        self.quiet = self._made(font_color="#5A6D76")
        self.head = self._made(bold=True, bottom=1, top=2, align="center", text_wrap=True)
        self.text = self._made()
        self.wrapped = self._made(text_wrap=True, valign="top")
        self._numbers: dict[tuple[int, str], Any] = {}

    def _made(self, **words: Any) -> Any:
        return self._book.add_format({"font_name": _FACE, "font_size": 11, **words})

    def cell(self, decimals: int, align: str) -> Any:
        """A number with its decimals, or a text, on its side of the column."""
        key = (decimals, align)
        if key not in self._numbers:
            form = "0" + ("." + "0" * decimals if decimals else "")
            self._numbers[key] = self._made(num_format=form, align=align)
        return self._numbers[key]


def _sheet(book: Any, looks: _Looks, report: Report, name: str, title: str, remark: str) -> Any:
    """A new sheet with its heading, the period and the marks of the issue."""
    sheet = book.add_worksheet(name[:31])
    sheet.write_string(0, 0, title, looks.title)
    shown = "　".join([report.title, report.subtitle, *marks(report)])
    sheet.write_string(1, 0, shown, looks.quiet)
    sheet.write_string(2, 0, remark, looks.quiet)
    return sheet


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _table(book: Any, looks: _Looks, report: Report, table: Table) -> None:
    name = f"表{table.number} {table.caption}"
    sheet = _sheet(book, looks, report, name, f"表{table.number}　{table.caption}", table.remark)
    for place, column in enumerate(table.columns):
        sheet.write_string(3, place, column.title, looks.head)
        shown = [column.title, *(row[place].text for row in table.rows)]
        widest = max(sum(2 if ord(c) > 0x2E7F else 1 for c in text) for text in shown)
        sheet.set_column(place, place, min(60, widest * _CHARACTER / 2 + 2))
    for line, row in enumerate(table.rows, start=4):
        for place, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            if cell.number is None:
                sheet.write_string(line, place, cell.text, looks.cell(0, column.align))
            else:
                decimals = len(cell.text.partition(".")[2])
                look = looks.cell(decimals, column.align)
                sheet.write_number(line, place, _number(cell.number), look)
    sheet.freeze_panes(4, 1)
    sheet.autofilter(3, 0, 3 + len(table.rows), len(table.columns) - 1)


def _chart(book: Any, looks: _Looks, report: Report, chart: Chart) -> None:
    """The figures behind a chart."""
    name = f"图{chart.number} {chart.caption}"
    sheet = _sheet(book, looks, report, name, f"图{chart.number}　{chart.caption}", chart.remark)
    heads = ["项目"]
    for series in chart.series:
        heads += [series.name, *([f"{series.name}其中完结"] if series.parts else [])]
    for place, head in enumerate(heads):
        sheet.write_string(3, place, head, looks.head)
        sheet.set_column(place, place, 22)
    look = looks.cell(chart.decimals, "right")
    for line, label in enumerate(chart.series[0].labels):
        sheet.write_string(4 + line, 0, label, looks.text)
        place = 1
        for series in chart.series:
            for values in (series.values, series.parts):
                if values:
                    sheet.write_number(4 + line, place, _number(values[line]), look)
                    place += 1


def _text(book: Any, looks: _Looks, report: Report) -> None:
    """The sentences, one paragraph a row."""
    sheet = _sheet(book, looks, report, "正文", report.head, f"{report.issue}　{report.issued_on}")
    sheet.set_column(0, 0, 110)
    line = 4
    for section in report.sections:
        sheet.write_string(line, 0, section.heading, looks.title)
        line += 1
        for block in section.blocks:
            if isinstance(block, Paragraph):
                sheet.write_string(line, 0, block.lead + block.text, looks.wrapped)
                line += 1


def _notes(book: Any, looks: _Looks, report: Report) -> None:
    """Where every figure is from."""
    remark = f"数据截至{report.as_of.replace('T', ' ')[:16] or '—'}，第{report.generation}次发布"
    sheet = _sheet(book, looks, report, "说明", SOURCES, remark)
    heads = ("注号", "指标", "指标编号", "版本", "口径", "数据截至", "用于")
    for place, (head, width) in enumerate(zip(heads, (6, 20, 30, 6, 80, 18, 40), strict=True)):
        sheet.write_string(3, place, head, looks.head)
        sheet.set_column(place, place, width)
    for line, note in enumerate(report.notes, start=4):
        used = [f"表{t.number}" for t in report.tables if note.number in t.notes]
        used += [f"图{c.number}" for c in report.charts if note.number in c.notes]
        sheet.write_number(line, 0, note.number, looks.text)
        texts = (note.name, note.metric, note.version, note.basis, note.as_of, "、".join(used))
        for place, text in enumerate(texts, start=1):
            sheet.write_string(line, place, text, looks.wrapped if place == 4 else looks.text)
