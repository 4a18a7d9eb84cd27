"""The cases behind a figure: the metric's own columns and details of the fact, page by page."""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from warehouse import matter, sketch, walk
from warehouse.answer import ONLY, ColumnInfo, Rows
from warehouse.assemble import listing as ask
from warehouse.assemble.question import Question
from warehouse.assemble.sifting import Conditions
from warehouse.assemble.wide import DETAIL, wide
from warehouse.errors import UnknownParameter
from warehouse.header import SqlFile, read_folder
from warehouse.metric import CASE_COLUMNS
from warehouse.sift import PLACES, TEXTS, TITLES, Sift, looks_like_a_number
from warehouse.snapshot import Snapshot
from warehouse.turns import Turns

Places = list[int] | None
Counts = Sequence[int] | None  # how many, of them above and below the line, whether there are more
Asked = Callable[[str], list[tuple[Any, ...]]]

# More rows than this that may hold the words are read in one go through the history; many more are
# not held in memory to be counted and put in order at once.
_FEW, _MANY = 600, 1_000_000
_COUNTED = 10_000  # hits of a search beside a page of them; as many as can be paged to
# Tables read at a time in one process: more would share the same cores and the reader's memory.
# A search costs several pages; it lets pages pass that come a little later.
_TURNS = Turns(2)
_PATIENCE_S = 0.3
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
    full, columns, values = _table(snapshot, question, wall=wall, only=only, sift=sift)
    order = _order(full, sort)
    table = _lean(full, order)
    metric = question.metric
    shown: list[tuple[Any, ...]] = []
    values |= {"limit": limit, "offset": offset}

    names = [column.name for column in columns]

    def asked(sql: str) -> list[tuple[Any, ...]]:
        return snapshot.rows(metric.id, sql, _used(sql, values))

    def totals() -> Sequence[int]:
        sql = _lean(full, "").totals()  # whatever the order
        words = _used(sql, values)
        if not sift.is_open or not all(isinstance(word, Hashable) for word in words.values()):
            return asked(sql)[0]  # what somebody searches for is not remembered
        # each block of a table tells them, and so does the proof that leads to it
        return snapshot.once(("totals", sql, *sorted(words.items())), lambda: asked(sql)[0])

    with _TURNS.taken(_PATIENCE_S if sift.words else 0.0):
        place = slice(offset, offset + limit)
        is_newest = walk.fits(question, sort)
        near = _near(table, asked)
        if near is not None and len(near) <= place.stop and not place.start:
            # a page holds all there may be: what is left in and what it says is read at once
            shown = asked(full.held(near, order)) if near else []
            counts = _summed(names, shown)
        else:
            places, counts = _sought(table, order, place, asked, near, is_newest=is_newest)
            if places is None and limit and table.is_wide:
                is_walked = is_newest and sift.is_open
                places, counts = _paged(table, order, place, asked, is_walked=is_walked)
            if places is None and limit:
                shown = asked(full.joined(order))
                if table.shown == "TRUE" and not offset and len(shown) < limit:
                    counts = _summed(names, shown)  # all there are
            if places:
                shown = asked(full.at(places, order))
        total, numerator, denominator, *more = counts or totals()
    listed = [_row(question, names, row) for row in shown]
    numbered = matter.numbered(snapshot, metric.fact)
    counted = int(total), int(numerator), int(denominator)
    return Rows(columns, listed, *counted, more=any(more), numbered=numbered)


def _paged(
    table: ask.Table, order: str, place: slice, asked: Asked, *, is_walked: bool
) -> tuple[Places, Counts]:
    """A page without a search; with its counts where it holds all there are."""
    if is_walked:
        found = walk.newest(table, order, place.stop, asked)
        is_all, page = len(found) < place.stop, found[place]
    else:
        page = found = asked(table.places(order))  # the history was gone through once
        is_all = not place.start and len(found) < place.stop
    counts = _counted(found) if is_all and table.shown == "TRUE" else None
    return [row[0] for row in page], counts


def _sought(
    table: ask.Table, order: str, place: slice, asked: Asked, near: Places, *, is_newest: bool
) -> tuple[Places, Counts]:
    """The page of a search with its counts where sketches leave less than everything to look at.

    A page of the newest is found from the present backwards, and counted as far as one can page;
    a count alone is of everything.
    """
    if not _is_sketched(table):
        return None, None
    if near is not None:
        found = asked(table.among(near, order)) if near else []
        return [row[0] for row in found[place]], _counted(found)
    if is_newest and place.stop > place.start:
        most = max(place.stop, _COUNTED)
        found = walk.newest(table, order, most + 1, asked)
        counts = (*_counted(found[:most]), len(found) > most)
        return [row[0] for row in found[place]], counts
    if asked(table.near_count())[0][0] > _MANY:
        return None, None
    found = asked(table.page(order))
    return ([row[0] for row in found], found[0][1:]) if found else (None, None)


def _is_sketched(table: ask.Table) -> bool:
    return table.near is not None and table.is_wide and table.shown == "TRUE"


def _near(table: ask.Table, asked: Asked) -> Places:
    """The rows that may hold what is searched for, as their sketches say; None if these are many
    or nothing tells."""
    if not _is_sketched(table):
        return None
    near = [row[0] for row in asked(table.candidates(_FEW + 1))]
    return near if len(near) <= _FEW else None


def _counted(places: Sequence[tuple[Any, ...]]) -> tuple[int, ...]:
    """How many cases lie at some places, and how many count above and below the line."""
    return len(places), *(sum(row[n] or 0 for row in places) for n in (1, 2))


def _summed(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Counts:
    """The same of rows that are there in full; None where these do not tell what they count."""
    if not {"num", "den"} <= set(names):
        return None
    own = names.index("num"), names.index("den")
    return len(rows), *(sum(row[place] or 0 for row in rows) for place in own)


def _used(sql: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that a statement names; the engine takes no others."""
    named = set(re.findall(r"\$(\w+)", sql))
    return {key: value for key, value in values.items() if key in named}


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
            sql = table.joined(order)
            found = snapshot.rows(metric.id, sql, _used(sql, place))
            yield [_row(question, named, row) for row in found]
            if len(found) < block:
                return
        return
    sql = table.places(order, paged=False)
    ordered = snapshot.arrow(metric.id, sql, _used(sql, values))
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
    present = snapshot.relations.get(f"core.{fact}", frozenset())
    sketched = [each for each in (*sketch.WORDS, *sketch.LONG) if each in present and sift.words]
    rows = wide(metric.sql, models(), fact, [*names, *hidden, *sketched]) if fact else None
    key = [info.name for info, is_key, _ in declared if is_key]
    table = ask.Table(question, only, own, fact, key, names, rows)
    for each in sift.filters:
        for column in each.columns:
            if column not in own and column not in names:
                raise UnknownParameter("filter", column, [*own, *names])
    conditions = Conditions(table.column)
    searched = _searched(names, sift)
    sketched = sketched if rows else []
    where = conditions.of(sift, searched, sketched)
    near = conditions.near(sift, searched, sketched)
    if looks_like_a_number(sift.words) and not sift.full:
        exact = Conditions(table.column)
        first = exact.of(replace(sift, words=""), ()) + f" AND {exact.of_number(sift.words)}"
        probe = replace(table, where=first).first()
        if snapshot.rows(metric.id, probe, {**question.parameters, **exact.parameters}):
            where, near, conditions = first, first, exact
    shown = _open_only(table, known) if wall else None
    columns = (*(ColumnInfo(c, *_LABELS[c], "") for c in own), *details)
    return (
        replace(table, where=where, near=near, shown=shown or "TRUE"),
        columns,
        {**question.parameters, **conditions.parameters},
    )


def _lean(table: ask.Table, order: str) -> ask.Table:
    """The table without the details that neither its order nor what is left in needs: the engine
    plans every column that is named."""
    metric, fact = table.question.metric, table.fact
    if table.rows is None or fact is None:
        return table
    said = f"{table.where} {table.near} {table.shown} {order}"
    needed = sorted(set(re.findall(rf'm\."?{DETAIL}(\w+)', said)))
    return replace(table, rows=wide(metric.sql, models(), fact, needed))


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
