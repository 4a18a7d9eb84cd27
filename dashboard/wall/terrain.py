"""The street's outlines as drawn on the wall: the site's shapes projected into a card's room."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.outlines import Shape, load_outlines
from config.site import Site

Point = tuple[float, float]
Ring = tuple[Point, ...]
_KM = 111.32  # a degree of latitude


@dataclass(frozen=True, slots=True)
class Terrain:
    """All shapes of the street; `key` changes with the file."""

    key: str
    shapes: tuple[Shape, ...]

    def __hash__(self) -> int:
        """By its key: what is kept for a terrain is looked up without reading every point."""
        return hash(self.key)

    def of(self, kind: str) -> tuple[Shape, ...]:
        """The shapes of one kind."""
        return tuple(shape for shape in self.shapes if shape.kind == kind)


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to rem inside a room: one scale both ways, the communities fitted and centred."""

    origin: Point
    shrink: float
    scale: float
    left: float
    top: float

    def __call__(self, point: Point) -> Point:
        """A place on the card."""
        east = (point[0] - self.origin[0]) * self.shrink * _KM
        south = (self.origin[1] - point[1]) * _KM
        return self.left + east * self.scale, self.top + south * self.scale

    def ring(self, ring: Iterable[Point]) -> Ring:
        """All places of a ring."""
        return tuple(self(point) for point in ring)


def load_terrain(site: Site) -> Terrain:
    """The shapes of the site's map without its grids, read again when the file changes."""
    outlines = load_outlines(site)
    return Terrain(outlines.key, tuple(s for s in outlines.shapes if s.kind != "grid"))


def fit(terrain: Terrain, left: float, top: float, width: float, height: float) -> Projection:
    """The projection that shows every community as large as the rectangle allows."""
    points = [p for shape in terrain.of("community") for ring in shape.rings for p in ring]
    if not points:
        return Projection((0.0, 0.0), 1.0, 1.0, left, top)
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    shrink = math.cos(math.radians((south + north) / 2))
    wide, high = (east - west) * shrink * _KM, (north - south) * _KM
    scale = min(width / wide, height / high)
    return Projection(
        (west, north),
        shrink,
        scale,
        left + (width - wide * scale) / 2,
        top + (height - high * scale) / 2,
    )


def path(rings: Sequence[Ring], unit: float, *, closed: bool = True) -> str:
    """Rings as an SVG path."""
    parts = []
    for ring in rings:
        steps = [f"{x * unit:.1f} {y * unit:.1f}" for x, y in ring]
        parts.append(f"M{'L'.join(steps)}{'Z' if closed else ''}")
    return "".join(parts)


def inside(point: Point, ring: Ring) -> bool:
    """Whether a point lies inside a ring (even-odd rule)."""
    x, y = point
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def ring_path(ring: Ring, unit: float) -> str:
    """One open line as an SVG path."""
    return path([ring], unit, closed=False)


def rem(length: float) -> str:
    """A length on the card as SVG writes it."""
    return f"{length:.3f}rem"
