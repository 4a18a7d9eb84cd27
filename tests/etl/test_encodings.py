"""Text as it comes in: every encoding read by its declaration, damage named, nothing dropped."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl import registry
from etl.errors import EtlError
from etl.formats import cell, encoding, sheet
from etl.formats.cell import REJECT

KNOWN = ["编号", "地址"]
# rare Han of plane 2, a character GBK lacks, one GB18030-2022 moved, and what hides in text
RARE = ["𠮷野家", "㙟河村", "龦", "石臼湖\u200b", "\u202e倒写", "a\ufeffb", "é–☂"]


def rows(payload: bytes, **shape) -> list[dict]:
    return [line.cells for line in sheet.read("mediation", payload, KNOWN, sheet.Shape(**shape))]


@pytest.mark.parametrize("text", RARE)
@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_rare_and_hidden_characters_survive(name, text):
    payload = f"编号,地址\r\nA1,{text}\r\n".encode(name)
    assert rows(payload) == [{"编号": "A1", "地址": text}]


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "cp936", "gb18030"])
def test_what_is_declared_by_an_older_name_is_read_with_the_newer_characters(declared):
    payload = "编号,地址\nA1,镕𠮷\n".encode("gb18030")
    assert rows(payload, encoding=declared) == [{"编号": "A1", "地址": "镕𠮷"}]


def test_big5_is_read_where_it_is_declared():
    payload = "編號,地址\nA1,新北市裏恒碁\n".encode("cp950")
    lines = sheet.read("mediation", payload, ["編號"], sheet.Shape(encoding="big5"))
    assert [line.cells for line in lines] == [{"編號": "A1", "地址": "新北市裏恒碁"}]


def test_a_byte_that_no_encoding_has_is_named_with_its_line():
    with pytest.raises(EtlError, match=r"not UTF-8 nor GB18030 \(byte 12, line 2\)"):
        rows("地址,a\n1,2".encode() + b"\xff\xff\xff")


def test_one_broken_byte_does_not_turn_utf8_into_readable_nonsense():
    payload = "编号,地址\nA1,洪蓝街道\nA2,石\n".encode().replace("石".encode(), b"\xe7\x9f")
    with pytest.raises(EtlError, match=r"not whole UTF-8 \(byte \d+, line 3\)"):
        rows(payload)


def test_a_character_cut_in_two_by_a_block_is_read_whole(monkeypatch):
    monkeypatch.setattr(encoding, "_STEP", 7)
    text = "编号,地址\n" + "".join(f"A{n},洪蓝{n}\n" for n in range(50))
    assert rows(text.encode())[49] == {"编号": "A49", "地址": "洪蓝49"}
    with pytest.raises(EtlError, match=f"byte {len(text.encode())},"):
        rows(text.encode() + b"\xe7")


def test_a_nul_goes_and_the_rest_of_its_cell_stays():
    assert rows("编号,地址\nA\x001,x\n".encode()) == [{"编号": "A1", "地址": "x"}]


def test_a_quote_that_never_closes_ends_at_a_limit_and_says_where():
    payload = '编号,地址\nA1,"x\n'.encode() + b"y" * (sheet.MAX_FIELD + 10)
    with pytest.raises(EtlError, match="cannot be read at line"):
        rows(payload)


def test_no_row_is_dropped_however_wide_it_is():
    lines = list(sheet.read("mediation", "编号,地址\n1\n1,2,3\n1,2\n".encode(), KNOWN))
    assert [line.fault for line in lines] == [
        "第2行有1列, 表头有2列",
        "第3行有3列, 表头有2列",
        None,
    ]


def test_codecs_that_are_no_text_are_not_encodings():
    assert encoding.is_known("GB2312")
    assert not encoding.is_known("hex")
    assert not encoding.is_known("none such")


@given(st.lists(st.tuples(st.text(), st.text()), max_size=20))
def test_every_row_that_was_written_comes_back(pairs):
    def plain(value: str) -> str | None:
        return cell.text(value.replace("\r\n", "\n").replace("\r", "\n"))

    import csv

    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(KNOWN)
    writer.writerows(pairs)
    payload = out.getvalue().encode("utf-8", "replace")
    told = [(plain(a.encode("utf-8", "replace").decode()), b) for a, b in pairs]
    wanted = [a for a, b in told if a or plain(b.encode("utf-8", "replace").decode())]
    found = [plain(row["编号"] or "") for row in rows(payload)]
    assert found == wanted


@pytest.mark.parametrize("key", registry.known())
@settings(max_examples=60, deadline=None)
@given(payload=st.binary(max_size=400))
@example(payload=b"")
@example(payload=b"\xff\xfe")
@example(payload=b"PK\x03\x04")
@example(payload=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
@example(payload=b"7E7E" * 9)
@example(payload=b"\x7e\x7e" * 40)
@example(payload="编号\n\x00\u202e\n".encode())
@example(payload=b"[" * 100_000)
@example(payload=b'{"a":1e999,"a":NaN}')
def test_any_bytes_are_rows_or_a_reason_for_every_platform(key, payload):
    tables = registry.tables([key])[key]
    try:
        for table, row in registry.parser(key)(payload):
            assert table in tables or (table == REJECT and row["reason"])
    except EtlError as refused:
        assert refused.platform == key
