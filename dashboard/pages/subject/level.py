"""Which level of a dimension a panel shows: the siblings of a chosen value, or what is below it.

A click on a mark sets a filter and leaves the level as it is, so that the chosen one stands among
its like; going down (下钻) shows what is inside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.pages.marks import link
from dashboard.pages.reading import Glass
from dashboard.pages.state import Resolved


@dataclass(frozen=True, slots=True)
class Level:
    """What is asked: the dimension, the filter over it, and the value that is marked."""

    by: str
    inside: str | None
    chosen: str | None


def has_grids(want: Resolved) -> bool:
    """Whether a page knows grids: only there is something below a community."""
    return bool(want.options.get("grid"))


def places(glass: Glass) -> Level:
    """Communities with the chosen one marked, or the grids of the one gone into."""
    community, grid = glass.want.filters.get("community"), glass.want.filters.get("grid")
    if community and "community" in glass.state.down and has_grids(glass.want):
        return Level("grid", community, grid)
    return Level("community", None, community)


def place_filters(level: Level) -> dict[str, str | None]:
    """The filters of a question about places: the chosen place does not hide its like."""
    return {"community": level.inside, "grid": None}


def classes(glass: Glass) -> Level:
    """The level below the class gone into, or the chosen class among its siblings."""
    chosen = glass.want.filters.get("class")
    if not chosen:
        return Level("class", None, None)
    if "class" in glass.state.down:
        return Level("class", chosen, None)
    above = chosen.rpartition("/")[0]
    return Level("class", above or None, chosen)


def has_below(names: Mapping[str, str], path: str) -> bool:
    """Whether a class tree goes on under a path."""
    return any(key.startswith(f"{path}/") for key in names)


def trail(glass: Glass) -> Any:
    """The way down the class tree: every level a link back."""
    inside = classes(glass).inside
    names = glass.want.options["class"]
    if not inside:
        return "全部一级"
    top = glass.state.but(**{"class": None}).drilled("class", on=False)
    parts: list[Any] = [link("全部", top.href, "underlined")]
    codes = inside.split("/")
    for depth in range(1, len(codes) + 1):
        path = "/".join(codes[:depth])
        name = names.get(path, codes[depth - 1])
        href = glass.state.but(**{"class": path}).drilled("class").href
        here = depth == len(codes)
        parts += [" › ", html.B(name) if here else link(name, href, "underlined")]
    return html.Span(parts)
