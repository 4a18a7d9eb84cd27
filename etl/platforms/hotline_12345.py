"""12345政务服务便民热线: work orders with their steps, JSON by update time, times in local time.

The platform names its columns by pinyin initials. An export made by hand (XLSX, CSV) may use
those, our names or the Chinese labels; it has no steps.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator

from etl.formats import flow
from etl.formats.cell import Row, Yielded, pick, records, reject
from etl.formats.ledger import ledger
from warehouse.schema import Column, Table

ORDER = Table(
    label="热线工单",
    key=("order_no",),
    version="updated_at",
    columns={
        "order_no": Column("text", "工单编号", wall=True),
        "source_level": Column("text", "来源层级"),
        "channel": Column("text", "诉求渠道"),
        "req_type": Column("text", "诉求类型"),
        "class_code": Column("text", "诉求分类编码", wall=True),
        "class_name": Column("text", "诉求分类", wall=True),
        "subject_kind": Column("text", "主体类型"),
        "title": Column("text", "标题", scrub=True),
        "content": Column("text", "内容", scrub=True),
        "reply_text": Column("text", "答复内容", scrub=True),
        "caller_name": Column("text", "诉求人", personal="name"),
        "caller_phone": Column("text", "联系电话", personal="phone"),
        "caller_hash": Column("text", "诉求人标识", hash_of="caller_phone"),
        "addr": Column("text", "地址", personal="address"),
        "community_code": Column("text", "社区编码", wall=True),
        "grid_code": Column("text", "网格编码", wall=True),
        "urgency": Column("text", "紧急程度", wall=True),
        "secret": Column("boolean", "保密件"),
        "received_at": Column("timestamp", "受理时间", wall=True),
        "dispatched_at": Column("timestamp", "派单时间"),
        "sign_due_at": Column("timestamp", "签收时限"),
        "signed_at": Column("timestamp", "签收时间", wall=True),
        "first_contact_at": Column("timestamp", "首次联系时间"),
        "due_at": Column("timestamp", "应办结时间", wall=True),
        "due_original_at": Column("timestamp", "原应办结时间"),
        "closed_at": Column("timestamp", "办结时间", wall=True),
        "close_kind": Column("text", "办结方式"),
        "state": Column("text", "工单状态", wall=True),
        "unit_main": Column("text", "主办单位", wall=True),
        "revisit_at": Column("timestamp", "回访时间"),
        "contacted": Column("boolean", "是否响应"),
        "resolved": Column("boolean", "是否解决"),
        "satisfaction": Column("text", "满意度"),
        "rework_no": Column("integer", "重办次数"),
        "merged_into": Column("text", "并入工单"),
        "excluded": Column("boolean", "是否剔除"),
        "exclude_reason": Column("text", "剔除原因"),
        "tags": Column("text", "标签"),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "缺受理时间": "received_at IS NULL",
        "受理时间在未来": "received_at > $recorded_at + INTERVAL 1 HOUR",
        "办结早于受理": "closed_at < received_at",
    },
)
EVENT = flow.table("工单流转", "order_no", "工单编号", unit="单位", note="备注")
TABLES = {"hotline_order": ORDER, "hotline_event": EVENT}
FIELDS = {
    "gdbh": "order_no", "sljb": "source_level", "slqd": "channel", "sqlx": "req_type",
    "sqfl": "class_code", "sqflmc": "class_name", "ztlx": "subject_kind", "bt": "title",
    "nr": "content", "dfnr": "reply_text", "sqr": "caller_name", "lxdh": "caller_phone",
    "dz": "addr", "sqbm": "community_code", "wgbm": "grid_code", "jjcd": "urgency",
    "sfbm": "secret", "slsj": "received_at", "pdsj": "dispatched_at", "qssx": "sign_due_at",
    "qssj": "signed_at", "lxsj": "first_contact_at", "blsx": "due_at",
    "ysblsx": "due_original_at", "bjsj": "closed_at", "bjfs": "close_kind", "gdzt": "state",
    "zbdw": "unit_main", "hfsj": "revisit_at", "sfxy": "contacted", "sfjj": "resolved",
    "myd": "satisfaction", "cbcs": "rework_no", "bdbh": "merged_into", "sfts": "excluded",
    "tsyy": "exclude_reason", "bq": "tags", "gxsj": "updated_at",
}  # fmt: skip
STEP = {
    "xh": "seq", "cz": "action", "yzt": "from_state", "xzt": "to_state", "dw": "unit",
    "sj": "occurred_at", "bz": "note",
}  # fmt: skip
URGENCY = {"01": "一般", "02": "紧急", "03": "特急"}
CLAIM = {"1": "true", "0": "false", "是": "true", "否": "false"}
CLAIMS = ("secret", "contacted", "resolved", "excluded")


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield each order and then its steps; an order without a number cannot be read."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] not in (b"{", b"["):
        yield from ledger(
            "hotline_12345", payload, "hotline_order", ORDER, fields=FIELDS, settle=_plain
        )
        return
    for record in records("hotline_12345", payload, "result.pageData.records"):
        if not isinstance(record, dict):
            yield reject("工单不是一条记录", record)
            continue
        steps = record.pop("lz", None)
        order = pick(record, FIELDS)
        if order["order_no"] is None:
            yield reject("缺工单编号", record)
            continue
        yield "hotline_order", _plain(order)
        for step in steps if isinstance(steps, list) else []:
            yield flow.step(("hotline_event", EVENT), order["order_no"], step, STEP)


def _plain(order: Row) -> Row:
    """Codes as the words that users read."""
    order["urgency"] = URGENCY.get(order["urgency"] or "", order["urgency"])
    for claim in CLAIMS:
        order[claim] = CLAIM.get(order[claim] or "", order[claim])
    return order
