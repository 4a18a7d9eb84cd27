"""人民调解: cases of the mediation committees, a daily XLSX of the bureau of justice, local times.

Other than the centre's own disputes these are the ledgers of village and trade committees, with
the agreement, what became of it, and its confirmation by the court.
"""

from __future__ import annotations

from collections.abc import Iterator

from etl.formats.cell import Row, Yielded
from etl.formats.ledger import ledger
from warehouse.schema import Column, Table

CASE = Table(
    label="人民调解案件",
    key=("case_no",),
    version="updated_at",
    columns={
        "case_no": Column("text", "卷宗编号", wall=True),
        "committee": Column("text", "调解委员会", wall=True),
        "committee_kind": Column("text", "调委会类型", wall=True),
        "type_code": Column("text", "纠纷类型", wall=True),
        "difficulty": Column("text", "难易程度", wall=True),
        "people_count": Column("integer", "涉及人数", unit="人"),
        "amount_yuan": Column("double", "涉及金额(元)", unit="元"),
        "parties": Column("text", "当事人", personal="names"),
        "mediator": Column("text", "调解员", personal="name"),
        "mediator_kind": Column("text", "调解员类别"),
        "summary": Column("text", "纠纷简要情况", scrub=True),
        "community_code": Column("text", "社区编码", wall=True),
        "accepted_at": Column("timestamp", "受理时间", wall=True),
        "due_at": Column("timestamp", "调解期限", wall=True),
        "settled_at": Column("timestamp", "调结时间", wall=True),
        "result": Column("text", "调解结果", wall=True),
        "agreement_kind": Column("text", "协议形式"),
        "agreement_no": Column("text", "协议书编号"),
        "perform_due_on": Column("date", "履行期限"),
        "performed": Column("text", "履行情况"),
        "confirm_applied_on": Column("date", "司法确认申请日期"),
        "confirm_result": Column("text", "司法确认结果"),
        "became_crime": Column("boolean", "民转刑"),
        "state": Column("text", "案件状态", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "缺受理时间": "accepted_at IS NULL",
        "受理时间在未来": "accepted_at > $recorded_at + INTERVAL 1 HOUR",
        "调结早于受理": "settled_at < accepted_at",
        "确认早于受理": "confirm_applied_on < CAST(accepted_at AS DATE)",
        "涉及金额为负": "amount_yuan < 0",
    },
)
TABLES = {"peoples_mediation_case": CASE}
KINDS = {"1": "村居", "2": "街道", "3": "行业专业", "4": "企事业"}
RESULTS = {"1": "调解成功", "2": "调解不成功", "3": "终止调解"}
AGREEMENTS = {"1": "书面", "2": "口头"}


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one case a row; a row without its number cannot be read."""
    yield from ledger("peoples_mediation", payload, "peoples_mediation_case", CASE, settle=_plain)


def _plain(row: Row) -> Row:
    row["committee_kind"] = KINDS.get(row["committee_kind"] or "", row["committee_kind"])
    row["result"] = RESULTS.get(row["result"] or "", row["result"])
    row["agreement_kind"] = AGREEMENTS.get(row["agreement_kind"] or "", row["agreement_kind"])
    row["type_code"] = (row["type_code"] or "").split(" ")[0] or None
    return row
