import zipfile
from dataclasses import replace
from io import BytesIO

from python_calamine import CalamineWorkbook

from dashboard.reports import xlsx
from dashboard.reports.content import Cell

HOSTILE = ("=1+1", "+cmd|'/c calc'!A1", "@SUM(A1)", "-2+3", '=HYPERLINK("http://x")', "http://x")


def opened(report):
    return CalamineWorkbook.from_filelike(BytesIO(xlsx.render(report)))


def sheet(book, start):
    name = next(name for name in book.sheet_names if name.startswith(start))
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def test_there_is_a_sheet_for_every_table_and_chart_and_for_the_sources(report):
    names = opened(report).sheet_names
    assert (names[0], names[-1]) == ("正文", "说明")
    assert [name.split(" ")[0] for name in names[1:-1]] == [
        *(f"表{table.number}" for table in report.tables),
        *(f"图{chart.number}" for chart in report.charts),
    ]


def test_numbers_are_numbers_and_equal_those_of_the_content(report):
    book = opened(report)
    for table in report.tables:
        rows = sheet(book, f"表{table.number} ")
        assert [text for text in rows[3] if text] == [column.title for column in table.columns]
        assert len(rows) == 4 + len(table.rows)
        for made, row in zip(rows[4:], table.rows, strict=True):
            for value, cell in zip(made, row, strict=True):
                if cell.number is None:
                    assert value == cell.text
                else:
                    assert isinstance(value, float | int)
                    assert value == cell.number


def test_a_list_printed_in_part_is_whole_in_the_workbook(report):
    table = next(t for t in report.tables if t.key == "overdue")
    short = replace(table, shown=2)
    section = report.sections[2]
    blocks = tuple(short if block == table else block for block in section.blocks)
    sections = (*report.sections[:2], replace(section, blocks=blocks), report.sections[3])
    made = replace(report, sections=sections)
    assert len(sheet(opened(made), f"表{table.number} ")) == 4 + len(table.rows)


def test_nothing_is_ever_a_formula_or_a_link(report):
    table = report.tables[0]
    rows = tuple((Cell(text), *table.rows[0][1:]) for text in HOSTILE)
    section = report.sections[0]
    blocks = tuple(replace(b, rows=rows) if b == table else b for b in section.blocks)
    made = replace(report, sections=(replace(section, blocks=blocks), *report.sections[1:]))
    content = xlsx.render(made)
    with zipfile.ZipFile(BytesIO(content)) as file:
        sheets = [file.read(n).decode() for n in file.namelist() if n.startswith("xl/worksheets/")]
        assert not any("<f>" in text or "<hyperlink" in text for text in sheets)
        assert not any("externalLink" in name for name in file.namelist())
    read = sheet(CalamineWorkbook.from_filelike(BytesIO(content)), "表1 ")
    assert [row[0] for row in read[4:]] == list(HOSTILE)


def test_the_sources_name_metric_basis_and_time(report):
    rows = sheet(opened(report), "说明")
    found = {row[2]: row for row in rows[4:]}
    assert set(found) == {note.metric for note in report.notes}
    assert found["mediation_completion_rate"][4] == "统计期内受理的纠纷中已经完结的比例"
    assert found["mediation_completion_rate"][5] == "2026-09-28 08:00"


def test_demo_data_are_marked_on_every_sheet(report):
    book = opened(report)
    for name in book.sheet_names:
        assert "演示数据" in book.get_sheet_by_name(name).to_python(skip_empty_area=False)[1][0]


def test_the_same_content_gives_the_same_workbook(report):
    assert xlsx.render(report) == xlsx.render(report)
