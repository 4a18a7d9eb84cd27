"""Coordinate systems of Chinese sources, brought to WGS-84 longitude and latitude.

GPS and cameras tell WGS-84; map services in China tell GCJ-02 (shifted by some 500 m) and Baidu's
BD-09 on top of it; surveyors tell CGCS2000, as degrees (equal to WGS-84 within centimetres, which
counts as equal here) or as metres on a 3-degree Gauss-Krüger plane. The shifts of GCJ-02 and BD-09
have no inverse in closed form: the way back is the way there, repeated until it fits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Final

Point = tuple[float, float]  # east, then north: degrees, or metres on a plane

PLAIN: Final = ("wgs84", "cgcs2000")  # degrees that need no change
ALLOWED: Final = (
    "wgs84 | gcj02 | bd09 | cgcs2000 | cgcs2000-gk<central meridian>, such as cgcs2000-gk120"
    " | cgcs2000-gk, where the easting begins with the number of its zone"
)
_GK: Final = re.compile(r"cgcs2000-gk(\d{2,3})?")
_CHINA: Final = (72.004, 137.8347, 0.8293, 55.8271)  # the frame in which the shift is applied
_KRASOVSKY_A: Final = 6378245.0
_KRASOVSKY_E2: Final = 0.00669342162296594323
_BD_TURN: Final = math.pi * 3000.0 / 180.0
_CLOSE: Final = 1e-10  # degrees, a hundredth of a millimetre
_ROUNDS: Final = 30
_A: Final = 6378137.0  # the ellipsoid of CGCS2000
_F: Final = 1 / 298.257222101
_FALSE_EAST: Final = 500_000.0
_ZONE: Final = 1_000_000.0


def is_known(system: object) -> bool:
    """Whether a word names a coordinate system that can be read here."""
    if not isinstance(system, str):
        return False
    if system in (*PLAIN, "gcj02", "bd09"):
        return True
    match = _GK.fullmatch(system)
    return match is not None and (
        match[1] is None or (int(match[1]) % 3 == 0 and 75 <= int(match[1]) <= 135)
    )


def to_wgs84(system: str, east: float, north: float) -> Point:
    """A point of a system as WGS-84 longitude and latitude; ValueError for what is no point."""
    if not (math.isfinite(east) and math.isfinite(north)):
        raise ValueError(f"{east}, {north} is no point")
    if system in PLAIN:
        return east, north
    if system == "gcj02":
        return gcj02_to_wgs84(east, north)
    if system == "bd09":
        return gcj02_to_wgs84(*bd09_to_gcj02(east, north))
    return plane_to_degrees(east, north, _meridian(system))


def from_wgs84(system: str, lng: float, lat: float) -> Point:
    """A WGS-84 point as a source of that system would tell it."""
    if system in PLAIN:
        return lng, lat
    if system == "gcj02":
        return wgs84_to_gcj02(lng, lat)
    if system == "bd09":
        return gcj02_to_bd09(*wgs84_to_gcj02(lng, lat))
    meridian = _meridian(system)
    if meridian is not None:
        return degrees_to_plane(lng, lat, meridian)
    zone = round(lng / 3)
    east, north = degrees_to_plane(lng, lat, 3 * zone)
    return zone * _ZONE + east, north


def wgs84_to_gcj02(lng: float, lat: float) -> Point:
    """The shift of Chinese map services; a point outside China stays."""
    if not _in_china(lng, lat):
        return lng, lat
    x, y = lng - 105.0, lat - 35.0
    wave = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + wave
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + wave
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (
        (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    )
    at = math.radians(lat)
    curve = 1 - _KRASOVSKY_E2 * math.sin(at) ** 2
    down = north * 180.0 / (_KRASOVSKY_A * (1 - _KRASOVSKY_E2) / curve**1.5 * math.pi)
    right = east * 180.0 / (_KRASOVSKY_A / math.sqrt(curve) * math.cos(at) * math.pi)
    return lng + right, lat + down


def gcj02_to_wgs84(lng: float, lat: float) -> Point:
    """Back from the shift of Chinese map services; a point outside China stays."""
    return _undone(wgs84_to_gcj02, lng, lat) if _in_china(lng, lat) else (lng, lat)


def gcj02_to_bd09(lng: float, lat: float) -> Point:
    """Baidu's turn on top of GCJ-02; a point outside China stays."""
    if not _in_china(lng, lat):
        return lng, lat
    far = math.hypot(lng, lat) + 0.00002 * math.sin(lat * _BD_TURN)
    angle = math.atan2(lat, lng) + 0.000003 * math.cos(lng * _BD_TURN)
    return far * math.cos(angle) + 0.0065, far * math.sin(angle) + 0.006


def bd09_to_gcj02(lng: float, lat: float) -> Point:
    """Back from Baidu's turn; a point outside China stays."""
    return _undone(gcj02_to_bd09, lng, lat) if _in_china(lng, lat) else (lng, lat)


def degrees_to_plane(lng: float, lat: float, meridian: float) -> Point:
    """Gauss-Krüger easting (with 500 km) and northing in metres about a central meridian.

    Krüger's series in the third flattening up to its fourth power: below a millimetre within the
    zone and far outside of it.
    """
    radius, forward, _ = _series()
    e = math.sqrt(_F * (2 - _F))
    sine = math.sin(math.radians(lat))
    conformal = math.sinh(math.atanh(sine) - e * math.atanh(e * sine))
    turn = math.radians(lng - meridian)
    xi = math.atan2(conformal, math.cos(turn))
    eta = math.asinh(math.sin(turn) / math.hypot(conformal, math.cos(turn)))
    turns = [(2 * j, each) for j, each in enumerate(forward, 1)]
    north = xi + sum(a * math.sin(j * xi) * math.cosh(j * eta) for j, a in turns)
    east = eta + sum(a * math.cos(j * xi) * math.sinh(j * eta) for j, a in turns)
    return _FALSE_EAST + radius * east, radius * north


def plane_to_degrees(east: float, north: float, meridian: float | None) -> Point:
    """Longitude and latitude of a point on the plane; None reads the zone from the easting."""
    if meridian is None:
        zone = int(east // _ZONE)
        if not 25 <= zone <= 45:
            raise ValueError(f"an easting of {east:g} m does not begin with a zone from 25 to 45")
        meridian, east = 3.0 * zone, east - zone * _ZONE
    if not (0 < east < _ZONE and 0 <= north < 10_000_000):
        raise ValueError(f"{east:g}, {north:g} lies on no 3-degree plane in metres")
    radius, _, back = _series()
    xi, eta = north / radius, (east - _FALSE_EAST) / radius
    turns = [(2 * j, each) for j, each in enumerate(back, 1)]
    flat = xi - sum(b * math.sin(j * xi) * math.cosh(j * eta) for j, b in turns)
    wide = eta - sum(b * math.cos(j * xi) * math.sinh(j * eta) for j, b in turns)
    conformal = math.sin(flat) / math.hypot(math.sinh(wide), math.cos(flat))
    e2 = _F * (2 - _F)
    tangent = conformal
    for _ in range(5):  # Newton; three rounds reach the last digit
        stretch = math.sinh(math.sqrt(e2) * math.atanh(math.sqrt(e2) * _sine(tangent)))
        guess = tangent * math.hypot(1, stretch) - stretch * math.hypot(1, tangent)
        tangent += (
            (conformal - guess)
            / math.hypot(1, guess)
            * (1 + (1 - e2) * tangent**2)
            / ((1 - e2) * math.hypot(1, tangent))
        )
    lng = meridian + math.degrees(math.atan2(math.sinh(wide), math.cos(flat)))
    return lng, math.degrees(math.atan(tangent))


def _sine(tangent: float) -> float:
    return tangent / math.hypot(1, tangent)


def _series() -> tuple[float, tuple[float, ...], tuple[float, ...]]:
    n = _F / (2 - _F)
    radius = _A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    forward = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    back = (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
        17 * n**3 / 480 - 37 * n**4 / 840,
        4397 * n**4 / 161280,
    )
    return radius, forward, back


def _meridian(system: str) -> float | None:
    match = _GK.fullmatch(system)
    if match is None:
        raise ValueError(f"coordinate system {system!r} is not one of {ALLOWED}")
    return None if match[1] is None else float(match[1])


def _in_china(lng: float, lat: float) -> bool:
    west, east, south, north = _CHINA
    return west < lng < east and south < lat < north


def _undone(shift: Callable[[float, float], Point], lng: float, lat: float) -> Point:
    """The point that a shift brings here."""
    x, y = lng, lat
    for _ in range(_ROUNDS):
        there = shift(x, y)
        right, up = lng - there[0], lat - there[1]
        x, y = x + right, y + up
        if abs(right) < _CLOSE and abs(up) < _CLOSE:
            break
    return x, y
