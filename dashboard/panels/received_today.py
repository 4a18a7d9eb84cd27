"""How many matters the hotline brought today, against the same hours a week ago."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.parts import Room, View, headline, line, text

TITLE = "今日受理"
READS = ("hotline_received", "hotline_closed", "hotline_open", "matter_flow")
LEAST = (22.0, 8.0)


@dataclass(frozen=True, slots=True)
class Facts:
    """Today's count, the count up to the same minute a week ago, closed today, open now."""

    today: int
    before: int | None
    before_label: str
    closed: int
    still_open: int


def view(facts: Facts, room: Room) -> View:
    """The figure, its comparison, and what became of the work today."""
    moved = None if facts.before is None else facts.today - facts.before
    before = wording.NONE if facts.before is None else f"{facts.before} 件"
    aside = html.Div(
        [
            line(text(facts.before_label, "muted")),
            line(text(before), text(wording.arrow(moved), "strong" if moved else "muted")),
        ],
        className="aside",
    )
    return View(
        body=html.Div([headline(wording.count(facts.today), "件"), aside], className="kpi"),
        foot=line(text(f"今日办结 {facts.closed}"), text(f"在办 {facts.still_open}"), cls="facts"),
    )
