"""民政服务: applications for allowances and care of the street, a weekly XLSX, local dates.

The exported columns carry pinyin initials as the district's system names them; a table typed by
hand may use the Chinese labels.
"""

from __future__ import annotations

from collections.abc import Iterator

from etl.formats.cell import Row, Yielded
from etl.formats.ledger import ledger
from warehouse.schema import Column, Table

SERVICE = Table(
    label="民政业务",
    key=("service_no",),
    version="updated_at",
    columns={
        "service_no": Column("text", "业务编号", wall=True),
        "kind": Column("text", "业务类型", wall=True),
        "applicant": Column("text", "申请人", personal="name"),
        "id_no": Column("text", "身份证号", personal="id_no"),
        "phone": Column("text", "联系电话", personal="phone"),
        "applicant_hash": Column("text", "申请人标识", hash_of="phone"),
        "addr": Column("text", "家庭住址", personal="address"),
        "community_code": Column("text", "社区编码", wall=True),
        "household": Column("integer", "家庭人口", unit="人"),
        "applied_on": Column("date", "申请日期", wall=True),
        "visited_on": Column("date", "入户核查日期"),
        "published_on": Column("date", "公示日期"),
        "due_on": Column("date", "办理期限", wall=True),
        "decided_on": Column("date", "审批日期", wall=True),
        "result": Column("text", "审批结果", wall=True),
        "monthly_yuan": Column("double", "月补助标准(元)", unit="元"),
        "effective_from": Column("date", "起始月份"),
        "stopped_on": Column("date", "停发日期"),
        "stop_reason": Column("text", "停发原因"),
        "state": Column("text", "业务状态", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "缺申请日期": "applied_on IS NULL",
        "申请日期在未来": "applied_on > $recorded_at + INTERVAL 1 HOUR",
        "审批早于申请": "decided_on < applied_on",
        "核查早于申请": "visited_on < applied_on",
        "补助标准为负": "monthly_yuan < 0",
    },
)
TABLES = {"civil_service": SERVICE}
FIELDS = {
    "ywbh": "service_no", "ywlx": "kind", "sqr": "applicant", "sfzh": "id_no", "lxdh": "phone",
    "jtzz": "addr", "sqbm": "community_code", "jtrk": "household", "sqrq": "applied_on",
    "rhhcrq": "visited_on", "gsrq": "published_on", "blqx": "due_on", "sprq": "decided_on",
    "spjg": "result", "ybzje": "monthly_yuan", "qsyf": "effective_from", "tfrq": "stopped_on",
    "tfyy": "stop_reason", "ywzt": "state", "gxsj": "updated_at",
}  # fmt: skip
KINDS = {
    "01": "最低生活保障", "02": "特困供养", "03": "临时救助", "04": "高龄津贴", "05": "居家养老",
    "06": "残疾人两项补贴", "07": "困境儿童", "08": "医疗救助", "09": "优抚", "10": "殡葬补助",
}  # fmt: skip
STATES = {"0": "申请", "1": "入户核查", "2": "公示", "3": "已审批", "4": "停发"}
RESULTS = {"1": "同意", "0": "不予批准", "2": "撤回"}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one application a row; a row without its number cannot be read."""
    yield from ledger(
        "civil_affairs", payload, "civil_service", SERVICE, fields=FIELDS, settle=_plain
    )


def _plain(row: Row) -> Row:
    row["kind"] = KINDS.get((row["kind"] or "").zfill(2), row["kind"])
    row["state"] = STATES.get(row["state"] or "", row["state"])
    row["result"] = RESULTS.get(row["result"] or "", row["result"])
    return row
