"""Messages of GB/T 28181 (MANSCDP): catalogues of devices, what a device is and how it is.

What a message is says its CmdType, never the name of its file. Ids have 20 digits; a longer one is
kept as it came, since it is what the platform calls the device, and told. 0/0 is no place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from cases.faults import Fault
from etl.errors import BadRecord
from etl.formats.cell import Row, text
from etl.formats.markup import leaf, load_xml

ID_DIGITS: Final = 20
CATALOG, INFO, STATUS = "Catalog", "DeviceInfo", "DeviceStatus"
_ONLINE: Final = {
    "ON": "true", "ONLINE": "true", "OK": "true", "OFF": "false", "OFFLINE": "false",
    "VLOST": "false", "DEFECT": "false",
}  # fmt: skip
_CATALOG_FIELDS: Final = {
    "Name": "name", "Manufacturer": "maker", "Model": "model", "Owner": "owner",
    "CivilCode": "civil_code", "Block": "block", "Address": "address", "Parental": "parental",
    "ParentID": "parent_id", "PTZType": "ptz", "IPAddress": "ip", "Port": "port",
    "Resolution": "resolution",
}  # fmt: skip
_SECRET: Final = ("Password",)  # never leaves the raw file


def kind(platform: str, payload: bytes) -> str:
    """What a message is: Catalog, DeviceInfo, DeviceStatus, Keepalive …; BadRecord without."""
    return _kind(platform, load_xml(platform, payload))


def devices(platform: str, payload: bytes) -> Iterator[Row]:
    """The devices of a message: all of a catalogue, or the one whose information or state it is.

    A row has device_id, kind, online (true, false or None), lng, lat and what the catalogue says;
    `doubt` says what is odd about it. BadRecord when it is another message or breaks off.
    """
    root = load_xml(platform, payload)
    what = _kind(platform, root)
    if what == CATALOG:
        yield from _catalog(platform, root)
    elif what in (INFO, STATUS):
        yield _single(platform, root, what)
    else:
        allowed = f"{CATALOG}, {INFO}, {STATUS}"
        raise BadRecord(
            platform,
            f"the message is {what}, which lists no device; {allowed} do",
            fault=Fault.ANSWER,
        )


def _kind(platform: str, root: Element) -> str:
    found = leaf(root, "CmdType")
    if found is None:
        raise BadRecord(platform, "the message has no CmdType", fault=Fault.ANSWER)
    return found


def _catalog(platform: str, root: Element) -> Iterator[Row]:
    items = root.findall("DeviceList/Item")
    told = leaf(root, "SumNum")
    number = root.find("DeviceList")
    here = None if number is None else number.get("Num")
    if here is not None and here.isdecimal() and int(here) != len(items):
        raise BadRecord(
            platform, f"the catalogue says {here} items, it has {len(items)}", fault=Fault.ANSWER
        )
    if told is not None and told.isdecimal() and int(told) < len(items):
        raise BadRecord(
            platform,
            f"the catalogue says {told} devices in all, it has {len(items)}",
            fault=Fault.ANSWER,
        )
    for item in items:
        row = _row(leaf(item, "DeviceID"), CATALOG)
        row |= {ours: leaf(item, theirs) for theirs, ours in _CATALOG_FIELDS.items()}
        row["online"] = _ONLINE.get((leaf(item, "Status") or "").upper())
        row["lng"], row["lat"] = _place(item)
        known = {*_CATALOG_FIELDS, *_SECRET, "DeviceID", "Status", "Longitude", "Latitude"}
        more = {part.tag: leaf(item, part.tag) for part in item if part.tag not in known}
        row["extra"] = text({tag: value for tag, value in more.items() if value}) if more else None
        yield row


def _single(platform: str, root: Element, what: str) -> Row:
    row = _row(leaf(root, "DeviceID"), what)
    if row["device_id"] is None:
        raise BadRecord(platform, f"the {what} has no DeviceID", fault=Fault.ANSWER)
    row |= {
        "name": leaf(root, "DeviceName"),
        "maker": leaf(root, "Manufacturer"),
        "model": leaf(root, "Model"),
        "firmware": leaf(root, "Firmware"),
        "online": _ONLINE.get((leaf(root, "Online") or "").upper()),
        "healthy": _ONLINE.get((leaf(root, "Status") or "").upper()),
    }
    row["channels"] = leaf(root, "Channel") or leaf(root, "MaxCamera")
    return row


def _row(device: str | None, what: str) -> Row:
    doubt = None
    if device is not None and (len(device) != ID_DIGITS or not device.isdecimal()):
        doubt = f"编码{len(device)}位, 应为{ID_DIGITS}位数字"
    return {"device_id": device, "kind": what, "doubt": doubt, "lng": None, "lat": None}


def _place(item: Element) -> tuple[str | None, str | None]:
    """Longitude and latitude as sent; 0/0 and what is no number are no place."""
    lng, lat = leaf(item, "Longitude"), leaf(item, "Latitude")
    try:
        if not float(lng or 0) or not float(lat or 0):
            return None, None
    except ValueError:
        return None, None
    return lng, lat
