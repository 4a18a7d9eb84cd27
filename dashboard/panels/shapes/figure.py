"""One figure with its unit, what it is held against beside it, what proves it below."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.parts import Room, View, headline, line, pill, text


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure as words; `beside` are pairs of label and words, at most two."""

    value: str
    unit: str
    beside: tuple[tuple[str, str], ...] = ()
    below: tuple[str, ...] = ()
    basis: str = ""
    urgent: str = ""  # words of the inverse pill, such as 超期 3 件


def view(facts: Figure, room: Room) -> View:
    """The figure at the left, its comparison at the right, one line below."""
    aside: list[html.Div] = []
    if len(facts.beside) == 1:
        label, words = facts.beside[0]
        aside = [line(text(label, "muted")), line(text(words))]
    else:
        aside = [line(text(label, "muted"), text(words)) for label, words in facts.beside]
    below = [text(words, "" if index == 0 else "muted") for index, words in enumerate(facts.below)]
    if facts.urgent:
        below.append(pill(facts.urgent))
    return View(
        basis=facts.basis,
        body=html.Div(
            [headline(facts.value, facts.unit), html.Div(aside, className="aside")],
            className="kpi",
        ),
        foot=line(*below, cls="facts spread"),
    )


def rate(
    pair: tuple[int, int],
    before: tuple[int, int] | None,
    *,
    names: tuple[str, str],
    unit: str = "件",
    basis: str = "",
    label: str = "较上月同期",
) -> Figure:
    """A rate with its pair and its change in percentage points; a small one as n/m only."""
    part, whole = pair
    small = wording.is_small(whole)
    if small:
        value, sign = wording.ratio(part, whole), unit
    else:
        value = wording.percent(part, whole)
        sign = "%" if value != wording.NONE else ""
    beside: tuple[tuple[str, str], ...] = ()
    if before is not None:
        moved = None if small or wording.is_small(before[1]) else wording.points(pair, before)
        said = wording.NONE
        if moved is not None:
            said = wording.arrow(moved) + (" 个百分点" if moved else "")
        beside = ((label, said),)
    below = (f"{names[0]} {wording.count(part)} / {names[1]} {wording.count(whole)} {unit}",)
    return Figure(value, sign, beside, below, basis)
