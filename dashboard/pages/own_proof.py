"""Proofs of figures that no single metric gives: a page says how each of its own comes about.

A page names them in `PROOFS`; the address has `proof=own:<name>`, and the drawer is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dash import html

from dashboard.pages.marks import columns
from dashboard.pages.reading import Glass

OWN: Final = "own:"


@dataclass(frozen=True, slots=True)
class OwnProof:
    """What is proved, the figure as the page shows it, and the rows that give it."""

    title: str
    shown: str
    heads: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    meaning: str
    verdict: str = ""
    holds: bool = True
    numbers: Sequence[int] = (1,)
    caption: tuple[str, str] = ("由这些得出", "")


Make = Callable[[Glass], OwnProof]


def href(glass: Glass, name: str) -> str:
    """The address of a proof of the page's own."""
    today = glass.want.span.today
    return glass.doors.to(f"{OWN}{name}", today, today)


def view(found: OwnProof) -> list[Any]:
    """Whether it holds, the rows it comes from, what it means."""
    title, note = found.caption
    verdict = html.P(html.B(found.verdict), className="verdict" if found.holds else "verdict off")
    return [
        verdict if found.verdict else None,
        html.Section(
            [
                html.H3([title, html.Span(note)]),
                columns(found.rows, heads=found.heads, numbers=found.numbers),
            ]
        ),
        html.Dl([html.Dt("定义"), html.Dd(found.meaning)], className="meaning"),
    ]
