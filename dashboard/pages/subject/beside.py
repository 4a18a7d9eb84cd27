"""A page for two at once: the same figures, course and split of two places, units, classes, days.

The address says whom one is held against (`beside=community:…`, `beside=period:…`); a part that
can be compared draws both glasses, the others stand back. Every number keeps its own proof, and a
difference opens both its sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from dash import html

from config import periods
from dashboard import wording
from dashboard.pages.marks import columns, door
from dashboard.pages.reading import Glass, by_key, pair_of
from dashboard.pages.state import UNKNOWN

PERIOD: Final = "period"
WHOLE: Final = {"community": "全街道", "grid": "全部网格", "unit": "全部单位", "class": "全部类别"}
_RULE: Final = "差 = 前者 − 后者，率以百分点计"
_SHOWN: Final = 12
_SMALL_CHANGE: Final = 0.05
Draw = Callable[[Glass, Glass], Any]


@dataclass(frozen=True, slots=True)
class Beside:
    """How a part draws two; `without` are the dimensions by which it cannot tell them apart."""

    draw: Draw
    without: tuple[str, ...] = ()


def other(glass: Glass) -> Glass:
    """The second glass of a comparison: the same page with one thing changed."""
    dimension, value = glass.want.beside
    want = glass.want
    if dimension == PERIOD:
        whole = periods.parse(value, want.span.today)
        last = min(whole.last, want.span.today)
        if want.span.running:
            last = min(last, whole.first + (want.span.last - want.span.first))
        cut = replace(want.span, period=whole, first=whole.first, last=last, running=False)
        return replace(glass, want=replace(want, span=cut))
    filters = {**want.filters, dimension: value}
    if dimension == "community":
        filters.pop("grid", None)
    return replace(glass, want=replace(want, filters=filters))


def names(glass: Glass) -> tuple[str, str]:
    """How the two are called."""
    dimension, value = glass.want.beside
    if dimension == PERIOD:
        second = other(glass).want.span
        return days(glass), periods.parse(f"{second.first}..{second.last}", second.last).dates
    first = glass.want.name_of(dimension) or WHOLE.get(dimension, "全部")
    return first, glass.want.options.get(dimension, {}).get(value, value)


def short(glass: Glass) -> tuple[str, str]:
    """How the two are called over columns: days as 11.1—11.29, with a year that is another."""
    if glass.want.beside[0] != PERIOD:
        return names(glass)
    spans = glass.want.span, other(glass).want.span
    same = spans[0].last.year == spans[1].last.year
    first, second = (_figures(span.first, span.last, year=not same) for span in spans)
    return first, second


def _figures(first: date, last: date, *, year: bool) -> str:
    begin = f"{first.year}.{first.month}.{first.day}" if year else f"{first.month}.{first.day}"
    return begin if first == last else f"{begin}—{last.month}.{last.day}"


def days(glass: Glass) -> str:
    """The days of a glass in words."""
    span = glass.want.span
    return periods.parse(f"{span.first}..{span.last}", span.last).dates


def difference(glass: Glass, second: Glass, metric: str, **narrower: str | None) -> str:
    """The address of the proof of a difference: both its sides, and what makes it."""
    span, then = glass.want.span, second.want.span
    dimension, value = glass.want.beside
    if dimension == PERIOD:
        to = glass.doors.change
        return to(metric, (span.first, span.last), (then.first, then.last), **narrower)
    return glass.doors.against(metric, (span.first, span.last), f"{dimension}:{value}", **narrower)


def answer(glass: Glass, second: Glass, metric: str, line: str | None = None) -> Any:
    """The second figure; a cohort of other days as old as the first one is now."""
    if glass.want.beside[0] == PERIOD and glass.data.reader.definitions()[metric].is_cohort:
        span = second.want.span
        cut = periods.Period("", "range", "", span.first, span.last)
        return glass.before(metric, cut, line=line)[0]
    return second.now_of(metric, line=line)


def shown(definition: Any, found: Any) -> Any:
    """A value as it stands in the table: a rate with its fraction, a median with one decimal."""
    if definition.kind == "rate":
        num, den = pair_of(found)
        if not den:
            return wording.NONE
        if wording.is_small(den):
            return wording.ratio(num, den)
        return [wording.rate(num, den), html.Small(f" {wording.ratio(num, den)}")]
    if found is None or found.value is None:
        return wording.NONE
    digits = definition.digits
    return wording.fixed(found.value, digits) if digits else wording.count(found.value)


def moved(definition: Any, now: Any, then: Any) -> str:
    """First minus second: in points of a rate, else in the metric's unit; few cases say nothing."""
    if definition.kind == "rate":
        first, second = pair_of(now), pair_of(then)
        if any(not den or wording.is_small(den) for _, den in (first, second)):
            return ""
        return signed(wording.points(first, second), 1, " 点")
    if now is None or then is None or now.value is None or then.value is None:
        return ""
    return signed(now.value - then.value, definition.digits)


def signed(by: float | None, digits: int, unit: str = "") -> str:
    """+3, −1.2 点, 0; a true minus sign."""
    if by is None:
        return ""
    if abs(by) < _SMALL_CHANGE:
        return "0"
    return f"{'+' if by > 0 else '−'}{wording.fixed(abs(by), digits)}{unit}"


def head(glass: Glass, pair: tuple[str, str] | None = None, rule: str = _RULE) -> Any:
    """Who is held against whom, over which days, and what their difference is."""
    first, second = pair or names(glass)
    period = glass.want.beside[0] == PERIOD
    told = "" if period else f" · {days(glass)}"
    age = "；按受理计的率，按同样办理时长比" if period and rule == _RULE else ""
    return html.P(
        [
            html.Span(className="key first"),
            html.B(first),
            " 与 ",
            html.Span(className="key second"),
            html.B(second),
            html.Span(f"{told} · {rule}{age}", className="basis"),
        ],
        className="beside-head",
    )


def line(
    glass: Glass, second: Glass, metric: str, name: Any, *, of: str | None = None
) -> list[Any]:
    """One row of a table for two: name, both values, their difference, each a door."""
    definition = glass.data.reader.definitions()[metric]
    now, then = glass.now_of(metric, line=of), answer(glass, second, metric, of)
    span, was = glass.want.span, second.want.span
    about = name if isinstance(name, str) else ""
    one, two = names(glass)
    by = moved(definition, now, then)
    return [
        name,
        door(
            shown(definition, now),
            glass.doors.to(metric, span.first, span.last, line=of),
            about=f"{about}{one}",
        ),
        door(
            shown(definition, then),
            second.doors.to(metric, was.first, was.last, line=of),
            about=f"{about}{two}",
        ),
        door(by, difference(glass, second, metric, line=of), about=f"{about}之差") if by else "",
    ]


def table(
    glass: Glass,
    rows: Sequence[Sequence[Any]],
    first: str = "",
    pair: tuple[str, str] | None = None,
) -> Any:
    """Rows for two under the names of both."""
    one, two = pair or short(glass)
    heads = [
        first,
        [html.Span(className="key first"), one],
        [html.Span(className="key second"), two],
        "差",
    ]
    return html.Div(columns(rows, heads=heads, numbers=(1, 2, 3)), className="beside-table")


def split(metric: str, by: str) -> Draw:
    """The draw of a metric of both by a dimension, what is largest in either first."""

    def draw(glass: Glass, second: Glass) -> Any:
        return _split(glass, second, metric, by)

    return draw


def _split(glass: Glass, second: Glass, metric: str, by: str) -> Any:
    definition = glass.data.reader.definitions()[metric]
    found = by_key(glass.now_of(metric, by).series), by_key(second.now_of(metric, by).series)
    rate = definition.kind == "rate"

    def size(key: str) -> float:
        points = [side.get(key) for side in found]
        return max((pair_of(p)[1] if rate else (p.value or 0)) for p in points if p is not None)

    keys = sorted({*found[0], *found[1]}, key=lambda key: (-size(key), key))
    rows = [
        _row(glass, second, metric, by, (found[0].get(key), found[1].get(key)), key)
        for key in [key for key in keys if size(key)][:_SHOWN]
    ]
    rest = sum(1 for key in keys if size(key)) - len(rows)
    note = f"另有 {rest} 项更少，未列。" if rest > 0 else ""
    return [table(glass, rows), html.P(note, className="note") if note else None]


def _row(
    glass: Glass, second: Glass, metric: str, by: str, pair: tuple[Any, Any], key: str
) -> list[Any]:
    """One value of a dimension; what does not occur on a side is none of a count, no rate."""
    definition = glass.data.reader.definitions()[metric]
    known = next(point for point in pair if point is not None)
    name = glass.want.options.get(by, {}).get(key) or str(known.label)
    name = UNKNOWN.get(by, "未定") if key == "unknown" else name
    if definition.kind != "rate":
        pair = tuple(replace(known, value=0, numerator=0) if p is None else p for p in pair)
    what = {by: key} if key else {}
    cells = [
        door(
            shown(definition, point),
            one.doors.to(metric, one.want.span.first, one.want.span.last, **what)
            if point is not None
            else None,
            about=name,
        )
        for one, point in zip((glass, second), pair, strict=True)
    ]
    by_how_much = moved(definition, *pair)
    both = difference(glass, second, metric, **what)
    return [name, *cells, door(by_how_much, both, about=f"{name}之差") if by_how_much else ""]
