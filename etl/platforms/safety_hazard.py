"""安全生产与消防隐患: hazards found at shops and works, with their deadline and the recheck.

JSON by page number; the emergency office also sends the same ledger by hand (XLSX, CSV).
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator

from etl.formats.cell import Row, Yielded, lacking, pick, records, reject
from etl.formats.ledger import ledger, tidy
from warehouse.schema import Column, Table

HAZARD = Table(
    label="安全隐患",
    key=("hazard_no",),
    version="updated_at",
    columns={
        "hazard_no": Column("text", "隐患编号", wall=True),
        "check_kind": Column("text", "检查类型", wall=True),
        "subject": Column("text", "单位名称"),
        "subject_kind": Column("text", "单位类别", wall=True),
        "category": Column("text", "隐患类别", wall=True),
        "grade": Column("text", "隐患等级", wall=True),
        "description": Column("text", "隐患描述", scrub=True),
        "addr": Column("text", "地址", personal="address"),
        "community_code": Column("text", "社区编码", wall=True),
        "grid_code": Column("text", "网格编码", wall=True),
        "unit": Column("text", "检查单位", wall=True),
        "inspector": Column("text", "检查人", personal="names"),
        "contact": Column("text", "单位联系人", personal="name"),
        "contact_phone": Column("text", "联系电话", personal="phone"),
        "found_at": Column("timestamp", "发现时间", wall=True),
        "due_on": Column("date", "整改期限", wall=True),
        "fixed_at": Column("timestamp", "整改完成时间", wall=True),
        "rechecked_at": Column("timestamp", "复查时间", wall=True),
        "passed": Column("boolean", "复查合格", wall=True),
        "listed": Column("boolean", "挂牌督办", wall=True),
        "state": Column("text", "隐患状态", wall=True),
        "updated_at": Column("timestamp", "更新时间", wall=True),
    },
    rules={
        "缺发现时间": "found_at IS NULL",
        "发现时间在未来": "found_at > $recorded_at + INTERVAL 1 HOUR",
        "整改早于发现": "fixed_at < found_at",
        "复查合格早于整改": "passed AND rechecked_at < fixed_at",
        "期限早于发现": "due_on < CAST(found_at AS DATE)",
    },
)
TABLES = {"safety_hazard": HAZARD}
FIELDS = {
    "yhbh": "hazard_no", "jclx": "check_kind", "dwmc": "subject", "dwlb": "subject_kind",
    "yhlb": "category", "yhdj": "grade", "yhms": "description", "dz": "addr",
    "sqbm": "community_code", "wgbm": "grid_code", "jcdw": "unit", "jcr": "inspector",
    "lxr": "contact", "lxdh": "contact_phone", "fxsj": "found_at", "zgqx": "due_on",
    "zgsj": "fixed_at", "fcsj": "rechecked_at", "fchg": "passed", "gpdb": "listed",
    "zt": "state", "gxsj": "updated_at",
}  # fmt: skip
CODES = {
    "check_kind": {
        "1": "日常检查", "2": "专项检查", "3": "双随机", "4": "消防检查", "5": "群众举报",
    },
    "category": {
        "01": "消防安全", "02": "用电安全", "03": "燃气安全", "04": "危险化学品", "05": "特种设备",
        "06": "有限空间", "07": "建筑施工", "08": "出租房屋", "09": "粉尘防爆", "99": "其他",
    },
    "subject_kind": {
        "01": "工业企业", "02": "沿街商铺", "03": "餐饮场所", "04": "建筑工地", "05": "出租房",
        "06": "人员密集场所", "07": "农业设施",
    },
    "grade": {"1": "一般", "2": "重大"},
    "state": {"10": "待整改", "20": "待复查", "30": "已销号", "40": "逾期未改"},
}  # fmt: skip


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one hazard a record; one without a number cannot be read."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] not in (b"{", b"["):
        yield from ledger(
            "safety_hazard", payload, "safety_hazard", HAZARD, fields=FIELDS, settle=_plain
        )
        return
    for record in records("safety_hazard", payload, "data.rows"):
        if not isinstance(record, dict):
            yield reject("隐患不是一条记录", record)
            continue
        row = pick(record, FIELDS)
        if lacking(row, HAZARD.key):
            yield reject("缺隐患编号", record)
            continue
        yield "safety_hazard", _plain(tidy(row, HAZARD))


def _plain(row: Row) -> Row:
    """Codes as the words that users read."""
    for name, words in CODES.items():
        row[name] = words.get(row[name] or "", row[name])
    return row
