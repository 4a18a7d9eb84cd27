"""Files of rows: no spreadsheet computes what a citizen wrote, whoever took them stands in them."""

import csv
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dashboard.exports import files
from dashboard.exports.order import Order
from warehouse.read import Filter, MetricQuery, Scope, Sift

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


def as_csv(heads, rows):
    return b"".join(files.as_csv(heads, [rows]))


@pytest.mark.parametrize("text", ATTACKS)
def test_csv_never_gives_a_spreadsheet_a_formula(text):
    content = as_csv(["标题"], [[text]])
    assert content.startswith(b"\xef\xbb\xbf")
    cell = next(iter(list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]))[0]
    assert cell.lstrip(" ")[:1] not in {"=", "+", "-", "@", "\t", "\r", "＝"}
    assert cell.removeprefix("'") == text


@given(st.text())
def test_csv_gives_every_text_back(text):
    read = list(csv.reader(io.StringIO(as_csv(["a"], [[text]]).decode("utf-8-sig"), newline="")))
    assert read[1][0] in (text, f"'{text}")


def test_csv_is_made_block_by_block():
    pieces = files.as_csv(["a"], iter([[["1"]], [["2"]]]))
    assert [piece.decode("utf-8-sig") for piece in pieces] == ['"a"\r\n', '"1"\r\n', '"2"\r\n']


def test_xlsx_keeps_texts_as_texts_and_says_who_took_it(tmp_path):
    body = [[text, 1.5, datetime(2026, 9, 1, 8)] for text in ATTACKS]
    path = tmp_path / "rows.xlsx"
    mark = "li & co 2026-11-29 14:53 导出"
    files.write_xlsx(path, ["标题", "数", "受理时间"], [body[:3], body[3:]], [("指标", "=1")], mark)
    with zipfile.ZipFile(path) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        for name in sheets:
            text = book.read(name).decode()
            assert "<f>" not in text and "hyperlink" not in text
            assert "li &amp;&amp; co 2026-11-29 14:53 导出" in text
    book = CalamineWorkbook.from_path(str(path))
    rows = book.get_sheet_by_name("案件").to_python()
    assert [row[0] for row in rows[1:]] == ATTACKS
    assert rows[1][1:] == [1.5, datetime(2026, 9, 1, 8)]
    assert book.get_sheet_by_name("说明").to_python() == [["指标", "=1"]]


def test_an_order_is_the_same_on_the_other_side():
    order = Order(
        form="csv",
        metric="hotline_received",
        query=MetricQuery(
            date(2026, 1, 1), date(2026, 1, 31), unit="a", scope=Scope(("u",), ("v",))
        ),
        only="numerator",
        sort="-on_at",
        sift=Sift(
            "'; --",
            full=True,
            filters=(Filter("received_at", "less", (datetime(2026, 1, 2),)),),
            communities=("1",),
        ),
        generation=7,
        columns=[("key", "编号")],
        names={"community": {"1": "甲"}},
    )
    again = Order.of_text(order.to_text())
    assert again.query == order.query and again.sift == order.sift
    assert "\n" not in order.to_text()
