"""Hotline orders that are open past their time, and what falls due today."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.parts import Room, View, headline, line, text

TITLE = "超期在办"
READS = ("hotline_overdue", "hotline_open", "hotline_received", "hotline_closed", "hotline_due")
LEAST = (21.4, 8.0)


@dataclass(frozen=True, slots=True)
class Facts:
    """Overdue, due today, open; and today's balance: carried + received - closed - dropped."""

    overdue: int
    due_today: int
    still_open: int
    carried: int
    received: int
    closed: int
    dropped: int


def view(facts: Facts, room: Room) -> View:
    """The figure, what is due today, and the balance that proves the open ones."""
    aside = html.Div(
        [
            line(text("在办", "muted"), text(f"{facts.still_open} 件")),
            line(text("今日到期", "muted"), text(f"{facts.due_today} 件")),
        ],
        className="aside",
    )
    dropped = f"－退并 {facts.dropped}" if facts.dropped else ""
    balance = (
        f"结转 {facts.carried}＋{facts.received}－办结 {facts.closed}{dropped}＝{facts.still_open}"
    )
    return View(
        body=html.Div([headline(wording.count(facts.overdue), "件"), aside], className="kpi"),
        foot=line(text(balance), cls="facts"),
    )
