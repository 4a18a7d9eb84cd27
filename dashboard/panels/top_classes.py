"""The five classes of hotline orders asked for most this month, and how each one moved."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard import wording
from dashboard.wall.parts import Room, View, bar, line, text

TITLE = "诉求类别前五"
READS = ("hotline_received",)
LEAST = (22.0, 11.4)
STANDS_OUT = 10  # cases more than in the like days of last month


@dataclass(frozen=True, slots=True)
class ClassCount:
    """One class this month, and in the like days of last month."""

    name: str
    count: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """The leading classes, and all orders of the month."""

    classes: tuple[ClassCount, ...]
    total: int


def view(facts: Facts, room: Room) -> View:
    """Bars from zero on one scale, count and change, the rest as a sum."""
    top = facts.classes[:5]
    longest = max((one.count for one in top), default=0)
    rest = facts.total - sum(one.count for one in top)
    rows = [_row(one, longest) for one in top]
    body = html.Div(rows or [line(text("本月尚无诉求", "muted"))], className="classes")
    return View(
        basis=f"本月 {facts.total} 件",
        body=body,
        foot=line(text(f"其他 {rest} 件"), text("▲▼ 较上月同期", "muted"), cls="facts spread"),
    )


def _row(one: ClassCount, longest: int) -> html.Div:
    moved = None if one.before is None else one.count - one.before
    loud = moved is not None and moved >= STANDS_OUT
    share = one.count / longest if longest else 0.0
    return html.Div(
        [
            text(one.name, "name"),
            html.Div(
                [bar(share, "loud" if loud else ""), text(wording.count(one.count), "count")],
                className="bar-count",
                style={"--share": f"{share:.4f}"},
            ),
            text(wording.arrow(moved), "moved loud" if loud else "moved"),
        ],
        className="class-row",
    )
