"""What the wall's panels are made of: the room they get, the view they give back, small marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dash import html

from dashboard.theme import RANK_NUMERALS, RANK_WORDS
from dashboard.wall.label_places import text_width

Node = Any
ASSETS = "/wall/frame/assets"
_CLEAR = 0.35  # rem between a text and a seam


@dataclass(frozen=True, slots=True)
class Room:
    """What a panel may fill: width and height in rem, and where seams run through it.

    `across` and `down` are distances of seams from the card's left and upper edge.
    """

    width: float
    height: float
    across: tuple[float, ...] = ()
    down: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What a panel shows: basis words beside the title, body, chart, words over it, foot."""

    body: Node = None
    figure: Mapping[str, Any] | None = None
    over: Node = None
    foot: Node = None
    basis: str = ""
    title: str = ""
    of: datetime | None = None  # when the newest of it was seen at its source, where that is told
    when: str | None = None  # the time of its data in the words that its head has room for


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure moved against a like-for-like period, and in what."""

    label: str
    words: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Places of list rows that keep off the seams: their upper edges, and how many fit."""

    tops: tuple[float, ...] = field(default=())

    @property
    def count(self) -> int:
        """How many rows fit."""
        return len(self.tops)


def line(*children: Node, cls: str = "") -> Node:
    """A row of a panel."""
    return html.Div(list(children), className=f"line {cls}".strip())


def text(words: Node, cls: str = "") -> Node:
    """A piece of text."""
    return html.Span(words, className=cls or None)


def headline(value: str, unit: str, cls: str = "") -> Node:
    """The figure of a panel with its unit, small, beside it."""
    return html.Div(
        [html.Span(value, className="value"), html.Span(unit, className="unit")],
        className=f"headline {cls}".strip(),
    )


def mark(rank: int, *, limit: bool = False, bar: bool = False, cls: str = "") -> Node:
    """The shape of a rank: filled = in force now, outlined = a limit that is not reached.

    `bar` stands on the rank's own colour.
    """
    kind = "-bar" if bar else "-limit" if limit else ""
    name = f"rank-{rank}{kind}.svg"
    said = f"{RANK_NUMERALS[rank]}级{RANK_WORDS[rank]}{'限值' if limit else ''}"
    return html.Img(src=f"{ASSETS}/{name}", alt=said, className=f"mark {cls}".strip())


def lamp(state: str) -> Node:
    """The lamp of a platform by shape: dot fresh, diamond late, square stale, cross, dash."""
    return html.Span(className=f"lamp {state}")


def bar(share: float, cls: str = "", tick: float | None = None) -> Node:
    """A horizontal bar; share and tick are parts of the full length."""
    pieces: list[Node] = [html.Span(className="fill", style={"width": _percent(share)})]
    if tick is not None:
        pieces.append(html.Span(className="tick", style={"left": _percent(tick)}))
    return html.Div(pieces, className=f"bar {cls}".strip())


def scale(share: float | None, tick: float | None) -> Node:
    """A position on a scale: dot for the value, stroke for the target."""
    pieces: list[Node] = []
    if tick is not None:
        pieces.append(html.Span(className="tick", style={"left": _percent(tick)}))
    if share is not None:
        pieces.append(html.Span(className="dot", style={"left": _percent(share)}))
    return html.Div(pieces, className="scale")


def pill(words: str) -> Node:
    """The inverse pill: the strongest thing below a rank."""
    return html.Span(words, className="pill")


def counting(since_ms: int, cls: str) -> Node:
    """A clock that the browser keeps going, from a moment in ms since 1970."""
    since: dict[str, Any] = {"data-since": str(since_ms)}
    return html.Span(className=f"counting {cls}", **since)


def fitting(parts: Sequence[tuple[str, float]], room: float, gap: float = 0.8) -> list[str]:
    """The first texts that stand beside each other in a room, each with its type size in rem.

    What does not fit is left out whole, from the end: half a word tells nothing.
    """
    kept: list[str] = []
    taken = 0.0
    for words, size in parts:
        wide = text_width(words, size) + (gap if kept else 0.0)
        if taken + wide > room and kept:
            break
        kept.append(words)
        taken += wide
    return kept


def beside_seams(room: Room, top: float, text_height: float) -> float:
    """The nearest upper edge at which a text of its own place touches no seam."""
    for seam in room.down:
        if top - _CLEAR < seam < top + text_height + _CLEAR:
            above, below = seam - _CLEAR - text_height, seam + _CLEAR
            return above if top - above <= below - top else below
    return top


def rows_in(
    room: Room, *, first: float, pitch: float, text_height: float, last: float, most: int = 99
) -> Lines:
    """Upper edges of rows from `first` down to `last`, none of whose text touches a seam."""
    tops: list[float] = []
    top = first
    while top + text_height <= last + 1e-6 and len(tops) < most:
        hit = next((s for s in room.down if top - _CLEAR < s < top + text_height + _CLEAR), None)
        if hit is not None:
            top = hit + 0.6
            continue
        tops.append(round(top, 3))
        top += pitch
    return Lines(tuple(tops))


def placed(top: float, children: Sequence[Node], cls: str = "") -> Node:
    """A row at a place of its own, measured from the card's upper edge."""
    return html.Div(
        list(children), className=f"placed {cls}".strip(), style={"top": f"{top:.3f}rem"}
    )


def _percent(share: float) -> str:
    return f"{100 * min(max(share, 0.0), 1.0):.2f}%"
