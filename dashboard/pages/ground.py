"""What every map of the pages stands on: shapes shaded by counts, their frame, the signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from config.outlines import Frame, Outlines, load_outlines
from dashboard.pages import map_layers
from dashboard.pages.map_layers import Layer, Thing
from dashboard.pages.reading import Glass
from dashboard.pages.subject.level import Level
from dashboard.panels import street_map

PICKED: Final = "picked"
_NEAR: Final = 0.012  # degrees


def outlines(glass: Glass) -> Outlines:
    """The shapes of the site."""
    return load_outlines(glass.data.site)


def layers(glass: Glass, keys: Iterable[str] = map_layers.KEYS) -> list[Layer]:
    """These layers within the page's filters, each read once a page."""
    frame, wanted = outlines(glass).frame, set(keys)
    return [
        glass.once(
            ("map layer", kind.key, *sorted(glass.want.filters.items()), glass.want.span.last),
            partial(map_layers.read, glass, kind, frame),
        )
        for kind in map_layers.KINDS
        if kind.key in wanted
    ]


def areas(glass: Glass, asked: Level, counts: Mapping[str, int] | None) -> list[street_map.Area]:
    """The places of a level with their counts and shades; without counts only with their names."""
    shapes = outlines(glass).places(asked.by, asked.inside)
    told = counts or {}
    most = max((told.get(shape.code, 0) for shape in shapes), default=0)
    return [
        street_map.Area(
            code=shape.code,
            name=shape.name.removesuffix("网格") if asked.by == "grid" else shape.name,
            parts=shape.parts,
            label=shape.label,
            figure="" if counts is None else str(told.get(shape.code, 0)),
            step=_step(told.get(shape.code, 0), most, glass.data.thresholds.bands),
            href=glass.state.toggled(asked.by, shape.code).href,
            chosen=shape.code == asked.chosen,
        )
        for shape in shapes
    ]


def chart(
    glass: Glass,
    asked: Level,
    drawn: Sequence[street_map.Area],
    on: Iterable[str],
    *,
    small: bool = False,
    picked: str = "",
) -> street_map.Chart:
    """A map of these areas with the signs of the layers that are on.

    What is `picked` (team:PL01) stands apart from them, and the map begins around it.
    """
    shapes = outlines(glass)
    read = layers(glass, on)
    spots = {
        layer.kind.key: [
            _spot(layer, thing) for thing in layer.drawn if name_of(layer, thing) != picked
        ]
        for layer in read
    }
    frame = _frame(shapes, asked.inside)
    found = pick(read, picked)
    if found is not None:
        spots[PICKED] = [replace(_spot(*found), picked=True)]
        frame = _around(spots[PICKED][0].at)
    return street_map.Chart(
        areas=drawn,
        lines=[] if asked.by == "grid" or small else [s.parts for s in shapes.places("grid")],
        waters=shapes.waters(),
        layers=spots,
        frame=frame,
        tiles=glass.data.site.tiles,
        apart=frozenset((*(kind.key for kind in map_layers.KINDS if kind.apart), PICKED)),
        small=small,
    )


def name_of(layer: Layer, thing: Thing) -> str:
    """How an address names one thing of a layer: team:PL01."""
    return f"{layer.kind.key}:{thing.number}"


def pick(read: Iterable[Layer], name: str) -> tuple[Layer, Thing] | None:
    """The one thing that is drawn under this name."""
    every = ((layer, thing) for layer in read for thing in layer.drawn)
    return next((one for one in every if name_of(*one) == name), None)


def _around(at: tuple[float, float]) -> Frame:
    """A mile around a place: what lies beside it stays in sight."""
    return at[0] - _NEAR, at[1] - _NEAR, at[0] + _NEAR, at[1] + _NEAR


def _step(count: int, most: int, shares: Sequence[float]) -> int:
    return 1 + sum(count > share * most for share in shares) if most else 1


def _frame(shapes: Outlines, community: str | None) -> Frame:
    """The whole street, or the community gone into."""
    places = shapes.places("community")
    inside = [s for s in places if s.code == community] or places
    points = [point for shape in inside for ring in shape.rings for point in ring]
    lngs, lats = [p[0] for p in points], [p[1] for p in points]
    return min(lngs), min(lats), max(lngs), max(lats)


def _spot(layer: Layer, thing: Thing) -> street_map.Spot:
    assert thing.at is not None  # only what is drawn comes here
    return street_map.Spot(
        at=thing.at,
        sign=thing.mark or layer.kind.sign,
        look=thing.look,
        words=f"{layer.kind.name} {thing.name}：{thing.state}",
        href=thing.href,
    )
