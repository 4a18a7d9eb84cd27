"""Masking as the street's rule says, and what the vault keeps of a row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import personal
from etl.personal import ID_CARD, MOBILE, Narrowing
from etl.platforms.hotline_12345 import ORDER
from etl.platforms.mediation import CASE

PHONE = "138" + "12345678"  # not written out: the repository holds no number of a person
CARD = "320117" + "199001011234"


@pytest.mark.parametrize(
    ("mask", "given_text", "masked"),
    [
        (personal.name, "欧阳震华", "欧阳**"),
        (personal.name, "王五", "王*"),
        (personal.name, "张三丰", "张**"),
        (personal.name, "李", "李*"),
        (personal.names, "张三丰、李四,欧阳震华", "张**、李*、欧阳**"),
        (personal.phone, PHONE, "138****5678"),
        (personal.phone, f"+86 {PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}", "138****5678"),
        (personal.phone, "025-57201234", "025-****34"),
        (personal.phone, "0516-83712345", "0516-****45"),
        (personal.phone, "12", "****"),
        (personal.phone, "138****5678", "138****5678"),
        (personal.phone, f"*{PHONE}", "138****5678"),
        (personal.id_no, CARD, "320117**********34"),
        (personal.address, "洪蓝街道胭脂河路18号3幢201室", "洪蓝街道胭脂河路***"),
        (personal.address, "阳光小区3幢2单元501室", "阳光小区3幢***"),
        (personal.address, "傅家边村", "傅家边村"),
        (personal.address, "3035 JANICE AVE", "*** JANICE AVE"),
    ],
)
def test_a_personal_text_is_masked_by_its_kind(mask, given_text, masked):
    assert mask(given_text) == masked


@pytest.mark.parametrize(
    ("free", "clean"),
    [
        (f"请打{PHONE}联系", "请打138****5678联系"),
        (f"{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}", "138****5678"),
        (f"身份证{CARD},", "身份证320117**********34,"),
        ("座机025-57201234。", "座机025-****34。"),
        ("车牌苏A12345乱停", "车牌苏A***45乱停"),
        ("12幢2单元301室漏水", "***室漏水"),
        ("2号线施工到23点", "2号线施工到23点"),
        ("工单20261123000123456789不变", "工单20261123000123456789不变"),
        ("测站7E7E0132011700011234", "测站7E7E0132011700011234"),
        ("电话" + "".join(chr(0xFF10 + int(c)) for c in PHONE), "电话138****5678"),
        ("卡号6222020200001234567", "卡号****4567"),
    ],
)
def test_free_text_loses_the_numbers_of_people_and_nothing_else(free, clean):
    assert personal.scrub(free) == clean


def test_the_name_of_the_caller_is_masked_in_what_was_written():
    assert personal.scrub("王小五反映,王小五家漏水", ["王小五"]) == "王**反映,王**家漏水"


@given(st.text(max_size=60), st.sampled_from(["电话", " ", "", ",", "。"]))
def test_no_number_of_a_person_survives_in_free_text(text, before):
    clean = personal.scrub(f"{text}{before}{PHONE} {CARD}")
    if not (text + before)[-1:].isascii() or (text + before)[-1:] in ("", " ", ","):
        assert not MOBILE.search(clean)
    assert not ID_CARD.search(clean)


def row(**more):
    return {
        "order_no": "HL1",
        "caller_name": "欧阳震华",
        "caller_phone": PHONE,
        "addr": "阳光小区3幢201室",
        "content": f"我是欧阳震华,电话{PHONE}",
        "title": "路灯不亮",
        **more,
    }


def test_the_row_goes_on_masked_and_the_vault_keeps_what_was_changed():
    narrowing = Narrowing(ORDER, lambda number: f"hash of {number}")
    narrow = narrowing.narrow(row())
    assert narrow["caller_name"] == "欧阳**"
    assert narrow["caller_hash"] == f"hash of {PHONE}"
    assert narrow["content"] == "我是欧阳**,电话138****5678"
    assert narrow["title"] == "路灯不亮"
    ((key, kept),) = narrowing.kept
    assert key == "HL1"
    assert kept == {
        "caller_name": "欧阳震华",
        "caller_phone": PHONE,
        "addr": "阳光小区3幢201室",
        "content": f"我是欧阳震华,电话{PHONE}",
    }


def test_a_number_that_came_masked_has_no_hash():
    narrowing = Narrowing(ORDER, lambda number: number)
    assert narrowing.narrow(row(caller_phone="138****5678"))["caller_hash"] is None


def test_the_same_number_written_otherwise_has_the_same_hash():
    narrowing = Narrowing(ORDER, lambda number: number)
    written = (PHONE, f"+86 {PHONE}", f"{PHONE[:3]}-{PHONE[3:7]}-{PHONE[7:]}")
    assert len({narrowing.narrow(row(caller_phone=each))["caller_hash"] for each in written}) == 1


def test_fields_that_nobody_knows_are_scrubbed_too():
    narrowing = Narrowing(ORDER, lambda number: number)
    narrow = narrowing.narrow(row(extra=f'{{"bydh": "{PHONE}"}}'))
    assert PHONE not in narrow["extra"]


def test_a_row_without_personal_content_leaves_nothing_in_the_vault():
    narrowing = Narrowing(CASE, lambda number: number)
    narrowing.narrow({"case_no": "M1", "parties": None, "summary": "口角"})
    assert narrowing.kept == []
