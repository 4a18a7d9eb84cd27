"""Stock and flow of both mediation lines: opening + accepted − closed − withdrawn = open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages.marks import attrs, door

TITLE = "存量与流量"
READS = (
    "mediation_flow",
    "mediation_completion_rate",
    "mediation_success_rate",
    "mediation_days",
)


@dataclass(frozen=True, slots=True)
class Flow:
    """One line's balance over the period, with what its closed and accepted are made of."""

    name: str
    unit: str
    opening: int
    accepted: int
    closed: int
    withdrawn: int
    still_open: int
    cohort_closed: int
    cohort: int
    excluded: int
    hrefs: Sequence[str | None] = (None,) * 5
    outcome: Sequence[tuple[str, str, str | None]] = ()

    @property
    def gap(self) -> int:
        """What the balance is off by; 0 when it holds."""
        return self.opening + self.accepted - self.closed - self.withdrawn - self.still_open


@dataclass(frozen=True, slots=True)
class Balance:
    """Both lines; `start` is the first day of the period."""

    lines: Sequence[Flow]
    start: str
    end: str


def view(data: Balance) -> Any:
    """A row of five figures for each line, its check, and where closed and accepted come from."""
    heads = [f"期初在办 {data.start}", "本期受理", "本期完结", "并案、撤回", data.end, "平衡校验"]
    rows = [
        html.Div(
            [html.Span(), *[html.Span(head) for head in heads]], className="flow-row flow-head"
        )
    ]
    for flow in data.lines:
        rows += _row(flow, heads)
    return html.Div(rows, className="flow")


def _row(flow: Flow, heads: Sequence[str]) -> list[Any]:
    figures = (flow.opening, flow.accepted, flow.closed, flow.withdrawn, flow.still_open)
    cells: list[Any] = [html.B(flow.name, className="flow-name")]
    for sign, figure, href, head in zip(" +−−=", figures, flow.hrefs, heads[:5], strict=True):
        last = sign == "="
        cells.append(
            html.Span(
                [
                    html.Span(sign.strip(), className="flow-sign"),
                    door(wording.count(figure), href, about=f"{flow.name}{head}", cls="figure"),
                    html.Span(flow.unit, className="unit") if last else None,
                ],
                className="flow-cell",
                **attrs({"data-label": head}),
            )
        )
    held = "✓ 差 0" if flow.gap == 0 else f"差 {flow.gap}，待核"
    cells.append(html.Span(held, className="flow-check" if flow.gap == 0 else "flow-check off"))
    parts: list[Any] = []
    for name, shown, href in flow.outcome:
        parts += [" · " if parts else "", f"{name} ", door(shown, href, about=name)]
    note = html.Div([html.P(_origin(flow)), html.P(parts)], className="flow-note")
    return [html.Div(cells, className="flow-row"), note]


def _origin(flow: Flow) -> str:
    carried = flow.closed - flow.cohort_closed
    told = []
    if carried >= 0:
        told.append(f"完结 {flow.closed} = 本期受理 {flow.cohort_closed} + 上期结转 {carried}")
    if flow.accepted - flow.excluded == flow.cohort:
        told.append(f"受理 {flow.accepted} − 剔除 {flow.excluded} = 分母 {flow.cohort}")
    return "；".join(told)
