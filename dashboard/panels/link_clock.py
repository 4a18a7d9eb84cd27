"""The link to the server, the platforms in order, and the clock.

The clock and the words of the link are written by the browser itself (assets/wall/wall.js), since
they have to go on when the server is gone. Whether it may sound only the browser knows too.
"""

from __future__ import annotations

from dataclasses import dataclass

from dash import html

from dashboard.wall.parts import Room, View, line, text

TITLE = ""
READS = ("freshness",)
LEAST = (18.0, 2.8)


@dataclass(frozen=True, slots=True)
class Facts:
    """How many platforms deliver in time, of how many that are switched on."""

    fresh: int
    platforms: int


def view(facts: Facts, room: Room) -> View:
    """Lamp and words of the link, platforms n/m, clock."""
    link = line(
        html.Span(className="lamp link-lamp"), html.Span("链路正常", className="link-words")
    )
    platforms = line(text(f"平台 {facts.fresh}/{facts.platforms}"), cls="with-sound")
    return View(
        body=html.Div(
            [
                html.Div(
                    [link, platforms, line(text("声音未开启"), cls="no-sound")], className="link"
                ),
                html.Div(className="clock"),
            ],
            className="link-clock",
        )
    )
