"""生态环境监测: air, water, noise and dust by the hour, items by their HJ 212 codes.

One record is a station's hour (or day) with its items; each item becomes a row. A value that the
station marks as not measured is kept without its number.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator

from etl.formats.cell import Row, Yielded, lacking, pick, records, reject
from etl.formats.ledger import ledger, tidy
from warehouse.schema import Column, Table

READING = Table(
    label="环境监测值",
    key=("station", "item", "span", "observed_at"),
    version="updated_at",
    columns={
        "station": Column("text", "监测点编号", wall=True),
        "station_name": Column("text", "监测点名称", wall=True),
        "kind": Column("text", "监测类别", wall=True),
        "community_code": Column("text", "社区编码", wall=True),
        "item": Column("text", "监测因子编码", wall=True),
        "item_name": Column("text", "监测因子", wall=True),
        "span": Column("text", "统计周期", wall=True),
        "observed_at": Column("timestamp", "监测时间", wall=True),
        "value": Column("double", "监测值", wall=True),
        "unit": Column("text", "计量单位", wall=True),
        "flag": Column("text", "数据标记", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "监测时间在未来": "observed_at > $recorded_at + INTERVAL 1 HOUR",
        "统计周期不明": "span NOT IN ('小时', '日')",
        "监测值为负": "value < 0",
        "pH超出0到14": "item = 'w01001' AND value > 14",
        "噪声不可信": "item = 'LA' AND value > 160",
        "浓度不可信": "value > 100000",
    },
)
TABLES = {"env_reading": READING}
STATION = {
    "zdbh": "station", "zdmc": "station_name", "zdlx": "kind", "sqbm": "community_code",
    "zq": "span", "jcsj": "observed_at", "gxsj": "updated_at",
}  # fmt: skip
ITEM = {"yz": "item", "z": "value", "bz": "flag"}
KINDS = {"1": "空气", "2": "地表水", "3": "噪声", "4": "扬尘"}
SPANS = {"H": "小时", "D": "日"}
FLAGS = {"N": "正常", "D": "故障", "F": "停运", "C": "校准", "M": "维护", "T": "超量程"}
ITEMS = {  # HJ 212: name and unit of each item
    "a34004": ("PM2.5", "µg/m³"), "a34002": ("PM10", "µg/m³"), "a34001": ("TSP", "µg/m³"),
    "a21026": ("SO₂", "µg/m³"), "a21004": ("NO₂", "µg/m³"), "a05024": ("O₃", "µg/m³"),
    "a21005": ("CO", "mg/m³"), "LA": ("等效声级", "dB(A)"), "w01001": ("pH", "无量纲"),
    "w01009": ("溶解氧", "mg/L"), "w01018": ("化学需氧量", "mg/L"), "w21003": ("氨氮", "mg/L"),
    "w21011": ("总磷", "mg/L"),
}  # fmt: skip


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one row an item; a table by hand has one row an item already."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] not in (b"{", b"["):
        yield from ledger("environment", payload, "env_reading", READING, settle=_plain)
        return
    for record in records("environment", payload, "result.list"):
        items = record.pop("jcz", None) if isinstance(record, dict) else None
        if not isinstance(items, list):
            yield reject("监测记录没有因子", record)
            continue
        station = pick(record, STATION)
        for each in items:
            row = station | pick(each, ITEM) if isinstance(each, dict) else station
            missing = lacking(row, READING.key)
            if missing:
                yield reject(f"缺{READING.columns[missing].label}", {**record, "jcz": each})
                continue
            yield "env_reading", _plain(tidy(row, READING))


def _plain(row: Row) -> Row:
    """Codes as words; a value that was not measured is none."""
    row["kind"] = KINDS.get(row["kind"] or "", row["kind"])
    row["span"] = SPANS.get(row["span"] or "", row["span"])
    name, unit = ITEMS.get(row["item"] or "", (row.get("item_name") or row["item"], None))
    row["item_name"], row["unit"] = name, unit or row.get("unit")
    if row["flag"] not in (None, "N", "正常"):
        row["value"] = None
    row["flag"] = FLAGS.get(row["flag"] or "", row["flag"])
    return row
