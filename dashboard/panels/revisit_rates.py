"""The three rates of the revisits: contacted, solved, satisfied; each n/m, a dot, its target."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.parts import Room, View, line, scale, text

TITLE = "回访三率"
READS = ("hotline_response_rate", "hotline_resolution_rate", "hotline_satisfaction_rate")
LEAST = (22.0, 9.0)
FLOORS = (0.8, 0.6, 0.4, 0.0)
LOW = 13.2  # rem below which a line on the scale would touch the last rate: the head tells it


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate with its target (0 to 1)."""

    name: str
    numerator: int
    denominator: int
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The rates of this month."""

    rates: tuple[Rate, ...]


def view(facts: Facts, room: Room) -> View:
    """One line a rate; the scale begins at the highest of 80, 60, 40, 0 % that shows all."""
    low = floor_of(facts.rates)
    rows = [_row(rate, low) for rate in facts.rates]
    body = html.Div(rows, className="rates")
    if room.height < LOW:
        return View(basis=f"本月 · {low * 100:.0f}—100 %", body=body)
    note = line(text(f"刻度 {low * 100:.0f}—100 %"), text("竖线为目标"), cls="facts spread muted")
    return View(basis="本月回访", body=body, foot=note)


def floor_of(rates: tuple[Rate, ...]) -> float:
    """Where the scale begins, so that every dot and target lies on it."""
    places = [r.numerator / r.denominator for r in rates if r.denominator]
    places += [r.target for r in rates if r.target is not None]
    lowest = min(places, default=1.0)
    return next(low for low in FLOORS if lowest >= low or low == 0.0)


def _row(rate: Rate, low: float) -> html.Div:
    small = wording.is_small(rate.denominator)
    shown = wording.percent(rate.numerator, rate.denominator)
    value = (
        [text(wording.ratio(rate.numerator, rate.denominator), "value")]
        if small
        else [text(shown, "value"), text("%" if shown != wording.NONE else "", "unit")]
    )
    share = None if not rate.denominator else (rate.numerator / rate.denominator - low) / (1 - low)
    tick = None if rate.target is None else (rate.target - low) / (1 - low)
    return html.Div(
        [
            line(
                text(rate.name, "name"),
                html.Span(value, className="rate"),
                text(f"{rate.numerator} / {rate.denominator} 件", "pair"),
            ),
            scale(share, tick),
        ],
        className="rate-row",
    )
