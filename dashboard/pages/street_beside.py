"""The map page for two: both places marked on one map, and what each of them has in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import ground, layer_proofs
from dashboard.pages.map_layers import KINDS, Layer
from dashboard.pages.marks import door
from dashboard.pages.reading import Glass
from dashboard.pages.subject import beside
from dashboard.panels.street_map import Chart


def joined(first: Chart, second: Chart) -> Chart:
    """One map with the signs of both places."""
    keys = dict.fromkeys((*first.layers, *second.layers))
    layers = {key: [*first.layers.get(key, ()), *second.layers.get(key, ())] for key in keys}
    return replace(first, layers=layers)


def figures(glass: Glass, second: Glass, *, shades: Mapping[str, str]) -> Any:
    """What was received, what is open and, of two places, what stands in them, for both."""
    rows = [
        beside.line(glass, second, metric, f"{name}{told}", of=line)
        for metric, name in shades.items()
        for line, told in _lines(glass, metric)
    ]
    rows += [
        beside.line(glass, second, kind.metric, kind.name)
        for kind in KINDS
        if kind.metric and glass.shows(kind.feeds)
    ]
    if glass.want.beside[0] == "community":  # the lists tell no other place and no other time
        rows += _standing(glass, second)
    return [
        beside.table(glass, rows),
        html.P("在办的为时段末；点差看两边和是谁造成的。", className="note"),
    ]


def _lines(glass: Glass, metric: str) -> list[tuple[str | None, str]]:
    """The lines of a metric, which are never added, with how each is told after its name."""
    lines = glass.data.reader.definitions()[metric].lines
    return [(key, f" {words}") for key, words in dict(lines).items()] or [(None, "")]


def _standing(glass: Glass, second: Glass) -> list[list[Any]]:
    """Stations, teams, stores and cameras: what is counted now, from their lists."""
    keys = [kind.key for kind in KINDS if not kind.metric and glass.shows(kind.feeds)]
    pairs = zip(ground.layers(glass, keys), ground.layers(second, keys), strict=True)
    return [
        [
            layer.kind.name,
            _door(glass, layer),
            _door(second, like),
            door(
                beside.signed(layer.total - like.total, 0),
                layer_proofs.apart(glass, second, layer.kind.key),
                about=f"{layer.kind.name}之差",
            ),
        ]
        for layer, like in pairs
    ]


def _door(glass: Glass, layer: Layer) -> Any:
    href = layer_proofs.href(glass, layer.kind.key)
    return door(wording.count(layer.total), href, about=layer.kind.name)
