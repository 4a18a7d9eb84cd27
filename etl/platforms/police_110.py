"""110非警务警情: calls that are no matter for the police, pushed by them, masked, local times.

A message holds one or several calls; one with `xt` only says that the line is alive. The caller
comes masked, with a name for the person that only the police can resolve. A list by hand is read
too, for days on which the line between the networks is down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from etl.formats import flow
from etl.formats.cell import Row, Yielded, lacking, pick, reject
from etl.formats.ledger import ledger, tidy
from etl.formats.messages import messages
from warehouse.schema import Column, Table

CALL = Table(
    label="警情",
    key=("alarm_no",),
    version="updated_at",
    columns={
        "alarm_no": Column("text", "警情编号", wall=True),
        "kind": Column("text", "警情类别", wall=True),
        "sub_kind": Column("text", "警情细类", wall=True),
        "is_dispute": Column("boolean", "涉及纠纷", wall=True),
        "alarm_at": Column("timestamp", "报警时间", wall=True),
        "caller": Column("text", "报警人", personal="name"),
        "caller_phone": Column("text", "报警电话", personal="phone"),
        "caller_id": Column("text", "报警人标识", personal="id_no"),  # their hash: of what, unknown
        "place": Column("text", "事发地点", scrub=True),
        "community_code": Column("text", "社区编码", wall=True),
        "content": Column("text", "警情内容", scrub=True),
        "station": Column("text", "处警单位", wall=True),
        "arrived_at": Column("timestamp", "到场时间", wall=True),
        "settled_on_spot": Column("boolean", "现场处置完毕", wall=True),
        "passed_to": Column("text", "分流单位", wall=True),
        "passed_at": Column("timestamp", "分流时间", wall=True),
        "due_at": Column("timestamp", "反馈时限", wall=True),
        "fed_back_at": Column("timestamp", "反馈时间", wall=True),
        "feedback": Column("text", "反馈内容", scrub=True),
        "closed_at": Column("timestamp", "办结时间", wall=True),
        "state": Column("text", "警情状态", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "缺报警时间": "alarm_at IS NULL",
        "报警时间在未来": "alarm_at > $recorded_at + INTERVAL 1 HOUR",
        "到场早于报警": "arrived_at < alarm_at",
        "办结早于报警": "closed_at < alarm_at",
    },
)
TABLES = {"police_call": CALL}
FIELDS = {
    "jqbh": "alarm_no", "jqlb": "kind", "jqxl": "sub_kind", "sfjf": "is_dispute",
    "bjsj": "alarm_at", "bjr": "caller", "bjdh": "caller_phone", "bjrbs": "caller_id",
    "sfdd": "place", "sqbm": "community_code", "jqnr": "content", "cjdw": "station",
    "dcsj": "arrived_at", "xcczwb": "settled_on_spot", "fldw": "passed_to", "flsj": "passed_at",
    "fksx": "due_at", "fksj": "fed_back_at", "fknr": "feedback", "wjsj": "closed_at",
    "jqzt": "state", "gxsj": "updated_at",
}  # fmt: skip
CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "kind": {
        "01": "纠纷", "02": "噪声扰民", "03": "求助", "04": "走失", "05": "消费争议",
        "06": "物业管理", "07": "劳资", "08": "环境", "09": "交通设施", "99": "其他非警务",
    },
    "state": {"1": "已接警", "2": "已到场", "3": "已分流", "4": "已反馈", "5": "已办结"},
}  # fmt: skip


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one call a row; what is no call and no sign of life cannot be read."""
    if payload[:1] != b"{":
        yield from ledger("police_110", payload, "police_call", CALL, fields=FIELDS, settle=_plain)
        return
    for _, body in messages("police_110", payload):
        calls = body.get("jq") if isinstance(body, dict) else None
        if isinstance(calls, list):
            yield from map(_call, calls)
        elif not (isinstance(body, dict) and set(body) <= {"xt", "sj"}):
            yield reject("推送内容不是警情", body)


def _call(said: Any) -> Yielded:
    row = pick(said, FIELDS) if isinstance(said, dict) else {}
    if lacking(row, CALL.key):
        return reject("缺警情编号", said)
    return "police_call", _plain(tidy(row, CALL))


def _plain(row: Row) -> Row:
    return flow.worded(row, CODES)
