"""Weather now, rain to come, and the warnings in force with rank by shape and word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages.marks import rank

TITLE = "雨情与预警"
READS = ("weather_now", "weather_warnings")


@dataclass(frozen=True, slots=True)
class Warning_:
    """One warning in force: its rank and its words."""

    rank: int
    title: str
    told: str


@dataclass(frozen=True, slots=True)
class Weather:
    """Facts as name and figure, and the warnings in force."""

    facts: Sequence[tuple[str, str]]
    warnings: Sequence[Warning_]
    checked: str


def view(data: Weather) -> Any:
    """Warnings first, highest rank first; none says so with the time of the look."""
    items = [
        html.Div([rank(w.rank), html.Div([html.B(w.title), html.P(w.told)])], className="warning")
        for w in data.warnings
    ]
    none = html.P(f"当前没有生效的气象预警（{data.checked} 查看）", className="note")
    facts = [
        html.Div([html.Span(name), html.B(shown)], className="fact") for name, shown in data.facts
    ]
    return [html.Div(items or none, className="warnings"), html.Div(facts, className="facts")]
