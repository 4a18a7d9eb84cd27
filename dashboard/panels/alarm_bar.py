"""The bar of a takeover: rank and kind, where and what, since when, who has acknowledged.

Four quarters, one for each physical panel, so that no word crosses a seam. The clock counts in the
browser, so that it goes on when the server is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.theme import RANK_NUMERALS, RANK_WORDS
from dashboard.wall.parts import Node, Room, View, counting, mark, text

TITLE = ""
READS = ()
LEAST = (60.0, 3.4)
NARROW = 84.0  # rem of the whole bar below which its type is one step smaller


@dataclass(frozen=True, slots=True)
class Facts:
    """The alarm that has the region; `since_ms` is when it was raised, in ms since 1970."""

    rank: int
    kind: str
    where: str
    what: str
    since_ms: int
    confirmed: str = ""  # by which post and when; empty while nobody has
    missing: str = ""  # who still has to
    others: int = 0
    in_all: int = 0  # more than are told one by one: their number
    drill: bool = False
    doubt: str = ""  # Ⅱ 待核实: a single reading is past a higher limit


def view(facts: Facts, room: Room) -> View:
    """Dark words on the rank's colour."""
    rank = [mark(facts.rank, bar=True), text(f"{RANK_NUMERALS[facts.rank]}级", "large")]
    kind = text(f"{RANK_WORDS[facts.rank]} {facts.kind}", "large")
    more = text(f"另 {facts.others} 项") if facts.others else None
    if facts.in_all:
        more = text(f"共 {facts.in_all} 项")
    drill = text("演练", "drill-pill") if facts.drill else None
    since: Node = text("报警已")
    if facts.doubt:
        since = html.Div([since, text(facts.doubt)], className="stacked")
    done = text(facts.confirmed or "未确认", "large" if not facts.confirmed else "middle")
    look = f"alarm-bar rank-ground-{facts.rank}"
    if room.width < NARROW:
        look += " narrow"
    return View(
        body=html.Div(
            [
                _quarter(*rank, kind),
                _quarter(drill, text(facts.where, "large"), text(facts.what, "large"), more),
                _quarter(since, counting(facts.since_ms, "alarm-clock")),
                _quarter(done, text(facts.missing) if facts.missing else None, end=True),
            ],
            className=look,
        )
    )


def least(facts: object) -> Node:
    """The bar of an alarm whose own cannot be drawn: its rank, and where it is to be read."""
    rank = facts.rank if isinstance(facts, Facts) and facts.rank in RANK_WORDS else 1
    quarters = [
        _quarter(text(f"{RANK_NUMERALS[rank]}级 告警", "large")),
        _quarter(text("无法显示，见告警值守", "large")),
        _quarter(),
        _quarter(),
    ]
    return html.Div(quarters, className=f"alarm-bar rank-ground-{rank}")


def _quarter(*parts: Node, end: bool = False) -> Node:
    return html.Div(list(parts), className="quarter end" if end else "quarter")
