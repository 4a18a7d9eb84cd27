import zipfile
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from dashboard.reports import docx as renderer
from dashboard.reports import paper
from dashboard.reports.content import Paragraph, Section


@pytest.fixture(scope="module")
def content(report):
    return renderer.render(report)


@pytest.fixture(scope="module")
def document(content):
    return docx.Document(BytesIO(content))


def starting(document, text):
    return next(p for p in document.paragraphs if p.text.startswith(text))


def face(run):
    fonts = run._element.rPr.rFonts
    return fonts.get(qn("w:eastAsia")), fonts.get(qn("w:ascii")), run.font.size.pt


def test_the_page_is_the_official_one(document):
    section = document.sections[0]
    sizes = {
        "top": section.top_margin,
        "bottom": section.bottom_margin,
        "left": section.left_margin,
        "right": section.right_margin,
    }
    assert {side: round(size.mm) for side, size in sizes.items()} == paper.MARGINS_MM
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert int(grid.get(qn("w:linePitch"))) == 579
    assert 16 + int(grid.get(qn("w:charSpace"))) / 4096 == pytest.approx(15.79, abs=0.005)


def test_faces_are_named_as_in_the_standard(document, report):
    assert face(document.paragraphs[0].runs[0]) == ("方正小标宋简体", "Times New Roman", 38)
    assert face(starting(document, report.title).runs[0])[::2] == ("方正小标宋简体", 22)
    assert face(starting(document, "一、总体情况").runs[0])[::2] == ("黑体", 16)
    body = starting(document, "（一）群众诉求。")
    assert [face(run)[::2] for run in body.runs[:2]] == [("楷体_GB2312", 16), ("仿宋_GB2312", 16)]


def test_body_lines_have_the_exact_pitch_and_start_two_characters_in(document):
    body = starting(document, "（一）群众诉求。")
    assert body.paragraph_format.line_spacing.pt == 28.95
    indent = body._element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(document):
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, align in ((section.footer, 2), (section.even_page_footer, 0)):
        paragraph = footer.paragraphs[0]
        assert paragraph.alignment == align
        assert [run.text for run in paragraph.runs] == ["— ", "", " —"]
        field = paragraph.runs[1]._element
        assert [mark.tag.rpartition("}")[2] for mark in field][1:] == [
            "fldChar",
            "instrText",
            "fldChar",
        ]
        assert field.find(qn("w:instrText")).text == " PAGE "
        assert paragraph.runs[0].font.size.pt == 14


def test_demo_data_are_marked_in_the_head_of_every_page(document, report):
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        assert "演示数据" in header.paragraphs[0].text
    bare = replace(report, demo=False, draft=False, sections=())
    real = docx.Document(BytesIO(renderer.render(bare)))
    assert real.sections[0].header.paragraphs[0].text == ""


def test_tables_are_real_and_equal_the_content(document, report):
    assert len(document.tables) == len(report.tables)
    for made, table in zip(document.tables, report.tables, strict=True):
        texts = [[cell.text for cell in row.cells] for row in made.rows]
        assert texts[0] == [column.title for column in table.columns]
        assert texts[1:] == [[cell.text for cell in row] for row in table.printed]
        assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_charts_are_vector_with_a_picture_for_old_readers(report, content):
    with zipfile.ZipFile(BytesIO(content)) as file:
        names = [name for name in file.namelist() if name.startswith("word/media/")]
        body = file.read("word/document.xml").decode()
        types = file.read("[Content_Types].xml").decode()
        svg = file.read("word/media/trend.svg")
    assert sorted(n.rsplit(".")[-1] for n in names) == ["png"] * 3 + ["svg"] * 3
    assert body.count("svgBlip") == 3
    assert "image/svg+xml" in types
    assert b"<svg" in svg
    assert report.charts[0].alt in body


def test_properties_stand_in_the_order_of_the_schema(document):
    order = ["pStyle", "keepNext", "pBdr", "tabs", "spacing", "ind", "jc", "rPr"]
    for properties in document.element.iter(qn("w:pPr")):
        names = [child.tag.rpartition("}")[2] for child in properties]
        known = [order.index(name) for name in names if name in order]
        assert known == sorted(known)


def test_hostile_text_stays_text(report):
    hostile = '<w:p/> =HYPERLINK("http://x") & <script>alert(1)</script> {PAGE}'
    section = Section("一、总体情况", (Paragraph("（一）引。", hostile),))
    made = docx.Document(BytesIO(renderer.render(replace(report, sections=(section,)))))
    assert starting(made, "（一）引。").text == "（一）引。" + hostile
    assert "w:hyperlink" not in made.element.xml


def test_a_control_character_from_a_feed_does_not_break_the_file(figures, written):
    matter = replace(figures.hotline.overdue_list[0], no="NJ\x00\x0b1", unit="城管\u202e中队")
    made = written(hotline=replace(figures.hotline, overdue_list=(matter,)))
    document = docx.Document(BytesIO(renderer.render(made)))
    row = document.tables[5].rows[2].cells
    assert (row[0].text, row[3].text) == ("NJ1", "城管中队")
