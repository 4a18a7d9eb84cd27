"""The metrics of a subject that no other part of its page shows, so that none is without a place.

There is no list to keep: it is what the definitions say of the platforms of the page, less what its
parts read; a new metric stands here by itself. Only their names are drawn until the table is asked
for (`more=1` in the address): a page is opened for its first figures and pays for no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from dash import html

from dashboard.pages.marks import columns, door, link
from dashboard.pages.meanings import basis_words
from dashboard.pages.reading import Glass
from dashboard.pages.state import PROOF
from dashboard.pages.subject import beside, figures
from dashboard.pages.subject.beside import Beside
from dashboard.pages.subject.figures import Figure
from dashboard.pages.subject.part import Part, metrics
from warehouse.read import load_metrics

AREA: Final = "more"
TITLE: Final = "更多指标"
_ONE_COLUMN: Final = 4


@dataclass(frozen=True, slots=True)
class _Entry:
    """One metric, or one line of a metric whose lines are never added."""

    metric: str
    name: str
    line: str | None


def completed(parts: Sequence[Part], feeds: Iterable[str]) -> tuple[Part, ...]:
    """The parts of a page and, last, what its platforms count beside them."""
    keys = [*feeds, *(key for one in parts for key in one.feeds)]
    return (*parts, part(keys, metrics(parts)))


def part(platforms: Iterable[str], shown: Iterable[str]) -> Part:
    """The metrics of some platforms less those shown elsewhere on the page."""
    left = of(platforms, shown)
    return Part(
        AREA,
        TITLE,
        partial(_view, left),
        left,
        heading=partial(_head, left),
        shown=lambda glass: bool(_entries(glass, left)),
        beside=Beside(partial(_both, left)),
    )


def of(platforms: Iterable[str], shown: Iterable[str]) -> tuple[str, ...]:
    """Ids of metrics in the order of their platforms, without those that are shown."""
    known, seen = load_metrics(), set(shown)
    return tuple(
        dict.fromkeys(
            name
            for key in platforms
            for name, one in known.items()
            if key in one.platforms and name not in seen
        )
    )


def is_open(glass: Glass) -> bool:
    """Whether the address asks for the figures too."""
    return glass.state.get("more") == "1"


def _entries(glass: Glass, left: Sequence[str]) -> list[_Entry]:
    return list(_each(glass, left))


def _each(glass: Glass, left: Sequence[str]) -> Iterator[_Entry]:
    """Those of platforms that have delivered."""
    known = glass.data.reader.definitions()
    for name in left:
        one = known[name]
        if not glass.shows(one.platforms):
            continue
        if not one.lines:
            yield _Entry(name, one.name, None)
        for key, label in one.lines:
            yield _Entry(name, f"{one.name} · {label}", key)


def _head(left: Sequence[str], glass: Glass) -> Any:
    opened = is_open(glass)
    words = "收起" if opened else f"展开 {len(_entries(glass, left))} 项"
    href = glass.state.without(PROOF).but(more=None if opened else "1").href
    return [TITLE, html.Span(link(words, href, "chip small"), className="head-chips")]


def _view(left: Sequence[str], glass: Glass) -> Any:
    return _table(glass, left) if is_open(glass) else _names(glass, left)


def _names(glass: Glass, left: Sequence[str]) -> Any:
    """Every name opens its proof, which asks for that figure alone."""
    span = glass.want.span
    return html.Div(
        [
            link(
                one.name,
                glass.doors.to(one.metric, span.first, span.last, line=one.line),
                "underlined",
            )
            for one in _entries(glass, left)
        ],
        className="more-names",
    )


def _table(glass: Glass, left: Sequence[str]) -> Any:
    """Name and time basis, the figure with its n/m, and what it was; each number a door."""
    rows = []
    for one in _entries(glass, left):
        told = figures.tile(glass, Figure(one.metric, one.name, line=one.line))
        shown: list[Any] = [door(told.shown, told.href, about=one.name)]
        if told.unit or told.fraction:
            shown.append(html.Small(f" {told.unit} {told.fraction}".rstrip()))
        before = [[was, html.Small([" ", moved]) if moved else ""] for _, was, moved in told.before]
        rows.append([_name(glass, one), shown, *before])
    heads = ["指标", "本期", *(word for word, _ in figures.compared(glass))]
    numbers = range(1, len(heads))
    half = (len(rows) + 1) // 2 if len(rows) > _ONE_COLUMN else len(rows)
    parts = [rows[:half], rows[half:]] if half < len(rows) else [rows]
    return html.Div(
        [columns(each, heads=heads, numbers=numbers) for each in parts], className="more-table"
    )


def _both(left: Sequence[str], glass: Glass, second: Glass) -> Any:
    if not is_open(glass):
        return [html.P(_head(left, glass)[1]), _names(glass, left)]
    rows = [
        beside.line(glass, second, one.metric, _name(glass, one), of=one.line)
        for one in _entries(glass, left)
    ]
    return [html.P(_head(left, glass)[1]), beside.table(glass, rows)]


def _name(glass: Glass, one: _Entry) -> Any:
    """The name with its time basis; of a platform that is silent, that it is."""
    definition = glass.data.reader.definitions()[one.metric]
    feed = glass.feed(*definition.platforms)
    words = basis_words(definition)
    if feed is not None and feed.stale:
        words = f"{words} · 平台已断，不是现在的数"
    return [one.name, html.Small(f" {words}")]
