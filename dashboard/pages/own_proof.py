"""Proofs of figures that no single metric gives: a page says how each of its own comes about.

A page names them in `PROOFS`; the address has `proof=own:<name>`, and the drawer is the same. One
proof may serve the rows of a list: `own:<name>/<row>`, and it asks which row was chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dash import html

from dashboard import wording
from dashboard.pages.marks import columns, door
from dashboard.pages.reading import Glass

OWN: Final = "own:"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a share: what it is, how many, and the table of its rows."""

    name: str
    count: int
    href: str | None


@dataclass(frozen=True, slots=True)
class OwnProof:
    """What is proved, the figure as the page shows it, and the rows that give it.

    `rests_on` are the metrics whose rows or figures it is made of, asked over `days` or else over
    those of the page; `platforms` are those that give it where no metric says so, or else those of
    the page.
    """

    title: str
    shown: str
    heads: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    meaning: str
    verdict: str = ""
    holds: bool = True
    numbers: Sequence[int] = (1,)
    caption: tuple[str, str] = ("由这些得出", "")
    sides: tuple[Side, Side] | None = None
    share: str = ""
    rests_on: Sequence[str] = ()
    platforms: Sequence[str] = ()
    days: tuple[date, date] | None = None


Make = Callable[[Glass], OwnProof | None]  # None where the address names nothing there is


def href(glass: Glass, name: str) -> str:
    """The address of a proof of the page's own."""
    today = glass.want.span.today
    return glass.doors.to(f"{OWN}{name}", today, today)


def named(address: str) -> str:
    """The name under which a page has the proof of an address."""
    return address.removeprefix(OWN).partition("/")[0]


def chosen(glass: Glass) -> str:
    """Which row of a list the address asks about."""
    return glass.state.get("proof").removeprefix(OWN).partition("/")[2]


def view(found: OwnProof) -> list[Any]:
    """Whether it holds, the rows it comes from, what it means."""
    title, note = found.caption
    verdict = html.P(html.B(found.verdict), className="verdict" if found.holds else "verdict off")
    return [
        _fraction(found),
        verdict if found.verdict else None,
        html.Section(
            [
                html.H3([title, html.Span(note)]),
                columns(found.rows, heads=found.heads, numbers=found.numbers),
            ]
        ),
        html.Dl([html.Dt("定义"), html.Dd(found.meaning)], className="meaning"),
    ]


def _fraction(found: OwnProof) -> Any:
    """Both sides of a share, each a door to its rows."""
    if found.sides is None:
        return None
    lines = [
        html.Div([html.B(door(wording.count(one.count), one.href, about=one.name)), one.name])
        for one in found.sides
    ]
    share = html.Div(f"= {found.share}" if found.share else "分母为 0，不作比率")
    return html.Div([html.Div(lines, className="fraction"), share], className="fraction-box")
