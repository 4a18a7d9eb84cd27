"""A block of sentences: each a lead and a telling, its figures doors; nothing to say is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages.marks import door, rank

TITLE = "要事"
READS = ("hotline_received", "gauge_latest")


@dataclass(frozen=True, slots=True)
class Door:
    """A figure within a sentence and the address of its proof."""

    shown: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: the lead, the telling with its doors, a rank where one is in force."""

    lead: Sequence[str | Door]
    told: Sequence[str | Door] = ()
    rank: int | None = None
    figure: Any = None


@dataclass(frozen=True, slots=True)
class Block:
    """The sentences of one question, and what is said when there are none."""

    said: Sequence[Said]
    nothing: str


def view(data: Block) -> Any:
    """One sentence under the other, parted by hairlines."""
    if not data.said:
        return html.P(data.nothing, className="nothing")
    return html.Div([_one(said) for said in data.said], className="sentences")


def _one(said: Said) -> Any:
    lead = [_part(part) for part in said.lead]
    mark = [rank(said.rank)] if said.rank else []
    parts: list[Any] = [html.Div([*mark, html.B(lead, className="lead")], className="lead-line")]
    if said.told:
        parts.append(html.P([_part(part, strong=True) for part in said.told]))
    if said.figure is not None:
        parts.append(said.figure)
    return html.Div(parts, className="sentence")


def _part(part: str | Door, *, strong: bool = False) -> Any:
    if isinstance(part, str):
        return _kept(part)
    shown: Any = html.B(_kept(part.shown)) if strong else _kept(part.shown)
    return door(shown, part.href, about=part.shown)


def _kept(words: str) -> str:
    """A figure stays on one line with its unit: 12.0 % is never parted."""
    return re.sub(r"(?<=\d) (?=\S)", "\N{NO-BREAK SPACE}", words)
