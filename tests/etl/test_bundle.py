"""ZIPs of exports: opened within limits, or refused by the name of the member that is wrong."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from etl.errors import BadRecord
from etl.formats import bundle


def packed(**files: bytes) -> bytes:
    return zipped(files)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def book() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        made.add_worksheet().write("A1", "编号")
    return out.getvalue()


def test_the_members_come_by_name_and_litter_is_passed_over():
    payload = zipped({"b.csv": b"2", "a.csv": b"1", "__MACOSX/._a.csv": b"x", "d/.DS_Store": b"x"})
    assert list(bundle.members("mediation", payload)) == [("a.csv", b"1"), ("b.csv", b"2")]


def test_a_chinese_name_packed_by_windows_is_read():
    payload = bytearray(zipped({"xxxx.csv": b"1"}))
    payload = bytes(payload).replace(b"xxxx.csv", "台账".encode("gbk") + b".csv")
    assert [name for name, _ in bundle.members("mediation", payload)] == ["台账.csv"]


def test_what_is_no_zip_and_what_is_a_book_go_through_as_they_are():
    assert list(bundle.parts("mediation", b"a,b\n")) == [b"a,b\n"]
    assert list(bundle.parts("mediation", book())) == [book()]
    assert list(bundle.parts("mediation", zipped({"a.xlsx": book()}))) == [book()]


@pytest.mark.parametrize(
    "name", ["../a.csv", "x/../../a.csv", "/etc/passwd", "..\\a.csv", "C:\\a.csv"]
)
def test_a_member_that_points_out_of_the_zip_is_refused(name):
    with pytest.raises(BadRecord, match="points out of it"):
        list(bundle.members("mediation", zipped({name: b"1"})))


def test_a_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(BadRecord, match=r"bomb\.csv in the ZIP is packed more than 200 times"):
        list(bundle.members("mediation", zipped({"bomb.csv": bytes(50 << 20)})))


def test_too_many_files_and_none_are_refused(monkeypatch):
    monkeypatch.setattr(bundle, "MAX_MEMBERS", 2)
    with pytest.raises(BadRecord, match="holds 3 files, at most 2"):
        list(bundle.members("mediation", packed(a=b"1", b=b"2", c=b"3")))
    with pytest.raises(BadRecord, match="holds no file"):
        list(bundle.members("mediation", zipped({})))


def test_a_zip_in_a_zip_is_refused():
    with pytest.raises(BadRecord, match=r"inner\.zip in the ZIP is a ZIP itself"):
        list(bundle.members("mediation", zipped({"inner.zip": packed(a=b"1")})))


def test_a_member_under_a_password_is_refused_by_its_name():
    payload = bytearray(packed(a=b"1"))
    directory = payload.index(b"PK\x01\x02")
    struct.pack_into("<H", payload, directory + 8, 0x1)
    with pytest.raises(BadRecord, match="a in the ZIP is protected by a password"):
        list(bundle.members("mediation", bytes(payload)))


def test_a_size_that_lies_is_found_out():
    payload = bytearray(packed(a=bytes(range(256)) * 40))
    directory = payload.index(b"PK\x01\x02")
    struct.pack_into("<I", payload, directory + 24, 10)
    with pytest.raises(BadRecord, match=r"damaged|larger than it says"):
        list(bundle.members("mediation", bytes(payload)))


@pytest.mark.parametrize("nameless", ["", "."])
def test_a_member_without_a_name_is_refused(nameless):
    payload = bytearray(zipped({"a": b"1"}))
    for header, length in ((b"PK\x03\x04", 30), (b"PK\x01\x02", 46)):
        at = payload.index(header)
        if not nameless:
            struct.pack_into("<H", payload, at + (26 if length == 30 else 28), 0)
        payload[at + length : at + length + 1] = nameless.encode()
    with pytest.raises(BadRecord, match=r"without a name|damaged"):
        list(bundle.members("mediation", bytes(payload)))


@given(st.integers(0, 400), st.integers(0, 255))
@example(place=354, byte=0)
def test_a_damaged_zip_is_read_or_refused_and_never_breaks(place, byte):
    payload = bytearray(zipped({"a.csv": "编号\nA1\n".encode() * 9, "b/c.csv": b"2"}))
    payload[place % len(payload)] = byte
    try:
        list(bundle.parts("mediation", bytes(payload)))
    except BadRecord as refused:
        assert refused.platform == "mediation"
