"""Frames against published ones, byte by byte."""

from datetime import datetime

import pytest

from demo import gauge_picture, telemetry
from etl.platforms import gauge

PUBLISHED = (
    "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F0591011154920190000052619000005392300000127381211150320FA",
    "7E7E05001122334403E832002B020034170718110016F1F1001122334448F0F01707181100201900004026190000403923000104903812109903A421",
    "7E7E010040803540000037002B02FCA7170206163612F1F1004080354050F0F01702061636201900000026190131433923009980993812118203BAFE",
    "7E7E1000123456781234330038020002140612021500F1F1001234567850F0F01406120215F460000000000000000000000000261900002020190000101A1900001038121209037C62",
    "7E7E05001122334403E831004E020031170718110005F1F1001122334448F0F01707181005041800000539230000012200000122000002850001049000010490FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF0001049000010490037AC7",
    "7E7E01001234567812342F0008020003591011155111036BCA",
    "7E7E001234567810123433800802000214061202152504DAAA",
    "7E7E00112233440503E83280080200341707181100161BE5D4",
)  # fmt: skip
OURS = (
    "7E7E013201170001123432002B020007260712080000F1F1320117000148F0F02607120800"
    "20190000352619001280392300010452381212610386CB"
)


@pytest.mark.parametrize("text", PUBLISHED)
def test_the_check_value_is_that_of_published_frames(text):
    data = bytes.fromhex(text)
    assert telemetry.crc(data[:-2]) == int.from_bytes(data[-2:], "big")


def test_a_flipped_bit_changes_the_check_value():
    data = bytearray.fromhex(PUBLISHED[0])
    data[20] ^= 1
    assert telemetry.crc(bytes(data[:-2])) != int.from_bytes(data[-2:], "big")


def test_our_own_frame_comes_out_byte_by_byte():
    at = datetime(2026, 7, 12, 8)
    frame = telemetry.report(
        "3201170001", telemetry.TIMED, 7, at, kind="river", observed=at,
        elements=[
            telemetry.element((0x20, 0x19), 3.5),
            telemetry.element(telemetry.RAIN_TOTAL, 128.0),
            telemetry.element(telemetry.LEVEL, 10.452),
            telemetry.element(telemetry.VOLTAGE, 12.61),
        ],
    )  # fmt: skip
    assert frame.hex().upper() == OURS


def test_the_body_of_a_published_level_series_comes_out_byte_by_byte():
    values = [0.122, 0.122, 0.285, 10.49, 10.49, *[None] * 5, 10.49, 10.49]
    series = telemetry.series(5, telemetry.LEVEL, values)
    assert series.hex().upper() in PUBLISHED[4]


def test_negative_and_missing_values_begin_with_ff():
    assert telemetry.digits((0x39, 0x2A), -1.72).hex().upper() == "FF00000172"
    assert telemetry.digits(telemetry.LEVEL, None).hex().upper() == "FFFFFFFF"
    assert telemetry.digits(telemetry.LEVEL, 0.0).hex().upper() == "00000000"


def test_an_hour_of_rain_is_twelve_bytes():
    tenths = [0, 1, None, 254, *[0] * 8]
    assert telemetry.rain_of_an_hour(tenths).hex().upper() == "F4600001FFFE" + "00" * 8


def test_confirmations_are_found_glued_split_and_among_noise():
    one = bytes.fromhex("7E7E00112233440503E83280080200341707181100161BE5D4")
    two = bytes.fromhex("7E7E00112233440503E83180080200311707181100051B291C")
    broken = bytearray(one)
    broken[15] ^= 4
    stream = b"\x00\x7e" + one + bytes(broken) + two
    buffer, found = bytearray(), []
    for byte in stream:
        buffer.append(byte)
        found += telemetry.confirmations(buffer)
    assert found == [
        telemetry.Confirmation("0011223344", 0x32, 0x34),
        telemetry.Confirmation("0011223344", 0x31, 0x31),
    ]
    assert not buffer


def test_a_picture_goes_in_packets_that_the_centre_puts_together():
    content = gauge_picture.draw("3201170001", 9.8, datetime(2026, 11, 20, 8))
    assert content == gauge_picture.draw("3201170001", 9.8, datetime(2026, 11, 20, 8))
    assert 4_000 < len(content) < 40_000
    sent = datetime(2026, 11, 20, 8, 0, 30)
    packets = telemetry.picture(
        "3201170001", 7, sent, kind="river", observed=datetime(2026, 11, 20, 8), content=content
    )
    ((table, row),) = gauge.parse(packets)
    assert table == "gauge_picture"
    assert (row["bytes"], row["whole"]) == (str(len(content)), "true")
    assert row["taken_at"] == "2026-11-20T08:00:00"


def test_go_on_is_no_confirmation():
    down = bytes.fromhex("7E7E3201170001011234368008020007261120080030")
    for end, found in ((b"\x06", []), (b"\x1b", [("3201170001", 0x36, 7)])):
        data = down + end
        buffer = bytearray(data + telemetry.crc(data).to_bytes(2, "big"))
        assert telemetry.confirmations(buffer) == found
