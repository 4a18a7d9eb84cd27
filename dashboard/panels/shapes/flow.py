"""Stock and flow: carried + new − closed − dropped = open, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.parts import Node, Room, View, line, rows_in, text

SIGNS = ("", "＋", "－", "－", "＝")
FIRST, HIGH = 3.4, 3.9  # rem: where the first line begins, what a line with its names takes
BESIDE = 26.0  # rem of a card from which a balance's name stands beside its figures, not above


@dataclass(frozen=True, slots=True)
class Flow:
    """One balance; `overdue` are those of the open ones whose time is over."""

    opening: int
    received: int
    closed: int
    dropped: int
    still_open: int
    overdue: int = 0
    name: str = ""

    @property
    def gap(self) -> int:
        """What the balance is off by; 0 when it holds."""
        return self.opening + self.received - self.closed - self.dropped - self.still_open


@dataclass(frozen=True, slots=True)
class Facts:
    """The balances of a period, and how its five figures are called."""

    flows: tuple[Flow, ...]
    basis: str
    unit: str = "件"
    names: tuple[str, str, str, str, str] = ("结转", "新增", "办结", "剔出", "在办")
    counts_overdue: bool = True


def view(facts: Facts, room: Room) -> View:
    """Five figures with their signs; one line a balance."""
    held = all(flow.gap == 0 for flow in facts.flows)
    overdue = sum(flow.overdue for flow in facts.flows)
    said = f"其中超期 {overdue} {facts.unit}" if facts.counts_overdue else ""
    check = "收支相抵，差 0" if held else f"差 {sum(f.gap for f in facts.flows)}，待核"
    names = " above" if room.width < BESIDE else ""
    rows = [_row(flow, facts, names, number == 0) for number, flow in enumerate(facts.flows)]
    return View(
        basis=facts.basis,
        body=_off_seams(rows, room) or html.Div(rows, className="flows stretch"),
        foot=line(text(said), text(check, "muted"), cls="facts spread"),
    )


def _off_seams(rows: list[html.Div], room: Room) -> Node:
    """The lines from the top, each whole on one side of a seam; None where that is not asked."""
    lines = rows_in(
        room, first=FIRST, pitch=HIGH + 0.8, text_height=HIGH, last=room.height, most=len(rows)
    )
    if not room.down or lines.count < len(rows):
        return None
    return [
        html.Div(row, className="placed-flow", style={"top": f"{top:.3f}rem"})
        for top, row in zip(lines.tops, rows, strict=True)
    ]


def _row(flow: Flow, facts: Facts, names: str, headed: bool) -> html.Div:
    figures = (flow.opening, flow.received, flow.closed, flow.dropped, flow.still_open)
    cells = [
        html.Div(
            [
                text(f"{sign}{name}", "muted") if headed else None,
                text(wording.count(figure), "value" if sign != "＝" else "value present"),
            ],
            className="flow-cell",
        )
        for sign, name, figure in zip(
            ("", "＋", "－", "－", "＝"), facts.names, figures, strict=True
        )
    ]
    title = [html.Div(text(flow.name, "strong"), className="flow-name")] if flow.name else []
    look = f"flow-line named{names}" if flow.name else "flow-line"
    return html.Div(html.Div([*title, *cells], className="flow-cells"), className=look)
