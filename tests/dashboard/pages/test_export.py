import base64
import csv
import io
import zipfile
from datetime import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dashboard.pages import export
from dashboard.pages.state import parse

ATTACKS = [
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "＝1+1",
    "http://example.org/x",
    "00123",
    "1e9",
    "<script>alert(1)</script>",
]
SEARCH = "?proof=hotline_received&from=2026-09-01&to=2026-09-30"


@pytest.mark.parametrize("text", ATTACKS)
def test_csv_never_gives_a_spreadsheet_a_formula(text):
    content = export.as_csv(["标题"], [[text]])
    assert content.startswith(b"\xef\xbb\xbf")
    cell = next(iter(list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]))[0]
    assert cell.lstrip(" ")[:1] not in {"=", "+", "-", "@", "\t", "\r", "＝"}
    assert cell.removeprefix("'") == text


@given(st.text())
def test_csv_gives_every_text_back(text):
    content = export.as_csv(["标题"], [[text]])
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert read[1][0] in (text, f"'{text}")


def test_xlsx_keeps_texts_as_texts():
    body = [[text, 1.5, datetime(2026, 9, 1, 8)] for text in ATTACKS]
    content = export.as_xlsx(["标题", "数", "受理时间"], body, [("指标", "=1+1")])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in book.read(name)
                assert b"hyperlink" not in book.read(name)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("案件").to_python()
    assert [row[0] for row in rows[1:]] == ATTACKS
    assert rows[1][1:] == [1.5, datetime(2026, 9, 1, 8)]


@pytest.mark.parametrize(("button", "ending"), [("export-xlsx", "xlsx"), ("export-csv", "csv")])
def test_the_file_holds_the_rows_of_the_proof(served, button, ending):
    answer = export.file(served.pages, parse("/hotline", SEARCH), button)
    assert answer["filename"].endswith(f"_第48217号.{ending}")
    content = base64.b64decode(answer["content"])
    count = sum(
        1 for o in served.town.hotline if o["received_at"].date() >= datetime(2026, 9, 1).date()
    )
    if ending == "csv":
        read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert len(read) == count + 1
        assert "社区（村）" in read[0]
    else:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        assert book.sheet_names == ["案件", "说明"]
        told = dict(book.get_sheet_by_name("说明").to_python())
        assert told["时段"] == "2026-09-01 至 2026-09-30"
        assert told["行数"] == f"{count} 行"


def test_a_file_name_holds_no_path():
    asked = SimpleNamespace(
        answer=SimpleNamespace(name="../率"),
        query=SimpleNamespace(first="2026-09-01", last="2026-09-30"),
        glass=SimpleNamespace(
            generation=SimpleNamespace(number=1), want=SimpleNamespace(options={})
        ),
        filters={"unit": "a/b:c"},
    )
    assert not set('\\/:*?"<>|') & set(export._name(asked))


def test_nothing_is_exported_without_a_proof(served):
    assert export.file(served.pages, parse("/hotline", ""), "export-csv") is not None
    answer = export.file(served.pages, parse("/hotline", "?proof=moon"), "export-csv")
    assert not isinstance(answer, dict)
