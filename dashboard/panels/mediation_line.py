"""One mediation line: its completion rate with basis, the parts of its cases, its changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages.marks import door, due_tag, pair, strip

TITLE = "矛盾纠纷完结率"
READS = ("mediation_completion_rate",)


@dataclass(frozen=True, slots=True)
class Before:
    """The same line over the days it is compared with."""

    name: str
    closed: int
    accepted: int
    until: str = ""  # as of when its cases count as closed, in words


@dataclass(frozen=True, slots=True)
class Line:
    """What one line did in the period; normal, soon and over are the parts of its open cases."""

    closed: int
    accepted: int
    unit: str
    normal: int = 0
    soon: int = 0
    over: int = 0
    before: Sequence[Before] = ()
    doors: Mapping[str, str] = field(default_factory=dict)


def view(data: Line) -> Any:
    """The rate, its fraction, the strip of parts, and one sentence for each comparison."""
    still = data.accepted - data.closed
    parts = [
        ("done", float(data.closed)),
        ("open", float(data.normal)),
        ("soon", float(data.soon)),
        ("over", float(data.over)),
    ]
    said = f"完结 {data.closed}，正常 {data.normal}，临期 {data.soon}，超期 {data.over}"
    over = due_tag(f"超期 {data.over}", over=True) if data.over else f"超期 {data.over}"
    if data.over and "over" in data.doors:
        over = door(over, data.doors["over"], about=f"超期 {data.over}", cls="plain")
    return [
        html.Div(_head(data), className="rate-line"),
        strip(parts, said),
        html.P(
            [
                "完结 ",
                html.B(wording.count(data.closed)),
                html.Span(className="gap"),
                "在办 ",
                door(html.B(wording.count(still)), data.doors.get("open"), about="在办"),
                f" = 正常 {data.normal} + 临期 {data.soon} + ",
                over,
            ],
            className="parts",
        ),
        *[sentence for before in data.before for sentence in _sentences(data, before)],
    ]


def _head(data: Line) -> list[Any]:
    fraction = pair(data.closed, data.accepted, data.doors.get("rate"), "完结率")
    basis = html.Span(f"{data.unit} · 完结/受理", className="basis")
    if not data.accepted:
        return [html.Span(wording.NONE, className="rate"), html.Span("0/0", className="nm"), basis]
    if wording.is_small(data.accepted):
        shown = wording.ratio(data.closed, data.accepted)
        return [door(shown, data.doors.get("rate"), about="完结率", cls="rate"), basis]
    figure: list[Any] = [
        wording.percent(data.closed, data.accepted),
        html.Span("%", className="sign-percent"),
    ]
    return [door(figure, data.doors.get("rate"), about="完结率", cls="rate"), fraction, basis]


def _sentences(data: Line, before: Before) -> list[Any]:
    now, then = (data.closed, data.accepted), (before.closed, before.accepted)
    fraction = wording.ratio(*then)
    until = f"，{before.until}" if before.until else ""
    small = wording.is_small(data.accepted) or wording.is_small(before.accepted)
    if not before.accepted:
        rate: list[Any] = [f"{before.name}没有受理，无从比较"]
    elif small or not data.accepted:
        rate = [f"{before.name}完结 {fraction}{until}，件数少，不比升降"]
    else:
        rate = [
            f"较{before.name}",
            html.B(wording.points_words(now, then)),
            f"（{fraction} = {wording.rate(*then)}{until}）",
        ]
    moved = wording.change_words(data.accepted, before.accepted)
    if small or moved == wording.NONE:
        moved = wording.difference_words(data.accepted, before.accepted, data.unit)
    volume = f"受理 {data.accepted}，{before.name} {before.accepted}，{moved}"
    return [html.P(rate, className="versus"), html.P(volume, className="versus")]
