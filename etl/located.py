"""Where a row's point lies: brought from the coordinate system its source declares to WGS-84, once.

The columns say by their mark (`axis`) which hold longitude, latitude or an outline; the platform's
block says in which system its source tells them, and what becomes of a point outside the street.
Raw files keep what was sent, so that another declaration reads them anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from config import coordinates
from config.coordinates import PLAIN
from config.outlines import Frame, load_outlines
from config.platforms import Platform
from config.site import load_site
from etl.formats.cell import REJECT, Row, Yielded, reject
from warehouse.schema import Table

OUTSIDE: Final = "坐标不在本街道范围"
NO_POINT: Final = "坐标不合声明的坐标系"
_PAIR: Final = re.compile(r"(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Told:
    """How a source tells places: its coordinate system, and the frame it must keep to, if any."""

    system: str = "wgs84"
    frame: Frame | None = None

    @property
    def kind(self) -> str:
        """The system by what it does to a place: degrees of CGCS2000 count as WGS-84."""
        return "wgs84" if self.system in PLAIN else self.system

    @property
    def mark(self) -> str:
        """A mark of the declaration, empty for the usual one."""
        if self.system in PLAIN and self.frame is None:
            return ""
        frame = "" if self.frame is None else ":" + ",".join(f"{each:.4f}" for each in self.frame)
        return f":{self.system}{frame}"


def declared(platforms: Mapping[str, Platform]) -> dict[str, Told]:
    """What the blocks of the platforms say; the street's outlines are read if one needs them."""
    keeps = all(platform.outside == "keep" for platform in platforms.values())
    frame = None if keeps else load_outlines(load_site()).frame
    return {
        key: Told(platform.crs, frame if platform.outside == "refuse" else None)
        for key, platform in platforms.items()
    }


def located(
    yielded: Iterable[Yielded], tables: Mapping[str, Table], how: Told
) -> Iterator[Yielded]:
    """The rows with their places in WGS-84; one whose place cannot be right is rejected."""
    marks = {name: _axes(table) for name, table in tables.items()}
    if not how.mark or not any(marks.values()):
        yield from yielded
        return
    for name, row in yielded:
        axes = marks.get(name) if name != REJECT else None
        if not axes:
            yield name, row
            continue
        fault = _settle(row, axes, how)
        yield reject(fault, {k: v for k, v in row.items() if v}) if fault else (name, row)


def _axes(table: Table) -> dict[str, str]:
    """The columns of a fact that hold places: lng, lat, outline -> name."""
    return {column.axis: name for name, column in table.columns.items() if column.axis}


def _settle(row: Row, axes: Mapping[str, str], how: Told) -> str | None:
    """Convert in place; the reason when the place cannot be right, and then nothing is changed."""
    changed: Row = {}
    lng, lat = axes.get("lng", ""), axes.get("lat", "")
    east, north = _number(row.get(lng)), _number(row.get(lat))
    if east == 0 and north == 0:
        changed |= {lng: None, lat: None}
    elif east is not None and north is not None:
        try:
            x, y = coordinates.to_wgs84(how.system, east, north)
        except (ValueError, OverflowError):
            return NO_POINT
        if how.frame is not None and not _inside(how.frame, x, y):
            return OUTSIDE
        if how.system not in PLAIN:
            changed |= {lng: f"{x:.7f}", lat: f"{y:.7f}"}
    elif how.system not in PLAIN and (east is None) is not (north is None):
        return NO_POINT  # half a point cannot be converted
    outline = row.get(axes.get("outline", ""))
    if outline and how.system not in PLAIN:
        try:
            changed[axes["outline"]] = _PAIR.sub(lambda pair: _pair(how.system, pair), outline)
        except (ValueError, OverflowError):
            return NO_POINT
    row |= changed
    return None


def _pair(system: str, pair: re.Match[str]) -> str:
    x, y = coordinates.to_wgs84(system, float(pair[1]), float(pair[2]))
    return f"{x:.7f} {y:.7f}"


def _number(text: str | None) -> float | None:
    """A figure, or None for what the warehouse's types will judge."""
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _inside(frame: Frame, lng: float, lat: float) -> bool:
    west, south, east, north = frame
    return west <= lng <= east and south <= lat <= north
