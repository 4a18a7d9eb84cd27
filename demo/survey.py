"""In which coordinate system each platform of the town tells places, as real ones differ.

The grid workers' app draws on a commercial map (GCJ-02), the device platform on Baidu's (BD-09),
the city cases carry the surveyors' plane in metres, flights carry CGCS2000 in degrees; cameras,
towers and stores were measured by GPS.
"""

from __future__ import annotations

from typing import Final

from config import coordinates
from demo.plane import Point

SYSTEMS: Final = {
    "grid_event": "gcj02",
    "urban_case": "cgcs2000-gk120",
    "iot_device": "bd09",
    "land_watch": "cgcs2000",
}


def told(platform: str, place: Point) -> Point:
    """A place of the town as this platform would write it."""
    east, north = coordinates.from_wgs84(SYSTEMS.get(platform, "wgs84"), *place)
    return (round(east, 3), round(north, 3)) if east > 180 else (round(east, 6), round(north, 6))
