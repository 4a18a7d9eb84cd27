"""The mediation platform's export: one XLSX sheet under merged title rows, dropped into a folder.

The first file holds the whole history, every later one what changed since, an overlap included.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from demo import mediation
from demo.dirt import CLEAN, Dirty
from demo.town import Town
from demo.workbook import workbook

HEADER = (
    "案号", "承办线", "来源", "联动方式", "纠纷类型", "难易程度", "涉及人数", "涉及金额(元)",
    "当事人", "摘要", "登记时间", "受理时间", "承办单位", "社区编码", "网格编码", "调解员",
    "调解室", "应办结时间", "处理结果", "协议形式", "办结时间", "办结方式", "满意度", "状态",
    "更新时间",
)  # fmt: skip
EVERY = timedelta(minutes=30)
OVERLAP = timedelta(days=1)
LEAST_ROWS = 12  # a quiet day's file repeats the latest changes, as real exports do


def file(
    town: Town, now: datetime, last: datetime | None, dirt: Dirty = CLEAN
) -> tuple[str, bytes]:
    """The file's name and bytes: everything, or what changed since shortly before the last one."""
    since = datetime.combine(town.first, datetime.min.time())
    if last is not None:
        since = max(since, last - OVERLAP)
    cases = mediation.changed(town, now, since)
    if last is not None and len(cases) < LEAST_ROWS:
        cases = mediation.changed(town, now, now - timedelta(days=60))[-LEAST_ROWS:]
    titles = ("洪蓝街道矛盾纠纷调处化解台账", f"导出时间 {now:%Y-%m-%d %H:%M:%S}")
    rows = dirt.rows(case.row(now) for case in cases)
    payload = workbook("矛盾纠纷台账", titles, HEADER, rows)
    return f"矛调台账{now:%Y%m%d%H%M%S}.xlsx", payload
