"""F14: fifty books as streets send them, odd and hostile: read to the last row, or refused with the
place that is wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import msoffcrypto.format.ooxml as ooxml
import pytest
import xlsxwriter
import xlwt

from etl.errors import BadRecord
from etl.formats import sheet

KNOWN = ("编号", "时间", "金额", "姓名")
ONE, TWO = ("A1", "2026-11-03", "3", "甲"), ("A2", "2026-11-04", "4", "乙")
BOOKS: dict[str, tuple[bytes, object]] = {}
Fill = Callable[[xlsxwriter.Workbook], None]


def book(name: str, expected: object, **options: object) -> Callable[[Fill], Fill]:
    """A book by the name it has here: its rows, or a word of why it is refused."""

    def keep(fill: Fill) -> Fill:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as made:
            fill(made)
        BOOKS[name] = out.getvalue(), expected
        return fill

    return keep


def put(page, rows, top: int = 0, left: int = 0) -> None:
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if value is not None:
                page.write(top + number, left + place, value)


def plain(name: str, expected: object, rows, top: int = 0, left: int = 0, above=()) -> None:
    """A book of one sheet."""

    @book(name, expected)
    def _(made) -> None:
        page = made.add_worksheet()
        put(page, above)
        put(page, rows, top, left)


def cell(
    name: str, shown: str | None, write: Callable[[xlsxwriter.Workbook, object], None], **options
) -> None:
    """A book with one strange cell, under 金额."""

    @book(name, [("A1", None, shown, None)], **options)
    def _(made) -> None:
        page = made.add_worksheet()
        put(page, [KNOWN, ("A1",)])
        write(made, page)


plain("plain", [ONE, TWO], [KNOWN, ONE, TWO])
plain("a title above", [ONE], [KNOWN, ONE], 1, above=[("纠纷台账",)])
plain("the header in row 3", [ONE, TWO], [KNOWN, ONE, TWO], 2, above=[("台账",), ("制表人：张三",)])
plain("the header in row 12", [ONE], [KNOWN, ONE], 11)
plain("the header in row 30", [ONE], [KNOWN, ONE], 29)
plain("the header in row 40", "no header row", [KNOWN, ONE], 39)
plain("the table begins in column D", [ONE], [KNOWN, ONE], 0, 3)
plain("the table begins in cell F8", [ONE, TWO], [KNOWN, ONE, TWO], 7, 5)
plain("empty rows between", [ONE, TWO], [KNOWN, (), ONE, (), (), TWO, ()])
plain(
    "an empty column between",
    [ONE],
    [("编号", None, "时间", "金额", "姓名"), ("A1", None, *ONE[1:])],
)
plain("the columns in another order", [ONE], [KNOWN[::-1], ONE[::-1]])
plain("columns that nobody knows", [ONE], [("备注", *KNOWN, "附件"), ("x", *ONE, "y")])
plain("blanks around the names", [ONE], [[f" {name}\n" for name in KNOWN], ONE])
plain("a name twice", [ONE], [(*KNOWN, "编号"), (*ONE, "Z9")])
plain("two hundred columns", [ONE], [(*KNOWN, *map(str, range(196))), ONE])
plain("a header and no row", [], [KNOWN])
plain("rare and hidden characters", [("𠮷A\u200b", *ONE[1:])], [KNOWN, ("𠮷A\u200b", *ONE[1:])])
plain(
    "a text as long as Excel takes",
    [("A1", None, None, "长" * 32_767)],
    [KNOWN, ("A1", None, None, "长" * 32_767)],
)
plain("the foot of a form", [ONE, ("合计", None, "3", None)], [KNOWN, ONE, ("合计", None, 3)])
plain("only words", "no header row", [("填表说明",), ("请于每月 5 日前报送",)])


@book("a number of twenty places as text", [("00012345678901234567", None, None, None)])
def _(made) -> None:
    page = made.add_worksheet()
    put(page, [KNOWN])
    page.write_string(1, 0, "00012345678901234567")


@book("a merged title over all columns", [ONE])
def _(made) -> None:
    page = made.add_worksheet()
    page.merge_range("A1:D2", "矛盾纠纷台账")
    put(page, [KNOWN, ONE], 2)


@book("a merged group over its parts", [ONE])
def _(made) -> None:
    page = made.add_worksheet()
    page.merge_range("A1:A2", "编号")
    page.merge_range("B1:C1", "受理")
    put(page, [("时间", "金额")], 1, 1)
    page.merge_range("D1:D2", "姓名")
    put(page, [ONE], 2)


@book("merged cells among the rows", [ONE, (None, "2026-11-04", "4", "乙")])
def _(made) -> None:
    page = made.add_worksheet()
    put(page, [KNOWN, ONE, (None, *TWO[1:])])
    page.merge_range("A2:A3", "A1")


@book("a sheet a month", [(f"{n}月", *ONE[1:]) for n in range(1, 13)])
def _(made) -> None:
    for n in range(1, 13):
        put(made.add_worksheet(f"{n}月"), [KNOWN, (f"{n}月", *ONE[1:])])


@book("a cover, a table and a summary", [ONE, TWO])
def _(made) -> None:
    put(made.add_worksheet("封面"), [("石湫街道",)])
    put(made.add_worksheet("台账"), [KNOWN, ONE, TWO])
    put(made.add_worksheet("汇总"), [("编号", "件数"), ("合计", 2)])


@book("a hidden sheet with old rows", [ONE])
def _(made) -> None:
    put(made.add_worksheet(), [KNOWN, ONE])
    page = made.add_worksheet("旧")
    put(page, [KNOWN, TWO])
    page.hide()


@book("a sheet that only a macro shows", [ONE])
def _(made) -> None:
    put(made.add_worksheet(), [KNOWN, ONE])
    page = made.add_worksheet("字典")
    put(page, [KNOWN, TWO])
    page.very_hidden()


@book("a chart between the sheets", [ONE])
def _(made) -> None:
    page = made.add_worksheet("台账")
    put(page, [KNOWN, ONE])
    chart = made.add_chart({"type": "column"})
    chart.add_series({"values": "=台账!$C$2:$C$2"})
    made.add_chartsheet().set_chart(chart)


@book("rows that a filter hides", [ONE, TWO])
def _(made) -> None:
    page = made.add_worksheet()
    put(page, [KNOWN, ONE, TWO])
    page.autofilter("A1:D3")
    page.set_row(1, options={"hidden": True})
    page.freeze_panes(1, 1)


@book("a thousand rows of borders and nothing", [ONE])
def _(made) -> None:
    page = made.add_worksheet()
    put(page, [KNOWN, ONE])
    border = made.add_format({"border": 1})
    for row in range(2, 1000):
        for column in range(4):
            page.write_blank(row, column, None, border)


@book("a cell in error", "is in error")
def _(made) -> None:
    page = made.add_worksheet()
    put(page, [KNOWN, ONE])
    page.write_formula("C2", "=1/0", None, "#DIV/0!")


@book("an empty book", "no header row")
def _(made) -> None:
    made.add_worksheet()


def formatted(code: str):
    return lambda made, page, value: page.write(1, 2, value, made.add_format({"num_format": code}))


def shown(code: str, value: object):
    return lambda made, page: formatted(code)(made, page, value)


FEBRUARY = datetime(2026, 2, 28, 23, 59)
cell("a date", "2026-02-28T23:59:00", shown("yyyy-mm-dd hh:mm", FEBRUARY))
cell("a date of a Mac", "2026-02-28T23:59:00", shown("yyyy-mm-dd hh:mm", FEBRUARY), date_1904=True)
cell("a date in Chinese", "2026-02-28", shown('yyyy"年"m"月"d"日"', date(2026, 2, 28)))
cell("the day before 1900's false leap day", "1900-02-28", shown("yyyy-mm-dd", 59))
cell(
    "a serial number that nobody formatted", "46081.5", lambda made, page: page.write(1, 2, 46081.5)
)
cell("a time of day", "08:30:00", shown("hh:mm", time(8, 30)))
cell("thirty hours", "1 day, 6:00:00", shown("[h]:mm", timedelta(hours=30)))
cell("a date as text", "2026年11月3日", lambda made, page: page.write_string(1, 2, "2026年11月3日"))
cell("a number with zeros before it", "007", lambda made, page: page.write_string(1, 2, "007"))
cell("a whole number as Excel keeps it", "3", lambda made, page: page.write_number(1, 2, 3.0))
cell("a percentage", "0.972", shown("0.0%", 0.972))
cell(
    "a formula with what it gave",
    "42",
    lambda made, page: page.write_formula(1, 2, "=6*7", None, 42),
)
cell(
    "a formula that gave a text",
    "是",
    lambda made, page: page.write_formula(1, 2, '="是"', None, "是"),
)
cell("yes", "true", lambda made, page: page.write_boolean(1, 2, True))
cell("a text that looks like a formula", "=1+1", lambda made, page: page.write_string(1, 2, "=1+1"))
cell(
    "several fonts in a cell",
    "三千元",
    lambda made, page: page.write_rich_string(1, 2, "三", made.add_format({"bold": True}), "千元"),
)
cell("a link", "甲", lambda made, page: page.write_url(1, 2, "https://example.org/", string="甲"))
cell("lines in a cell", "一\n二", lambda made, page: page.write_string(1, 2, "一\n二"))
cell("only blanks", None, lambda made, page: page.write_string(1, 2, " \u3000 "))

TEXT = "\r\n".join(",".join(row) for row in (KNOWN, ONE, TWO))
BOOKS["a CSV in GB18030 called xlsx"] = TEXT.encode("gb18030"), [ONE, TWO]
BOOKS["a CSV with a mark called xls"] = TEXT.encode("utf-8-sig"), [ONE, TWO]
BOOKS["columns by tabs called xls"] = TEXT.replace(",", "\t").encode("utf-16"), [ONE, TWO]
BOOKS["a web page called xls"] = b"<html><table><tr><td>1</td></tr></table></html>", "no header row"
BOOKS["cut off in the middle"] = BOOKS["plain"][0][:3_000], "damaged"
BOOKS["a ZIP that is no book"] = b"PK\x05\x06" + bytes(18), "no header row|not UTF-8"
BOOKS["nothing at all"] = b"", "no header row"


def protected() -> bytes:
    out = io.BytesIO()
    ooxml.OOXMLFile(io.BytesIO(BOOKS["plain"][0])).encrypt("secret", out)
    return out.getvalue()


def having(part: str) -> bytes:
    out = io.BytesIO(BOOKS["plain"][0])
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(part, b"x")
    return out.getvalue()


def old(rows, **workbook: object) -> bytes:
    made, out = xlwt.Workbook(), io.BytesIO()
    page = made.add_sheet("台账")
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            page.write(number, place, value)
    for name, value in workbook.items():
        setattr(made, name, value)
    made.save(out)
    return out.getvalue()


BOOKS["under a password"] = protected(), "password|protected"
BOOKS["with macros"] = having("xl/vbaProject.bin"), "macros"
BOOKS["saved as XLSB"] = having("xl/workbook.bin"), "XLSB"
BOOKS["an old book"] = old([KNOWN, ONE, TWO]), [ONE, TWO]
BOOKS["an old book with its header in row 4"] = old([("台账",), (), (), KNOWN, ONE]), [ONE]
BOOKS["an old book that was cut"] = old([KNOWN, ONE])[:2_000], "cannot be read|damaged"


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_is_read_to_its_last_row_or_refused_with_the_place(name):
    payload, expected = BOOKS[name]
    if isinstance(expected, str) and expected != "is in error":
        with pytest.raises(BadRecord, match=expected):
            list(sheet.read("mediation", payload, KNOWN))
        return
    lines = list(sheet.read("mediation", payload, KNOWN))
    if expected == "is in error":
        assert [line.fault for line in lines] == ["Sheet1!C2是错误值"]
    else:
        assert [tuple(line.cells.get(k) for k in KNOWN) for line in lines] == expected
        assert [line.fault for line in lines] == [None] * len(lines)


def test_there_are_enough_books():
    assert len(BOOKS) >= 50
