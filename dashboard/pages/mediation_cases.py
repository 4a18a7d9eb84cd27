"""The open mediation cases: chips, the first rows by due time, the way to all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import case_address, frame
from dashboard.pages.deadlines import DUE, SOON_WORKDAYS, deadline
from dashboard.pages.due import days_since, left, nearness
from dashboard.pages.marks import link
from dashboard.pages.reading import Glass
from dashboard.panels import open_cases

_SHOWN = 8
_OPEN = "mediation_open"
_DUE = deadline(_OPEN)


def _open_rows(glass: Glass) -> list[dict[str, Any]]:
    span = glass.want.span
    return glass.rows(_OPEN, span.first, span.last, limit=2000, sort=_DUE.column).rows


def head(glass: Glass) -> Any:
    """The title with a chip each for open, overdue and soon due."""
    rows = _open_rows(glass)
    states = [nearness(glass, _DUE.of(row)) for row in rows]
    over, soon = states.count("over"), states.count("soon")
    show = glass.state.get("show")
    chips = []
    for key, words in (
        ("", f"在办 {len(rows)}"),
        ("over", f"超期 {over}"),
        ("soon", f"临期 {soon}（{SOON_WORKDAYS} 个工作日内）"),
    ):
        on = show == key or (not key and show not in DUE)
        href = glass.state.but(show=key or None).href
        chips.append(link(words, href, "chip small on" if on else "chip small"))
    day = wording.day(glass.want.span.last) if glass.is_past else ""
    return [f"{day}{open_cases.TITLE}", html.Span(chips, className="head-chips")]


def body(glass: Glass) -> Any:
    """The first open cases by due time and the way to all of them."""
    rows = _open_rows(glass)
    show = glass.state.get("show")
    show = show if show in DUE else ""
    if show:
        rows = [row for row in rows if nearness(glass, _DUE.of(row)) == show]
    if not rows:
        return frame.empty(f"没有{DUE.get(show, '在办')}案件", "放宽筛选再看。")
    span = glass.want.span
    shown = [_case(glass, row) for row in rows[:_SHOWN]]
    note = f"先列 {len(shown)} 件" if len(rows) > len(shown) else ""
    all_rows = glass.doors.table(_OPEN, span.first, span.last, show)
    return [
        open_cases.view(shown),
        html.Div(
            [html.Span(note), link(f"打开全部 {len(rows)} 件 →", all_rows, "underlined")],
            className="case-foot",
        ),
    ]


def _case(glass: Glass, row: Mapping[str, Any]) -> open_cases.Case:
    site = glass.data.site
    types = glass.want.options["class"]
    due = _DUE.of(row)
    state = nearness(glass, due)
    code = str(row.get("class_path") or row.get("type_code") or "").split("/")[-1]
    matter = f"{types.get(code, code or '未分类')} · {site.community_name(row.get('community'))}"
    accepted = row.get("accepted_at")
    return open_cases.Case(
        number=str(row.get("case_no") or row.get("key")),
        line="中" if row.get("line") == "centre" else "单",
        matter=matter,
        parties=str(row.get("parties") or ""),
        unit=str(row.get("unit") or ""),
        days=f"{days_since(glass, accepted)} 天" if accepted else wording.NONE,
        due=wording.day(due.date()) if due else wording.NONE,
        state=left(glass, due, state, _calm(glass, row)),
        href=case_address.href(str(row.get("source") or ""), str(row.get("key"))),
        over=state == "over",
        soon=state == "soon",
    )


def _calm(glass: Glass, row: Mapping[str, Any]) -> str:
    """The state of a case that does not press; of a past stock, whether it was closed since."""
    if glass.is_past and row.get("closed_at"):
        return "其后完结"
    return str(row.get("state") or "在办")
