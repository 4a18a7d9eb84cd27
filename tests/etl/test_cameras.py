"""Camera numbers, and catalogues as rows of a platform: real messages and what must not pass."""

import pytest

from config.environment import environment
from etl.errors import BadRecord
from etl.formats.gb_number import number
from etl.platforms import camera_street

REAL = environment().test_data / "7-device-telemetry" / "gb28181"
real = pytest.mark.skipif(not REAL.is_dir(), reason=f"no real messages in {REAL}")


def read(name):
    return list(camera_street.parse((REAL / name).read_bytes()))


def test_a_number_says_district_industry_and_type():
    assert number("32011700001320000001") == ("320117", "社会治安路面", "网络摄像机")
    assert number("3201170000132000001") is None
    assert number("320117000013200000012") is None
    assert number("3201170000132000000A") is None
    assert number(None) is None


@real
@pytest.mark.parametrize("part", ["150497", "846174"])
def test_a_channel_of_21_digits_is_put_aside_the_other_is_read(part):
    found = read(f"catalog_response_{part}.xml")
    assert len(found) == 2
    (reason,) = [row["reason"] for table, row in found if table == "!"]
    assert reason == "国标编码不是20位数字"


@real
def test_a_message_that_lists_no_cameras_is_put_aside_whatever_its_file_is_called():
    for name in ("catalog_response_470529.xml", "deviceInfo.xml", "deviceStatus.xml"):
        ((table, row),) = read(name)
        assert (table, row["reason"]) == ("!", "报文不是设备目录")


@real
def test_nought_and_nought_is_no_place():
    ((table, row),) = read("test_catalog_fix_verification.xml")
    assert table == "street_camera"
    assert row["lng"] is None
    assert row["lat"] is None


@real
def test_online_is_on():
    ((table, row),) = read("catalog_template_commented.xml")
    assert table == "street_camera"
    assert row["state"] == "在线"


CATALOGUE = """<?xml version="1.0" encoding="GB2312"?>
<Response><CmdType>Catalog</CmdType><SN>7</SN><DeviceID>32011700002000000001</DeviceID>
<SumNum>1</SumNum><DeviceList Num="1"><Item><DeviceID>32011700011320000009</DeviceID>
<Name>㙟桥头01</Name><Manufacturer>X</Manufacturer><CivilCode>320117</CivilCode>
<Status>ON</Status><Longitude>0.0</Longitude><Latitude>0.0</Latitude>
<PTZType>1</PTZType><Password>123</Password><IPAddress>10.0.0.9</IPAddress>
</Item></DeviceList></Response>"""


def test_a_catalogue_that_says_gb2312_is_read_as_gb18030_and_passwords_stay_out():
    ((table, row),) = camera_street.parse(CATALOGUE.encode("gb18030"))
    assert table == "street_camera"
    assert row["name"] == "㙟桥头01"
    assert row["ptz"] == "球机"
    assert row["industry"] == "社会治安社区"
    assert row["lng"] is None
    assert "123" not in row.values()
    assert not any("10.0.0.9" in (value or "") for value in row.values())


@pytest.mark.parametrize(
    "payload", [b"<Response><CmdType>Catalog", b"<a/>", b"<!DOCTYPE a []><a/>"]
)
def test_what_is_no_catalogue_is_refused(payload):
    with pytest.raises(BadRecord, match="camera_street"):
        list(camera_street.parse(payload))
