"""What a panel of the wall is: a title, a question, a shape that draws the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.wall.asking import Asking
from dashboard.wall.parts import Room, View


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel, whatever scene it stands in.

    `behind` are the platforms its facts come from; the first one decides whether there is
    anything to show. A panel without a question gets its facts from the state of the product.
    `inner` panels hold rows of cases or the street's inner matters: visitors do not see them.
    """

    title: str
    view: Callable[[Any, Room], View]
    ask: Callable[[Asking], Any] | None = None
    behind: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    inner: bool = False
    chart: bool = False
    least: tuple[float, float] | None = None  # rem, the smallest box it can be drawn in

    @property
    def is_bare(self) -> bool:
        """A part of the header: no card around it."""
        return not self.title
