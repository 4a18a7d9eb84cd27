"""信访信息系统: the district's petition ledger of the street, a daily XLSX, times in local time.

It comes from a closed network by hand: the first file holds the whole history, later ones what
changed. Petitioners are shown to nobody but the handling unit and the leaders.
"""

from __future__ import annotations

from collections.abc import Iterator

from etl.formats.cell import Row, Yielded
from etl.formats.ledger import ledger
from warehouse.schema import Column, Table

CASE = Table(
    label="信访件",
    key=("petition_no",),
    version="updated_at",
    columns={
        "petition_no": Column("text", "信访编号", wall=True),
        "form": Column("text", "信访形式", wall=True),
        "repeated": Column("boolean", "重复信访", wall=True),
        "people_count": Column("integer", "信访人数", unit="人"),
        "petitioner": Column("text", "信访人", personal="name"),
        "phone": Column("text", "联系电话", personal="phone"),
        "petitioner_hash": Column("text", "信访人标识", hash_of="phone"),
        "id_no": Column("text", "证件号码", personal="id_no"),
        "addr": Column("text", "住址", personal="address"),
        "community_code": Column("text", "社区编码", wall=True),
        "level": Column("text", "信访层级", wall=True),
        "topic": Column("text", "内容分类", wall=True),
        "summary": Column("text", "信访事项", scrub=True),
        "registered_at": Column("timestamp", "登记时间", wall=True),
        "notify_due_at": Column("timestamp", "受理告知期限"),
        "accepted_at": Column("timestamp", "受理时间", wall=True),
        "unit": Column("text", "责任单位", wall=True),
        "due_at": Column("timestamp", "办理期限", wall=True),
        "extended": Column("boolean", "是否延期"),
        "closed_at": Column("timestamp", "办结时间", wall=True),
        "result": Column("text", "办理结果", wall=True),
        "satisfaction": Column("text", "满意度"),
        "state": Column("text", "办理状态", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "信访形式不明": "form IS NULL OR form NOT IN ('来访', '来信', '网上信访', '来电')",
        "缺登记时间": "registered_at IS NULL",
        "登记时间在未来": "registered_at > $recorded_at + INTERVAL 1 HOUR",
        "受理早于登记": "accepted_at < registered_at",
        "办结早于登记": "closed_at < registered_at",
        "信访人数不足一人": "people_count < 1",
    },
)
TABLES = {"petition_case": CASE}
FORMS = {"走访": "来访", "信件": "来信", "网信": "网上信访", "网上": "网上信访", "电话": "来电"}
REPEATED = {"重复": "true", "重信": "true", "重访": "true"} | {"初次": "false", "初件": "false"}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one petition a row; a row without its number cannot be read."""
    yield from ledger("petition", payload, "petition_case", CASE, settle=_plain)


def _plain(row: Row) -> Row:
    row["form"] = FORMS.get(row["form"] or "", row["form"])
    row["repeated"] = REPEATED.get(row["repeated"] or "", row["repeated"])
    return row
