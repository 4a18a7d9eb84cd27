"""矛盾纠纷调处化解平台: disputes of both lines, one XLSX sheet, times in local time.

The first file holds the whole history, later ones the rows that changed. Title rows above the
header are merged cells and are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator

from etl.formats.cell import Row, Yielded
from etl.formats.ledger import ledger
from warehouse.schema import Column, Table

CASE = Table(
    label="调解案件",
    key=("case_no",),
    version="updated_at",
    columns={
        "case_no": Column("text", "案号", wall=True),
        "line": Column("text", "承办线", wall=True),
        "origin": Column("text", "来源"),
        "link_kind": Column("text", "联动方式", wall=True),
        "type_code": Column("text", "纠纷类型", wall=True),
        "level": Column("text", "难易程度"),
        "people_count": Column("integer", "涉及人数", unit="人"),
        "amount_yuan": Column("double", "涉及金额(元)", unit="元"),
        "parties": Column("text", "当事人", personal="names"),
        "summary": Column("text", "摘要", scrub=True),
        "registered_at": Column("timestamp", "登记时间"),
        "accepted_at": Column("timestamp", "受理时间", wall=True),
        "unit": Column("text", "承办单位", wall=True),
        "community_code": Column("text", "社区编码", wall=True),
        "grid_code": Column("text", "网格编码"),
        "mediator": Column("text", "调解员", personal="name"),
        "room": Column("text", "调解室"),
        "due_at": Column("timestamp", "应办结时间", wall=True),
        "result": Column("text", "处理结果"),
        "agreement_kind": Column("text", "协议形式"),
        "closed_at": Column("timestamp", "办结时间", wall=True),
        "close_kind": Column("text", "办结方式", wall=True),
        "satisfaction": Column("text", "满意度"),
        "state": Column("text", "状态", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "承办线不明": "line IS NULL OR line NOT IN ('centre', 'unit')",
        "缺登记和受理时间": "registered_at IS NULL AND accepted_at IS NULL",
        "受理时间在未来": "accepted_at > $recorded_at + INTERVAL 1 HOUR",
        "办结早于受理": "closed_at < accepted_at",
    },
)
TABLES = {"mediation_case": CASE}
LINES = {"中心牵头": "centre", "常轮随驻": "unit"}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one dispute a row; a row without a case number cannot be read."""
    yield from ledger("mediation", payload, "mediation_case", CASE, settle=_plain)


def _plain(row: Row) -> Row:
    row["line"] = LINES.get(row["line"] or "", row["line"])
    row["type_code"] = (row["type_code"] or "").split(" ")[0] or None
    return row
