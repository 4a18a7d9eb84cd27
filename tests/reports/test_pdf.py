import re
import shutil
import subprocess
from collections import defaultdict
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader

from dashboard.reports import pdf
from dashboard.reports.content import Cell, Column, Paragraph, Section, Table
from dashboard.reports.errors import ReportFailed

PITCH = 28.95
MM = 72 / 25.4
MARKUP = (
    '#strong[x] $x$ *粗* _斜_ `码` <b>&amp; \\n @ref ~ "引" =HYPERLINK("http://x") [1] // #import'
)


@pytest.fixture(scope="module")
def content(report):
    return pdf.render(report)


@pytest.fixture(scope="module")
def pages(content):
    return PdfReader(BytesIO(content)).pages


@pytest.fixture(scope="module")
def small():
    """Fewer blocks, so that a page is made quickly."""

    def make(report, *blocks):
        return replace(report, sections=(Section("一、总体情况", blocks),), notes=(), closing=())

    return make


def lines(page):
    """Baselines of a page from the top, each with its runs' left edges, texts and sizes."""
    found = defaultdict(list)

    def visit(text, cm, tm, _font, size):
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found[round(841.89 - y, 1)].append((x, text.strip(), size))

    page.extract_text(visitor_text=visit)
    return dict(sorted(found.items()))


def body_lines(page):
    """The baselines of the 16 pt body."""
    return {y: runs for y, runs in lines(page).items() if any(abs(r[2] - 16) < 0.1 for r in runs)}


def test_the_text_layer_reads_back_in_chinese(content):
    made = PdfReader(BytesIO(content))
    text = "".join("".join(page.extract_text().split()) for page in made.pages)
    assert "智慧洪蓝指挥中心周报" in text
    assert "本周共受理市民诉求66件，日均9.4件，较上周下降12.0%，较去年同期下降7.0%。" in text
    assert "四、下周关注" in text
    assert made.metadata.title == "智慧洪蓝指挥中心周报第39期（总第143期）"


def test_every_face_is_our_own_and_embedded(content):
    made = PdfReader(BytesIO(content))
    faces, names = [], set()
    for page in made.pages:
        for font in page["/Resources"]["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            faces.append(below["/FontDescriptor"].get_object())
            names.add(str(below["/BaseFont"]).split("+")[1].split("-")[0])
    assert names == {"HonglanSong", "HonglanHei", "HonglanKai", "HonglanTitle"}
    assert all("/FontFile3" in face or "/FontFile2" in face for face in faces)


def test_a_page_is_a4_and_holds_22_lines_of_28_characters(report, small):
    long = Paragraph("（一）长文。", "汉" * 28 * 40)
    page = PdfReader(BytesIO(pdf.render(small(report, long)))).pages[1]
    assert [round(float(size) / MM) for size in page.mediabox[2:]] == [210, 297]
    found = body_lines(page)
    assert len(found) == 22
    steps = {round(b - a, 1) for a, b in pairwise(found)}
    assert steps <= {28.9, 29.0}
    first, last = min(found), max(found)
    assert first - 16 * 0.88 >= 37 * MM - 1
    assert last + 16 * 0.12 <= (297 - 35) * MM + 1
    counts = {len("".join(text for _, text, _ in runs)) for runs in found.values()}
    assert counts == {28}
    assert min(x for runs in found.values() for x, *_ in runs) == pytest.approx(28 * MM, abs=0.5)


def test_tables_and_charts_keep_the_grid(pages):
    for page in pages[1:-2]:
        found = list(body_lines(page))
        for above, below in pairwise(found):
            assert (below - above) / PITCH == pytest.approx(
                round((below - above) / PITCH), abs=0.02
            )


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(pages):
    for number, page in enumerate(pages, start=1):
        y, runs = list(lines(page).items())[-1]
        assert re.sub(r"\s", "", "".join(run[1] for run in runs)) == f"—{number}—"
        assert y > (297 - 35) * MM
        left = runs[0][0]
        assert left > 150 * MM if number % 2 else left == pytest.approx(28 * MM + 14, abs=1)


def test_the_first_page_is_full(pages):
    last_line = 37 * MM + 21.5 * PITCH
    assert max(body_lines(pages[0])) == pytest.approx(last_line + 6.08, abs=2)


def test_hostile_text_is_printed_as_it_is(report, small):
    rows = ((Cell(MARKUP), Cell("=1+1")),)
    table = Table("main", 1, MARKUP, MARKUP, (Column("甲", "left"), Column("乙")), rows)
    hostile = small(report, Paragraph("（一）引。", MARKUP), table)
    text = "".join(
        "".join(page.extract_text().split())
        for page in PdfReader(BytesIO(pdf.render(hostile))).pages
    )
    for part in ("#strong[x]", "$x$", "*粗*", "_斜_", "`码`", "<b>&amp;", "\\n", "@ref", "=1+1"):
        assert part in text


def test_a_pdf_that_cannot_be_read_back_is_refused(report, content):
    with pytest.raises(ReportFailed, match="cannot be read back"):
        pdf.read_back(content, replace(report, title="另一份报告"))


def test_a_missing_face_is_a_failure_and_not_a_warning(report, tmp_path, monkeypatch):
    shutil.copy(pdf.paper.FONTS / "report-song.otf", tmp_path)
    monkeypatch.setattr(pdf.paper, "FONTS", tmp_path)
    pdf._fonts.cache_clear()
    try:
        with pytest.raises(ReportFailed, match=r"warning|cannot be set"):
            pdf.render(report)
    finally:
        monkeypatch.undo()
        pdf._fonts.cache_clear()


def test_the_same_content_gives_the_same_pdf(report, content):
    assert pdf.render(report) == content


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_another_reader_finds_the_chinese_text_too(content, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(content)
    made = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True)
    assert "智慧洪蓝指挥中心周报" in made.stdout.decode()
