"""气象预警与实况: readings of the weather stations and warnings in force, JSON by update time."""

from __future__ import annotations

from collections.abc import Iterator

from etl.formats.cell import Yielded, lacking, pick, records, reject
from warehouse.schema import Column, Table

TABLES = {
    "weather_reading": Table(
        label="气象实况",
        key=("station", "observed_at"),
        version="updated_at",
        columns={
            "station": Column("text", "气象站", wall=True),
            "observed_at": Column("timestamp", "观测时间", wall=True),
            "temp_c": Column("double", "气温", unit="℃", wall=True),
            "humidity_pct": Column("double", "相对湿度", unit="%", wall=True),
            "wind_ms": Column("double", "风速", unit="m/s", wall=True),
            "wind_dir": Column("text", "风向", wall=True),
            "sky": Column("text", "天气", wall=True),
            "rain_1h_mm": Column("double", "1小时降水", unit="mm", wall=True),
            "rain_24h_mm": Column("double", "24小时降水", unit="mm", wall=True),
            "next_6h_low_mm": Column("double", "未来6小时降水下限", unit="mm", wall=True),
            "next_6h_high_mm": Column("double", "未来6小时降水上限", unit="mm", wall=True),
            "updated_at": Column("timestamp", "更新时间", wall=True),
        },
        rules={"观测时间在未来": "observed_at > $recorded_at + INTERVAL 1 HOUR"},
    ),
    "weather_warning": Table(
        label="气象预警",
        key=("warning_no",),
        version="updated_at",
        columns={
            "warning_no": Column("text", "预警编号", wall=True),
            "kind": Column("text", "预警种类", wall=True),
            "level": Column("text", "预警等级", wall=True),
            "issued_at": Column("timestamp", "发布时间", wall=True),
            "ends_at": Column("timestamp", "解除时间", wall=True),
            "state": Column("text", "预警状态", wall=True),
            "summary": Column("text", "预警内容", wall=True),
            "updated_at": Column("timestamp", "更新时间", wall=True),
        },
        rules={
            "缺发布时间": "issued_at IS NULL",
            "预警等级不明": "level IS NULL OR level NOT IN ('蓝', '黄', '橙', '红')",
        },
    ),
}
READING = {
    "stationId": "station", "obsTime": "observed_at", "temp": "temp_c",
    "humidity": "humidity_pct", "windSpeed": "wind_ms", "windDir": "wind_dir", "sky": "sky",
    "rain1h": "rain_1h_mm", "rain24h": "rain_24h_mm", "next6hLow": "next_6h_low_mm",
    "next6hHigh": "next_6h_high_mm", "updateTime": "updated_at",
}  # fmt: skip
WARNING = {
    "warnId": "warning_no", "type": "kind", "level": "level", "issueTime": "issued_at",
    "endTime": "ends_at", "state": "state", "text": "summary", "updateTime": "updated_at",
}  # fmt: skip
KINDS = {"obs": ("weather_reading", READING), "warn": ("weather_warning", WARNING)}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield readings and warnings as they come; a row of another kind cannot be read."""
    for record in records("weather", payload, "data.list"):
        kind = record.pop("kind", None) if isinstance(record, dict) else None
        known = KINDS.get(kind) if isinstance(kind, str) else None
        if known is None:
            yield reject("记录种类不明", {"kind": kind, **record} if kind else record)
            continue
        table, fields = known
        row = pick(record, fields)
        missing = lacking(row, TABLES[table].key)
        if missing:
            yield reject(f"缺{TABLES[table].columns[missing].label}", record)
            continue
        yield table, row
