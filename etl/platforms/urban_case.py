"""数字化城管: cases of things and events, from the district's read-only view like to_stat_info.

The view keeps the names of the supervision system; ids are numbers as text, times local.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator

from etl.formats.cell import Row, Yielded, lacking, pick, records, reject
from etl.formats.ledger import ledger, tidy
from warehouse.schema import Column, Table

CASE = Table(
    label="城管案件",
    key=("case_no",),
    version="updated_at",
    columns={
        "case_no": Column("text", "案件号", wall=True),
        "task_no": Column("text", "任务号", wall=True),
        "origin": Column("text", "案件来源", wall=True),
        "rec_type": Column("text", "案件类型", wall=True),
        "class_code": Column("text", "类别编码", wall=True),
        "class_l1": Column("text", "大类名称", wall=True),
        "class_name": Column("text", "小类名称", wall=True),
        "description": Column("text", "问题描述", scrub=True),
        "addr": Column("text", "地址描述", personal="address"),
        "community_code": Column("text", "社区编码", wall=True),
        "grid_code": Column("text", "网格编码", wall=True),
        "lng": Column("double", "经度", personal="point", axis="lng"),
        "lat": Column("double", "纬度", personal="point", axis="lat"),
        "reporter": Column("text", "上报人", personal="name"),
        "reporter_phone": Column("text", "上报人电话", personal="phone"),
        "reported_at": Column("timestamp", "上报时间", wall=True),
        "accepted_at": Column("timestamp", "受理时间", wall=True),
        "filed_at": Column("timestamp", "立案时间", wall=True),
        "dispatched_at": Column("timestamp", "派遣时间", wall=True),
        "limit_kind": Column("text", "时限类型"),
        "due_at": Column("timestamp", "处置截止时间", wall=True),
        "unit": Column("text", "处置部门", wall=True),
        "handled_at": Column("timestamp", "处置时间", wall=True),
        "checked_at": Column("timestamp", "核查时间", wall=True),
        "check_result": Column("text", "核查结果", wall=True),
        "closed_at": Column("timestamp", "结案时间", wall=True),
        "state": Column("text", "案件状态", wall=True),
        "urgent": Column("boolean", "是否紧急", wall=True),
        "supervised": Column("boolean", "是否督办", wall=True),
        "forced_close": Column("boolean", "是否强制结案"),
        "rework_num": Column("integer", "返工次数", wall=True),
        "back_num": Column("integer", "回退次数", wall=True),
        "delay_num": Column("integer", "延期次数", wall=True),
        "in_time": Column("boolean", "是否按期结案", wall=True),
        "updated_at": Column("timestamp", "更新时间"),
    },
    rules={
        "缺上报时间": "reported_at IS NULL",
        "上报时间在未来": "reported_at > $recorded_at + INTERVAL 1 HOUR",
        "立案早于上报": "filed_at < reported_at",
        "派遣早于立案": "dispatched_at < filed_at",
        "结案早于立案": "closed_at < filed_at",
        "处置早于派遣": "handled_at < dispatched_at",
        "次数为负": "rework_num < 0 OR back_num < 0 OR delay_num < 0",
    },
)
TABLES = {"urban_case": CASE}
FIELDS = {
    "rec_id": "case_no", "task_num": "task_no", "event_src_id": "origin",
    "rec_type_id": "rec_type", "type_code": "class_code", "sub_type_name": "class_name",
    "event_desc": "description", "address": "addr", "community_id": "community_code",
    "cell_id": "grid_code", "coordinate_x": "lng", "coordinate_y": "lat",
    "patrol_name": "reporter", "patrol_tel": "reporter_phone", "create_time": "reported_at",
    "accept_time": "accepted_at", "inst_time": "filed_at", "dispatch_time": "dispatched_at",
    "limit_type": "limit_kind", "func_deadline": "due_at", "dispose_unit_name": "unit",
    "dispose_time": "handled_at", "check_time": "checked_at", "check_result": "check_result",
    "archive_time": "closed_at", "act_state": "state", "is_urgent": "urgent",
    "is_supervise": "supervised", "is_force_archive": "forced_close", "rework_num": "rework_num",
    "back_num": "back_num", "delay_num": "delay_num", "intime_archive_num": "in_time",
    "update_time": "updated_at",
}  # fmt: skip
CODES = {
    "origin": {
        "1": "监督员上报", "2": "公众举报", "3": "12345转办", "4": "视频发现", "5": "领导批示",
    },
    "rec_type": {"1": "部件", "2": "事件"},
    "limit_kind": {"1": "紧急工作时", "2": "工作时", "3": "工作日", "4": "自然日"},
    "check_result": {"1": "通过", "2": "不通过", "3": "无法核查"},
    "state": {
        "1": "待受理", "2": "待立案", "3": "待派遣", "4": "处置中", "5": "待核查", "6": "已结案",
        "7": "不予立案", "8": "挂账", "9": "作废",
    },
}  # fmt: skip
LEVEL_1 = {  # the first three digits of a class: 1 for things or 2 for events, and the major class
    "101": "公用设施", "102": "道路交通", "103": "市容环境", "104": "园林绿化", "105": "其他设施",
    "121": "扩展部件", "201": "市容环境", "202": "宣传广告", "203": "施工管理", "204": "突发事件",
    "205": "街面秩序", "206": "扩展事件",
}  # fmt: skip


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield one case a row of the view; one without a number cannot be read."""
    if payload.removeprefix(BOM_UTF8).lstrip()[:1] not in (b"{", b"["):
        yield from ledger("urban_case", payload, "urban_case", CASE, fields=FIELDS, settle=_plain)
        return
    for record in records("urban_case", payload, "rows"):
        if not isinstance(record, dict):
            yield reject("案件不是一条记录", record)
            continue
        row = pick(record, FIELDS)
        if lacking(row, CASE.key):
            yield reject("缺案件号", record)
            continue
        yield "urban_case", _plain(tidy(row, CASE))


def _plain(row: Row) -> Row:
    """Codes as the words that users read; the major class by its code."""
    for name, words in CODES.items():
        row[name] = words.get(row[name] or "", row[name])
    row["class_l1"] = LEVEL_1.get((row["class_code"] or "")[:3], row.get("class_l1"))
    return row
