"""The report as PDF: the content becomes data for page.typ, typst sets it with our own faces.

A warning of the compiler is a failure, and the text layer of the finished file is read back: a PDF
whose Chinese cannot be searched and copied never leaves this module.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import tempfile
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from dashboard.reports import charts, paper
from dashboard.reports.content import Chart, Paragraph, Report, Section, Table
from dashboard.reports.errors import ReportFailed
from dashboard.reports.marks import SOURCES, left_out, marks, note_marks, sources

TEMPLATE = Path(__file__).parent / "page.typ"
_ROW_PT, _AFTER_PT = 22.5, 6.0
_FIRST = 60  # characters of the first sentence looked for: they stand on one page
_WIDE = 8  # from so many columns on the type of a table is one size smaller


def render(report: Report) -> bytes:
    """The finished file; ReportFailed when it cannot be set or not be read back."""
    with tempfile.TemporaryDirectory(prefix="honglan-report-") as folder:
        root = Path(folder)
        for chart in report.charts:
            (root / f"{chart.key}.svg").write_bytes(charts.svg(chart))
        text = json.dumps(page(report), ensure_ascii=False)
        (root / "content.json").write_text(text, encoding="utf-8")
        shutil.copy(TEMPLATE, root / "page.typ")
        made = _compiled(root)
    read_back(made, report)
    return made


def read_back(made: bytes, report: Report) -> None:
    """Refuse a file whose text layer lacks the title or the first sentence."""
    from pypdf import PdfReader

    text = ""
    wanted = [report.head, report.title, report.first_sentence[:_FIRST]]
    for each in PdfReader(BytesIO(made)).pages:
        text += "".join(each.extract_text().split())
        wanted = [words for words in wanted if "".join(words.split()) not in text]
        if not wanted:
            return
    raise ReportFailed(f"the PDF's text layer cannot be read back: {wanted[0]!r} is not in it")


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(paper.FONTS)]
    )


def _compiled(root: Path) -> bytes:
    import typst

    try:
        made, warnings = typst.compile_with_warnings(
            str(root / "page.typ"), root=str(root), font_paths=_fonts(), pdf_standards=["a-2u"]
        )
    except typst.TypstError as error:
        raise ReportFailed(f"the PDF cannot be set: {error}") from error
    if warnings:
        raise ReportFailed(f"the PDF was set with a warning: {warnings[0]}")
    return bytes(made)


def page(report: Report) -> dict[str, Any]:
    """The content as page.typ reads it: texts, widths and whole lines."""
    return {
        "head": report.head,
        "issue": report.issue,
        "issuer": report.issuer,
        "issued_on": report.issued_on,
        "title": report.title,
        "subtitle": report.subtitle,
        "date": [int(part) for part in re.findall(r"\d+", report.issued_on)],
        "red": paper.HEAD_RED,
        "marks": marks(report),
        "items": [item for section in report.sections for item in _items(section)],
        "sources_title": SOURCES,
        "sources": sources(report),
        "closing": list(report.closing),
    }


def _items(section: Section) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = [{"is": "heading", "text": section.heading}]
    for block in section.blocks:
        if isinstance(block, Paragraph):
            notes = note_marks(block.notes)
            items.append(
                {"is": "paragraph", "lead": block.lead, "text": block.text, "notes": notes}
            )
        elif isinstance(block, Table):
            items.append(_table(block))
        else:
            items.append(_chart(block))
    return items


def _table(table: Table) -> dict[str, Any]:
    height = (
        (len(table.printed) + 1) * _ROW_PT + _AFTER_PT + (paper.FOOT_PT if table.left_out else 0)
    )
    return {
        "is": "table",
        "label": f"表{table.number}",
        "caption": table.caption,
        "remark": table.remark,
        "notes": note_marks(table.notes),
        "lines": math.ceil(height / paper.LINE_PT),
        "size": 10.5 if len(table.columns) >= _WIDE else 11.5,
        "widths": [column.width for column in table.columns],
        "aligns": [column.align for column in table.columns],
        "titles": [column.title for column in table.columns],
        "rows": [[cell.text for cell in row] for row in table.printed],
        "total": table.total_row,
        "foot": left_out(table),
    }


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "is": "chart",
        "label": f"图{chart.number}",
        "caption": chart.caption,
        "remark": chart.remark,
        "foot": chart.foot,
        "notes": note_marks(chart.notes),
        "lines": charts.chart_lines(chart),
        "file": f"{chart.key}.svg",
        "alt": chart.alt,
    }
