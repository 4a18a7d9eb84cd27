"""秸秆禁烧与森林防火: alarms of the watch towers, pushed as they happen, with a small picture.

An alarm comes again with each step of its handling, then without the picture: the rows complete
each other. The picture stays in the raw archive; its size and digest tell which one it was. A
heartbeat (xt) only says that the towers can see.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from codecs import BOM_UTF8
from collections.abc import Iterator

from etl.formats.cell import Row, Yielded, lacking, pick, reject
from etl.formats.ledger import ledger, tidy
from etl.formats.messages import messages
from warehouse.schema import Column, Table

ALARM = Table(
    label="烟火报警",
    key=("alarm_no",),
    version="updated_at",
    columns={
        "alarm_no": Column("text", "报警编号", wall=True),
        "kind": Column("text", "报警类型", wall=True),
        "level": Column("text", "报警等级", wall=True),
        "tower": Column("text", "瞭望塔编号", wall=True),
        "tower_name": Column("text", "瞭望塔名称", wall=True),
        "alarmed_at": Column("timestamp", "报警时间", wall=True),
        "lng": Column("double", "经度", wall=True, axis="lng"),
        "lat": Column("double", "纬度", wall=True, axis="lat"),
        "bearing_deg": Column("double", "方位角(°)", unit="°"),
        "distance_m": Column("double", "距离(m)", unit="m"),
        "confidence": Column("double", "置信度"),
        "community_code": Column("text", "社区编码", wall=True),
        "grid_code": Column("text", "网格编码", wall=True),
        "unit": Column("text", "处置单位", wall=True),
        "confirmed_at": Column("timestamp", "核实时间", wall=True),
        "handled_at": Column("timestamp", "处置时间", wall=True),
        "burnt_m2": Column("double", "过火面积(m²)", unit="m²", wall=True),
        "handler": Column("text", "处置人", personal="name"),
        "note": Column("text", "处置说明", scrub=True),
        "state": Column("text", "报警状态", wall=True),
        "photo_bytes": Column("integer", "图片大小", unit="B"),
        "photo_sha256": Column("text", "图片摘要"),
        "updated_at": Column("timestamp", "更新时间", wall=True),
    },
    rules={
        "缺报警时间": "alarmed_at IS NULL",
        "报警时间在未来": "alarmed_at > $recorded_at + INTERVAL 1 HOUR",
        "处置早于报警": "handled_at < alarmed_at",
        "核实早于报警": "confirmed_at < alarmed_at",
        "坐标不可信": "lng < 73 OR lng > 136 OR lat < 3 OR lat > 54",
    },
    partial=True,
)
TABLES = {"straw_fire_alarm": ALARM}
FIELDS = {
    "bjbh": "alarm_no", "bjlx": "kind", "bjdj": "level", "lwtbh": "tower", "lwtmc": "tower_name",
    "bjsj": "alarmed_at", "jd": "lng", "wd": "lat", "fwj": "bearing_deg", "jl": "distance_m",
    "zxd": "confidence", "sqbm": "community_code", "wgbm": "grid_code", "czdw": "unit",
    "hssj": "confirmed_at", "czsj": "handled_at", "ghmj": "burnt_m2", "czr": "handler",
    "czsm": "note", "zt": "state", "gxsj": "updated_at",
}  # fmt: skip
CODES = {
    "kind": {"1": "烟雾", "2": "明火", "3": "热点"},
    "level": {"1": "一般", "2": "较重", "3": "严重"},
    "state": {"0": "新报警", "1": "已派处", "2": "已处置", "3": "误报"},
}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one row a message; a list by hand (XLSX, CSV) has one row an alarm."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] != b"{":
        yield from ledger(
            "straw_fire", payload, "straw_fire_alarm", ALARM, fields=FIELDS, settle=_plain
        )
        return
    for about, body in messages("straw_fire", payload):
        if not isinstance(body, dict):
            yield reject("报警不是一条记录", body)
            continue
        if "xt" in body and "bjbh" not in body:
            continue
        picture = body.pop("tp", None)
        row = pick(body, FIELDS)
        if lacking(row, ALARM.key):
            yield reject("缺报警编号", body)
            continue
        row["updated_at"] = row["updated_at"] or about.get("at")
        yield "straw_fire_alarm", _plain(tidy(row | _of_picture(picture), ALARM))


def _of_picture(picture: object) -> Row:
    """Size and digest of a picture in base64; nothing where there is none."""
    none: Row = {"photo_bytes": None, "photo_sha256": None}
    if not isinstance(picture, str) or not picture:
        return none
    try:
        data = base64.b64decode(picture.partition(",")[2] or picture, validate=True)
    except (binascii.Error, ValueError):
        return none
    return {"photo_bytes": str(len(data)), "photo_sha256": hashlib.sha256(data).hexdigest()}


def _plain(row: Row) -> Row:
    """Codes as the words that users read."""
    for name, words in CODES.items():
        row[name] = words.get(row[name] or "", row[name])
    return row
