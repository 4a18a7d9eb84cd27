"""The cases behind a figure: the metric's own columns and details of the fact, page by page."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from warehouse.answer import ONLY, ColumnInfo, Rows
from warehouse.assemble import listing as ask
from warehouse.assemble.question import Question
from warehouse.assemble.sifting import Conditions
from warehouse.assemble.wide import wide
from warehouse.errors import UnknownParameter
from warehouse.header import SqlFile, read_folder
from warehouse.metric import CASE_COLUMNS
from warehouse.sift import PLACES, TEXTS, TITLES, Sift, looks_like_a_number
from warehouse.snapshot import Snapshot

# Tables read at a time in one process: more would share the same cores and the reader's memory.
_AT_ONCE = threading.BoundedSemaphore(2)
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


def rows(  # noqa: PLR0913 - one page of a table needs its place, order and share
    snapshot: Snapshot,
    question: Question,
    *,
    limit: int,
    offset: int,
    sort: str | None,
    wall: bool,
    only: str | None,
    sift: Sift,
) -> Rows:
    """One page of cases with the counts of all of them."""
    table, columns, values = _table(snapshot, question, wall=wall, only=only, sift=sift)
    order = _order(table, sort)
    metric = question.metric
    found: list[tuple[Any, ...]] = []
    place = {**values, "limit": limit, "offset": offset}
    with _AT_ONCE:
        places = None
        if limit and table.is_wide:
            places = snapshot.rows(metric.id, table.places(order), place)
        if places is not None and table.shown == "TRUE" and not offset and len(places) < limit:
            # all there are: a search for something rare goes through the history once
            total = len(places)
            numerator, denominator = (sum(row[n] or 0 for row in places) for n in (1, 2))
        else:
            total, numerator, denominator = snapshot.rows(metric.id, table.totals(), values)[0]
        if places:
            some = table.at([row[0] for row in places], order)
            found = snapshot.rows(metric.id, some, question.parameters)
        elif places is None and limit and total:
            found = snapshot.rows(metric.id, table.joined(order), place)
    shown = [_row(question, [c.name for c in columns], row) for row in found]
    return Rows(columns, shown, int(total), int(numerator), int(denominator))


def every(
    snapshot: Snapshot,
    question: Question,
    *,
    most: int,
    block: int,
    sort: str | None,
    only: str | None,
    sift: Sift,
) -> Iterator[list[dict[str, Any]]]:
    """All rows of a table in order, block by block; they are put in order once."""
    table, columns, values = _table(snapshot, question, wall=False, only=only, sift=sift)
    order, metric = _order(table, sort), question.metric
    named = [column.name for column in columns]
    if not table.is_wide:
        for offset in range(0, most, block):
            place = {**values, "limit": min(block, most - offset), "offset": offset}
            found = snapshot.rows(metric.id, table.joined(order), place)
            yield [_row(question, named, row) for row in found]
            if len(found) < block:
                return
        return
    ordered = snapshot.arrow(metric.id, table.places(order, paged=False), values)
    places = ordered.column(0).to_pylist()[:most]
    for start in range(0, len(places), block):
        some = table.at(places[start : start + block], order)
        found = snapshot.rows(metric.id, some, question.parameters)
        yield [_row(question, named, row) for row in found]


def _table(
    snapshot: Snapshot, question: Question, *, wall: bool, only: str | None, sift: Sift
) -> tuple[ask.Table, tuple[ColumnInfo, ...], dict[str, Any]]:
    """The table of a question, its columns, and the values of its parameters."""
    metric = question.metric
    if only is not None and only not in ONLY:
        raise UnknownParameter("only", only, ONLY)
    own = [*CASE_COLUMNS, *metric.extra_columns]
    declared = snapshot.columns.get(metric.fact or "", [])
    details = [
        info
        for info, _, on_wall in declared
        if info.name not in own and not info.name.endswith("_hash") and (on_wall or not wall)
    ]
    names = [info.name for info in details]
    hidden = [c for c in ("secret", "tags") if wall and c not in names]
    known = {info.name for info, _, _ in declared}
    hidden = [c for c in hidden if c in known]
    fact = metric.fact if declared else None
    rows = wide(metric.sql, models(), fact, [*names, *hidden]) if fact else None
    key = [info.name for info, is_key, _ in declared if is_key]
    table = ask.Table(question, only, own, fact, key, names, rows)
    for each in sift.filters:
        if each.column not in own and each.column not in names:
            raise UnknownParameter("filter", each.column, [*own, *names])
    conditions = Conditions(table.column)
    where = conditions.of(sift, _searched(names, sift))
    if looks_like_a_number(sift.words) and not sift.full:
        exact = Conditions(table.column)
        first = exact.of(replace(sift, words=""), ()) + f" AND {exact.of_number(sift.words)}"
        probe = replace(table, where=first)
        values = {**question.parameters, **exact.parameters}
        if snapshot.rows(metric.id, probe.totals(), values)[0][0]:
            where, conditions = first, exact
    shown = _open_only(table, known) if wall else None
    columns = (*(ColumnInfo(c, *_LABELS[c], "") for c in own), *details)
    return (
        replace(table, where=where, shown=shown or "TRUE"),
        columns,
        {**question.parameters, **conditions.parameters},
    )


def _searched(details: list[str], sift: Sift) -> list[str]:
    """The columns in which words are looked for; no number has a Chinese character in it."""
    wanted = TEXTS if sift.full else (*TITLES, *PLACES)
    number = ["key"] if sift.words.isascii() else []
    return [*number, *(each for each in wanted if each in details)]


def _order(table: ask.Table, sort: str | None) -> str:
    order = table.order_by(sort or "-on_at")
    if order is None:
        raise UnknownParameter("sort", sort, [*table.own, *table.details])
    return order


@lru_cache(maxsize=1)
def models() -> Mapping[str, SqlFile]:
    """The models, read once a process."""
    return read_folder(Path(__file__).parent / "models")


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


def _open_only(table: ask.Table, known: set[str]) -> str | None:
    """On the wall a confidential or sensitive matter is not listed at all."""
    parts = []
    if "secret" in known:
        parts.append(f"coalesce({table.column('secret')}, FALSE) = FALSE")
    if "tags" in known:
        parts.append(f"coalesce(strpos({table.column('tags')}, '敏感'), 0) = 0")
    return " AND ".join(parts) or None
