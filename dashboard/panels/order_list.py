"""Hotline orders as rows composed from codes: number, class, place, unit, times, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages.marks import columns, due_tag

TITLE = "在办工单"
READS = ("hotline_open",)


@dataclass(frozen=True, slots=True)
class Order:
    """One open order; nothing a citizen wrote stands in it."""

    number: str
    matter: str
    place: str
    unit: str
    received: str
    due: str
    left: str
    state: str = ""
    over: bool = False
    soon: bool = False


def view(data: Sequence[Order]) -> Any:
    """Overdue first, then by due time, as the caller sorted them."""
    rows = [
        [
            html.Span(order.number, className="case-no"),
            order.matter,
            order.place,
            order.unit,
            order.received,
            order.due,
            due_tag(order.left, over=order.over)
            if order.over or order.soon
            else html.Span(order.left, className="calm"),
        ]
        for order in data
    ]
    heads = ["工单号", "类别", "社区（村）", "承办", "受理", "应办结", "状态"]
    return html.Div(columns(rows, heads=heads), className="case-list")
