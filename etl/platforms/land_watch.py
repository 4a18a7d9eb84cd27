"""智慧控违监管: drone flights, the spots found by comparing them, and what became of each.

A spot's outline comes as WKT or as GeoJSON (CGCS2000) and is kept as WKT. The photos come beside
the records, in the inbox or in a ZIP; a record names their files.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any

from etl.formats.cell import Row, Yielded, lacking, pick, records, reject
from etl.formats.ledger import ledger, tidy
from warehouse.schema import Column, Table

FLIGHT = Table(
    label="航飞记录",
    key=("flight_no",),
    version="updated_at",
    columns={
        "flight_no": Column("text", "航次编号", wall=True),
        "flown_at": Column("timestamp", "飞行时间", wall=True),
        "area_km2": Column("double", "覆盖面积(km²)", unit="km²", wall=True),
        "photos": Column("integer", "照片数", unit="张", wall=True),
        "gsd_cm": Column("double", "地面分辨率(cm)", unit="cm"),
        "compared_with": Column("text", "对比航次", wall=True),
        "spots": Column("integer", "疑似图斑数", unit="处", wall=True),
        "state": Column("text", "航次状态", wall=True),
        "updated_at": Column("timestamp", "航次更新时间"),
    },
    rules={
        "缺飞行时间": "flown_at IS NULL",
        "飞行时间在未来": "flown_at > $recorded_at + INTERVAL 1 HOUR",
        "覆盖面积不可信": "area_km2 <= 0 OR area_km2 > 2000",
    },
)
CLUE = Table(
    label="违建图斑",
    key=("clue_no",),
    version="updated_at",
    columns={
        "clue_no": Column("text", "图斑编号", wall=True),
        "origin": Column("text", "发现来源", wall=True),
        "flight_no": Column("text", "后期航次", wall=True),
        "flight_before": Column("text", "前期航次", wall=True),
        "polygon": Column("text", "图斑范围", axis="outline"),
        "lng": Column("double", "中心经度", axis="lng"),
        "lat": Column("double", "中心纬度", axis="lat"),
        "area_m2": Column("double", "图斑面积(m²)", unit="m²", wall=True),
        "height_m": Column("double", "高度(m)", unit="m"),
        "change_type": Column("text", "变化类型", wall=True),
        "confidence": Column("double", "置信度"),
        "photo_before": Column("text", "前期影像"),
        "photo_after": Column("text", "后期影像"),
        "community_code": Column("text", "社区编码", wall=True),
        "grid_code": Column("text", "网格编码", wall=True),
        "addr": Column("text", "位置", personal="address"),
        "owner": Column("text", "当事人", personal="name"),
        "owner_phone": Column("text", "当事人电话", personal="phone"),
        "permit_no": Column("text", "规划许可证号"),
        "structure": Column("text", "建筑结构"),
        "floors": Column("integer", "层数"),
        "found_at": Column("timestamp", "发现时间", wall=True),
        "dispatched_at": Column("timestamp", "派单时间", wall=True),
        "check_due_at": Column("timestamp", "核查时限", wall=True),
        "checker": Column("text", "核查人", personal="name"),
        "checked_at": Column("timestamp", "核查时间", wall=True),
        "verdict": Column("text", "认定结果", wall=True),
        "is_new": Column("boolean", "新增违建", wall=True),
        "stop_ordered_at": Column("timestamp", "责令停止时间", wall=True),
        "filed_at": Column("timestamp", "立案时间", wall=True),
        "decided_at": Column("timestamp", "拆除决定时间", wall=True),
        "urged_at": Column("timestamp", "催告时间", wall=True),
        "demolished_at": Column("timestamp", "拆除时间", wall=True),
        "demolished_m2": Column("double", "拆除面积(m²)", unit="m²", wall=True),
        "demolish_kind": Column("text", "拆除方式", wall=True),
        "cleared_at": Column("timestamp", "销号时间", wall=True),
        "rechecked_at": Column("timestamp", "复查时间", wall=True),
        "rebuilt": Column("boolean", "复建", wall=True),
        "unit": Column("text", "承办单位", wall=True),
        "state": Column("text", "图斑状态", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "缺发现时间": "found_at IS NULL",
        "发现时间在未来": "found_at > $recorded_at + INTERVAL 1 HOUR",
        "核查早于发现": "checked_at < found_at",
        "拆除早于核查": "demolished_at < checked_at",
        "销号早于核查": "cleared_at < checked_at",
        "图斑面积不可信": "area_m2 <= 0 OR area_m2 > 1000000",
        "图斑范围不是面": "polygon NOT LIKE 'POLYGON%' AND polygon NOT LIKE 'MULTIPOLYGON%'",
    },
)
TABLES = {"land_flight": FLIGHT, "land_clue": CLUE}
PICTURES = {"land_clue": ("photo_before", "photo_after")}
FLIGHT_FIELDS = {
    "hcbh": "flight_no", "fxsj": "flown_at", "fgmj": "area_km2", "zps": "photos",
    "fbl": "gsd_cm", "dbhc": "compared_with", "tbs": "spots", "hczt": "state",
    "gxsj": "updated_at",
}  # fmt: skip
CLUE_FIELDS = {
    "tbbh": "clue_no", "fxly": "origin", "hqhc": "flight_no", "qqhc": "flight_before",
    "tbfw": "polygon", "zxjd": "lng", "zxwd": "lat", "mj": "area_m2", "gd": "height_m",
    "bhlx": "change_type", "zxd": "confidence", "qqyx": "photo_before", "hqyx": "photo_after",
    "sqbm": "community_code", "wgbm": "grid_code", "wz": "addr", "dsr": "owner",
    "dsrdh": "owner_phone", "xkzh": "permit_no", "jg": "structure", "cs": "floors",
    "faxsj": "found_at", "pdsj": "dispatched_at", "hcsx": "check_due_at", "hcr": "checker",
    "hcsj": "checked_at", "rdjg": "verdict", "sfxz": "is_new", "zltzsj": "stop_ordered_at",
    "lasj": "filed_at", "jdsj": "decided_at", "cgsj": "urged_at", "ccsj": "demolished_at",
    "ccmj": "demolished_m2", "ccfs": "demolish_kind", "xhsj": "cleared_at",
    "fcsj": "rechecked_at", "sffj": "rebuilt", "cbdw": "unit", "tbzt": "state",
    "gxsj": "updated_at",
}  # fmt: skip
KINDS = {"HC": ("land_flight", FLIGHT_FIELDS), "TB": ("land_clue", CLUE_FIELDS)}
CODES = {
    "origin": {"1": "无人机比对", "2": "网格巡查", "3": "群众举报", "4": "卫片执法"},
    "change_type": {
        "01": "新增房屋", "02": "加层", "03": "彩钢棚", "04": "地面硬化", "05": "推土",
        "06": "临时棚",
    },
    "verdict": {
        "0": "合法", "1": "已批", "2": "未批先建", "3": "少批多建", "4": "批新不拆旧",
        "5": "临时超期", "6": "历史存量",
    },
    "demolish_kind": {"1": "自行拆除", "2": "助拆", "3": "强制拆除"},
}  # fmt: skip
STATES = {
    "land_flight": {"1": "已飞行", "2": "已比对"},
    "land_clue": {
        "10": "待派单", "20": "待核查", "30": "不属实", "40": "责令整改", "50": "立案查处",
        "60": "已拆除", "70": "已销号", "80": "复建",
    },
}  # fmt: skip


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield flights and spots as they come; a ledger by hand holds spots only."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] not in (b"{", b"["):
        yield from ledger(
            "land_watch", payload, "land_clue", CLUE, fields=CLUE_FIELDS, settle=_plain_clue
        )
        return
    for record in records("land_watch", payload, "data.list"):
        kind = record.pop("lx", None) if isinstance(record, dict) else None
        known = KINDS.get(kind) if isinstance(kind, str) else None
        if known is None:
            yield reject("记录种类不明", {"lx": kind, **record} if kind else record)
            continue
        table, fields = known
        row = pick(record, fields)
        missing = lacking(row, TABLES[table].key)
        if missing:
            yield reject(f"缺{TABLES[table].columns[missing].label}", record)
            continue
        yield table, _plain(table, tidy(row, TABLES[table]))


def _plain_clue(row: Row) -> Row:
    return _plain("land_clue", row)


def _plain(table: str, row: Row) -> Row:
    """Codes as the words that users read, an outline as WKT."""
    for name, words in CODES.items():
        if name in row:
            row[name] = words.get(row[name] or "", row[name])
    row["state"] = STATES[table].get(row.get("state") or "", row.get("state"))
    outline = row.get("polygon")
    if outline and outline.startswith("{"):
        row["polygon"] = wkt(outline) or outline
    return row


def wkt(geojson: str) -> str | None:
    """A GeoJSON polygon as WKT; None when it is none."""
    try:
        shape: Any = json.loads(geojson)
        if shape["type"] != "Polygon":
            return None
        rings = [", ".join(f"{p[0]} {p[1]}" for p in ring) for ring in shape["coordinates"]]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None
    return f"POLYGON ({', '.join(f'({ring})' for ring in rings)})" if rings else None
