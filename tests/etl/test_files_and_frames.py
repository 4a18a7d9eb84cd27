"""From the door to core: a ZIP of exports, a messy CSV, a picture of a gauge."""

from __future__ import annotations

import io
import os
import socket
import zipfile
from pathlib import Path

import pytest

from etl.errors import Refused
from tests.etl.stations import JPEG, STATION, picture, report

SHEET = Path(__file__).parents[1] / "fixtures" / "platforms" / "mediation" / "payload.xlsx"
HEAD = "工单编号,受理时间,标题,更新时间\n"


def drop(at, key: str, name: str, content: bytes) -> None:
    file = at.var / "inbox" / key / name
    file.write_bytes(content)
    os.utime(file, (1, 1))


def sweep(at, key: str):
    return at.turn(key, "files", at.feeds[key].sweep, wait=True)


@pytest.fixture
def at(place):
    """The place where the work is done, with all of the archive in."""
    made = place()
    made.mend()
    return made


def test_a_zip_of_exports_is_one_delivery_with_the_rows_of_all_its_members(at, core):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", (HEAD + "A1,2026-11-01,甲,2026-11-02\n").encode("gb18030"))
        archive.writestr("b.csv", (HEAD + "B1,2026-11-01,乙,2026-11-02\n").encode("utf-8-sig"))
    drop(at, "hotline_12345", "十一月.zip", out.getvalue())
    tally = sweep(at, "hotline_12345")
    assert (tally.rows_in, tally.loaded) == (2, 2)
    assert len(list((at.var / "raw" / "hotline_12345").glob("*/*.zip.gz"))) == 1
    assert core(at, "SELECT order_no, title FROM core.hotline_order ORDER BY 1") == [
        ("A1", "甲"),
        ("B1", "乙"),
    ]


def test_every_row_of_a_messy_file_is_loaded_or_in_quarantine_with_a_reason(at, core):
    rows = [
        "A1,2026-11-01 08:00,路灯\u200b不亮,2026-11-02",
        "A2,2026年11月1日 8时,\u202e倒写的标题,2026-11-02",
        "A3,2026-11-01 24:00,𠮷野家门口,2026-11-02",
        'A4,2026-11-01,"两行\n的标题",2026-11-02',
        "A5,昨天,x,2026-11-02",
        "A6,2026-11-01,x",
        "A7,2026-11-01,x,2026-11-02,多一列",
        ",2026-11-01,没有编号,2026-11-02",
        "A\x008,2026-11-01,a\x00b,2026-11-02",
        "A9,2126-11-01,明年,2026-11-02",
    ]
    drop(at, "hotline_12345", "台账.csv", (HEAD + "\n".join(rows) + "\n").encode("gb18030"))
    tally = sweep(at, "hotline_12345")
    assert tally.rows_in == len(rows)
    assert tally.loaded + tally.quarantined == len(rows)
    found = [no for (no,) in core(at, "SELECT order_no FROM core.hotline_order ORDER BY 1")]
    assert found == ["A1", "A2", "A3", "A4", "A8"]
    assert sum(tally.reasons.values()) == 5


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.zip", b"PK\x03\x04broken", "damaged"),
        ("a.csv", b"\xff\xff\xff\xff", "not UTF-8 nor GB18030"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "damaged"),
        ("a.csv", "说明,没有表头\n".encode(), "no header row found"),
    ],
)
def test_a_file_that_cannot_be_read_lies_aside_with_the_sentence(at, name, content, said):
    drop(at, "mediation", name, content)
    with pytest.raises(Refused, match=said):
        sweep(at, "mediation")
    aside = at.var / "inbox" / "mediation" / "refused"
    assert said in (aside / f"{name}.txt").read_text("utf-8")
    drop(at, "mediation", "good.xlsx", SHEET.read_bytes())
    assert sweep(at, "mediation").loaded > 0


def test_a_picture_of_a_gauge_is_a_row_and_a_file_and_readings_go_on(at, core):
    stream = at.feeds["gauge"].stream(lambda: None)
    stream.start()
    try:
        with socket.create_connection(("127.0.0.1", stream.port)) as line:
            line.sendall(b"".join([report(1, 5), *picture(size=4000), report(2, 10)]))
            answered = b""
            while answered.count(b"\x7e\x7e") < 5:
                answered += line.recv(65536)
    finally:
        stream.stop()
    at.drain("gauge", wait=True)
    ((station, file, size, is_whole),) = core(
        at, "SELECT station, file, bytes, whole FROM core.gauge_picture"
    )
    assert (station, size, is_whole) == (STATION, len(JPEG), True)
    assert (at.var / "raw" / "gauge" / file).read_bytes() == JPEG
    ((readings,),) = core(at, "SELECT count(*) FROM core.gauge_reading")
    assert readings == 2
