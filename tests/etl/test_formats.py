"""Tables as people export them, and times as they write them."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import BadRecord
from etl.formats import cell, moment, sheet, workbook

KNOWN = ["编号", "时间", "金额"]


def book(*rows, sheets=("台账",), hidden=(), merge=None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        for name in sheets:
            made_sheet = made.add_worksheet(name)
            if name in hidden:
                made_sheet.hide()
            if merge:
                made_sheet.merge_range(0, 0, 0, merge, "合并的标题")
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if value is not None:
                        made_sheet.write(number + (1 if merge else 0), place, value)
    return out.getvalue()


def cells(payload: bytes, **shape) -> list[dict]:
    return [line.cells for line in sheet.read("mediation", payload, KNOWN, sheet.Shape(**shape))]


def test_merged_title_rows_above_the_header_are_passed_over():
    payload = book(KNOWN, ["A1", "2026-01-02", 12.5], merge=2)
    assert cells(payload) == [{"编号": "A1", "时间": "2026-01-02", "金额": "12.5"}]


def test_numbers_stay_as_short_as_they_were_written():
    payload = book(KNOWN, [20261123000123, 45000.5, 3.0])
    assert cells(payload) == [{"编号": "20261123000123", "时间": "45000.5", "金额": "3"}]


def test_a_hidden_sheet_is_not_the_table():
    payload = book(KNOWN, ["A1"], sheets=("隐藏", "台账"), hidden=("台账",))
    assert len(cells(payload)) == 1


def test_a_sheet_asked_for_by_name_must_be_there():
    with pytest.raises(BadRecord, match="no sheet 汇总"):
        cells(book(KNOWN, ["A1"]), sheet="汇总")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_the_usual_encodings_and_with_the_usual_separators(encoding, delimiter):
    text = f"编号{delimiter}时间{delimiter}金额\n㙟1{delimiter}2026-01-02{delimiter}\n"
    assert cells(text.encode(encoding)) == [{"编号": "㙟1", "时间": "2026-01-02", "金额": None}]


def test_text_in_no_known_encoding_is_refused():
    with pytest.raises(BadRecord, match="not UTF-8 nor GB18030"):
        cells(b"\xff\xff\xff,1\n")


def test_quoted_newlines_and_doubled_headers_are_kept_apart():
    text = '编号,时间,时间\n"A\n1",x,y\n'
    assert cells(text.encode()) == [{"编号": "A\n1", "时间": "x", "时间.2": "y"}]


def test_without_a_header_the_sentence_says_what_it_should_have():
    with pytest.raises(BadRecord, match="no header row found; it should have 编号, 时间, 金额"):
        cells(b"a,b\n1,2\n")


def test_a_header_row_that_was_said_but_is_not_there_is_told():
    with pytest.raises(BadRecord, match="no row 9"):
        cells("编号\n1\n".encode(), header_row=9)


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read():
    out = io.BytesIO(book(KNOWN, ["A1"]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb", b"\0" * (workbook.MAX_UNPACKED + 1))
    with pytest.raises(BadRecord, match="unpacks to 256 MiB"):
        cells(out.getvalue())


def test_one_cell_far_away_does_not_fill_the_memory():
    far = book(KNOWN, ["A1"])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(far)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'r="A2"', b"s='0' r='XFD1048576'")
            new.writestr(name, content)
    with pytest.raises(BadRecord, match="too many"):
        cells(out.getvalue())


@pytest.mark.parametrize("payload", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 50, b""])
def test_what_is_no_workbook_is_refused(payload):
    with pytest.raises(BadRecord):
        cells(payload)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2019/4/5 9:03:01", "2019-04-05T09:03:01"),
        ("2018/4/24", "2018-04-24T00:00:00"),
        ("2026年11月3日 8时5分", "2026-11-03T08:05:00"),
        ("2026-11-23 08:00", "2026-11-23T08:00:00"),
        ("2026-11-23T08:00:00.5", "2026-11-23T08:00:00.500000"),
        ("2026-11-23T00:00:00Z", "2026-11-23T08:00:00"),
        ("2026-11-23T08:00:00+08:00", "2026-11-23T08:00:00"),
        ("2026-11-23 24:00", "2026-11-24T00:00:00"),
        ("2028-02-29", "2028-02-29T00:00:00"),
        ("45000.5", "2023-03-15T12:00:00"),
        ("2026-02-30", None),
        ("2026-11-23 25:00", None),
        ("昨天", None),
        ("", None),
        ("12345678", None),
    ],
)
def test_a_time_is_read_as_it_was_meant_or_not_at_all(written, iso):
    assert moment.iso(written) == iso


@given(st.datetimes())
def test_every_time_survives_its_own_iso_shape(when):
    assert moment.iso(when.isoformat()) == when.isoformat()


@given(st.text())
def test_any_text_is_a_time_or_none(text):
    moment.iso(text)


def test_a_value_becomes_clean_text():
    assert cell.text(" a\x00b ") == "ab"
    assert cell.text("\ud800x") == "?x"
    assert cell.text(True) == "true"
    assert cell.text("  ") is None
    assert cell.text({"a": [1]}) == '{"a": [1]}'


@pytest.mark.parametrize(
    "payload", [b"[" * 100_000, b'{"a": ' * 3000, b"\xff", b"", b"nul", b"1" * 5000 + b"x"]
)
def test_hostile_json_is_a_bad_record(payload):
    with pytest.raises(BadRecord):
        cell.load_json("weather", payload)


def test_numbers_keep_the_text_they_were_sent_as():
    assert cell.load_json("weather", b"[1.10, 1e999, NaN, 123456789012345678901234567890]") == [
        "1.10",
        "1e999",
        "NaN",
        "123456789012345678901234567890",
    ]
