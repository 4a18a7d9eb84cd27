"""Excel books as people make them: read whole, or refused with the place that is wrong."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import msoffcrypto.format.ooxml as ooxml
import pytest
import xlsxwriter
import xlwt

from etl.errors import BadRecord
from etl.formats import sheet, workbook

KNOWN = ["编号", "时间", "金额", "姓名", "电话"]


def made(fill, **options) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        fill(book)
    return out.getvalue()


def old(fill) -> bytes:
    book = xlwt.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(page, *rows) -> None:
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if value is not None:
                page.write(number, place, value)


def lines(payload: bytes, **shape) -> list[sheet.Line]:
    return list(sheet.read("mediation", payload, KNOWN, sheet.Shape(**shape)))


def cells(payload: bytes, **shape) -> list[dict]:
    return [line.cells for line in lines(payload, **shape)]


def test_a_group_over_its_parts_and_a_cell_over_both_rows_make_one_header():
    def fill(book):
        page = book.add_worksheet()
        page.merge_range("A1:D1", "矛盾纠纷台账")
        page.merge_range("A2:A3", "编号")
        page.merge_range("B2:C2", "当事人")
        page.write("B3", "姓名")
        page.write("C3", "电话")
        page.merge_range("D2:D3", "金额")
        table(page, [], [], [], ["A1", "甲", "0571", 3], ["A2", "乙", None, 4])

    assert cells(made(fill)) == [
        {"编号": "A1", "姓名": "甲", "电话": "0571", "金额": "3"},
        {"编号": "A2", "姓名": "乙", "电话": None, "金额": "4"},
    ]


def test_parts_of_a_group_that_are_known_by_both_names_are_put_together():
    def fill(book):
        page = book.add_worksheet()
        table(page, ["编号", "受理", None], [None, "时间", "单位"], ["A1", "2026-01-02", "城管"])

    (line,) = sheet.read("mediation", made(fill), ["编号", "受理时间", "受理单位"])
    assert line == sheet.Line(3, {"编号": "A1", "受理时间": "2026-01-02", "受理单位": "城管"})


def test_a_line_break_in_a_header_cell_is_a_blank():
    def fill(book):
        table(book.add_worksheet(), ["编号", "时间\n(年月日)"], ["A1", "2026-01-02"])

    assert cells(made(fill)) == [{"编号": "A1", "时间 (年月日)": "2026-01-02"}]


def test_numbers_kept_as_text_keep_their_leading_zeros():
    def fill(book):
        page = book.add_worksheet()
        table(page, ["编号", "电话"])
        page.write_string(1, 0, "000123")
        page.write_string(1, 1, "12345678901234567890")

    assert cells(made(fill)) == [{"编号": "000123", "电话": "12345678901234567890"}]


@pytest.mark.parametrize("is_1904", [False, True])
def test_a_serial_date_is_the_day_it_shows_in_both_systems(is_1904):
    def fill(book):
        page = book.add_worksheet()
        table(page, ["编号", "时间"], ["A1"])
        style = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page.write_datetime(1, 1, datetime(2026, 2, 28, 23, 59), style)

    payload = made(fill, default_date_format="yyyy-mm-dd", date_1904=is_1904)
    assert cells(payload) == [{"编号": "A1", "时间": "2026-02-28T23:59:00"}]


def test_every_sheet_with_the_header_is_read_and_a_summary_is_not():
    def fill(book):
        for month in ("一月", "二月"):
            table(
                book.add_worksheet(month),
                ["编号", "时间", "金额", "姓名"],
                [f"{month}-1", "x", 1, "甲"],
            )
        table(book.add_worksheet("汇总"), ["编号", "件数"], ["合计", 2])
        table(book.add_worksheet("说明"), ["填表说明"])

    assert [row["编号"] for row in cells(made(fill))] == ["一月-1", "二月-1"]


def test_a_hidden_sheet_is_read_only_when_asked_for_by_name():
    def fill(book):
        table(book.add_worksheet("台账"), ["编号"], ["A1"])
        page = book.add_worksheet("旧台账")
        table(page, ["编号"], ["B1"])
        page.hide()

    payload = made(fill)
    assert cells(payload) == [{"编号": "A1"}]
    assert cells(payload, sheet="旧台账") == [{"编号": "B1"}]


def test_a_cell_in_error_is_named_and_its_row_is_not_read_as_empty():
    def fill(book):
        page = book.add_worksheet("台账")
        table(page, ["编号", "金额"], ["A1", 1], ["A2"], ["A3", 3])
        page.write_formula("B3", "=1/0", None, "#DIV/0!")

    assert [line.fault for line in lines(made(fill))] == [None, "台账!B3是错误值", None]


def test_a_book_under_a_password_is_refused_with_the_reason():
    plain = made(lambda book: table(book.add_worksheet(), ["编号"], ["A1"]))
    locked = io.BytesIO()
    ooxml.OOXMLFile(io.BytesIO(plain)).encrypt("a password of the test", locked)
    with pytest.raises(BadRecord, match="protected by a password"):
        lines(locked.getvalue())


def test_a_book_with_macros_is_refused_with_the_part_that_holds_them():
    def fill(book):
        table(book.add_worksheet(), ["编号"], ["A1"])
        book.add_vba_project(io.BytesIO(b"\xd0\xcf\x11\xe0 macros"), True)

    with pytest.raises(BadRecord, match=r"has macros \(xl/vbaProject\.bin\)"):
        lines(made(fill))


def test_an_old_book_is_read_like_a_new_one():
    def fill(book):
        page = book.add_sheet("台账")
        style = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
        table(page, ["矛盾纠纷台账"], ["编号", "时间", "金额"], ["㙟1", None, 12.5])
        page.write(2, 1, datetime(2026, 1, 2, 3, 4, 5), style)

    assert cells(old(fill)) == [{"编号": "㙟1", "时间": "2026-01-02T03:04:05", "金额": "12.5"}]


def test_a_far_cell_in_an_old_book_is_refused_before_it_fills_the_memory():
    def fill(book):
        page = book.add_sheet("台账")
        table(page, ["编号"], ["A1"])
        page.write(65_535, 255, "far")

    with pytest.raises(BadRecord, match="16777216 cells, too many"):
        lines(old(fill))


def test_a_far_cell_in_a_new_book_is_named():
    def fill(book):
        page = book.add_worksheet()
        table(page, ["编号"], ["A1"])
        page.write("XFD600000", "far")

    with pytest.raises(BadRecord, match="goes to cell XFD600000"):
        lines(made(fill))


@pytest.mark.parametrize(("name", "kind"), [("xl/workbook.bin", "XLSB"), ("content.xml", "ODS")])
def test_another_kind_of_book_is_refused_by_its_name(name, kind):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(BadRecord, match=f"the file is {kind}"):
        lines(out.getvalue())


def test_an_old_word_file_is_no_workbook(tmp_path):
    with pytest.raises(BadRecord, match=r"damaged|no workbook"):
        lines(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))


@pytest.mark.parametrize("place", range(0, 6000, 150))
def test_a_damaged_book_is_read_or_refused_and_never_breaks(place):
    whole = bytearray(made(lambda book: table(book.add_worksheet(), ["编号"], ["A1"])))
    whole[place % len(whole)] ^= 0x55
    try:
        lines(bytes(whole))
    except BadRecord as refused:
        assert refused.platform == "mediation"


@pytest.mark.parametrize("place", range(0, 5632, 128))
def test_a_damaged_old_book_is_read_or_refused_and_never_breaks(place):
    whole = bytearray(old(lambda book: table(book.add_sheet("台账"), ["编号"], ["A1"])))
    whole[place : place + 4] = b"\xff\xff\xff\x7f"
    try:
        lines(bytes(whole))
    except BadRecord as refused:
        assert refused.platform == "mediation"


@pytest.mark.slow
def test_the_longest_sheet_there_can_be_is_read_to_its_last_row():
    def fill(book):
        page = book.add_worksheet()
        page.write_row(0, 0, ["编号", "金额"])
        for number in range(1, 1_048_576):
            page.write_number(number, 0, number)

    payload = made(fill, constant_memory=True, in_memory=False)
    last = None
    count = 0
    for last in sheet.read("mediation", payload, KNOWN):  # noqa: B007 - the last one is looked at
        count += 1
    assert (count, last.number, last.cells["编号"]) == (1_048_575, 1_048_576, "1048575")


def test_a_cell_is_called_as_excel_calls_it():
    assert [workbook.address(0, c) for c in (0, 25, 26, 701, 702, 16_383)] == [
        "A1", "Z1", "AA1", "ZZ1", "AAA1", "XFD1",
    ]  # fmt: skip
