"""网格综合应用平台: events of the grids and staff on duty a day, JSON by update time, local times.

Columns carry pinyin initials, every number comes as text, states and channels as codes. Events and
duty days share one listing; `lx` tells them apart.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from typing import Final

from etl.formats import flow
from etl.formats.cell import Row, Yielded, lacking, pick, records, reject
from etl.formats.ledger import ledger, tidy
from warehouse.schema import Column, Table

EVENT = Table(
    label="网格事件",
    key=("event_no",),
    version="updated_at",
    columns={
        "event_no": Column("text", "事件编号", wall=True),
        "channel": Column("text", "上报渠道", wall=True),
        "class_code": Column("text", "事件分类编码", wall=True),
        "class_name": Column("text", "事件分类", wall=True),
        "grade": Column("text", "事件等级", wall=True),
        "people_count": Column("integer", "涉及人数", unit="人"),
        "staff_no": Column("text", "网格员编号"),
        "reporter_phone": Column("text", "上报人电话", personal="phone"),
        "reporter_hash": Column("text", "上报人标识", hash_of="reporter_phone"),
        "community_code": Column("text", "社区编码", wall=True),
        "grid_code": Column("text", "网格编码", wall=True),
        "place": Column("text", "发生地点", scrub=True),
        "lng": Column("double", "经度", unit="°", personal="point", axis="lng"),
        "lat": Column("double", "纬度", unit="°", personal="point", axis="lat"),
        "content": Column("text", "事件描述", scrub=True),
        "reported_at": Column("timestamp", "上报时间", wall=True),
        "accepted_at": Column("timestamp", "受理时间", wall=True),
        "assigned_at": Column("timestamp", "派遣时间", wall=True),
        "unit": Column("text", "处置单位", wall=True),
        "signed_at": Column("timestamp", "签收时间", wall=True),
        "due_at": Column("timestamp", "处置时限", wall=True),
        "handled_at": Column("timestamp", "处置时间", wall=True),
        "verified_at": Column("timestamp", "核查时间"),
        "closed_at": Column("timestamp", "结案时间", wall=True),
        "level": Column("text", "处置层级", wall=True),
        "self_handled": Column("boolean", "自处置", wall=True),
        "valid": Column("boolean", "有效上报", wall=True),
        "photos_before": Column("integer", "处置前照片", unit="张"),
        "photos_after": Column("integer", "处置后照片", unit="张"),
        "satisfaction": Column("text", "满意度"),
        "state": Column("text", "事件状态", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "缺上报时间": "reported_at IS NULL",
        "上报时间在未来": "reported_at > $recorded_at + INTERVAL 1 HOUR",
        "结案早于上报": "closed_at < reported_at",
        "处置早于上报": "handled_at < reported_at",
        "坐标不在本市": "lng < 118 OR lng > 119.5 OR lat < 31 OR lat > 33",
    },
)
DUTY = Table(
    label="网格员在岗",
    key=("on_day", "staff_no"),
    version="updated_at",
    columns={
        "on_day": Column("date", "日期", wall=True),
        "staff_no": Column("text", "网格员编号"),
        "staff_kind": Column("text", "网格员类别", wall=True),
        "community_code": Column("text", "社区编码", wall=True),
        "grid_code": Column("text", "网格编码", wall=True),
        "expected": Column("boolean", "应在岗", wall=True),
        "online_minutes": Column("integer", "在线时长", unit="分钟", wall=True),
        "first_at": Column("timestamp", "首次上线"),
        "last_at": Column("timestamp", "最近上线"),
        "track_km": Column("double", "巡查里程", unit="km", wall=True),
        "visits": Column("integer", "走访户数", unit="户", wall=True),
        "reports": Column("integer", "上报事件数", unit="件", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "日期在未来": "on_day > $recorded_at + INTERVAL 1 HOUR",
        "在线时长不可信": "online_minutes < 0 OR online_minutes > 1440",
        "巡查里程不可信": "track_km < 0 OR track_km > 300",
    },
)
TABLES = {"grid_event": EVENT, "grid_duty": DUTY}
EVENTS = {
    "sjbh": "event_no", "sjly": "channel", "sjfl": "class_code", "sjflmc": "class_name",
    "sjdj": "grade", "sjrs": "people_count", "wgybh": "staff_no", "sbrdh": "reporter_phone",
    "sqbm": "community_code", "wgbm": "grid_code", "fsdd": "place", "jd": "lng", "wd": "lat",
    "sjms": "content", "sbsj": "reported_at", "slsj": "accepted_at", "pqsj": "assigned_at",
    "czdw": "unit", "qssj": "signed_at", "czsx": "due_at", "czsj": "handled_at",
    "hcsj": "verified_at", "jasj": "closed_at", "czcj": "level", "sfzcz": "self_handled",
    "sfyx": "valid", "czqzp": "photos_before", "czhzp": "photos_after", "myd": "satisfaction",
    "sjzt": "state", "gxsj": "updated_at",
}  # fmt: skip
DUTIES = {
    "rq": "on_day", "wgybh": "staff_no", "wgylb": "staff_kind", "sqbm": "community_code",
    "wgbm": "grid_code", "sfyzg": "expected", "zxsc": "online_minutes", "scsx": "first_at",
    "zjsx": "last_at", "xclc": "track_km", "zfhs": "visits", "sbsl": "reports",
    "gxsj": "updated_at",
}  # fmt: skip
KINDS: Final = {"sj": ("grid_event", EVENTS), "zg": ("grid_duty", DUTIES)}
CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "channel": {
        "01": "网格员巡查", "02": "走访", "03": "群众上报", "04": "小程序", "05": "视频AI",
        "06": "12345转", "07": "部门转",
    },
    "grade": {"1": "一般", "2": "较大", "3": "重大", "4": "特大"},
    "level": {"1": "网格", "2": "村社", "3": "街道", "4": "区"},
    "state": {
        "0": "待接收", "1": "待派遣", "2": "待处理", "3": "待核查", "4": "待结案", "5": "已结案",
        "9": "作废",
    },
    "satisfaction": {"1": "满意", "2": "基本满意", "3": "不满意"},
    "staff_kind": {"1": "专职", "2": "兼职"},
}  # fmt: skip
CLASSES: Final = {  # the platform sends codes of 2 + 3 digits; the first two are these
    "01": "矛盾纠纷", "02": "公共安全隐患", "03": "治安防控", "04": "市容环境", "05": "生态环境",
    "06": "民生服务", "07": "特殊人群服务", "08": "流动人口与出租房", "09": "安全生产",
    "10": "市场监管", "11": "宣传与走访", "99": "其他",
}  # fmt: skip


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield events and duty days as they come; an export by hand has events only."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] not in (b"{", b"["):
        yield from ledger("grid_event", payload, "grid_event", EVENT, fields=EVENTS, settle=_plain)
        return
    for record in records("grid_event", payload, "data.rows"):
        kind = record.pop("lx", None) if isinstance(record, dict) else None
        known = KINDS.get(kind) if isinstance(kind, str) else None
        if known is None:
            yield reject("记录类型不明", {"lx": kind, **record} if kind else record)
            continue
        name, fields = known
        row = pick(record, fields)
        missing = lacking(row, TABLES[name].key)
        if missing:
            yield reject(f"缺{TABLES[name].columns[missing].label}", record)
            continue
        yield name, _plain(tidy(row, TABLES[name]))


def _plain(row: Row) -> Row:
    """Codes as the words that users read; a class without a name has that of its group."""
    flow.worded(row, CODES)
    if "class_code" in row and not row["class_name"]:
        row["class_name"] = CLASSES.get((row["class_code"] or "")[:2])
    return row
