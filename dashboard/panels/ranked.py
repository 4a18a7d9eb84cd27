"""Counts by name as bars, with their change; the name opens the level below or a filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import twin
from dashboard.pages.marks import door, link

TITLE = "诉求类别"
READS = ("hotline_received",)


@dataclass(frozen=True, slots=True)
class Row:
    """One name with its count, what it was before or its share, and where name and figures lead."""

    name: str
    count: int
    before: int | None = None
    narrow: str | None = None
    href: str | None = None
    deeper: bool = False
    chosen: bool = False
    share: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The rows as they stand, what is left over in one row, the word for `before`."""

    rows: Sequence[Row]
    before_name: str
    total: int
    note: str = ""
    unit: str = "件"


def view(data: Ranked) -> Any:
    """One bar a row from a true zero; the change in words of direction, never a judgement."""
    if not data.rows:
        return html.P(wording.NOTHING_COUNTED, className="nothing")
    scale = max(row.count for row in data.rows)
    heads = [html.Span(), html.Span(data.unit), html.Span(data.before_name, className="n")]
    lines = [twin.heads(heads, "rank-row split-head")]
    for row in data.rows:
        shown: Any = [row.name, html.Span(" ›", className="deeper") if row.deeper else None]
        name = link(shown, row.narrow, "quiet") if row.narrow else row.name
        mark = html.Span(
            className="bar-solid",
            style={"--share": f"{row.count / max(scale, 1):.4f}"},
            **twin.of(0),
        )
        figure = door(html.B(str(row.count)), row.href, about=row.name, cls="figure-small")
        lines.append(
            twin.row(
                [
                    html.Span(name, className="split-name"),
                    html.Span([mark, figure], className="bar"),
                    html.Span(_moved(row), className="moved n"),
                ],
                "rank-row chosen" if row.chosen else "rank-row",
            )
        )
    return [
        twin.table(lines, "ranked"),
        html.P(data.note, className="note") if data.note else None,
    ]


def _moved(row: Row) -> Any:
    if row.share:
        return door(row.share, row.href, about=f"{row.name}的占比", cls="rank-share")
    if row.before is None:
        return ""
    return f"{row.before} {wording.arrow(row.count - row.before)}"
