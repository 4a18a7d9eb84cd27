"""政务服务一网通办: matters handled at the street's service hall, JSON by version number.

Each change of a matter raises its version, and the platform is asked for what lies above the last
one. Times are naive local, ratings are those of 好差评, one to five.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from typing import Final

from etl.formats import flow
from etl.formats.cell import Row, Yielded, lacking, pick, records, reject
from etl.formats.ledger import ledger, tidy
from warehouse.schema import Column, Table

CASE = Table(
    label="政务办件",
    key=("case_no",),
    version="version_no",
    columns={
        "case_no": Column("text", "办件编号", wall=True),
        "item_code": Column("text", "事项编码", wall=True),
        "item_name": Column("text", "事项名称", wall=True),
        "item_kind": Column("text", "办件类型", wall=True),
        "theme": Column("text", "事项主题", wall=True),
        "window": Column("text", "窗口", wall=True),
        "channel": Column("text", "申请渠道", wall=True),
        "subject_kind": Column("text", "申请人类型", wall=True),
        "applicant": Column("text", "申请人", personal="name"),
        "id_no": Column("text", "证件号码", personal="id_no"),
        "phone": Column("text", "联系电话", personal="phone"),
        "applicant_hash": Column("text", "申请人标识", hash_of="phone"),
        "community_code": Column("text", "社区编码", wall=True),
        "wait_minutes": Column("integer", "等候时长", unit="分钟", wall=True),
        "accepted_at": Column("timestamp", "受理时间", wall=True),
        "promise_workdays": Column("integer", "承诺时限", unit="工作日", wall=True),
        "due_at": Column("timestamp", "办结期限", wall=True),
        "closed_at": Column("timestamp", "办结时间", wall=True),
        "result": Column("text", "办理结果", wall=True),
        "rating": Column("integer", "好差评", wall=True),
        "rated_at": Column("timestamp", "评价时间", wall=True),
        "rating_note": Column("text", "评价内容", scrub=True),
        "amended_at": Column("timestamp", "差评整改时间", wall=True),
        "state": Column("text", "办件状态", wall=True),
        "version_no": Column("integer", "版本号"),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "缺受理时间": "accepted_at IS NULL",
        "受理时间在未来": "accepted_at > $recorded_at + INTERVAL 1 HOUR",
        "办结早于受理": "closed_at < accepted_at",
        "评价早于受理": "rated_at < accepted_at",
        "评价不在一到五": "rating < 1 OR rating > 5",
        "等候时长为负": "wait_minutes < 0",
    },
)
TABLES = {"service_case": CASE}
FIELDS = {
    "bjbh": "case_no", "sxbm": "item_code", "sxmc": "item_name", "bjlx": "item_kind",
    "sxzt": "theme", "ckh": "window", "sqqd": "channel", "sqrlx": "subject_kind",
    "sqr": "applicant", "zjhm": "id_no", "lxdh": "phone", "sqbm": "community_code",
    "ddsc": "wait_minutes", "slsj": "accepted_at", "cnsx": "promise_workdays", "bjqx": "due_at",
    "bjsj": "closed_at", "bljg": "result", "hcp": "rating", "pjsj": "rated_at",
    "pjnr": "rating_note", "zgsj": "amended_at", "bjzt": "state", "bbh": "version_no",
    "gxsj": "updated_at",
}  # fmt: skip
CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "item_kind": {"1": "即办件", "2": "承诺件"},
    "channel": {"1": "窗口", "2": "网上", "3": "自助机", "4": "掌上"},
    "subject_kind": {"1": "个人", "2": "企业"},
    "result": {"1": "准予", "2": "不予", "3": "撤回"},
    "state": {"1": "受理", "2": "补正", "3": "审查", "4": "办结", "5": "已评价", "6": "差评已整改"},
}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one matter a row; one without number or version cannot be read."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] not in (b"{", b"["):
        yield from ledger(
            "gov_service", payload, "service_case", CASE, fields=FIELDS, settle=_plain
        )
        return
    for record in records("gov_service", payload, "data"):
        if not isinstance(record, dict):
            yield reject("办件不是一条记录", record)
            continue
        row = pick(record, FIELDS)
        missing = lacking(row, ("case_no", "version_no"))
        if missing:
            yield reject(f"缺{CASE.columns[missing].label}", record)
            continue
        yield "service_case", _plain(tidy(row, CASE))


def _plain(row: Row) -> Row:
    return flow.worded(row, CODES)
