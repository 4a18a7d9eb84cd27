"""The report as a Word document on the official page, from the same content as the PDF.

The official faces are named (方正小标宋简体, 仿宋_GB2312, 楷体_GB2312, 黑体) and not embedded: the
offices have them. The grid is Word's own: 22 lines and 28 characters, line pitch exact. Charts are
SVG with a PNG for readers that cannot show it.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt, RGBColor

from dashboard.reports import charts, paper, word
from dashboard.reports.content import Chart, Paragraph, Report, Table
from dashboard.reports.marks import SOURCES, left_out, marks, note_marks, sources

BODY, TITLE, HEI, KAI, LATIN = (
    "仿宋_GB2312",
    "方正小标宋简体",
    "黑体",
    "楷体_GB2312",
    "Times New Roman",
)
_WD = WD_ALIGN_PARAGRAPH
_ALIGN = {"left": _WD.LEFT, "right": _WD.RIGHT, "center": _WD.CENTER}
_WIDE = 8


def render(report: Report) -> bytes:
    """The finished file."""
    document = Document()
    _properties(document, report)
    _page(document, report)
    _head(document, report)
    for section in report.sections:
        _heading(document, section.heading)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                _paragraph(document, block)
            elif isinstance(block, Table):
                _table(document, block)
            else:
                _chart(document, block)
    _sources(document, report)
    _closing(document, report)
    sheet = document.sections[0]
    parts = (sheet.header, sheet.footer, sheet.even_page_header, sheet.even_page_footer)
    word.in_order(document.element, document.styles.element, *(part._element for part in parts))
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _properties(document: Any, report: Report) -> None:
    """Title and author; times of making are left at the template's, so equal content is equal."""
    core = document.core_properties
    core.title, core.author = report.head + report.issue, report.issuer
    core.comments, core.language = "", "zh-CN"


def _page(document: Any, report: Report) -> None:
    """A4, official margins, 22 x 28 grid, page numbers right on odd and left on even pages."""
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(paper.PAGE_MM[0]), Mm(paper.PAGE_MM[1])
    for side, size in paper.MARGINS_MM.items():
        setattr(section, f"{side}_margin", Mm(size))
    section.header_distance, section.footer_distance = Mm(20), Mm(25)
    word.grid(section, paper.LINE_PT, paper.LINES, paper.TRACKING_PT)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in (
        (section.footer, _WD.RIGHT),
        (section.even_page_footer, _WD.LEFT),
    ):
        _page_number(footer.paragraphs[0], align)
    for header in (section.header, section.even_page_header):
        _marks(header.paragraphs[0], report)
    word.normal_style(document, BODY, LATIN, paper.BODY_PT)


def _page_number(paragraph: Any, align: Any) -> None:
    """— n —, one character in from the edge."""
    paragraph.alignment = align
    indent = Pt(paper.PAGE_NUMBER_PT)
    paragraph.paragraph_format.left_indent = indent
    paragraph.paragraph_format.right_indent = indent
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        word.face(run, "宋体", "宋体", paper.PAGE_NUMBER_PT)
        if text is None:
            word.field(run, "PAGE")


def _marks(paragraph: Any, report: Report) -> None:
    """演示数据 and 未定稿, boxed, in the head of every page."""
    paragraph.alignment = _WD.RIGHT
    for mark in marks(report):
        run = paragraph.add_run(f" {mark} ")
        word.face(run, HEI, LATIN, 9.5)
        word.boxed(run)


def _line(document: Any, text: str, face: str, size: float, align: Any = None, **look: Any) -> Any:
    """One line of the grid with one run."""
    paragraph = document.add_paragraph()
    word.exact(paragraph, look.pop("pitch", paper.LINE_PT))
    paragraph.alignment = align
    run = paragraph.add_run(text)
    word.face(run, face, LATIN, size)
    if "colour" in look:
        run.font.color.rgb = RGBColor.from_string(look["colour"].lstrip("#"))
    return paragraph


def _head(document: Any, report: Report) -> None:
    """The red head, the issue line with its red rule, title and period: eight lines."""
    centre = _WD.CENTER
    first = _line(
        document, report.head, TITLE, paper.HEAD_PT, centre,
        colour=paper.HEAD_RED, pitch=2 * paper.LINE_PT,
    )  # fmt: skip
    first.paragraph_format.space_before = Pt(paper.LINE_PT)
    _line(document, report.issue, BODY, paper.BODY_PT, centre)
    issuer = _line(document, f"{report.issuer}\t{report.issued_on}", BODY, paper.BODY_PT)
    issuer.paragraph_format.tab_stops.add_tab_stop(Pt(paper.TEXT_WIDTH_PT), WD_TAB_ALIGNMENT.RIGHT)
    word.rule(issuer, "bottom", paper.HEAD_RED, 12)
    title = _line(document, report.title, TITLE, paper.TITLE_PT, centre)
    title.paragraph_format.space_before = Pt(paper.LINE_PT / 2)
    subtitle = _line(document, report.subtitle, KAI, paper.BODY_PT, centre)
    subtitle.paragraph_format.space_after = Pt(paper.LINE_PT / 2)


def _heading(document: Any, text: str) -> None:
    paragraph = document.add_paragraph(style="Heading 1")
    word.exact(paragraph, paper.LINE_PT)
    word.first_line(paragraph)
    run = paragraph.add_run(text)
    word.face(run, HEI, LATIN, paper.BODY_PT)
    run.font.bold = False
    run.font.color.rgb = RGBColor(0, 0, 0)


def _paragraph(document: Any, block: Paragraph) -> None:
    paragraph = document.add_paragraph()
    word.exact(paragraph, paper.LINE_PT)
    word.first_line(paragraph)
    paragraph.alignment = _WD.JUSTIFY
    word.face(paragraph.add_run(block.lead), KAI, LATIN, paper.BODY_PT)
    word.face(paragraph.add_run(block.text), BODY, LATIN, paper.BODY_PT)
    _noted(paragraph, block.notes, paper.BODY_PT)


def _noted(paragraph: Any, notes: tuple[int, ...], size: float) -> None:
    if notes:
        run = paragraph.add_run(f"[{note_marks(notes)}]")
        word.face(run, BODY, LATIN, size)
        run.font.superscript = True


def _caption(document: Any, label: str, block: Table | Chart) -> None:
    paragraph = _line(document, f"{label}　{block.caption}", HEI, paper.CAPTION_PT, _WD.CENTER)
    paragraph.paragraph_format.keep_with_next = True
    word.face(paragraph.add_run(f"（{block.remark}）"), BODY, LATIN, 11)
    _noted(paragraph, block.notes, 11)


def _table(document: Any, block: Table) -> None:
    """A three-rule table; its rows never split, its head comes again on the next page."""
    _caption(document, f"表{block.number}", block)
    made = document.add_table(rows=0, cols=len(block.columns))
    word.three_rules(made)
    widths = [column.width for column in block.columns]
    word.widths(made, [paper.TEXT_WIDTH_PT * width / sum(widths) for width in widths])
    size = 10.5 if len(block.columns) >= _WIDE else 11.5
    heads = [(column.title, HEI) for column in block.columns]
    lines = [heads, *([(cell.text, BODY) for cell in row] for row in block.printed)]
    if block.total_row:
        lines[-1] = [(text, HEI) for text, _ in lines[-1]]
    for place, line in enumerate(lines):
        row = made.add_row()
        word.row(row, head=place == 0, keep=place + 1 < len(lines))
        for cell, column, (text, face) in zip(row.cells, block.columns, line, strict=True):
            paragraph = cell.paragraphs[0]
            word.exact(paragraph, 22.0)
            paragraph.alignment = _ALIGN[column.align]
            paragraph.paragraph_format.keep_with_next = place + 1 < len(lines)
            word.face(paragraph.add_run(text), face, LATIN, size)
    word.head_rule(made)
    foot = left_out(block)
    _line(document, foot, HEI, 9, pitch=16.0 if foot else 8.0)


def _chart(document: Any, block: Chart) -> None:
    _caption(document, f"图{block.number}", block)
    paragraph = document.add_paragraph()
    paragraph.alignment = _WD.CENTER
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.paragraph_format.keep_with_next = True
    word.off_grid(paragraph)
    width, _ = charts.size_pt(block)
    run = paragraph.add_run()
    picture = run.add_picture(BytesIO(charts.png(block)), width=Pt(width))
    word.vector(document, picture, charts.svg(block), block.key, block.alt)
    _line(document, block.foot, HEI, 9, pitch=16.0)


def _sources(document: Any, report: Report) -> None:
    _line(document, SOURCES, HEI, 12).paragraph_format.keep_with_next = True
    for words in sources(report):
        paragraph = _line(document, words, BODY, 10, pitch=15.5)
        paragraph.paragraph_format.left_indent = Pt(20)
        paragraph.paragraph_format.first_line_indent = Pt(-20)


def _closing(document: Any, report: Report) -> None:
    """Who receives the issue, between rules."""
    for place, words in enumerate(report.closing):
        paragraph = _line(document, words, BODY, 14)
        paragraph.paragraph_format.left_indent = Pt(14)
        paragraph.paragraph_format.space_before = Pt(paper.LINE_PT if place == 0 else 0)
        paragraph.paragraph_format.keep_with_next = place + 1 < len(report.closing)
        if place == 0:
            word.rule(paragraph, "top", "#000000", 8)
        word.rule(paragraph, "bottom", "#000000", 8 if place + 1 == len(report.closing) else 4)
