"""Frames of SL 651: published ones to the digit, and what TCP does to them."""

from __future__ import annotations

import csv
import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.environment import environment
from etl.formats import sl651, sl651_report
from etl.platforms import gauge
from tests.etl import stations

C = (
    "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F059101115492019000005"
    "2619000005392300000127381211150320FA"
)
H = (
    "7E7E05001122334403E832002B020034170718110016F1F1001122334448F0F01707181100201900004026"
    "190000403923000104903812109903A421"
)
B = (
    "7E7E010040803540000037002B02FCA7170206163612F1F1004080354050F0F01702061636201900000026"
    "190131433923009980993812118203BAFE"
)
F = (
    "7E7E1000123456781234330038020002140612021500F1F1001234567850F0F01406120215F46000000000"
    "0000000000000000261900002020190000101A1900001038121209037C62"
)
G = (
    "7E7E05001122334403E831004E020031170718110005F1F1001122334448F0F0170718100504180000053923"
    "0000012200000122000002850001049000010490FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00010490"
    "00010490037AC7"
)
E = (
    "7E7E0100102200010000320032021658220628090851F1F100102200014BF0F02206280908391A051300FF01"
    "2AFFFFFFFFFF4520000004003812FFFFFF0208FF03CAE6"
)
D = "7E7E01001234567812342F0008020003591011155111036BCA"
OURS = (
    "7E7E013201170001123432002B020007260712080000F1F1320117000148F0F0260712080020190000352619"
    "001280392300010452381212610386CB"
)
DOWN = {
    "I": "7E7E001234567810123433800802000214061202152504DAAA",
    "J": "7E7E00123456780112343080080200035910111549471B75D4",
    "K": "7E7E00112233440503E83280080200341707181100161BE5D4",
    "L": "7E7E00112233440503E83180080200311707181100051B291C",
}
MASKED = (
    "7e7e010011111112000032002b02002b200321153057f1f1001111111248f0f0200321153039220000983620"
    "19000000261900000038122400037b54"
)
DECODED = "elements_decoded_by_our_check"
UP = [C, H, B, F, G, E, D, OURS]


def frame(text: str) -> sl651.Frame:
    (piece,) = sl651.split(bytes.fromhex(text))
    assert isinstance(piece, sl651.Frame)
    return piece


def values(text: str) -> dict[str, list[str | None]]:
    return {
        f"{element.ident:02X}": [value for _, value in sl651_report.values(element)]
        for element in sl651_report.elements(frame(text))
        if element.ident != 0x45
    }


@pytest.mark.parametrize(
    ("text", "function", "expected"),
    [
        (C, 0x30, {"20": ["0.5"], "26": ["0.5"], "39": ["0.127"], "38": ["11.15"]}),
        (H, 0x32, {"20": ["4.0"], "26": ["4.0"], "39": ["10.490"], "38": ["10.99"]}),
        (B, 0x37, {"20": ["0.0"], "26": ["1314.3"], "39": ["998.099"], "38": ["11.82"]}),
        (
            F,
            0x33,
            {"F4": ["0.0"] * 12, "26": ["2.0"], "20": ["1.0"], "1A": ["1.0"], "38": ["12.09"]},
        ),
        (
            G,
            0x31,
            {
                "39": ["0.122", "0.122", "0.285", "10.490", "10.490"]
                + [None] * 5
                + ["10.490", "10.490"]
            },
        ),
        (E, 0x32, {"39": ["513.00"], "FF01": [None], "38": [None], "FF02": [None]}),
        (OURS, 0x32, {"20": ["3.5"], "26": ["128.0"], "39": ["10.452"], "38": ["12.61"]}),
    ],
    ids=["C", "H", "B", "F", "G", "E", "ours"],
)
def test_a_published_frame_decodes_to_the_digit(text, function, expected):
    assert frame(text).function == function
    assert values(text) == expected


def test_the_status_word_is_kept_as_bits():
    (status,) = (e for e in sl651_report.elements(frame(E)) if e.ident == 0x45)
    assert status.raw.hex() == "00000400"


def test_a_uniform_report_steps_from_its_first_time():
    rows = gauge.readings(frame(G))
    assert rows[0]["observed_at"] == "2017-07-18T10:05:00"
    assert rows[-1]["observed_at"] == "2017-07-18T11:00:00"
    assert len(rows) == 12


def test_twelve_rains_end_at_the_observation_time():
    rows = gauge.readings(frame(F))
    assert [rows[0]["observed_at"], rows[11]["observed_at"]] == [
        "2014-06-12T01:20:00",
        "2014-06-12T02:15:00",
    ]
    assert {row["interval_h"] for row in rows} == {"0.083333"}


@pytest.mark.parametrize(("up", "down"), [(C, "J"), (H, "K"), (G, "L")])
def test_the_centre_confirms_as_published(up, down):
    assert sl651.confirmation(frame(up)).hex().upper() == DOWN[down]


@pytest.mark.parametrize("name", sorted(DOWN))
def test_a_frame_of_the_centre_is_known_as_one(name):
    assert frame(DOWN[name]).up is False


def test_a_leading_ff_is_a_minus_sign_and_all_ff_is_missing():
    assert sl651_report.number(bytes.fromhex("FF00000172"), 2) == "-1.72"
    assert sl651_report.number(bytes.fromhex("FFFFFFFF"), 3) is None
    assert sl651_report.number(bytes.fromhex("AAAA"), 2) is None
    with pytest.raises(sl651_report.BadFrame):
        sl651_report.number(bytes.fromhex("0B12"), 2)


def test_a_frame_with_a_masked_station_number_fails_its_checksum():
    (piece,) = sl651.split(bytes.fromhex(MASKED))
    assert piece == sl651.Garbage(bytes.fromhex(MASKED), sl651.WRONG_SUM)


def test_a_frame_pasted_from_a_page_with_blanks_and_zero_width_marks_is_read():
    pasted = "\u200b7E7E " + H[4:]
    assert [row["level_m"] for _, row in gauge.parse(pasted.encode())] == ["10.490"]


def test_frames_come_whole_out_of_single_bytes_and_out_of_one_write():
    stream = bytes.fromhex("".join(UP))
    splitter = sl651.Splitter()
    single = [piece for byte in stream for piece in splitter.feed(bytes([byte]))]
    glued = sl651.Splitter().feed(stream)
    assert [p.raw.hex().upper() for p in single] == UP
    assert single == glued


@pytest.mark.parametrize("at", range(0, len(bytes.fromhex(H)), 3))
def test_a_flipped_bit_is_rejected_and_the_neighbours_are_read(at):
    bad = bytearray.fromhex(H)
    bad[at] ^= 0x10
    pieces = list(sl651.split(bytes.fromhex(C) + bytes(bad) + bytes.fromhex(G) * 2))
    good = [p.raw.hex().upper() for p in pieces if isinstance(p, sl651.Frame)]
    assert good == [C, G, G]
    assert any(isinstance(p, sl651.Garbage) for p in pieces)


def test_a_damaged_length_does_not_make_the_next_frames_wait():
    bad = bytearray.fromhex(H)
    bad[11:13] = b"\x0f\xff"
    splitter = sl651.Splitter()
    pieces = splitter.feed(bytes(bad)) + splitter.feed(bytes.fromhex(C))
    assert pieces[-1] == frame(C)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(UP), min_size=1, max_size=5),
    st.lists(st.binary(max_size=20), min_size=6, max_size=6),
    st.lists(st.integers(1, 40), min_size=1, max_size=8),
)
def test_noise_between_frames_loses_no_frame_however_it_is_cut(frames, noise, cuts):
    noise = [part.replace(b"~", b"") for part in noise]
    stream = b"".join(part + bytes.fromhex(text) for part, text in zip(noise, frames, strict=False))
    splitter = sl651.Splitter()
    pieces = []
    sizes = itertools.cycle(cuts)
    while stream:
        size = next(sizes)
        pieces += splitter.feed(stream[:size])
        stream = stream[size:]
    found = [p.raw.hex().upper() for p in pieces if isinstance(p, sl651.Frame)]
    assert found == frames
    assert splitter.rest == b""


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_come_out_again_whole(data):
    pieces = list(sl651.split(data))
    assert b"".join(piece.raw for piece in pieces) == data


def real_frames() -> Path:
    path = environment().test_data / "7-device-telemetry" / "sl651" / "frames.csv"
    if not path.exists():
        pytest.skip(f"real data folder {environment().test_data} is absent")
    return path


def test_every_collected_frame_gets_the_verdict_of_the_manifest():
    with real_frames().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    right = compared = 0
    for row in rows:
        pieces = list(sl651.split(bytes.fromhex(row["frame_hex"])))
        whole = len(pieces) == 1 and isinstance(pieces[0], sl651.Frame)
        assert whole == (row["crc_ok"] == "True")
        right += whole
        told = re.findall(r"(\w\w)\(len\d+,dec\d\)=([-.0-9]+)", row[DECODED])
        for ident, value in told if whole else ():
            (found,) = values(row["frame_hex"])[ident]
            assert float(found) == float(value)
            compared += 1
        if whole and row["station"] == "40590235C2":
            assert values(row["frame_hex"])["76"] == ["-1.72"]
            assert values(row["frame_hex"])["77"] == ["-0.21"]
    assert (len(rows), right, compared) == (16, 10, 17)


def test_the_collected_frames_in_one_stream_lose_none_and_count_the_bad_ones():
    with real_frames().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    stream = b"".join(bytes.fromhex(row["frame_hex"]) for row in rows)
    pieces = list(sl651.split(stream))
    good = [piece.raw for piece in pieces if isinstance(piece, sl651.Frame)]
    right = [row["frame_hex"] for row in rows if row["crc_ok"] == "True"]
    assert [raw.hex().upper() for raw in good] == [text.upper() for text in right]
    bad = [piece for piece in pieces if isinstance(piece, sl651.Garbage)]
    assert len(bad) == 6
    read = list(gauge.parse(stream))
    assert sum(table == "!" for table, _ in read) == 6
    levels = {row["station"]: row["level_m"] for table, row in read if table != "!"}
    assert levels["0011223344"] == "10.490"


def test_the_collected_report_as_text_is_read():
    text = (real_frames().parent / "regular_report.hex").read_bytes()
    assert [row["station"] for _, row in gauge.parse(text)] == ["0010100001"]


@pytest.mark.parametrize("opening", ["", "F1F1320117000148", "F1F13201170001"])
@pytest.mark.parametrize("function", [0x35, 0x39])
def test_what_was_typed_in_at_a_station_is_a_note(opening, function):
    body = bytes.fromhex(f"000C261120080012{opening}F2F2") + "Z 9.84 闸门关闭 02557200011".encode(
        "gb18030"
    )
    ((table, row),) = gauge.parse(stations.frame(function, sl651.STX, body, 0x03))
    assert table == "gauge_note"
    assert row == {
        "station": stations.STATION,
        "sent_at": "2026-11-20T08:00:12",
        "content": "Z 9.84 闸门关闭 ***",
    }


def test_a_note_sent_at_no_time_is_told():
    body = bytes.fromhex("000C261120080061F2F241")
    ((_, row),) = gauge.parse(stations.frame(0x35, sl651.STX, body, 0x03))
    assert row["reason"] == "发报时间不合法 261120080061"
