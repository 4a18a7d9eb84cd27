"""The outlines of the site's map: communities, grids and waters, read once from its GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One outline or line with its kind, code, name and place of label."""

    kind: str
    code: str
    name: str
    community: str
    rings: tuple[Ring, ...]
    label: tuple[float, float]
    closed: bool


@dataclass(frozen=True, slots=True)
class Outlines:
    """All shapes of the site."""

    shapes: tuple[Shape, ...]

    def places(self, kind: str, community: str | None = None) -> list[Shape]:
        """The communities, or the grids of one community."""
        return [
            shape
            for shape in self.shapes
            if shape.kind == kind and (community is None or shape.community == community)
        ]

    def waters(self) -> list[dict[str, Any]]:
        """Lakes, ponds and rivers as points."""
        return [
            {"points": ring, "closed": shape.closed}
            for shape in self.shapes
            if shape.kind in ("lake", "pond", "river")
            for ring in shape.rings
        ]


def load(file: Path) -> Outlines:
    """The outlines of a GeoJSON file; read again only when it changed."""
    return _load(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _load(file: Path, _stamp: int) -> Outlines:
    raw = json.loads(file.read_text(encoding="utf-8"))
    return Outlines(tuple(_shape(feature) for feature in raw["features"]))


def _shape(feature: dict[str, Any]) -> Shape:
    told, geometry = feature["properties"], feature["geometry"]
    rings = _rings(geometry)
    first = rings[0][0]
    label = told.get("label") or first
    return Shape(
        kind=told["kind"],
        code=told.get("code", ""),
        name=told.get("name", ""),
        community=told.get("community", ""),
        rings=rings,
        label=(label[0], label[1]),
        closed=geometry["type"].endswith("Polygon"),
    )


def _rings(geometry: dict[str, Any]) -> tuple[Ring, ...]:
    points: Sequence[Any] = geometry["coordinates"]
    lines = {
        "Polygon": points,
        "MultiPolygon": [ring for polygon in points for ring in polygon],
        "LineString": [points],
        "MultiLineString": points,
    }[geometry["type"]]
    return tuple(tuple((lng, lat) for lng, lat, *_ in line) for line in lines)
