"""Rows of a few columns, composed of codes: as many as the room holds, off its seams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dash import html

from dashboard.wall.label_places import text_width
from dashboard.wall.parts import Node, Room, View, line, pill, placed, rows_in, text
from dashboard.wall.widths import shared_out

PITCH, FIRST, HEADS = 1.72, 2.75, 1.55  # rem: a row, the first one, the line of heads
SPACED = 2.6  # rem: the most between two rows where there are few
SIDE, GAP, SIZE = 1.1, 0.4, 1.1  # rem: the card's edge, between cells, of the type
PILL = 1.1  # rem: what a pill is wider than its words


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its words and how they look: strong, muted or pill."""

    words: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its part of the width, whether it stands at the right."""

    head: str
    share: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Columns and rows; `total` says how many there are, `below` what the foot says."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    unit: str = "件"
    basis: str = ""
    below: str = ""
    nothing: str = "当前没有"
    of: datetime | None = None  # when the newest of the rows was seen at its source


def view(facts: Facts, room: Room) -> View:
    """A line of heads, the rows, and how many more there are."""
    if not facts.rows:
        calm = [placed(3.0, [text(facts.nothing, "calm")])]
        return View(body=calm, basis=facts.basis, foot=line(text(facts.below, "muted")))
    first = FIRST + HEADS
    last = room.height - 2.25
    pitch = min(SPACED, max(PITCH, (last - first) / len(facts.rows)))
    tops = rows_in(room, first=first, pitch=pitch, text_height=1.35, last=last).tops
    if len(tops) < len(facts.rows):  # a seam took what there was to spare
        tops = rows_in(room, first=first, pitch=PITCH, text_height=1.35, last=last).tops
    shown = facts.rows[: len(tops)]
    rems = _rems(facts.columns, shown, room.width - 2 * SIDE)
    widths = [{"width": f"{rem:.3f}rem"} for rem in rems]
    heads = [
        html.Span(one.head, className=_cls(one, "muted"), style=width)
        for one, width in zip(facts.columns, widths, strict=True)
    ]
    rows = [placed(FIRST, heads, "row heads")]
    rows += [
        placed(top, _cells(facts.columns, rems, row), "row")
        for top, row in zip(tops, shown, strict=False)
    ]
    rest = facts.total - len(shown)
    foot = [
        text(f"其余 {rest} {facts.unit}") if rest > 0 else text(f"共 {facts.total} {facts.unit}")
    ]
    return View(
        of=facts.of,
        basis=facts.basis,
        body=rows,
        foot=line(*foot, text(facts.below, "muted"), cls="facts spread"),
    )


def _rems(
    columns: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...], width: float
) -> list[float]:
    cells = [[row[number] for row in rows] for number in range(len(columns))]
    needs = [
        GAP + max([text_width(one.head, 1.1), *map(_need, below)])
        for one, below in zip(columns, cells, strict=True)
    ]
    return shared_out(width, [one.share for one in columns], needs)


def _need(cell: Cell) -> float:
    return text_width(cell.words, SIZE) + (PILL if cell.look == "pill" else 0.0)


def fitted(words: str, width: float) -> str:
    """Words that fit a width in rem; what is too long ends in a sign that says so."""
    if text_width(words, SIZE) <= width:
        return words
    kept = words
    while kept and text_width(f"{kept}…", SIZE) > width:
        kept = kept[:-1]
    return f"{kept}…"


def _cls(column: Column, look: str = "") -> str:
    return " ".join(part for part in ("cell", "right" if column.right else "", look) if part)


def _cells(columns: tuple[Column, ...], rems: list[float], row: tuple[Cell, ...]) -> list[Node]:
    return [
        html.Span(
            _cell(cell, rem - GAP),
            className=_cls(column, _look(cell)),
            style={"width": f"{rem:.3f}rem"},
        )
        for column, rem, cell in zip(columns, rems, row, strict=True)
    ]


def _look(cell: Cell) -> str:
    return "" if cell.look == "pill" else cell.look


def _cell(cell: Cell, width: float) -> Node:
    if cell.look == "pill":
        return pill(cell.words)
    return fitted(cell.words, width)
