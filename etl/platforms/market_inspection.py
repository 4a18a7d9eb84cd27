"""双随机一公开: checks of shops and firms by the market bureau, a daily XLSX or a ZIP of them.

Each domain (food, equipment, prices) may come as its own workbook with the same columns.
"""

from __future__ import annotations

from collections.abc import Iterator

from etl.formats.cell import Row, Yielded
from etl.formats.ledger import ledger
from warehouse.schema import Column, Table

CHECK = Table(
    label="市场检查",
    key=("check_no",),
    version="updated_at",
    columns={
        "check_no": Column("text", "检查编号", wall=True),
        "task": Column("text", "任务名称"),
        "check_kind": Column("text", "检查方式", wall=True),
        "domain": Column("text", "检查领域", wall=True),
        "subject": Column("text", "检查对象", personal="name"),
        "subject_code": Column("text", "统一社会信用代码", personal="id_no"),
        "subject_kind": Column("text", "主体类型", wall=True),
        "addr": Column("text", "经营地址", scrub=True),
        "community_code": Column("text", "社区编码", wall=True),
        "checked_at": Column("timestamp", "检查时间", wall=True),
        "inspectors": Column("text", "执法人员", personal="names"),
        "result": Column("text", "检查结果", wall=True),
        "problems": Column("integer", "发现问题数", unit="个", wall=True),
        "findings": Column("text", "问题描述", scrub=True),
        "due_on": Column("date", "整改期限", wall=True),
        "rechecked_at": Column("timestamp", "复查时间", wall=True),
        "rectified": Column("boolean", "是否整改到位", wall=True),
        "published_on": Column("date", "公示日期"),
        "state": Column("text", "办理状态", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "缺检查时间": "checked_at IS NULL",
        "检查时间在未来": "checked_at > $recorded_at + INTERVAL 1 HOUR",
        "复查早于检查": "rechecked_at < checked_at",
        "公示早于检查": "published_on < CAST(checked_at AS DATE)",
        "问题数为负": "problems < 0",
    },
)
TABLES = {"market_check": CHECK}
RESULTS = {
    "1": "未发现问题", "2": "责令改正", "3": "立案查处", "4": "查无下落", "5": "不配合检查",
    "6": "已停业",
}  # fmt: skip
KINDS = {"01": "双随机", "02": "专项检查", "03": "投诉核查", "04": "日常巡查"}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one check a row; a row without its number cannot be read."""
    yield from ledger("market_inspection", payload, "market_check", CHECK, settle=_plain)


def _plain(row: Row) -> Row:
    row["result"] = RESULTS.get(row["result"] or "", row["result"])
    row["check_kind"] = KINDS.get((row["check_kind"] or "").zfill(2), row["check_kind"])
    return row
