"""XML of other systems: Chinese encodings, bombs, and the messages of cameras."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.environment import environment
from etl.errors import BadRecord
from etl.formats import gb28181, markup

ITEM = """
    <Item><DeviceID>{device}</DeviceID><Name>石臼湖大堤</Name><Status>{status}</Status>
    <Longitude>{lng}</Longitude><Latitude>{lat}</Latitude><Password>x</Password>
    <RoomType>1</RoomType></Item>"""
ID = "32011700001320000001"


def catalogue(*items: str, num: int | None = None, prolog: str = "GB2312") -> bytes:
    count = len(items) if num is None else num
    return (
        f'<?xml version="1.0" encoding="{prolog}"?><Response><CmdType>Catalog</CmdType>'
        f'<SumNum>{count}</SumNum><DeviceList Num="{count}">{"".join(items)}'
        "</DeviceList></Response>"
    ).encode("gb18030" if prolog.lower().startswith("gb") else prolog)


def item(device: str = ID, status: str = "ON", lng: str = "119.03", lat: str = "31.65") -> str:
    return ITEM.format(device=device, status=status, lng=lng, lat=lat)


@pytest.mark.parametrize("prolog", ["GB2312", "gbk", "GB18030", "utf-8", "UTF-16"])
def test_a_catalogue_is_read_in_the_encoding_it_declares(prolog):
    (row,) = gb28181.devices("camera", catalogue(item(), prolog=prolog))
    assert (row["name"], row["online"], row["lng"]) == ("石臼湖大堤", "true", "119.03")
    assert "x" not in row.values()
    assert row["extra"] == '{"RoomType": "1"}'


@pytest.mark.parametrize(
    ("status", "online"),
    [("ON", "true"), ("Online", "true"), ("OFF", "false"), ("offline", "false"), ("?", None)],
)
def test_a_state_is_read_in_every_spelling_and_another_word_is_not_guessed(status, online):
    (row,) = gb28181.devices("camera", catalogue(item(status=status)))
    assert row["online"] == online


@pytest.mark.parametrize(("lng", "lat"), [("0.0", "0.0"), ("", ""), ("119", "0"), ("x", "31")])
def test_what_is_no_place_is_none(lng, lat):
    (row,) = gb28181.devices("camera", catalogue(item(lng=lng, lat=lat)))
    assert (row["lng"], row["lat"]) == (None, None)


def test_an_id_that_is_too_long_is_kept_and_told():
    (row,) = gb28181.devices("camera", catalogue(item(device=ID + "1")))
    assert (row["device_id"], row["doubt"]) == (ID + "1", "编码21位, 应为20位数字")


def test_a_catalogue_with_fewer_items_than_it_says_is_refused():
    with pytest.raises(BadRecord, match="says 3 items, it has 1"):
        list(gb28181.devices("camera", catalogue(item(), num=3)))


def test_a_message_that_lists_no_device_is_named():
    with pytest.raises(BadRecord, match="the message is Keepalive"):
        list(gb28181.devices("camera", b"<Notify><CmdType>Keepalive</CmdType></Notify>"))


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities or a DTD"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "entities or a DTD"),
        (b"<a>" * 100_000, "nested deeper than 64"),
        (b"<a><b></a>", "not well-formed"),
        (b"", "not well-formed"),
        (b'<?xml version="1.0" encoding="none-such"?><a/>', "is no encoding"),
        (b'<?xml version="1.0" encoding="hex"?><a/>', "is no encoding"),
    ],
)
def test_what_is_not_to_be_trusted_is_refused_with_the_reason(payload, said):
    with pytest.raises(BadRecord, match=said):
        markup.load_xml("camera", payload)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_a_reason(payload):
    try:
        list(gb28181.devices("camera", b'<?xml version="1.0" encoding="GB2312"?>' + payload))
    except BadRecord as refused:
        assert refused.platform == "camera"


@given(st.integers(0, 600), st.binary(min_size=1, max_size=4))
def test_a_damaged_catalogue_is_devices_or_a_reason(place, junk):
    payload = bytearray(catalogue(item(), item()))
    payload[place % len(payload) : place % len(payload) + 1] = junk
    try:
        list(gb28181.devices("camera", bytes(payload)))
    except BadRecord as refused:
        assert refused.platform == "camera"


def collected(name: str) -> bytes:
    file: Path = environment().test_data / "7-device-telemetry" / "gb28181" / name
    if not file.exists():
        pytest.skip(f"real data folder {environment().test_data} is absent")
    return file.read_bytes()


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("catalog_response_150497.xml", "Catalog", 2),
        ("catalog_response_846174.xml", "Catalog", 2),
        ("catalog_response_470529.xml", "DeviceInfo", 1),
        ("test_catalog_fix_verification.xml", "Catalog", 1),
        ("catalog_template_commented.xml", "Catalog", 1),
        ("deviceInfo.xml", "DeviceInfo", 1),
        ("deviceStatus.xml", "DeviceStatus", 1),
    ],
)
def test_every_collected_message_is_what_it_says_not_what_its_name_says(name, kind, count):
    payload = collected(name)
    assert gb28181.kind("camera", payload) == kind
    rows = list(gb28181.devices("camera", payload))
    assert len(rows) == count
    assert all(row["device_id"] for row in rows)


def test_the_traps_of_the_collected_messages_are_told():
    own, channel = gb28181.devices("camera", collected("catalog_response_150497.xml"))
    assert (own["doubt"], own["lng"], own["online"]) == (None, None, "true")
    assert channel["doubt"] == "编码21位, 应为20位数字"
    assert channel["parent_id"] == own["device_id"]
    (told,) = gb28181.devices("camera", collected("catalog_template_commented.xml"))
    assert (told["online"], told["address"]) == ("true", "上海市五角场合生汇")
    (info,) = gb28181.devices("camera", collected("catalog_response_470529.xml"))
    assert info["channels"] == "14"
    (info,) = gb28181.devices("camera", collected("deviceInfo.xml"))
    assert (info["maker"], info["channels"]) == ("HIKVISION", "1")
    (state,) = gb28181.devices("camera", collected("deviceStatus.xml"))
    assert (state["online"], state["healthy"]) == ("true", "true")
