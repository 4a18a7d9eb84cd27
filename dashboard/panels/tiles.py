"""Figures beside each other: value, fraction, and one line for each comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import html

from dashboard.pages.marks import attrs, door

Before = tuple[str, Any, Any]  # the word, the figure then, how it moved

TITLE = "主要数"
READS = ("hotline_received", "hotline_on_time_rate")


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure, worded by the caller; `place` puts a rate between `floor` and 1."""

    name: str
    shown: Any
    unit: str = ""
    fraction: str = ""
    before: Sequence[Before] = ()
    href: str | None = None
    basis: str = ""
    place: float | None = None
    target: float | None = None
    floor: float = 0.6
    tag: Any = None
    silent: str = ""  # how long its platform has been silent
    extra: Sequence[Any] = field(default_factory=tuple)


def view(data: Sequence[Tile]) -> Any:
    """The tiles in one line; a rate also as a dot on its scale, with the target as a mark."""
    return html.Div([_tile(tile) for tile in data], className=f"tiles tiles-{len(data)}")


def _tile(tile: Tile) -> Any:
    figure: list[Any] = [door(tile.shown, tile.href, about=tile.name, cls="tile-value")]
    if tile.unit:
        figure.append(html.Span(tile.unit, className="unit"))
    if tile.fraction:
        figure.append(html.Span(tile.fraction, className="tile-fraction"))
    if tile.tag is not None:
        figure.append(tile.tag)
    return html.Div(
        [
            html.Div(
                [html.Span(tile.name), html.Span(tile.basis, className="basis")],
                className="tile-name",
            ),
            html.Div(
                [
                    html.Div(figure, className="tile-figure"),
                    _scale(tile),
                    _before(tile.before),
                    *tile.extra,
                    html.Div(f"断 {tile.silent}，不是现在的数", className="tile-note")
                    if tile.silent
                    else None,
                ]
            ),
        ],
        className="tile muted" if tile.silent else "tile",
    )


def _before(lines: Sequence[Before]) -> Any:
    """Word, figure and change of each comparison, one under the other."""
    cells = [html.Span(part) for line in lines for part in line]
    return html.Div(cells, className="tile-before") if cells else None


def _scale(tile: Tile) -> Any:
    """A scale from its floor to 100 per cent; below it the dot stands at the left end."""
    if tile.place is None:
        return None
    length = 1 - tile.floor

    def at(share: float) -> dict[str, str]:
        return {"left": f"{100 * max(0.0, (share - tile.floor) / length):.1f}%"}

    marks = [html.Span(className="scale-dot", style=at(tile.place))]
    if tile.target is not None:
        marks.insert(0, html.Span(className="scale-target", style=at(tile.target)))
    said = f"{tile.name} {tile.shown}"
    return html.Div(marks, className="scale", role="img", **attrs({"aria-label": said}))
