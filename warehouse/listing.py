"""The cases behind a figure: the metric's own columns and details of the fact, page by page."""

from typing import Any

from warehouse.answer import ONLY, ColumnInfo, Rows
from warehouse.assemble import listing as ask
from warehouse.assemble.question import Question
from warehouse.errors import UnknownParameter
from warehouse.metric import CASE_COLUMNS
from warehouse.snapshot import Snapshot

_LABELS = {
    "source": ("来源", "text"),
    "key": ("编号", "text"),
    "on_day": ("统计日", "date"),
    "on_hour": ("时", "integer"),
    "community": ("社区", "text"),
    "grid": ("网格", "text"),
    "unit": ("单位", "text"),
    "class_path": ("类别", "text"),
    "line": ("条线", "text"),
    "num": ("分子", "integer"),
    "den": ("分母", "integer"),
    "value": ("数值", "double"),
    "excluded_reason": ("剔出原因", "text"),
    "on_at": ("统计时间", "timestamp"),
    "due_at": ("应办结时间", "timestamp"),
    "num_at": ("计入分子时间", "timestamp"),
    "from_day": ("起算日", "date"),
    "until_day": ("止算日", "date"),
    "from_at": ("起", "timestamp"),
    "until_at": ("止", "timestamp"),
}


def rows(
    snapshot: Snapshot,
    question: Question,
    *,
    limit: int,
    offset: int,
    sort: str | None,
    wall: bool,
    only: str | None,
) -> Rows:
    """One page of cases with the counts of all of them."""
    metric = question.metric
    if only is not None and only not in ONLY:
        raise UnknownParameter("only", only, ONLY)
    total, numerator, denominator = snapshot.rows(
        metric.id, ask.totals(question, only), question.parameters
    )[0]
    own = [*CASE_COLUMNS, *metric.extra_columns]
    declared = snapshot.columns.get(metric.fact or "", [])
    key = [info.name for info, is_key, _ in declared if is_key]
    details = [
        info
        for info, is_key, on_wall in declared
        if info.name not in own and not info.name.endswith("_hash") and (on_wall or not wall)
    ]
    names = [info.name for info in details]
    order = ask.order_by(sort or "-on_day", own, names)
    if order is None:
        raise UnknownParameter("sort", sort, [*own, *names])
    fact = metric.fact if declared else None
    page = ask.Page(own, fact, key, names, order, _open_only(declared, wall=wall))
    found = snapshot.rows(
        metric.id,
        ask.page(question, only, page),
        {**question.parameters, "limit": limit, "offset": offset},
    )
    columns = (*(ColumnInfo(c, *_LABELS[c], "") for c in own), *details)
    return Rows(
        columns,
        [_row(question, [c.name for c in columns], row) for row in found],
        int(total),
        int(numerator),
        int(denominator),
    )


def latest(snapshot: Snapshot, source: str, limit: int) -> dict[str, Rows]:
    """What came last of a source, by fact; a fact it never filled is left out."""
    found: dict[str, Rows] = {}
    for fact, declared in snapshot.columns.items():
        columns = tuple(info for info, _, _ in declared if not info.name.endswith("_hash"))
        select = ask.newest(fact, [info.name for info in columns], limit)
        if rows := snapshot.rows(fact, select, {"source": source}):
            keys = [info.name for info in columns]
            table = [dict(zip(keys, row, strict=True)) for row in rows]
            found[fact] = Rows(columns, table, len(table), 0, 0)
    return found


def _row(question: Question, columns: list[str], values: tuple[Any, ...]) -> dict[str, Any]:
    row = dict(zip(columns, values, strict=True))
    row["in_numerator"] = bool(row["num"])
    row["in_denominator"] = bool(row["den"])
    if row["line"] is not None:
        row["line_label"] = question.metric.line_label(row["line"])
    return row


def _open_only(declared: list[tuple[ColumnInfo, bool, bool]], *, wall: bool) -> str | None:
    """On the wall a confidential or sensitive matter is not listed at all."""
    if not wall:
        return None
    names = {info.name for info, _, _ in declared}
    parts = ["coalesce(f.secret, FALSE) = FALSE"] if "secret" in names else []
    if "tags" in names:
        parts.append("coalesce(strpos(f.tags, '敏感'), 0) = 0")
    return " AND ".join(parts) or None
