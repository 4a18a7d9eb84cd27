"""吹哨报到: whistles of the street and the steps of every department called, JSON, local times.

One record is a whistle with its departments under `bm`. A department must sign within the hour,
make contact within a day and report on the spot within workdays; the platform sends the limits.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from typing import Final

from etl.formats import flow
from etl.formats.cell import Row, Yielded, lacking, pick, records, reject
from etl.formats.ledger import ledger, tidy
from warehouse.schema import Column, Table

WHISTLE = Table(
    label="哨单",
    key=("whistle_no",),
    version="updated_at",
    columns={
        "whistle_no": Column("text", "哨单编号", wall=True),
        "kind": Column("text", "哨别", wall=True),
        "title": Column("text", "标题", scrub=True),
        "reason": Column("text", "吹哨事由", scrub=True),
        "source_platform": Column("text", "来源平台"),
        "source_no": Column("text", "来源单号"),
        "class_name": Column("text", "事项类别", wall=True),
        "community_code": Column("text", "社区编码", wall=True),
        "place": Column("text", "报到地点", scrub=True),
        "blower": Column("text", "吹哨人职务"),
        "approver": Column("text", "审批人职务"),
        "department_count": Column("integer", "被吹部门数", unit="个", wall=True),
        "drafted_at": Column("timestamp", "拟哨时间"),
        "approved_at": Column("timestamp", "审批时间"),
        "blown_at": Column("timestamp", "吹哨时间", wall=True),
        "report_due_at": Column("timestamp", "报到时限", wall=True),
        "met_at": Column("timestamp", "会商时间", wall=True),
        "upgraded_at": Column("timestamp", "升级时间"),
        "closed_at": Column("timestamp", "销哨时间", wall=True),
        "close_kind": Column("text", "办结方式", wall=True),
        "resolved": Column("boolean", "是否解决", wall=True),
        "score": Column("double", "综合评分", unit="分"),
        "state": Column("text", "哨单状态", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "哨别不明": "kind IS NULL OR kind NOT IN ('工作推进哨', '攻坚克难哨')",
        "缺拟哨时间": "drafted_at IS NULL",
        "吹哨时间在未来": "blown_at > $recorded_at + INTERVAL 1 HOUR",
        "吹哨早于拟哨": "blown_at < drafted_at",
        "销哨早于吹哨": "closed_at < blown_at",
    },
)
DEPARTMENT = Table(
    label="部门报到",
    key=("whistle_no", "department"),
    version="updated_at",
    columns={
        "whistle_no": Column("text", "哨单编号", wall=True),
        "department": Column("text", "部门", wall=True),
        "leads": Column("boolean", "是否牵头", wall=True),
        "blown_at": Column("timestamp", "吹哨时间", wall=True),
        "sign_due_at": Column("timestamp", "签收时限", wall=True),
        "signed_at": Column("timestamp", "签收时间", wall=True),
        "contact_due_at": Column("timestamp", "联系时限", wall=True),
        "contacted_at": Column("timestamp", "联系时间", wall=True),
        "report_due_at": Column("timestamp", "报到时限", wall=True),
        "arrived_at": Column("timestamp", "报到时间", wall=True),
        "person": Column("text", "报到人", personal="name"),
        "phone": Column("text", "联系电话", personal="phone"),
        "task": Column("text", "任务", scrub=True),
        "task_due_at": Column("timestamp", "任务时限", wall=True),
        "done_at": Column("timestamp", "完成时间", wall=True),
        "speed_score": Column("integer", "响应速度", unit="分"),
        "effort_score": Column("integer", "配合度", unit="分"),
        "result_score": Column("integer", "解决成效", unit="分"),
        "state": Column("text", "部门状态", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "缺吹哨时间": "blown_at IS NULL",
        "吹哨时间在未来": "blown_at > $recorded_at + INTERVAL 1 HOUR",
        "签收早于吹哨": "signed_at < blown_at",
        "报到早于吹哨": "arrived_at < blown_at",
    },
)
TABLES = {"whistle": WHISTLE, "whistle_department": DEPARTMENT}
FIELDS = {
    "sdbh": "whistle_no", "sb": "kind", "bt": "title", "csy": "reason", "lypt": "source_platform",
    "lydh": "source_no", "sxlb": "class_name", "sqbm": "community_code", "bddd": "place",
    "csrzw": "blower", "sprzw": "approver", "bmsl": "department_count", "nssj": "drafted_at",
    "spsj": "approved_at", "cssj": "blown_at", "bdsx": "report_due_at", "hssj": "met_at",
    "sjsj": "upgraded_at", "xssj": "closed_at", "bjfs": "close_kind", "sfjj": "resolved",
    "zhpf": "score", "sdzt": "state", "gxsj": "updated_at",
}  # fmt: skip
STEPS = {
    "bmmc": "department", "sfqt": "leads", "qssx": "sign_due_at", "qssj": "signed_at",
    "lxsx": "contact_due_at", "lxsj": "contacted_at", "bdsx": "report_due_at",
    "bdsj": "arrived_at", "bdr": "person", "lxdh": "phone", "rw": "task", "rwsx": "task_due_at",
    "wcsj": "done_at", "xysd": "speed_score", "phd": "effort_score", "jjcx": "result_score",
    "bmzt": "state", "gxsj": "updated_at",
}  # fmt: skip
CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "kind": {"1": "工作推进哨", "2": "攻坚克难哨"},
    "close_kind": {"1": "销哨", "2": "退哨"},
    "state": {
        "1": "拟哨", "2": "审批", "3": "已吹哨", "4": "已签收", "5": "已报到", "6": "会商派任务",
        "7": "处置中", "8": "销哨申请", "9": "已评价", "10": "归档", "11": "退哨",
    },
}  # fmt: skip
DEPARTMENT_STATES = {"0": "待签收", "1": "已签收", "2": "已联系", "3": "已报到", "4": "已完成"}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield each whistle and then its departments; a list by hand has whistles only."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] not in (b"{", b"["):
        yield from ledger("whistle", payload, "whistle", WHISTLE, fields=FIELDS, settle=_plain)
        return
    for record in records("whistle", payload, "data.items"):
        if not isinstance(record, dict):
            yield reject("哨单不是一条记录", record)
            continue
        called = record.pop("bm", None)
        row = pick(record, FIELDS)
        if lacking(row, WHISTLE.key):
            yield reject("缺哨单编号", record)
            continue
        yield "whistle", _plain(tidy(row, WHISTLE))
        for step in called if isinstance(called, list) else []:
            yield _department(row, step)


def _department(whistle: Row, step: object) -> Yielded:
    row = pick(step, STEPS) if isinstance(step, dict) else {}
    if lacking(row, ("department",)):
        return reject("部门环节缺部门", step)
    row["state"] = DEPARTMENT_STATES.get(row["state"] or "", row["state"])
    known = {"whistle_no": whistle["whistle_no"], "blown_at": whistle["blown_at"]}
    return "whistle_department", tidy(known | row, DEPARTMENT)


def _plain(row: Row) -> Row:
    return flow.worded(row, CODES)
