"""The takeover's place on the wall's page: laid over whatever scene is shown, empty in calm times.

Its boxes come from layouts/overlays/takeover.toml. What a scene shows under the region is hidden
while the region is taken, whole cards only, so that no half card stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from dash import dcc, html

from dashboard.panels import (
    alarm_bar,
    alarm_curve,
    alarm_figures,
    alarm_forces,
    alarm_map,
    alarm_places,
    alarm_ribbon,
    alarm_steps,
)
from dashboard.wall import around
from dashboard.wall.alone import FAILED, alone
from dashboard.wall.card import Card, Feed, card, fitted
from dashboard.wall.over_line import plain
from dashboard.wall.parts import Room, View
from layouts import wall
from layouts.fit import fit
from layouts.wall import Box, WallProfile, WallScene, load_scene

FOLDER = Path(wall.__file__).parent / "overlays"
RIBBON, BAR = "alarm_ribbon", "alarm_bar"
PANELS: Mapping[str, Any] = {
    "alarm_ribbon": alarm_ribbon,
    "alarm_bar": alarm_bar,
    "alarm_figures": alarm_figures,
    "alarm_curve": alarm_curve,
    "alarm_map": alarm_map,
    "alarm_around": around,
    "alarm_steps": alarm_steps,
    "alarm_forces": alarm_forces,
    "alarm_places": alarm_places,
}
CHARTS = ("alarm_curve",)
STAGE, SOUND, MARK, DRAWN = "takeover", "alarm-sound", "alarm-mark", "alarm-drawn"
LEAST = (18.0, 8.0)  # rem, of a panel that says nothing else
FRAME = 0.4  # rem of the frame around the region
CALM = "calm"
_GRAPH: Any = {"displayModeBar": False, "staticPlot": True, "responsive": True}
_EMPTY: Any = {"data": [], "layout": {"template": "none", "paper_bgcolor": "rgba(0,0,0,0)"}}
Prop = tuple[str, str]


@cache
def scene() -> WallScene:
    """The takeover's grids, one for each aspect family."""
    return load_scene("takeover", FOLDER)


@cache
def boxes(profile: WallProfile) -> Mapping[str, Box]:
    """Where each panel stands on a profile's canvas; without those it cannot carry."""
    return fit(scene(), profile, lambda name: getattr(PANELS[name], "LEAST", LEAST)).boxes


def region(profile: WallProfile) -> Box:
    """The rectangle that is taken, its frame included."""
    taken = [box for name, box in boxes(profile).items() if name != RIBBON]
    left = min(box.left for box in taken) - FRAME
    top = min(box.top for box in taken) - FRAME
    right = max(box.right for box in taken) + FRAME
    bottom = max(box.bottom for box in taken) + FRAME
    return Box(left, top, right - left, bottom - top)


def rooms(profile: WallProfile) -> dict[str, Room]:
    """The room each panel gets, with the seams that run through it."""
    across, down = profile.seams
    return {
        name: Room(
            round(box.width, 3),
            round(box.height, 3),
            tuple(round(s - box.left, 3) for s in across if box.left < s < box.right),
            tuple(round(s - box.top, 3) for s in down if box.top < s < box.bottom),
        )
        for name, box in boxes(profile).items()
    }


def section() -> html.Div:
    """The overlay with a card for each panel, empty."""
    return html.Div(
        [
            html.Div(id="takeover-frame"),
            *[_card(name) for name in PANELS],
        ],
        id=STAGE,
        className=CALM,
    )


def signs() -> list[Any]:
    """What the page's script reads and writes: what is to be heard, what has been drawn."""
    return [
        html.Div(id=SOUND, className="hidden"),
        html.Div(id=MARK, className="hidden"),
        dcc.Store(id=DRAWN),
    ]


def style(profile: WallProfile, under: Mapping[str, Box]) -> str:
    """Places of the overlay on a profile, and which cards of the scene under it give way."""
    own = f'html[data-profile="{profile.key}"]'
    area, placed = region(profile), dict(boxes(profile))
    if "ribbon" in under:  # wherever the scene has it on this wall
        placed[RIBBON] = under["ribbon"]
    parts = [f"{own} #takeover-frame{{{_place(area)}}}"]
    parts += [
        f'{own} #takeover [data-panel="{name}"]'
        + (f"{{{_place(placed[name])}}}" if name in placed else "{display:none!important}")
        for name in PANELS
    ]
    hidden = [name for name, box in under.items() if meet(box, area)]
    if hidden:
        cards = ",".join(f'{own} #stage.taken>[data-panel="{name}"]' for name in hidden)
        parts.append(f"{cards}{{visibility:hidden}}")
    return "\n".join(parts)


def changes(
    profile: WallProfile, facts: Mapping[str, Any], feed: Feed, now: datetime
) -> dict[Prop, tuple[str, Any]]:
    """What the panels that have facts show, with its JSON: the bar first, each by itself."""
    made: dict[Prop, tuple[str, Any]] = {}
    places = rooms(profile)
    for name in sorted(places, key=lambda one: one != BAR):
        if (given := facts.get(name)) is not None:
            made |= _drawn(name, places[name], given, feed, now)
    return made


def _drawn(
    name: str, room: Room, given: Any, feed: Feed, now: datetime
) -> dict[Prop, tuple[str, Any]]:
    """One panel; one that cannot be drawn says so in its own frame."""
    module = PANELS[name]
    # what stands in the store and in the site's own files is as new as this drawing
    own = (
        feed if module.READS else replace(feed, as_of=now.replace(second=0, microsecond=0), of=None)
    )

    def whole() -> dict[Prop, tuple[str, Any]]:
        view = fitted(module.view(given, room), module.TITLE, room, own, now)
        return _said(name, card(module.TITLE, view, own, now))

    found = None if given is FAILED else alone(name, whole, None)
    if found is not None:
        return found
    least = None if module.TITLE else View(body=module.least(given))
    return _said(name, card(module.TITLE, least, replace(own, state="failed"), now))


def _said(name: str, made: Card) -> dict[Prop, tuple[str, Any]]:
    look = made.look if PANELS[name].TITLE else "bare"
    shown: dict[Prop, Any] = {
        (f"card-{name}", "className"): look + _no_chart(name, made.figure),
        (f"head-{name}", "children"): made.head,
        (f"body-{name}", "children"): made.body,
        (f"foot-{name}", "children"): made.foot,
    }
    shown |= {(f"card-{name}", f"data-{which}"): moment for which, moment in made.times}
    if name in CHARTS:
        shown[f"over-{name}", "children"] = made.over
        shown[f"chart-{name}", "data"] = made.figure
    return {prop: plain(value) for prop, value in shown.items()}


def _no_chart(name: str, figure: Any) -> str:
    return " no-chart" if name in CHARTS and figure is None else ""


def _card(name: str) -> html.Section:
    parts: list[Any] = [
        html.Header(id=f"head-{name}", className="head"),
        html.Div(id=f"body-{name}", className="body"),
    ]
    if name in CHARTS:
        graph = dcc.Graph(id=f"graph-{name}", config=_GRAPH, className="graph", figure=_EMPTY)
        over = html.Div(id=f"over-{name}", className="over")
        parts.append(html.Div([graph, over], className="chart"))
        parts.append(dcc.Store(id=f"chart-{name}"))
    parts.append(html.Footer(id=f"foot-{name}", className="foot"))
    look = "card" if PANELS[name].TITLE else "bare"
    data: dict[str, Any] = {"data-panel": name}
    return html.Section(parts, id=f"card-{name}", className=look, **data)


def _place(box: Box) -> str:
    return (
        f"left:{box.left:.4f}rem;top:{box.top:.4f}rem;"
        f"width:{box.width:.4f}rem;height:{box.height:.4f}rem"
    )


def meet(one: Box, other: Box) -> bool:
    """Whether a card reaches into the region by more than its frame."""
    return (
        one.left < other.right - FRAME
        and other.left + FRAME < one.right
        and one.top < other.bottom - FRAME
        and other.top + FRAME < one.bottom
    )
