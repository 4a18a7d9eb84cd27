"""Rows that were refused, grouped: reason, column and rule, how many, one masked row of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages.marks import columns, fold

TITLE = "隔离"
READS = ("quarantine",)


@dataclass(frozen=True, slots=True)
class Group:
    """One reason: where it lies, what to do, how often, one row as an example."""

    reason: str
    table: str
    column: str
    todo: str
    rows: int
    deliveries: int
    since: str
    last: str
    place: str
    example: Mapping[str, str]
    source: str = ""
    technical: Sequence[str] = ()


def view(data: Sequence[Group]) -> Any:
    """One block a reason, the most rows first; nothing refused says so."""
    if not data:
        return html.P("没有被隔离的行：进来的行全部入库。", className="nothing")
    return html.Div([_block(group) for group in data], className="groups")


def _block(group: Group) -> Any:
    facts = [
        ("数据", group.table),
        ("列", group.column),
        ("怎么办", group.todo),
        ("批次", f"{group.deliveries} 批，{group.since} 至 {group.last}"),
        ("所在", group.place),
        ("来源", group.source),
    ]
    told = [
        html.Span([html.Span(name, className="basis"), f" {text}"], className="group-fact")
        for name, text in facts
        if text
    ]
    example = columns([list(group.example.values())], heads=list(group.example))
    return html.Div(
        [
            html.Div(
                [html.B(group.reason), html.Span(f"{wording.count(group.rows)} 行")],
                className="group-head",
            ),
            html.Div(told, className="group-facts"),
            html.Div(example, className="group-example") if group.example else None,
            *fold(group.technical),
        ],
        className="group",
    )
