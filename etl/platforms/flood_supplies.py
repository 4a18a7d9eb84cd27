"""防汛物资与队伍: what lies in the stores, and the teams with their pumps; one XLSX of two sheets.

A table with one of the two alone (CSV, or what somebody copied out) is known by its header.
"""

from __future__ import annotations

from collections.abc import Iterator

from etl.formats import sheet
from etl.formats.cell import Yielded, lacking, pick, reject
from etl.formats.moment import iso
from warehouse.schema import Column, Table

SUPPLY = Table(
    label="防汛物资",
    key=("store_code", "item_code"),
    version="updated_at",
    columns={
        "store_code": Column("text", "仓库编号", wall=True),
        "store": Column("text", "仓库名称", wall=True),
        "community_code": Column("text", "所在社区编码", wall=True),
        "item_code": Column("text", "物资编码", wall=True),
        "item": Column("text", "物资名称", wall=True),
        "spec": Column("text", "规格型号"),
        "unit": Column("text", "计量单位", wall=True),
        "qty": Column("double", "库存数量", wall=True),
        "quota": Column("double", "储备定额", wall=True),
        "keeper": Column("text", "保管员", personal="name"),
        "keeper_phone": Column("text", "保管员电话", personal="phone"),
        "expires_on": Column("date", "有效期至", wall=True),
        "checked_on": Column("date", "最近检查日期", wall=True),
        "lng": Column("double", "经度", axis="lng"),
        "lat": Column("double", "纬度", axis="lat"),
        "updated_at": Column("timestamp", "更新时间", wall=True),
    },
    rules={
        "库存数量为负": "qty < 0",
        "储备定额为负": "quota < 0",
        "检查日期在未来": "checked_on > CAST($recorded_at AS DATE)",
    },
)
TEAM = Table(
    label="抢险队伍",
    key=("team_code",),
    version="updated_at",
    columns={
        "team_code": Column("text", "队伍编号", wall=True),
        "team": Column("text", "队伍名称", wall=True),
        "kind": Column("text", "队伍类别", wall=True),
        "leader": Column("text", "队长", personal="name"),
        "leader_phone": Column("text", "队长电话", personal="phone"),
        "members": Column("integer", "人数", unit="人", wall=True),
        "pumps": Column("integer", "排涝泵", unit="台", wall=True),
        "pump_m3h": Column("double", "排涝能力(m³/h)", unit="m³/h", wall=True),
        "state": Column("text", "队伍状态", wall=True),
        "point": Column("text", "任务点位", wall=True),
        "community_code": Column("text", "社区编码", wall=True),
        "lng": Column("double", "当前经度", axis="lng"),
        "lat": Column("double", "当前纬度", axis="lat"),
        "updated_at": Column("timestamp", "状态时间", wall=True),
    },
    rules={
        "队伍状态不明": "state IS NULL OR state NOT IN ('待命', '出动', '作业', '归队')",
        "人数不可信": "members < 0 OR members > 2000",
        "状态时间在未来": "updated_at > $recorded_at + INTERVAL 1 HOUR",
    },
)
TABLES = {"flood_supply": SUPPLY, "flood_team": TEAM}
SHEETS = {"flood_supply": "物资库存", "flood_team": "排涝队伍"}
HEADERS = {
    name: {column.label: ours for ours, column in table.columns.items()}
    for name, table in TABLES.items()
}
BOTH = {label: name for header in HEADERS.values() for label, name in header.items()}
STATES = {"1": "待命", "2": "出动", "3": "作业", "4": "归队"}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield supplies and teams; a row without its numbers cannot be read."""
    if not sheet.is_book(payload):
        for line in sheet.read("flood_supplies", payload, BOTH):
            yield _row("flood_team" if "队伍编号" in line.cells else "flood_supply", line)
        return
    for name, title in SHEETS.items():
        shape = sheet.Shape(sheet=title)
        for line in sheet.read("flood_supplies", payload, HEADERS[name], shape):
            yield _row(name, line)


def _row(name: str, line: sheet.Line) -> Yielded:
    table = TABLES[name]
    row = pick(line.cells, HEADERS[name])
    missing = lacking(row, table.key)
    if line.fault or missing:
        return reject(line.fault or f"缺{table.columns[missing or ''].label}", line.cells)
    for ours, column in table.columns.items():
        value = row[ours]
        if value and column.type in ("timestamp", "date"):
            moment = iso(value) or value
            row[ours] = moment.removesuffix("T00:00:00") if column.type == "date" else moment
        elif value and column.type in ("double", "integer"):
            row[ours] = value.replace(",", "")
    if name == "flood_team":
        row["state"] = STATES.get(row["state"] or "", row["state"])
    return name, row
