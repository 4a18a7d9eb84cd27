"""泵站闸门运行监控: levels on both sides, pumps at work, gates open, a message a station and time.

The names are those of SL 323 (ST_PUMP_R, ST_WAS_R, ST_GATE_R). The water bureau's dump is a CSV
with the same columns; which of the two it is says its header.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator

from etl.formats import sheet
from etl.formats.cell import Row, Yielded, lacking, pick, reject
from etl.formats.ledger import of_line, tidy
from etl.formats.messages import messages
from warehouse.schema import Column, Table

PUMP = Table(
    label="泵站读数",
    key=("station", "observed_at"),
    version=None,
    columns={
        "station": Column("text", "泵站编码", wall=True),
        "name": Column("text", "泵站名称", wall=True),
        "observed_at": Column("timestamp", "监测时间", wall=True),
        "inner_m": Column("double", "站上水位", unit="m", wall=True),
        "outer_m": Column("double", "站下水位", unit="m", wall=True),
        "pumps_on": Column("integer", "开机台数", unit="台", wall=True),
        "pumps_all": Column("integer", "装机台数", unit="台", wall=True),
        "power_kw": Column("double", "开机功率", unit="kW", wall=True),
        "flow_m3s": Column("double", "抽水流量", unit="m³/s", wall=True),
        "fault": Column("text", "故障", wall=True),
    },
    rules={
        "监测时间在未来": "observed_at > $recorded_at + INTERVAL 1 HOUR",
        "开机多于装机": "pumps_on > pumps_all",
        "开机台数为负": "pumps_on < 0",
        "流量或功率为负": "flow_m3s < 0 OR power_kw < 0",
        "水位不可信": "inner_m < -100 OR inner_m > 9000 OR outer_m < -100 OR outer_m > 9000",
    },
)
GATE = Table(
    label="闸门读数",
    key=("station", "observed_at"),
    version=None,
    columns={
        "station": Column("text", "闸站编码", wall=True),
        "name": Column("text", "闸站名称", wall=True),
        "observed_at": Column("timestamp", "监测时间", wall=True),
        "upper_m": Column("double", "闸上水位", unit="m", wall=True),
        "lower_m": Column("double", "闸下水位", unit="m", wall=True),
        "gates_open": Column("integer", "开启孔数", unit="孔", wall=True),
        "gates_all": Column("integer", "总孔数", unit="孔", wall=True),
        "height_m": Column("double", "开启高度", unit="m", wall=True),
        "flow_m3s": Column("double", "过闸流量", unit="m³/s", wall=True),
        "fault": Column("text", "故障", wall=True),
    },
    rules={
        "监测时间在未来": "observed_at > $recorded_at + INTERVAL 1 HOUR",
        "开启多于总孔数": "gates_open > gates_all",
        "开启高度不可信": "height_m < 0 OR height_m > 30",
        "水位不可信": "upper_m < -100 OR upper_m > 9000 OR lower_m < -100 OR lower_m > 9000",
    },
)
TABLES = {"pump_reading": PUMP, "gate_reading": GATE}
STATION = {"STCD": "station", "STNM": "name", "TM": "observed_at", "GZ": "fault"}
FIELDS = {
    "pump_reading": STATION | {
        "PPUPZ": "inner_m", "PPDWZ": "outer_m", "OMCN": "pumps_on", "ZJTS": "pumps_all",
        "OMPWR": "power_kw", "PMPQ": "flow_m3s",
    },
    "gate_reading": STATION | {
        "UPZ": "upper_m", "DWZ": "lower_m", "GTOPNUM": "gates_open", "ZKS": "gates_all",
        "GTOPHGT": "height_m", "GTQ": "flow_m3s",
    },
}  # fmt: skip
KINDS = {"DP": "pump_reading", "DD": "gate_reading"}
FAULTS = {"0": None, "1": "通信中断", "2": "机组故障", "3": "水位计故障", "4": "断电"}
DUMP = {name: name for fields in FIELDS.values() for name in fields}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one reading a message, or one a line of the dump."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] != b"{":
        for line in sheet.read("pump_gate", payload, DUMP):
            name = "gate_reading" if "GTOPHGT" in line.cells else "pump_reading"
            row = of_line(line, TABLES[name], FIELDS[name])
            yield reject(line.fault, line.cells) if line.fault else _judged(name, row, line.cells)
        return
    for _, body in messages("pump_gate", payload):
        kind = body.pop("STTP", None) if isinstance(body, dict) else None
        table = KINDS.get(kind) if isinstance(kind, str) else None
        if table is None:
            yield reject("站类不明", {"STTP": kind, **body} if isinstance(body, dict) else body)
            continue
        yield _judged(table, tidy(pick(body, FIELDS[table]), TABLES[table]), body)


def _judged(name: str, row: Row, told: object) -> Yielded:
    missing = lacking(row, TABLES[name].key)
    if missing:
        return reject(f"缺{TABLES[name].columns[missing].label}", told)
    row["fault"] = FAULTS.get(row["fault"] or "0", row["fault"])
    return name, row
