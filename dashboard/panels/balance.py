"""Stock and flow of a subject: opening + new − closed − dropped = open, and whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages.marks import attrs, door

TITLE = "存量与流量"
READS = ("grid_open",)


@dataclass(frozen=True, slots=True)
class Flow:
    """One balance over the period; each figure with the address of its proof."""

    name: str
    unit: str
    opening: int
    entered: int
    closed: int
    dropped: int
    still_open: int
    hrefs: Sequence[str | None] = (None,) * 5

    @property
    def gap(self) -> int:
        """What the balance is off by; 0 when it holds."""
        return self.opening + self.entered - self.closed - self.dropped - self.still_open


@dataclass(frozen=True, slots=True)
class Balance:
    """The balances and how their columns are called."""

    flows: Sequence[Flow]
    heads: Sequence[str]
    note: str = ""


def view(data: Balance) -> Any:
    """A row of five figures for each balance and its check."""
    named = len(data.flows) > 1
    cells = [html.Span(head) for head in [*data.heads, "平衡校验"]]
    lines = [html.Div([html.Span(), *cells], className="flow-row flow-head")]
    lines += [_row(flow, data.heads) for flow in data.flows]
    classes = "flow" if named else "flow unnamed"
    return [
        html.Div(lines, className=classes),
        html.P(data.note, className="note") if data.note else None,
    ]


def _row(flow: Flow, heads: Sequence[str]) -> Any:
    figures = (flow.opening, flow.entered, flow.closed, flow.dropped, flow.still_open)
    cells: list[Any] = [html.B(flow.name, className="flow-name")]
    for sign, figure, href, head in zip("　+−−=", figures, flow.hrefs, heads, strict=True):
        cells.append(
            html.Span(
                [
                    html.Span(sign.strip("　"), className="flow-sign"),
                    door(wording.count(figure), href, about=f"{flow.name}{head}", cls="figure"),
                    html.Span(flow.unit, className="unit") if sign == "=" else None,
                ],
                className="flow-cell",
                **attrs({"data-label": head}),
            )
        )
    held = "✓ 差 0" if flow.gap == 0 else f"差 {flow.gap}，待核"
    cells.append(html.Span(held, className="flow-check" if flow.gap == 0 else "flow-check off"))
    return html.Div(cells, className="flow-row")
