"""The wall's page: one card for each panel of any scene, and what a tick changes in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from dash import dcc, html

from dashboard.wall import overlay
from dashboard.wall.arranged import fitted
from dashboard.wall.card import Card
from dashboard.wall.catalogue import CHARTS, PANELS, panel
from dashboard.wall.parts import Room
from layouts.wall import WallProfile, WallScene

TICK = "tick"
DRAWN = "tick-drawn"  # the number of the last beat that the window has drawn
ADDRESS = "address"
EMPTY = {  # until the first picture: nothing, on the card's own ground
    "data": [],
    "layout": {
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
    },
}
_CHART = "chart-"
BARE = "bare"  # a part of the header: no card around it
GRAPH: Any = {
    "displayModeBar": False,
    "staticPlot": True,
    "responsive": True,
    "doubleClick": False,
    "showTips": False,
}


@cache
def panels() -> tuple[str, ...]:
    """Every panel there is."""
    return tuple(PANELS)


def rooms(profile: WallProfile, scene: WallScene) -> Mapping[str, Room]:
    """The room each panel of a scene gets on a profile, with the seams that run through it."""
    across, down = profile.seams
    return {
        name: Room(
            round(box.width, 3),
            round(box.height, 3),
            tuple(round(s - box.left, 3) for s in across if box.left < s < box.right),
            tuple(round(s - box.top, 3) for s in down if box.top < s < box.bottom),
        )
        for name, box in fitted(profile, scene).boxes.items()
    }


def layout(cards: Mapping[str, Card] | None = None, names: Iterable[str] | None = None) -> html.Div:
    """The whole page, empty or with a first picture: a card for each panel, or for those named."""
    given, shown = cards or {}, panels() if names is None else names
    return html.Div(
        [
            html.Div(
                [*[_section(name, given.get(name)) for name in shown], overlay.section()],
                id="stage",
            ),
            *overlay.signs(),
            html.Div(id=TICK),
            dcc.Store(id=DRAWN),
            dcc.Location(id=ADDRESS, refresh=False),
        ]
    )


def changes(name: str, card: Card) -> Iterator[tuple[str, str, Any]]:
    """What a card consists of: element id, property, value."""
    look = BARE if panel(name).is_bare else card.look
    if name in CHARTS and card.figure is None:
        look += " no-chart"
    yield f"card-{name}", "className", look
    for which, moment in card.times:
        yield f"card-{name}", f"data-{which}", moment
    yield f"head-{name}", "children", card.head
    yield f"body-{name}", "children", card.body
    if name in CHARTS:
        yield f"over-{name}", "children", card.over
        yield f"{_CHART}{name}", "data", card.figure
    yield f"foot-{name}", "children", card.foot


def is_chart(element: str) -> bool:
    """Whether an element of the page holds a chart's figure."""
    return element.startswith(_CHART)


def _section(name: str, card: Card | None) -> html.Section:
    given = {(where, what): value for where, what, value in changes(name, card)} if card else {}

    def held(where: str, what: str = "children") -> Any:
        return given.get((f"{where}-{name}", what))

    parts: list[Any] = [
        html.Header(held("head"), id=f"head-{name}", className="head"),
        html.Div(held("body"), id=f"body-{name}", className="body"),
    ]
    if name in CHARTS:
        graph = dcc.Graph(id=f"graph-{name}", config=GRAPH, className="graph", figure=EMPTY)
        over = html.Div(held("over"), id=f"over-{name}", className="over")
        parts.append(html.Div([graph, over], className="chart"))
        parts.append(dcc.Store(id=f"chart-{name}", data=held("chart", "data")))
    parts.append(html.Footer(held("foot"), id=f"foot-{name}", className="foot"))
    return html.Section(
        parts,
        id=f"card-{name}",
        className=held("card", "className") or (BARE if panel(name).is_bare else "card"),
        **_data("panel", name),
    )


def _data(name: str, value: str) -> dict[str, Any]:
    return {f"data-{name}": value}
