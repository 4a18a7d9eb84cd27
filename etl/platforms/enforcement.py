"""综合行政执法办案: cases of administrative penalty with their steps, JSON with the steps inside.

Deadlines follow the law on penalties: a decision within 90 calendar days of filing. Money is
carried for the ledger only; no score may be made of it (art. 74).
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator

from etl.formats.cell import Row, Yielded, lacking, pick, records, reject
from etl.formats.ledger import ledger, tidy
from warehouse.schema import Column, Table

CASE = Table(
    label="执法案件",
    key=("case_no",),
    version="updated_at",
    columns={
        "case_no": Column("text", "案号", wall=True),
        "origin": Column("text", "线索来源"),
        "domain": Column("text", "执法领域", wall=True),
        "cause_code": Column("text", "案由编码", wall=True),
        "cause": Column("text", "案由", wall=True),
        "power_no": Column("text", "赋权事项编号"),
        "procedure": Column("text", "程序", wall=True),
        "party_kind": Column("text", "当事人类型", wall=True),
        "party": Column("text", "当事人", personal="name"),
        "party_id": Column("text", "当事人证件号", personal="id_no"),
        "party_hash": Column("text", "当事人标识", hash_of="party_id"),
        "party_phone": Column("text", "当事人电话", personal="phone"),
        "addr": Column("text", "违法地点", personal="address"),
        "community_code": Column("text", "社区编码", wall=True),
        "facts": Column("text", "违法事实", scrub=True),
        "law_basis": Column("text", "处罚依据"),
        "squad": Column("text", "承办中队", wall=True),
        "officers": Column("text", "执法人员", personal="names"),
        "officer_count": Column("integer", "执法人员数", unit="人"),
        "clue_at": Column("timestamp", "线索时间", wall=True),
        "filed_at": Column("timestamp", "立案时间", wall=True),
        "notified_at": Column("timestamp", "告知时间", wall=True),
        "decision_due_on": Column("date", "决定期限", wall=True),
        "decided_at": Column("timestamp", "决定时间", wall=True),
        "served_at": Column("timestamp", "送达时间", wall=True),
        "pay_due_on": Column("date", "缴款期限"),
        "fine_yuan": Column("double", "罚款(元)", unit="元"),
        "gain_yuan": Column("double", "没收违法所得(元)", unit="元"),
        "paid_yuan": Column("double", "已缴(元)", unit="元"),
        "paid_at": Column("timestamp", "缴款时间"),
        "closed_at": Column("timestamp", "结案时间", wall=True),
        "result": Column("text", "处理结果", wall=True),
        "legal_review": Column("boolean", "法制审核"),
        "recorded": Column("boolean", "全过程记录"),
        "published_at": Column("timestamp", "公示时间"),
        "appeal": Column("text", "复议诉讼"),
        "state": Column("text", "案件状态", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "缺线索和立案时间": "clue_at IS NULL AND filed_at IS NULL",
        "立案时间在未来": "filed_at > $recorded_at + INTERVAL 1 HOUR",
        "立案早于线索": "filed_at < clue_at",
        "决定早于立案": "decided_at < filed_at",
        "送达早于决定": "served_at < decided_at",
        "结案早于立案": "closed_at < filed_at",
        "金额为负": "fine_yuan < 0 OR gain_yuan < 0 OR paid_yuan < 0",
    },
)
STEP = Table(
    label="办案环节",
    key=("case_no", "seq"),
    version="occurred_at",
    columns={
        "case_no": Column("text", "案号", wall=True),
        "seq": Column("integer", "步骤序号", wall=True),
        "step": Column("text", "步骤", wall=True),
        "occurred_at": Column("timestamp", "步骤时间", wall=True),
        "document": Column("text", "文书名称"),
        "handler": Column("text", "经办人", personal="name"),
        "files": Column("integer", "音像文件数", unit="个"),
        "note": Column("text", "步骤说明", scrub=True),
    },
    rules={
        "缺步骤时间": "occurred_at IS NULL",
        "步骤时间在未来": "occurred_at > $recorded_at + INTERVAL 1 HOUR",
    },
)
TABLES = {"enforcement_case": CASE, "enforcement_step": STEP}
FIELDS = {
    "ah": "case_no", "xsly": "origin", "zfly": "domain", "aybm": "cause_code", "ay": "cause",
    "fqsx": "power_no", "cxlx": "procedure", "dsrlx": "party_kind", "dsr": "party",
    "zjhm": "party_id", "lxdh": "party_phone", "wfdd": "addr", "sqbm": "community_code",
    "wfss": "facts", "cfyj": "law_basis", "cbzd": "squad", "zfry": "officers",
    "xssj": "clue_at", "lasj": "filed_at", "gzsj": "notified_at", "jdqx": "decision_due_on",
    "jdsj": "decided_at", "sdsj": "served_at", "jkqx": "pay_due_on", "fkje": "fine_yuan",
    "mswfsd": "gain_yuan", "yjje": "paid_yuan", "jksj": "paid_at", "jasj": "closed_at",
    "cljg": "result", "fzsh": "legal_review", "qgcjl": "recorded", "gssj": "published_at",
    "fyss": "appeal", "ajzt": "state", "gxsj": "updated_at",
}  # fmt: skip
STEP_FIELDS = {
    "xh": "seq", "bz": "step", "sj": "occurred_at", "ws": "document", "jbr": "handler",
    "yxs": "files", "sm": "note",
}  # fmt: skip
CODES = {
    "domain": {
        "01": "城管", "02": "交运", "03": "市监", "04": "农业", "05": "应急", "06": "环保",
        "07": "文旅", "08": "住建",
    },
    "procedure": {"1": "简易程序", "2": "普通程序"},
    "party_kind": {"1": "个人", "2": "单位"},
    "result": {
        "1": "警告", "2": "罚款", "3": "罚款并没收违法所得", "4": "不予处罚", "5": "移送",
        "6": "撤案",
    },
    "appeal": {"0": "无", "1": "复议维持", "2": "复议纠正", "3": "诉讼维持", "4": "诉讼纠正"},
    "state": {
        "10": "线索", "20": "核查", "21": "不予立案", "30": "立案", "40": "调查取证",
        "50": "调查终结", "55": "法制审核", "60": "事先告知", "65": "听证", "70": "已决定",
        "75": "已送达", "80": "执行", "90": "已结案", "91": "移送", "92": "撤案", "93": "中止",
    },
}  # fmt: skip
STEPS = {
    "01": "核查", "02": "立案审批", "03": "调查取证", "04": "调查终结", "05": "法制审核",
    "06": "事先告知", "07": "陈述申辩", "08": "听证", "09": "集体讨论", "10": "处罚决定",
    "11": "送达", "12": "缴款", "13": "结案审批", "14": "归档", "15": "当场处罚",
}  # fmt: skip


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield each case and then its steps; a ledger by hand has no steps."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] not in (b"{", b"["):
        yield from ledger(
            "enforcement", payload, "enforcement_case", CASE, fields=FIELDS, settle=_plain
        )
        return
    for record in records("enforcement", payload, "data.items"):
        if not isinstance(record, dict):
            yield reject("案件不是一条记录", record)
            continue
        steps = record.pop("lc", None)
        row = pick(record, FIELDS)
        number = row["case_no"]
        if number is None:
            yield reject("缺案号", record)
            continue
        yield "enforcement_case", _plain(tidy(row, CASE))
        for step in steps if isinstance(steps, list) else []:
            yield _step(number, step)


def _step(number: str, step: object) -> Yielded:
    row = pick(step, STEP_FIELDS) if isinstance(step, dict) else {}
    if lacking(row, ("seq",)):
        return reject("办案步骤缺序号", step)
    row["step"] = STEPS.get(row["step"] or "", row["step"])
    return "enforcement_step", tidy({"case_no": number, **row}, STEP)


def _plain(row: Row) -> Row:
    """Codes as the words that users read; how many officers there were."""
    for name, words in CODES.items():
        row[name] = words.get(row[name] or "", row[name])
    officers = row.get("officers")
    if officers and row.get("officer_count") is None:
        row["officer_count"] = str(len(officers.replace(",", "、").split("、")))
    return row
