"""Closed of accepted by some dimension, both mediation lines beside each other on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import twin
from dashboard.pages.marks import bar, link, pair

TITLE = "完结/受理"
READS = ("mediation_completion_rate",)
_FEW = 5  # rows that stand at the top instead of being spread over the panel


@dataclass(frozen=True, slots=True)
class Cell:
    """What one line did for one row."""

    closed: int
    accepted: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One community, type or linkage; `narrow` is the address that filters the page by it."""

    name: str
    cells: Sequence[Cell]
    narrow: str | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """The rows and the names of the lines, with their units."""

    heads: Sequence[str]
    rows: Sequence[Row]
    note: str = ""
    what: str = "完结率"


def view(data: Split) -> Any:
    """One row a name, one bar a line; every bar of the panel is on the same scale."""
    if not data.rows:
        return html.P(wording.NOTHING_COUNTED, className="nothing")
    scale = max(cell.accepted for row in data.rows for cell in row.cells)
    heads = [html.Span(), *[html.Span(head) for head in data.heads]]
    lines = [twin.heads(heads, "split-row split-head")]
    for row in data.rows:
        name = link(row.name, row.narrow, "quiet") if row.narrow else row.name
        bars = [
            bar(
                cell.closed,
                cell.accepted,
                scale,
                pair(cell.closed, cell.accepted, cell.href, f"{row.name}{data.what}"),
            )
            for cell in row.cells
        ]
        lines.append(
            twin.row(
                [html.Span(name, className="split-name"), *bars],
                "split-row chosen" if row.chosen else "split-row",
            )
        )
    columns = f"split lines-{len(data.heads)}" + (" few-rows" if len(data.rows) < _FEW else "")
    note = html.P(data.note, className="note") if data.note else None
    return [twin.table(lines, columns), note]
