"""Published points, the national projection as PROJ computes it, and every way back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import coordinates

SYSTEMS = ("gcj02", "bd09", "cgcs2000", "cgcs2000-gk117", "cgcs2000-gk120", "cgcs2000-gk")
IN_CHINA = st.tuples(st.floats(74, 134), st.floats(18, 53))
NEAR = st.tuples(st.floats(118.2, 119.3), st.floats(31.2, 32.4))


def metres(one, other):
    east = (one[0] - other[0]) * math.cos(math.radians(one[1])) * 111_320
    return math.hypot(east, (one[1] - other[1]) * 111_320)


# the example that the common public libraries print for 116.404, 39.915
PUBLISHED = (
    (coordinates.wgs84_to_gcj02, (116.41024449916938, 39.91640428150164), 1e-6),
    (coordinates.gcj02_to_bd09, (116.41036949371029, 39.92133699351021), 1e-6),
    # these two are one step of our iteration there: within two metres of the true inverse
    (coordinates.gcj02_to_wgs84, (116.39775550083061, 39.91359571849836), 2),
    (coordinates.bd09_to_gcj02, (116.39762729119315, 39.90865673957631), 2),
)


@pytest.mark.parametrize(("shift", "expected", "within_m"), PUBLISHED)
def test_the_published_example_comes_out(shift, expected, within_m):
    assert metres(shift(116.404, 39.915), expected) <= within_m


# PROJ 9.5 (pyproj 3.7.2), EPSG:4490 to EPSG:4549, 4548 and 4528
PROJ = (
    ("cgcs2000-gk120", (119.0287, 31.6509), (407870.7678443579, 3503552.7114122044)),
    ("cgcs2000-gk120", (116.404, 39.915), (192507.26634890272, 4426287.180987486)),
    ("cgcs2000-gk117", (119.0287, 31.6509), (692439.2066777374, 3504931.117569609)),
    ("cgcs2000-gk117", (118.8, 31.5), (671017.0482414362, 3487815.100146171)),
    ("cgcs2000-gk", (119.0287, 31.6509), (40407870.7678443579, 3503552.7114122044)),
)


@pytest.mark.parametrize(("system", "degrees", "plane"), PROJ)
def test_the_plane_agrees_with_proj_below_a_millimetre(system, degrees, plane):
    east, north = coordinates.from_wgs84(system, *degrees)
    assert math.hypot(east - plane[0], north - plane[1]) < 0.001
    assert metres(coordinates.to_wgs84(system, *plane), degrees) < 0.001


@given(system=st.sampled_from(SYSTEMS), point=NEAR)
def test_a_point_near_the_street_comes_back_within_a_millimetre(system, point):
    back = coordinates.to_wgs84(system, *coordinates.from_wgs84(system, *point))
    assert metres(back, point) < 0.001


@given(system=st.sampled_from(("gcj02", "bd09", "cgcs2000-gk")), point=IN_CHINA)
def test_a_point_in_china_comes_back_within_a_centimetre(system, point):
    back = coordinates.to_wgs84(system, *coordinates.from_wgs84(system, *point))
    assert metres(back, point) < 0.01


@given(point=NEAR)
def test_the_shift_is_some_hundred_metres_there_and_degrees_of_cgcs2000_stay(point):
    assert 300 < metres(coordinates.from_wgs84("gcj02", *point), point) < 700
    assert coordinates.from_wgs84("cgcs2000", *point) == point


@pytest.mark.parametrize("point", [(2.35, 48.86), (-74.0, 40.7), (139.7, 35.7), (150.0, -33.9)])
def test_outside_china_nothing_is_shifted(point):
    for system in ("gcj02", "bd09"):
        assert coordinates.to_wgs84(system, *point) == point
        assert coordinates.from_wgs84(system, *point) == point


@pytest.mark.parametrize(
    ("system", "east", "north"),
    [
        ("cgcs2000-gk120", 119.03, 31.65),  # degrees said to be metres: northing 31 m is no street
        ("cgcs2000-gk", 407870.0, 3503552.0),  # no zone before the easting
        ("cgcs2000-gk120", 40407870.0, 3503552.0),  # a zone where none was declared
        ("gcj02", math.nan, 31.6),
        ("wgs84", math.inf, 31.6),
    ],
)
def test_what_cannot_be_a_point_of_a_system_is_refused(system, east, north):
    if (east, north) == (119.03, 31.65):
        assert metres(coordinates.to_wgs84(system, east, north), (119.03, 31.65)) > 1_000_000
        return
    with pytest.raises(ValueError, match=r"no point|zone|plane"):
        coordinates.to_wgs84(system, east, north)


def test_a_system_is_known_by_its_exact_name():
    known = ("wgs84", "gcj02", "bd09", "cgcs2000", "cgcs2000-gk", "cgcs2000-gk117")
    assert all(map(coordinates.is_known, known))
    wrong = ("WGS84", "bj54", "cgcs2000-gk118", "cgcs2000-gk12", "cgcs2000-gk141", "", None, 4490)
    assert not any(map(coordinates.is_known, wrong))
