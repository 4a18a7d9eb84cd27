"""The web with updates as Dash makes them by default, to compare: `benchmarks.full_figures serve`.

At every data tick all panels are drawn, their figures built and validated by plotly, and all of it
goes to every window, written as JSON for each. What is asked of the warehouse is remembered as
usual, so that the difference is that of the figures alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import plotly.graph_objects as go
from dash import set_props

from dashboard.__main__ import main
from dashboard.wall import frame, loop
from dashboard.wall.picture import Picture, Pictures, Prop

_LAST: Prop = ("", "picture")


def everything(self: Picture, sent: Mapping[Prop, str]) -> Iterator[tuple[Prop, str, Any]]:
    """All of a picture, once for each window."""
    if sent.get(_LAST) != str(self.stamp):
        sent[_LAST] = str(self.stamp)  # type: ignore[index] # the loop's own dict
        for prop, (text, value) in self.props.items():
            yield prop, text, value


class Anew(Pictures):
    """Draws every panel at every tick."""

    def _current(self, *asked: Any) -> Picture:
        stamp = asked[2], getattr(self, "_seen", None)
        if stamp[0] != stamp[1]:
            self._seen = asked[2]
            self._cards.clear()
            self._drawn.clear()
        return super()._current(*asked)


def send(_socket: Any, prop: Prop, _said: str, value: Any) -> None:
    """A property as an ordinary callback gives it back."""
    is_figure = frame.is_chart(prop[0]) and value is not None
    set_props(prop[0], {prop[1]: go.Figure(value) if is_figure else value})


if __name__ == "__main__":
    Picture.changed = everything  # type: ignore[method-assign]
    loop.pictures, loop.send = Anew(), send  # type: ignore[attr-defined]
    sys.exit(main(sys.argv[1:]))
