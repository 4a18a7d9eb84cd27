"""How many hotline orders due this month were closed in time, open ones over time included."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.parts import Room, View, headline, line, text

TITLE = "热线按时办结率"
READS = ("hotline_on_time_rate",)
LEAST = (21.4, 8.0)


@dataclass(frozen=True, slots=True)
class Facts:
    """In time and due this month, and the same of last month's like days."""

    in_time: int
    due: int
    before_in_time: int | None
    before_due: int | None
    label: str = "较上月同期"


def view(facts: Facts, room: Room) -> View:
    """The rate, n/m below, the change in percentage points beside it."""
    small = wording.is_small(facts.due)
    if small:
        figure = headline(wording.ratio(facts.in_time, facts.due), "件")
    else:
        shown = wording.percent(facts.in_time, facts.due)
        figure = headline(shown, "%" if shown != wording.NONE else "")
    moved = wording.points((facts.in_time, facts.due), (facts.before_in_time, facts.before_due))
    if moved is None or small or wording.is_small(facts.before_due):
        words = wording.NONE
    else:
        words = wording.arrow(moved) + (" 个百分点" if moved else "")
    aside = html.Div([line(text(facts.label, "muted")), line(text(words))], className="aside")
    return View(
        basis="本月",
        body=html.Div([figure, aside], className="kpi"),
        foot=line(text(f"按时 {facts.in_time} / 应办结 {facts.due} 件"), cls="facts"),
    )
