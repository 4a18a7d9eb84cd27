"""Headline figures of a subject with both like-for-like comparisons; rates on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from dash import html

from config.periods import Period
from dashboard import wording
from dashboard.pages import compare
from dashboard.pages.marks import door
from dashboard.pages.reading import Glass, Pair, pair_of
from dashboard.pages.subject import beside
from dashboard.pages.subject.beside import Beside
from dashboard.pages.subject.part import Part
from dashboard.panels import tiles

_FLOORS = (0.6, 0.4, 0.2, 0.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric as a tile: how it is called here, its basis in words, what stands under it.

    A `moment` figure is asked at the end of the period and needs no comparison of its own.
    """

    metric: str
    name: str
    basis: str = ""
    unit: str | None = None
    line: str | None = None
    under: Sequence[Figure] = ()


def part(
    area: str,
    title: str,
    figures: Sequence[Figure],
    basis: str = "",
    feeds: tuple[str, ...] = (),
) -> Part:
    """A panel of figures beside each other; `feeds` where they come from another platform."""
    reads = tuple(one.metric for figure in figures for one in (figure, *figure.under))
    return Part(
        area,
        title,
        partial(_view, figures=figures),
        reads,
        partial(_basis, figures, basis),
        feeds=feeds,
        beside=Beside(partial(_both, figures=figures)),
    )


def _both(glass: Glass, second: Glass, *, figures: Sequence[Figure]) -> Any:
    """The figures of two as one table."""
    rows = []
    for figure in (one for each in figures for one in (each, *each.under)):
        small = " · ".join(word for word in (figure.basis, figure.unit) if word)
        name: Any = [figure.name, html.Small(f" {small}")] if small else figure.name
        rows.append(beside.line(glass, second, figure.metric, name, of=figure.line))
    return beside.table(glass, rows)


def _basis(figures: Sequence[Figure], basis: str, glass: Glass) -> str:
    if not any(_kind(glass, figure) == "rate" for figure in figures):
        return basis
    floor = 100 * _floor(_values(glass, figures))
    words = f"圆点为本期，竖线为目标，横轴 {floor:.0f}—100 %；升降为个百分点"
    return f"{basis}；{words}" if basis else words


def _view(glass: Glass, figures: Sequence[Figure]) -> Any:
    floor = _floor(_values(glass, figures))
    return tiles.view([replace(tile(glass, figure), floor=floor) for figure in figures])


def _values(glass: Glass, figures: Sequence[Figure]) -> list[float]:
    pairs = [
        pair_of(glass.now_of(figure.metric, line=figure.line))
        for figure in figures
        if _kind(glass, figure) == "rate"
    ]
    return [num / den for num, den in pairs if den and not wording.is_small(den)]


def _floor(shares: Sequence[float]) -> float:
    """Where the scale of the rates begins, so that every dot lies on it."""
    lowest = min(shares, default=1.0)
    return next(floor for floor in _FLOORS if lowest >= floor or floor == 0.0)


def _kind(glass: Glass, figure: Figure) -> str:
    return str(glass.data.reader.definitions()[figure.metric].kind)


def compared(glass: Glass) -> list[tuple[str, Period]]:
    """The periods a figure is held against, the chosen one first."""
    span = glass.want.span
    if span.same:
        return [("去年", span.year)]
    both = [("上期", span.previous), ("去年", span.year)]
    return both if glass.want.versus == "previous" else both[::-1]


def tile(glass: Glass, figure: Figure) -> tiles.Tile:
    """One figure as a tile, by the kind of its metric."""
    kind = _kind(glass, figure)
    told = _rate(glass, figure) if kind == "rate" else _number(glass, figure)
    below = [_under(glass, one) for one in figure.under]
    return replace(told, extra=[line for line in below if line is not None])


def _href(glass: Glass, figure: Figure) -> str:
    span = glass.want.span
    return glass.doors.to(figure.metric, span.first, span.last, line=figure.line)


def _number(glass: Glass, figure: Figure) -> tiles.Tile:
    definition = glass.data.reader.definitions()[figure.metric]
    value = glass.now_of(figure.metric, line=figure.line).value
    worded = compare.length if definition.digits else compare.count
    before = [
        _doors(glass, figure, period, worded(word, value, _then(glass, figure, period).value))
        for word, period in compared(glass)
    ]
    return tiles.Tile(
        name=figure.name,
        shown=wording.fixed(value, definition.digits),
        unit=definition.unit if figure.unit is None else figure.unit,
        fraction=_made_of(glass, figure),
        before=before,
        basis=figure.basis,
        href=_href(glass, figure),
    )


def _made_of(glass: Glass, figure: Figure) -> str:
    """The n/m of a mean of the cases themselves, and of a number that is some of a whole."""
    definition = glass.data.reader.definitions()[figure.metric]
    num, den = pair_of(glass.now_of(figure.metric, line=figure.line))
    is_some = definition.is_spell and num != den
    is_mean = definition.kind == "mean" and not definition.per
    return wording.ratio(num, den) if is_some or is_mean else ""


def _rate(glass: Glass, figure: Figure) -> tiles.Tile:
    now = pair_of(glass.now_of(figure.metric, line=figure.line))
    before = [
        _doors(
            glass,
            figure,
            period,
            compare.rate(word, now, pair_of(_then(glass, figure, period))),
        )
        for word, period in compared(glass)
    ]
    small = wording.is_small(now[1])
    return tiles.Tile(
        name=figure.name,
        shown=wording.rate(*now),
        fraction="" if small or not now[1] else wording.ratio(*now),
        before=before,
        basis=figure.basis,
        href=_href(glass, figure),
        place=_share(now) if now[1] and not small else None,
        target=glass.data.thresholds.targets.get(figure.metric),
    )


def _share(pair: Pair) -> float:
    return pair[0] / pair[1]


def _then(glass: Glass, figure: Figure, period: Period) -> Any:
    """The figure over the days of a comparison; a cohort as old as this one is now."""
    if glass.data.reader.definitions()[figure.metric].is_cohort:
        return glass.before(figure.metric, period, line=figure.line)[0]
    return glass.metric(figure.metric, period.first, period.last, line=figure.line)


def _doors(glass: Glass, figure: Figure, period: Period, line: compare.Line) -> tiles.Before:
    """The figure before opens its own proof, the change that of both its sides."""
    word, shown, moved = line
    span = glass.want.span
    if shown == wording.NONE:
        return word, shown, ""
    then = glass.doors.to(figure.metric, period.first, period.last, line=figure.line)
    both = glass.doors.change(figure.metric, (span.first, span.last), period, line=figure.line)
    about = f"{figure.name}{word}"
    return (
        word,
        door(shown, then, about=about, cls="plain"),
        door(moved, both, about=f"{figure.name}较{word}", cls="plain") if moved else "",
    )


def _under(glass: Glass, figure: Figure) -> Any:
    """A second figure in one line under the first: its name, its figure, its unit."""
    answer = glass.now_of(figure.metric, line=figure.line)
    kind = _kind(glass, figure)
    if kind == "rate":
        pair = pair_of(answer)
        if not pair[1]:
            return None
        shown = wording.rate(*pair)
        if not wording.is_small(pair[1]):
            shown += f"（{wording.ratio(*pair)}）"
    else:
        digits = glass.data.reader.definitions()[figure.metric].digits
        shown = wording.fixed(answer.value, digits)
    words = [f"{figure.name} ", door(shown, _href(glass, figure), about=figure.name)]
    if figure.unit:
        words.append(f" {figure.unit}")
    return html.Div(words, className="tile-note")
