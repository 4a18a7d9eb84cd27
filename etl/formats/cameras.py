"""Cameras and their recorders as a GB28181 platform (WVP) lists them; what two platforms share.

A row says since when its state holds, so every change is a row in the history and a poll without a
change is none. Addresses and passwords of devices stay out, whatever the platform sends.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from typing import Any, Final

from etl.formats import gb28181
from etl.formats.cell import Row, Yielded, pick, records, reject
from etl.formats.gb_number import number
from etl.formats.ledger import ledger, tidy
from warehouse.schema import Column, Table

CAMERA: Final = Table(
    label="摄像机",
    key=("camera_no",),
    version="changed_at",
    columns={
        "camera_no": Column("text", "国标编码", wall=True),
        "name": Column("text", "名称", wall=True),
        "kind": Column("text", "设备类型", wall=True),
        "industry": Column("text", "行业", wall=True),
        "owner": Column("text", "归属单位", wall=True),
        "manufacturer": Column("text", "厂商"),
        "model": Column("text", "型号"),
        "civil_code": Column("text", "行政区划"),
        "community_code": Column("text", "社区编码", wall=True),
        "address": Column("text", "安装地址"),
        "parent_no": Column("text", "所属设备"),
        "ptz": Column("text", "摄像机类型"),
        "lng": Column("double", "经度", wall=True, axis="lng"),
        "lat": Column("double", "纬度", wall=True, axis="lat"),
        "state": Column("text", "在线状态", wall=True),
        "changed_at": Column("timestamp", "状态时间", wall=True),
    },
    rules={
        "国标编码不是20位": "length(camera_no) <> 20",
        "在线状态不明": "state IS NULL OR state NOT IN ('在线', '离线')",
        "状态时间在未来": "changed_at > $recorded_at + INTERVAL 1 HOUR",
        "坐标不可信": "lng < 73 OR lng > 136 OR lat < 3 OR lat > 54",
    },
)
RECORDER: Final = Table(
    label="录像机",
    key=("device_no",),
    version=None,
    columns={
        "device_no": Column("text", "设备国标编码", wall=True),
        "name": Column("text", "设备名称", wall=True),
        "kind": Column("text", "设备类别", wall=True),
        "manufacturer": Column("text", "设备厂商"),
        "model": Column("text", "设备型号"),
        "channels": Column("integer", "通道数", unit="路", wall=True),
        "state": Column("text", "设备状态", wall=True),
        "registered_at": Column("timestamp", "注册时间", wall=True),
    },
    rules={
        "设备编码不是20位": "length(device_no) <> 20",
        "设备状态不明": "state IS NULL OR state NOT IN ('在线', '离线')",
    },
)
CODE: Final = "gbDeviceId"
CHANNEL = {
    CODE: "camera_no", "gbName": "name", "gbOwner": "owner",
    "gbManufacturer": "manufacturer", "gbModel": "model", "gbCivilCode": "civil_code",
    "gbBlock": "community_code", "gbAddress": "address", "gbParentId": "parent_no",
    "gbPtzType": "ptz", "gbLongitude": "lng", "gbLatitude": "lat", "gbStatus": "state",
    "updateTime": "changed_at",
}  # fmt: skip
DEVICE = {
    "deviceId": "device_no", "name": "name", "manufacturer": "manufacturer", "model": "model",
    "channelCount": "channels", "onLine": "state", "registerTime": "registered_at",
}  # fmt: skip
MESSAGE = {  # the same in the XML of the standard
    "device_id": CODE, "name": "gbName", "maker": "gbManufacturer", "model": "gbModel",
    "owner": "gbOwner", "civil_code": "gbCivilCode", "block": "gbBlock", "address": "gbAddress",
    "parent_id": "gbParentId", "online": "gbStatus", "lng": "gbLongitude", "lat": "gbLatitude",
    "ptz": "gbPtzType",
}  # fmt: skip
PTZ = {"1": "球机", "2": "半球", "3": "固定枪机", "4": "遥控枪机"}
STATES = {
    "ON": "在线", "ONLINE": "在线", "TRUE": "在线", "1": "在线", "OK": "在线",
    "OFF": "离线", "OFFLINE": "离线", "FALSE": "离线", "0": "离线",
}  # fmt: skip


def read(platform: str, payload: bytes, camera: str, recorder: str) -> Iterator[Yielded]:
    """Yield cameras and recorders under the given names of their facts.

    A page of WVP, a Catalog of the standard in XML, or a list by hand (XLSX, CSV).
    """
    head = payload.removeprefix(BOM_UTF8).lstrip()[:1]
    if head == b"<":
        for item in gb28181.devices(platform, payload):
            if item["kind"] != gb28181.CATALOG:
                yield reject("报文不是设备目录", item)
                continue
            yield _camera(camera, {theirs: item.get(ours) for ours, theirs in MESSAGE.items()})
        return
    if head not in (b"{", b"["):
        yield from ledger(platform, payload, camera, CAMERA, fields=CHANNEL, settle=_settled)
        return
    for record in records(platform, payload, "data.list"):
        if not isinstance(record, dict):
            yield reject("通道不是一条记录", record)
        elif CODE in record:
            yield _camera(camera, record)
        else:
            yield _recorder(recorder, record)


def _camera(name: str, record: Mapping[str, Any]) -> Yielded:
    row = pick({key: record[key] for key in record if key in CHANNEL}, CHANNEL)
    if number(row["camera_no"]) is None:
        return reject("国标编码不是20位数字", {CODE: row["camera_no"], "gbName": row["name"]})
    return name, _settled(tidy(row, CAMERA))


def _recorder(name: str, record: Mapping[str, Any]) -> Yielded:
    row = pick({key: record[key] for key in record if key in DEVICE}, DEVICE)
    said = number(row["device_no"])
    if said is None:
        return reject("设备编码不是20位数字", {"deviceId": row["device_no"], "name": row["name"]})
    row["kind"] = said.kind
    row["state"] = STATES.get((row["state"] or "").upper(), row["state"])
    return name, tidy(row, RECORDER)


def _settled(row: Row) -> Row:
    """What the number says, codes as words; a place at 0, 0 is none."""
    said = number(row["camera_no"])
    if said is not None:
        row["kind"], row["industry"] = said.kind, said.industry
    row["ptz"] = PTZ.get(row["ptz"] or "", row["ptz"])
    row["state"] = STATES.get((row["state"] or "").upper(), row["state"])
    community = row["community_code"] or ""
    row["community_code"] = community if len(community) == 12 and community.isdecimal() else None
    if not any(float(row[each] or 0) for each in ("lng", "lat") if _is_number(row[each])):
        row["lng"] = row["lat"] = None
    return row


def _is_number(text: str | None) -> bool:
    return text is not None and text.replace(".", "", 1).lstrip("-").isdecimal()
