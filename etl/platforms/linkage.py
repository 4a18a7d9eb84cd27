"""社会治理大联动: orders that tie several platforms together, with their steps, JSON, local times.

An order refers to where it came from (hotline, grid, cameras, floods); one incident may have
several. Codes stand for source, level and state; numbers come as text.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from typing import Final

from etl.formats import flow
from etl.formats.cell import Row, Yielded, lacking, pick, records, reject
from etl.formats.ledger import ledger, tidy
from warehouse.schema import Column, Table

ORDER = Table(
    label="联动单",
    key=("dispatch_no",),
    version="updated_at",
    columns={
        "dispatch_no": Column("text", "联动单号", wall=True),
        "source_platform": Column("text", "来源平台", wall=True),
        "source_no": Column("text", "来源单号", wall=True),
        "incident_no": Column("text", "事件编号"),
        "category": Column("text", "事项类别", wall=True),
        "level": Column("text", "级别", wall=True),
        "title": Column("text", "标题", scrub=True),
        "content": Column("text", "内容", scrub=True),
        "community_code": Column("text", "社区编码", wall=True),
        "grid_code": Column("text", "网格编码", wall=True),
        "main_unit": Column("text", "主办单位", wall=True),
        "co_units": Column("text", "协办单位", wall=True),
        "created_at": Column("timestamp", "建单时间", wall=True),
        "dispatched_at": Column("timestamp", "派单时间", wall=True),
        "sign_due_at": Column("timestamp", "签收时限"),
        "signed_at": Column("timestamp", "签收时间", wall=True),
        "due_at": Column("timestamp", "办理时限", wall=True),
        "due_original_at": Column("timestamp", "原办理时限"),
        "fed_back_at": Column("timestamp", "反馈时间", wall=True),
        "closed_at": Column("timestamp", "办结时间", wall=True),
        "close_kind": Column("text", "办结方式", wall=True),
        "supervised": Column("boolean", "是否督办", wall=True),
        "returned": Column("integer", "退回次数", unit="次"),
        "state": Column("text", "联动单状态", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "缺建单时间": "created_at IS NULL",
        "建单时间在未来": "created_at > $recorded_at + INTERVAL 1 HOUR",
        "签收早于派单": "signed_at < dispatched_at",
        "办结早于建单": "closed_at < created_at",
    },
)
STEP = flow.table("联动流转", "dispatch_no", "联动单号", unit="操作单位", note="意见")
TABLES = {"linkage_order": ORDER, "linkage_step": STEP}
FIELDS = {
    "ldbh": "dispatch_no", "lypt": "source_platform", "lydh": "source_no", "sjbh": "incident_no",
    "sxlb": "category", "jb": "level", "bt": "title", "nr": "content", "sqbm": "community_code",
    "wgbm": "grid_code", "zbdw": "main_unit", "xbdw": "co_units", "jdsj": "created_at",
    "pdsj": "dispatched_at", "qssx": "sign_due_at", "qssj": "signed_at", "blsx": "due_at",
    "ysblsx": "due_original_at", "fksj": "fed_back_at", "bjsj": "closed_at", "bjfs": "close_kind",
    "sfdb": "supervised", "thcs": "returned", "ldzt": "state", "gxsj": "updated_at",
}  # fmt: skip
STEPS = {
    "xh": "seq", "cz": "action", "yzt": "from_state", "xzt": "to_state", "czdw": "unit",
    "czsj": "occurred_at", "yj": "note",
}  # fmt: skip
STATES: Final = {
    "10": "待派单", "20": "待签收", "30": "办理中", "40": "待审核", "50": "已办结", "60": "已归档",
    "90": "退回", "99": "作废",
}  # fmt: skip
CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "source_platform": {
        "01": "12345热线", "02": "网格", "03": "数字城管", "04": "视频巡查", "05": "防汛",
        "06": "110非警务", "07": "街道自建", "08": "上级交办",
    },
    "level": {"1": "一般", "2": "重要", "3": "紧急"},
    "close_kind": {"1": "办结", "2": "转常态跟踪", "3": "作废"},
    "state": STATES,
    "from_state": STATES,
    "to_state": STATES,
}  # fmt: skip


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield each order and then its steps; a list by hand has orders only."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] not in (b"{", b"["):
        yield from ledger("linkage", payload, "linkage_order", ORDER, fields=FIELDS, settle=_plain)
        return
    for record in records("linkage", payload, "result.list"):
        if not isinstance(record, dict):
            yield reject("联动单不是一条记录", record)
            continue
        steps = record.pop("lzjl", None)
        order = pick(record, FIELDS)
        if lacking(order, ORDER.key):
            yield reject("缺联动单号", record)
            continue
        yield "linkage_order", _plain(tidy(order, ORDER))
        for step in steps if isinstance(steps, list) else []:
            yield flow.step(("linkage_step", STEP), order["dispatch_no"], step, STEPS, _settled)


def _settled(step: Row) -> Row:
    return _plain(tidy(step, STEP))


def _plain(row: Row) -> Row:
    return flow.worded(row, CODES)
