"""The open matters to act on: chips for open, overdue and soon due, the first rows, all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import case_address, frame
from dashboard.pages.deadlines import DUE, OVER, SOON, SOON_WORKDAYS, deadline, moment
from dashboard.pages.due import left, nearness
from dashboard.pages.marks import link
from dashboard.pages.reading import Glass
from dashboard.pages.subject.part import Part
from dashboard.panels import case_list

_SHOWN = 10
_READ = 2_000


@dataclass(frozen=True, slots=True)
class Cases:
    """The stock of open matters of a subject, that of the overdue ones, how rows are named."""

    open: str
    overdue: str = ""
    title: str = "在办案件"
    unit: str = "件"
    since: str = "from_at"
    closed: str = "closed_at"
    heads: tuple[str, ...] | None = None


def part(area: str, cases: Cases) -> Part:
    """The matters that are due first; the chips choose, the number opens the case."""
    reads = (cases.open, cases.overdue) if cases.overdue else (cases.open,)
    return Part(
        area,
        cases.title,
        partial(_view, cases=cases),
        reads,
        heading=partial(_head, cases),
        aside="按到期先后 · 不含个人信息",
    )


def _rows(glass: Glass, cases: Cases) -> Any:
    span = glass.want.span
    return glass.rows(
        cases.open, span.first, span.last, limit=_READ, sort=deadline(cases.open).column
    )


def _stated(glass: Glass, cases: Cases) -> list[tuple[Mapping[str, Any], str]]:
    """The rows with how near their deadline is; those whose deadline was met come last."""
    rows = _rows(glass, cases).rows
    told = [(row, nearness(glass, deadline(cases.open).of(row))) for row in rows]
    return sorted(told, key=lambda one: deadline(cases.open).of(one[0]) is None)


def _counts(glass: Glass, cases: Cases) -> dict[str, int]:
    """How many are open, over their deadline and near it: as many rows as their tables have."""
    states = [state for _, state in _stated(glass, cases)]
    span, over = glass.want.span, states.count(OVER)
    if cases.overdue:
        over = int(glass.metric(cases.overdue, span.first, span.last).value or 0)
    return {"": _rows(glass, cases).total, OVER: over, SOON: states.count(SOON)}


def _head(cases: Cases, glass: Glass) -> Any:
    counts, span = _counts(glass, cases), glass.want.span
    show = glass.state.get("show")
    chips = []
    for key, words in (
        ("", f"在办 {counts['']}"),
        (OVER, f"超期 {counts[OVER]}"),
        (SOON, f"临期 {counts[SOON]}（{SOON_WORKDAYS} 个工作日内）"),
    ):
        on = show == key or (not key and show not in DUE)
        href = glass.state.but(show=key or None).href
        chips.append(link(words, href, "chip small on" if on else "chip small"))
    name = f"{wording.day(span.last)}{cases.title}" if glass.is_past else cases.title
    return [name, html.Span(chips, className="head-chips")]


def _view(glass: Glass, *, cases: Cases) -> Any:
    show, span = glass.state.get("show"), glass.want.span
    show = show if show in DUE else ""
    rows = [one for one in _stated(glass, cases) if show in ("", one[1])]
    total = _counts(glass, cases)[show]
    if not rows:
        return frame.empty(f"没有{DUE.get(show, '在办')}的{cases.unit}", "放宽筛选再看。")
    shown = [_matter(glass, cases, row, state) for row, state in rows[:_SHOWN]]
    if show == OVER and cases.overdue:
        every = glass.doors.table(cases.overdue, span.first, span.last)
    else:
        every = glass.doors.table(cases.open, span.first, span.last, show)
    words = f"打开全部 {total} {cases.unit} →"
    return [
        case_list.view(shown, cases.heads),
        html.Div(
            [
                html.Span(f"先列 {len(shown)} {cases.unit}" if total > len(shown) else ""),
                link(words, every, "underlined"),
            ],
            className="case-foot",
        ),
    ]


def _matter(glass: Glass, cases: Cases, row: Mapping[str, Any], state: str) -> case_list.Matter:
    due, day = deadline(cases.open).of(row), glass.stock_at.date()
    since = row.get(cases.since) or row.get("on_at")
    key = str(row.get("key"))
    return case_list.Matter(
        number=key,
        matter=class_words(glass, row.get("class_path")),
        place=str(glass.data.site.community_name(row.get("community"))),
        unit=str(row.get("unit") or "未定"),
        since=when(moment(since), day),
        due=when(due, day),
        href=case_address.href(str(row.get("source") or ""), key),
        left=left(glass, due, state, _calm(glass, cases, row)),
        over=state == "over",
        soon=state == "soon",
    )


def class_words(glass: Glass, path: Any) -> str:
    """市容环境 · 暴露垃圾: the first and the last level of a class in words."""
    path = str(path or "")
    if not path:
        return "未分类"
    names = glass.want.options.get("class", {})
    first, last = path.split("/")[0], path.split("/")[-1]
    top, leaf = names.get(first, first), names.get(path, last)
    return leaf if top == leaf else f"{top} · {leaf}"


def when(at: datetime | None, today: date) -> str:
    """09-28 14:30, with the year in another year."""
    if at is None:
        return wording.NONE
    return f"{at:%m-%d %H:%M}" if at.year == today.year else f"{at:%Y-%m-%d}"


def _calm(glass: Glass, cases: Cases, row: Mapping[str, Any]) -> str:
    """The state of a matter that does not press; of a past stock, whether it was closed since."""
    if glass.is_past and row.get(cases.closed):
        return "其后办结"
    return str(row.get("state") or "在办")
