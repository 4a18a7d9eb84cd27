"""物联感知: manhole covers, smoke, electricity, street lamps, ponding; heartbeats and events.

Every device says once an hour that it lives, with its battery and its value; an event comes when
something happens, and again when it is over.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator

from etl.formats import sheet
from etl.formats.cell import Row, Yielded, lacking, pick, reject
from etl.formats.ledger import of_line, tidy
from etl.formats.messages import messages
from warehouse.schema import Column, Table

BEAT = Table(
    label="设备心跳",
    key=("device_no", "beat_at"),
    version=None,
    columns={
        "device_no": Column("text", "设备编号", wall=True),
        "kind": Column("text", "设备类型", wall=True),
        "community_code": Column("text", "社区编码", wall=True),
        "lng": Column("double", "经度", axis="lng"),
        "lat": Column("double", "纬度", axis="lat"),
        "beat_at": Column("timestamp", "心跳时间", wall=True),
        "battery_v": Column("double", "电池电压", unit="V"),
        "signal_dbm": Column("double", "信号强度", unit="dBm"),
        "value": Column("double", "监测值", wall=True),
        "unit": Column("text", "监测值单位", wall=True),
    },
    rules={
        "心跳时间在未来": "beat_at > $recorded_at + INTERVAL 1 HOUR",
        "电压不可信": "battery_v < 0 OR battery_v > 480",
        "坐标不可信": "lng < 73 OR lng > 136 OR lat < 3 OR lat > 54",
    },
)
EVENT = Table(
    label="设备报警",
    key=("event_no",),
    version="updated_at",
    columns={
        "event_no": Column("text", "事件编号", wall=True),
        "device_no": Column("text", "设备编号", wall=True),
        "kind": Column("text", "设备类型", wall=True),
        "event": Column("text", "事件类型", wall=True),
        "level": Column("text", "事件等级", wall=True),
        "community_code": Column("text", "社区编码", wall=True),
        "place": Column("text", "安装位置"),
        "contact": Column("text", "联系人", personal="name"),
        "contact_phone": Column("text", "联系电话", personal="phone"),
        "occurred_at": Column("timestamp", "发生时间", wall=True),
        "value": Column("double", "事件值", wall=True),
        "unit": Column("text", "事件值单位", wall=True),
        "confirmed_at": Column("timestamp", "确认时间", wall=True),
        "recovered_at": Column("timestamp", "恢复时间", wall=True),
        "state": Column("text", "事件状态", wall=True),
        "updated_at": Column("timestamp", "更新时间", wall=True),
    },
    rules={
        "缺发生时间": "occurred_at IS NULL",
        "发生时间在未来": "occurred_at > $recorded_at + INTERVAL 1 HOUR",
        "恢复早于发生": "recovered_at < occurred_at",
        "确认早于发生": "confirmed_at < occurred_at",
    },
    partial=True,  # some makers send of an end only what is new
)
TABLES = {"iot_beat": BEAT, "iot_event": EVENT}
BEAT_FIELDS = {
    "sbbh": "device_no", "sblx": "kind", "sqbm": "community_code", "jd": "lng", "wd": "lat",
    "sj": "beat_at", "dy": "battery_v", "xh": "signal_dbm", "z": "value", "dw": "unit",
}  # fmt: skip
EVENT_FIELDS = {
    "sjbh": "event_no", "sbbh": "device_no", "sblx": "kind", "sjlx": "event", "dj": "level",
    "sqbm": "community_code", "wz": "place", "lxr": "contact", "lxdh": "contact_phone",
    "fssj": "occurred_at", "z": "value", "dw": "unit", "qrsj": "confirmed_at",
    "hfsj": "recovered_at", "zt": "state", "gxsj": "updated_at",
}  # fmt: skip
KINDS = {"hb": ("iot_beat", BEAT_FIELDS), "ev": ("iot_event", EVENT_FIELDS)}
HAND = {**BEAT_FIELDS, **EVENT_FIELDS}
DEVICES = {"jg": "井盖", "yg": "烟感", "dq": "电气火灾", "ld": "路灯", "js": "积水"}
EVENTS = {
    "101": "井盖位移", "102": "井下水位高", "201": "烟雾报警", "202": "烟感拆除", "301": "漏电",
    "302": "线缆过温", "303": "过载", "401": "灯杆漏电", "402": "回路断电", "501": "积水",
    "901": "电量低", "902": "离线",
}  # fmt: skip
LEVELS = {"1": "提示", "2": "一般", "3": "严重"}
STATES = {"0": "报警", "1": "已确认", "2": "已恢复"}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield heartbeats and events as they come, or one of them a line of a list by hand."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] != b"{":
        for line in sheet.read("iot_device", payload, HAND):
            name, fields = KINDS["ev" if "sjbh" in line.cells else "hb"]
            row = of_line(line, TABLES[name], fields)
            yield reject(line.fault, line.cells) if line.fault else _judged(name, row, line.cells)
        return
    for about, body in messages("iot_device", payload):
        kind = body.pop("lx", None) if isinstance(body, dict) else None
        known = KINDS.get(kind) if isinstance(kind, str) else None
        if known is None:
            yield reject("消息类型不明", {"lx": kind, **body} if isinstance(body, dict) else body)
            continue
        table, fields = known
        row = tidy(pick(body, fields), TABLES[table])
        if table == "iot_event":
            row["updated_at"] = row["updated_at"] or about.get("at")
        yield _judged(table, row, body)


def _judged(name: str, row: Row, told: object) -> Yielded:
    """Codes as words; without its numbers it is rejected."""
    missing = lacking(row, TABLES[name].key)
    if missing:
        return reject(f"缺{TABLES[name].columns[missing].label}", told)
    row["kind"] = DEVICES.get(row["kind"] or "", row["kind"])
    if name == "iot_event":
        row["event"] = EVENTS.get(row["event"] or "", row["event"])
        row["level"] = LEVELS.get(row["level"] or "", row["level"])
        row["state"] = STATES.get(row["state"] or "", row["state"])
    return name, row
