"""Several rates under each other: value, n/m, a dot on a scale, the target as a stroke."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.parts import Room, View, line, placed, rows_in, scale, text

FLOORS = (0.8, 0.6, 0.4, 0.0)
FIRST, PITCH, SPACED = 2.7, 2.85, 4.2  # rem: the first rate, its height, the most between two
LOW = 11.0  # rem of a card below which the scale is told in the head; also for one rate more


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate with its target (0 to 1); a neutral one is drawn without a scale."""

    name: str
    numerator: int
    denominator: int
    target: float | None = None
    unit: str = "件"


@dataclass(frozen=True, slots=True)
class Facts:
    """The rates in order of weight; where room is short the last ones go."""

    rates: tuple[Rate, ...]
    basis: str


def view(facts: Facts, room: Room) -> View:
    """As many rates as the room holds; the scale begins at the highest floor that shows all."""
    whole, footed = room.height - 0.6, room.height - 2.2
    held = {end: min(len(facts.rates), int((end - FIRST + 0.2) / PITCH)) for end in (whole, footed)}
    low_room = room.height < LOW or held[whole] > held[footed]
    end = whole if low_room else footed
    count = max(held[end], 1)
    pitch = min(SPACED, max(PITCH, (end - FIRST) / count))
    tops = rows_in(room, first=FIRST, pitch=pitch, text_height=PITCH - 0.2, last=end).tops[:count]
    shown = facts.rates[: len(tops)]
    low = floor_of(shown)
    targets = any(rate.target is not None for rate in shown)
    span = f"{low * 100:.0f}—100 %"
    note = [text(f"刻度 {span}"), text("竖线为目标") if targets else None]
    return View(
        basis=f"{facts.basis} · {span}" if low_room else facts.basis,
        body=[
            placed(top, [_row(rate, low)], "rate-place")
            for top, rate in zip(tops, shown, strict=True)
        ],
        foot=None if low_room else line(*note, cls="facts spread muted"),
    )


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
    pair = f"{wording.count(rate.numerator)} / {wording.count(rate.denominator)} {rate.unit}"
    return html.Div(
        [
            line(
                text(rate.name, "name"),
                html.Span(value, className="rate"),
                text(pair, "pair"),
            ),
            scale(share, tick),
        ],
        className="rate-row stacked",
    )
