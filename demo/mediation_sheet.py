"""The mediation platform's export: one XLSX sheet under merged title rows, dropped into a folder.

The first file holds the whole history, every later one what changed since, an overlap included.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from demo import mediation
from demo.town import Town, keep
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


def drop(town: Town, var: Path, now: datetime) -> Path | None:
    """Drop the next file when it is due; the path, or None when it is not yet time."""
    state = var / "demo" / "mediation.json"
    last = _last_drop(state)
    if last is not None and last <= now < last + EVERY:
        return None
    since = datetime.combine(town.first, datetime.min.time())
    if last is not None:
        since = max(since, min(last, now) - OVERLAP)
    cases = mediation.changed(town, now, since)
    if last is not None and len(cases) < LEAST_ROWS:
        cases = mediation.changed(town, now, now - timedelta(days=60))[-LEAST_ROWS:]
    inbox = var / "inbox" / "mediation"
    inbox.mkdir(parents=True, exist_ok=True)
    path = inbox / f"矛调台账{now:%Y%m%d%H%M%S}.xlsx"
    part = path.with_name(path.name + ".part")
    part.write_bytes(sheet(cases, now))
    part.replace(path)
    keep(state, {"last": now.isoformat()})
    return path


def sheet(cases: list[mediation.Case], now: datetime) -> bytes:
    """The workbook's bytes with these cases as they stand now."""
    titles = ("洪蓝街道矛盾纠纷调处化解台账", f"导出时间 {now:%Y-%m-%d %H:%M:%S}")
    return workbook("矛盾纠纷台账", titles, HEADER, (case.row(now) for case in cases))


def _last_drop(state: Path) -> datetime | None:
    try:
        last = json.loads(state.read_text(encoding="utf-8"))["last"]
    except FileNotFoundError:
        return None
    return datetime.fromisoformat(last)
