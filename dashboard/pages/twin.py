"""A chart and its twin: the same figures as a table, for keyboards and for screen readers.

A plot that is drawn (bars by day, curves, lanes) stands in a figure with a folded table under it,
whose rows are links to where a click on the mark leads. A chart that is rows already (a name, its
bar, its figure) is itself told as a table. `of(n)` says on a mark which column of the twin it
draws, so that a test can hold length and figure against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages.marks import attrs, columns, door, link

Node = Any


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a twin: its name, its figures, where the mark's click leads, the figure's proof.

    `href` is a filter (on the name) or a proof (`proof`, on the first figure), or both.
    """

    name: str
    figures: Sequence[Node]
    href: str | None = None
    proof: str | None = None


def charted(plot: Node, lines: Sequence[Line], *, heads: Sequence[str]) -> Node:
    """A plot with its twin; `heads` name the rows and then each figure."""
    return html.Figure([plot, twin(lines, heads=heads)], className="charted")


def curved(graph: Node, *, heads: Sequence[str]) -> Node:
    """A curve of many readings: the browser fills its twin from the very points that it drew."""
    body = html.Div(className="twin-rows", **attrs({"data-heads": "|".join(heads)}))
    return html.Figure([graph, _folded(body, cls="twin of-curve")], className="charted")


def twin(lines: Sequence[Line], *, heads: Sequence[str]) -> Node:
    """The table alone, folded."""
    rows = []
    for line in lines:
        name = link(line.name, line.href, "row-button") if line.href else line.name
        first, *rest = line.figures or [""]
        rows.append([name, door(first, line.proof, about=line.name), *rest])
    body = columns(rows, heads=heads, numbers=range(1, len(heads)))
    return _folded(html.Div(body, className="twin-rows"))


def _folded(body: Node, cls: str = "twin") -> Node:
    return html.Details([html.Summary("看表格", className="twin-head"), body], className=cls)


def of(column: int) -> dict[str, Any]:
    """What a mark draws: the figure in this column of its twin or of its row, the name being 0."""
    return attrs({"data-of": str(column)})


def mute() -> dict[str, Any]:
    """For a drawing that says nothing its table does not say."""
    return attrs({"aria-hidden": "true"})


def table(rows: Sequence[Node], cls: str, *, about: str = "", style: Any = None) -> Node:
    """Rows of boxes that are told as a table; the first row made by `heads`."""
    words: dict[str, Any] = attrs({"aria-label": about}) if about else {}
    return html.Div(rows, className=cls, role="table", style=style or {}, **words)


def heads(cells: Sequence[Node], cls: str) -> Node:
    """The first row of such a table."""
    return _row(cells, cls, "columnheader")


def row(cells: Sequence[Node], cls: str) -> Node:
    """A row of such a table: the first cell names it."""
    return _row(cells, cls, "cell")


def _row(cells: Sequence[Node], cls: str, role: str) -> Node:
    boxes: list[Any] = [cell if hasattr(cell, "children") else html.Span(cell) for cell in cells]
    for index, box in enumerate(boxes):
        box.role = "rowheader" if role == "cell" and not index else role
    return html.Div(boxes, className=cls, role="row")
