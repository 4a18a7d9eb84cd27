"""Who and what is at hand by the station's response plan: teams, supplies, posts."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.wall.label_places import text_width
from dashboard.wall.parts import Room, View, fitting, pill, placed, rows_in, text

TITLE = "队伍 物资 值班"
READS = ()
LEAST = (17.0, 7.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One team, supply or post: name, what, a short note; `wanted` stands out as a pill."""

    name: str
    what: str
    note: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows in the plan's order; none = the station has no plan."""

    rows: tuple[Row, ...]
    basis: str = ""


def view(facts: Facts, room: Room) -> View:
    """One line each, as many as the card holds."""
    if not facts.rows:
        return View(body=placed(2.9, [text("本站未配置响应预案", "muted")]))
    lines = rows_in(room, first=2.75, pitch=1.56, text_height=1.3, last=room.height - 0.4)
    rows = [
        placed(top, _row(row, room.width - 2.4), "force")
        for top, row in zip(lines.tops, facts.rows, strict=False)
    ]
    return View(basis=facts.basis, body=rows)


def _row(row: Row, wide: float) -> list[object]:
    if row.wanted:
        wide -= text_width(row.wanted, 1.0) + 1.8
    name, *more = fitting([(row.name, 1.15), (row.what, 1.0), (row.note, 1.0)], wide)
    shown: list[object] = [text(name, "strong name")]
    shown += [text(words, "what") for words in more[:1]]
    if row.wanted:
        return [*shown, html.Span(pill(row.wanted), className="note-end")]
    return shown + [text(words, "note-end") for words in more[1:]]
