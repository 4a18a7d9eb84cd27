"""Counts by kind, place or unit as bars from zero, the largest first, the rest as a sum."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.label_places import text_width
from dashboard.wall.parts import Room, View, bar, line, placed, rows_in, text

NAME = 1.15  # rem of a name
PITCH, TALL = 1.62, 2.6  # rem between rows, where many or few stand
LONGEST = 9  # signs of a name; what is longer is shortened in words, not cut
STANDS_OUT, BY = 10, 0.2  # cases more than in the like days before, and by this share of them


@dataclass(frozen=True, slots=True)
class Bar:
    """One kind with its count, and the count of the like days before (None = not compared)."""

    name: str
    count: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The bars with the largest first; `total` may hold more than they add up to."""

    bars: tuple[Bar, ...]
    total: int
    unit: str = "件"
    basis: str = ""
    note: str = ""
    nothing: str = "本月没有"
    most: int = 99


def view(facts: Facts, room: Room) -> View:
    """As many bars as the room holds off its seams; what is left is one figure below."""
    bars = [one for one in facts.bars if one.count]
    if not bars:
        return View(body=[placed(3.0, [text(facts.nothing, "calm")])], basis=facts.basis)
    end = room.height - 2.3
    many = rows_in(room, first=2.85, pitch=PITCH, text_height=1.3, last=end)
    wanted = min(len(bars), facts.most, many.count)
    lines = many
    if wanted < many.count:
        pitch = min(TALL, (end - 2.85) / max(wanted, 1))
        lines = rows_in(room, first=2.85, pitch=max(pitch, PITCH), text_height=1.3, last=end)
    shown = bars[: min(wanted, lines.count)]
    longest = max(one.count for one in shown)
    wide = max(text_width(short(one.name), NAME) for one in shown) + 0.3
    compared = any(one.before is not None for one in shown)
    rows = [
        placed(top, _row(one, longest, wide, compared), "class-row ranked")
        for top, one in zip(lines.tops, shown, strict=False)
    ]
    rest = facts.total - sum(one.count for one in shown)
    foot = [text(f"其他 {wording.count(rest)} {facts.unit}") if rest > 0 else text("以上为全部")]
    foot.append(text("▲▼ 较上月同期", "muted") if compared else text(facts.note, "muted"))
    return View(basis=facts.basis, body=rows, foot=line(*foot, cls="facts spread"))


def short(name: str) -> str:
    """A name of at most LONGEST signs."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _row(one: Bar, longest: int, wide: float, compared: bool) -> list[html.Span | html.Div]:
    moved = None if one.before is None else one.count - one.before
    loud = moved is not None and moved >= max(STANDS_OUT, BY * (one.before or 0))
    share = one.count / longest
    name = html.Span(short(one.name), className="name", style={"width": f"{wide:.2f}rem"})
    bars = html.Div(
        [bar(share, "loud" if loud else ""), text(wording.count(one.count), "count")],
        className="bar-count",
        style={"--share": f"{share:.4f}"},
    )
    if not compared:
        return [name, bars]
    return [name, bars, text(wording.arrow(moved), "moved loud" if loud else "moved")]
