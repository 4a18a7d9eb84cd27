"""The outlines of the site's map: communities, grids and waters, read and judged from its GeoJSON.

What is wrong with the file is said by feature and by name before anything is drawn. The file may be
in any coordinate system that site.toml names (`area_crs`); what is given back is WGS-84.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from config import coordinates
from config.errors import ConfigError
from config.site import Site

Point = tuple[float, float]
Ring = tuple[Point, ...]
Frame = tuple[float, float, float, float]  # west, south, east, north
AREAS: Final = ("community", "grid", "lake", "pond")
KINDS: Final = (*AREAS, "river")
_OF_AREA: Final = ("Polygon", "MultiPolygon")
_OF_LINE: Final = ("LineString", "MultiLineString")
_DEPTH: Final = {"Polygon": 1, "MultiPolygon": 0, "LineString": 2, "MultiLineString": 1}
_EPSG: Final = re.compile(r"EPSG:{1,2}(\d+)$")
_DECLARED: Final = {"4326": "wgs84", "4490": "cgcs2000"}
_LAST_CM: Final = {4534 + n: f"cgcs2000-gk{75 + 3 * n}" for n in range(21)}  # EPSG 4534 to 4554
_MARGIN: Final = 0.01  # degrees, some 1 km: what stands at the border still belongs to the street
_CHINA: Final = (73.0, 3.0, 136.0, 54.0)


@dataclass(frozen=True, slots=True)
class Shape:
    """One outline or line in WGS-84: polygons with their holes, or lines, each a tuple of rings."""

    kind: str
    code: str
    name: str
    community: str
    parts: tuple[tuple[Ring, ...], ...]
    label: Point
    closed: bool

    @property
    def rings(self) -> tuple[Ring, ...]:
        """All rings of all parts."""
        return tuple(ring for part in self.parts for ring in part)


@dataclass(frozen=True, slots=True)
class Outlines:
    """All shapes of the site; `key` changes with the file."""

    key: str
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

    @property
    def frame(self) -> Frame:
        """The frame around all communities and a little more: west, south, east, north."""
        points = [p for s in self.places("community") for ring in s.rings for p in ring]
        lngs, lats = [p[0] for p in points], [p[1] for p in points]
        return (
            min(lngs) - _MARGIN,
            min(lats) - _MARGIN,
            max(lngs) + _MARGIN,
            max(lats) + _MARGIN,
        )


def load_outlines(site: Site) -> Outlines:
    """The outlines of the site; read again only when the file changed."""
    try:
        stamp = site.area.stat().st_mtime_ns
    except OSError:
        said = "a GeoJSON file beside site.toml"
        raise ConfigError(site.area, "area", site.area.name, said) from None
    communities = frozenset(each.code for each in site.communities)
    grids = frozenset(each.code for each in site.grids)
    return _load(site.area, stamp, site.area_crs, communities, grids)


@lru_cache(maxsize=2)
def _load(
    file: Path, stamp: int, crs: str, communities: frozenset[str], grids: frozenset[str]
) -> Outlines:
    raw = _collection(file)
    _agree(file, raw, crs)
    shapes = tuple(_shape(file, n, each, crs) for n, each in enumerate(raw["features"], 1))
    _complete(file, shapes, "community", communities)
    if any(shape.kind == "grid" for shape in shapes):
        _complete(file, shapes, "grid", grids)
    return Outlines(f"{file}:{stamp}", shapes)


def _collection(file: Path) -> dict[str, Any]:
    try:
        raw = json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(file, "file", str(error), "GeoJSON in UTF-8") from None
    if not isinstance(raw, dict) or raw.get("type") != "FeatureCollection":
        kind = raw.get("type") if isinstance(raw, dict) else type(raw).__name__
        raise ConfigError(file, "type", kind, "FeatureCollection")
    if not isinstance(raw.get("features"), list) or not raw["features"]:
        raise ConfigError(file, "features", raw.get("features"), "a list with one outline or more")
    return raw


def _agree(file: Path, raw: dict[str, Any], crs: str) -> None:
    """A file that names its own system must not contradict site.toml."""
    try:
        named = str(raw["crs"]["properties"]["name"])
    except (KeyError, TypeError):
        return
    if named.endswith("CRS84"):
        own: str | None = "wgs84"
    else:
        match = _EPSG.search(named)
        number = match[1] if match else ""
        own = _DECLARED.get(number) or _LAST_CM.get(int(number or 0))
    if own is None:
        allowed = "CRS84, EPSG:4326, EPSG:4490 or EPSG:4534 to 4554; transform the file first"
        raise ConfigError(file, "crs", named, allowed)
    if own != crs and not {own, crs} <= set(coordinates.PLAIN):
        raise ConfigError(file, "crs", named, f'area_crs = "{own}" in site.toml (it says "{crs}")')


def _shape(file: Path, number: int, feature: Any, crs: str) -> Shape:
    at = f"features[{number}]"
    told = feature.get("properties") if isinstance(feature, dict) else None
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(told, dict) or not isinstance(geometry, dict):
        raise ConfigError(file, at, _short(feature), "a Feature with properties and geometry")
    kind, name = told.get("kind"), str(told.get("name") or "")
    if kind not in KINDS:
        raise ConfigError(file, f"{at}.properties.kind", kind, " | ".join(KINDS))
    at = f"{at} {name}"
    fitting = _OF_AREA if kind in AREAS else _OF_LINE
    if geometry.get("type") not in fitting:
        raise ConfigError(file, f"{at}.geometry.type", geometry.get("type"), " | ".join(fitting))
    closed = kind in AREAS
    parts = tuple(
        tuple(_ring(file, at, ring, crs, closed=closed) for ring in part)
        for part in _parts(file, at, geometry)
    )
    label = told.get("label")
    return Shape(
        kind=kind,
        code=str(told.get("code") or ""),
        name=name,
        community=str(told.get("community") or ""),
        parts=parts,
        label=_middle(parts) if label is None else _point(file, f"{at}.label", label, crs),
        closed=closed,
    )


def _parts(file: Path, at: str, geometry: dict[str, Any]) -> list[list[Any]]:
    """A geometry as a list of polygons or lines, each a list of rings."""
    found: Any = geometry.get("coordinates")
    for _ in range(_DEPTH[geometry["type"]]):
        found = [found]
    is_list = isinstance(found, list) and bool(found)
    if not is_list or not all(isinstance(part, list) and part for part in found):
        raise ConfigError(file, f"{at}.geometry.coordinates", _short(found), "lists of points")
    parts: list[list[Any]] = found
    return parts


def _ring(file: Path, at: str, raw: Any, crs: str, *, closed: bool) -> Ring:
    least = 4 if closed else 2
    if not isinstance(raw, list) or len(raw) < least:
        shown: object = len(raw) if isinstance(raw, list) else _short(raw)
        raise ConfigError(file, f"{at}.geometry", shown, f"{least} points or more in a ring")
    if closed and raw[0] != raw[-1]:
        raise ConfigError(file, f"{at}.geometry", raw[-1], f"the first point again, {raw[0]}")
    return tuple(_point(file, at, point, crs) for point in raw)


def _point(file: Path, at: str, raw: Any, crs: str) -> Point:
    try:
        east, north = float(raw[0]), float(raw[1])
        lng, lat = coordinates.to_wgs84(crs, east, north)
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        said = f"two figures, east then north, in {crs}"
        raise ConfigError(file, f"{at}.geometry", _short(raw), said) from None
    west, south, far, top = _CHINA
    if not (west <= lng <= far and south <= lat <= top):
        said = f'longitude then latitude in China; site.toml declares area_crs = "{crs}"'
        raise ConfigError(file, f"{at}.geometry", _short(raw), said)
    return lng, lat


def _middle(parts: tuple[tuple[Ring, ...], ...]) -> Point:
    """The middle of the ring with most points, where a file names no place for the label."""
    ring = max((rings[0] for rings in parts), key=len)
    return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)


def _complete(file: Path, shapes: tuple[Shape, ...], kind: str, wanted: frozenset[str]) -> None:
    """Every place of site.toml has an outline, and every outline a place."""
    drawn = [shape.code for shape in shapes if shape.kind == kind]
    for code in _twice(drawn):
        raise ConfigError(file, f"{kind}.code", code, "each code once; join parts as MultiPolygon")
    strange = sorted(set(drawn) - wanted)
    if strange:
        said = f"a code of a {kind} in site.toml"
        raise ConfigError(file, f"{kind}.code", strange[0], said)
    missing = sorted(wanted - set(drawn))
    if missing:
        few = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if missing[5:] else "")
        raise ConfigError(file, kind, f"no outline for {few}", f"one for every {kind} of site.toml")


def _short(raw: object) -> str:
    """As much of a value as a person needs to find it."""
    text = str(raw)
    return text if len(text) <= 80 else text[:80] + "…"


def _twice(codes: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield code
        seen.add(code)
