"""A page as a list of parts; what every subject page has: filters, way down, body.

A subject module says PATH, TITLE, SHORT, FEEDS, FILTERS, MAIN and PARTS; the rest follows from
those. The parts stand where the layout file of the page puts their areas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dashboard.pages import shell
from dashboard.pages.own_proof import Make
from dashboard.pages.reading import Glass
from dashboard.pages.state import PROOF, Resolved, State
from dashboard.pages.subject import beside, level, words
from dashboard.pages.subject.beside import Beside

Draw = Callable[[Glass], Any]
Options = Callable[[Any], dict[str, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Part:
    """One panel: where it stands, what it is called, what it reads and how it is drawn.

    What stands in its head is a text or a question to the glass. `shown` leaves a part out where
    the filters make it senseless, so that no page has an empty card.
    """

    area: str
    title: Any
    draw: Draw
    reads: tuple[str, ...] = ()
    basis: Any = ""
    aside: Any = None
    heading: Draw | None = None
    feeds: tuple[str, ...] = ()
    shown: Callable[[Glass], bool] | None = None
    beside: Beside | None = None
    proofs: Mapping[str, Make] = field(default_factory=dict)


def metrics(parts: Sequence[Part]) -> tuple[str, ...]:
    """Every metric the parts read, each once."""
    return tuple(dict.fromkeys(name for part in parts for name in part.reads))


def proofs(parts: Sequence[Part]) -> dict[str, Make]:
    """The proofs of what no single metric gives, by name."""
    return {name: make for part in parts for name, make in part.proofs.items()}


def areas(parts: Sequence[Part]) -> tuple[str, ...]:
    """Where the parts stand, in reading order."""
    return tuple(part.area for part in parts)


def body(glass: Glass, *, layout: str, parts: Sequence[Part], feeds: Sequence[str]) -> Any:
    """The panels of a page in the order of its parts; of two, those that can be compared."""
    if glass.want.beside:
        return _both(glass, layout, parts, tuple(feeds))
    wanted = [part for part in parts if part.shown is None or part.shown(glass)]
    panels = [panel(glass, part, part.feeds or tuple(feeds)) for part in wanted]
    return shell.grid(layout, panels, [part.area for part in wanted])


def _both(glass: Glass, layout: str, parts: Sequence[Part], feeds: tuple[str, ...]) -> Any:
    dimension, second = glass.want.beside[0], beside.other(glass)
    panels, where = [], []
    for part in parts:
        if part.beside is None or dimension in part.beside.without:
            continue
        if part.shown is not None and not part.shown(glass):
            continue
        title = part.title(glass) if callable(part.title) else part.title
        draw = partial(part.beside.draw, glass, second)
        keys = part.feeds or feeds
        panels.append(glass.panel(part.area, title, draw, keys, show_time=False))
        where.append(part.area)
    return [beside.head(glass), shell.grid(layout, panels, where)]


def panel(glass: Glass, part: Part, feeds: tuple[str, ...]) -> Any:
    """One part as its panel, with the platforms behind it."""
    title = part.title(glass) if callable(part.title) else part.title
    return glass.panel(
        part.area,
        title,
        partial(part.draw, glass),
        feeds,
        show_time=False,
        heading=None if part.heading is None else partial(part.heading, glass),
        basis=_asked(part.basis, glass),
        aside=_asked(part.aside, glass),
    )


def _asked(words: Any, glass: Glass) -> Any:
    return partial(words, glass) if callable(words) else words


def options(*, main: str, classes: str = "", lines: bool = False) -> Options:
    """The values of a subject's filters: the site's places, the units and classes of its rows.

    `classes` names a class tree of the site; without one the classes are the platform's own words.
    """

    def made(data: Any) -> dict[str, dict[str, str]]:
        site = data.site
        tree = words.tree(getattr(site, classes)) if classes else words.classes(data, main)
        return {
            "line": dict(data.reader.definitions()[main].lines) if lines else {},
            "community": {c.code: c.name for c in site.communities},
            "grid": {g.code: g.name for g in site.grids},
            "unit": words.units(data, main),
            "class": tree,
        }

    return made


def crumbs(state: State, want: Resolved) -> list[tuple[str, str | None]]:
    """Where one has gone down to, each step with the way back to it."""
    found: list[tuple[str, str | None]] = []
    place = want.filters.get("community")
    if place and "community" in state.down and level.has_grids(want):
        here = state.without(PROOF).but(grid=None)
        found.append((want.name_of("community"), here.href))
    inside = want.filters.get("class") if "class" in state.down else ""
    if inside:
        codes = inside.split("/")
        for depth in range(1, len(codes) + 1):
            path = "/".join(codes[:depth])
            name = want.options.get("class", {}).get(path, codes[depth - 1])
            found.append((name, state.but(**{"class": path}).drilled("class").href))
    return found
