"""A site's own GeoJSON: taken in any declared system, or refused with feature and reason."""

import json
from dataclasses import replace

import pytest

from config import coordinates
from config.errors import ConfigError
from config.outlines import load_outlines
from config.site import Community, Grid, load_site

VILLAGE = "320117005201"
GRID = VILLAGE + "001"
SQUARE = [[119.0, 31.5], [119.02, 31.5], [119.02, 31.52], [119.0, 31.52], [119.0, 31.5]]


def outline(ring=SQUARE, kind="community", code=VILLAGE, geometry="Polygon", **told):
    shape = {"Polygon": [ring], "MultiPolygon": [[ring]], "LineString": ring, "Point": ring[0]}
    return {
        "type": "Feature",
        "properties": {"kind": kind, "name": "甲村", "code": code, **told},
        "geometry": {"type": geometry, "coordinates": shape[geometry]},
    }


@pytest.fixture
def drawn(tmp_path):
    def draw(*features, declared="wgs84", **members):
        file = tmp_path / "area.geojson"
        body = {"type": "FeatureCollection", "features": list(features), **members}
        file.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
        site = replace(
            load_site(),
            area=file,
            area_crs=declared,
            communities=(Community(VILLAGE, "甲村", "村", 900),),
            grids=(Grid(GRID, "甲村第一网格", VILLAGE),),
        )
        return load_outlines(site)

    return draw


def test_the_shipped_map_is_complete_and_its_frame_holds_every_community():
    outlines = load_outlines(load_site())
    assert len(outlines.places("community")) == 12
    assert len(outlines.places("grid")) == 62
    west, south, east, north = outlines.frame
    points = [p for s in outlines.places("community") for ring in s.rings for p in ring]
    assert all(west < lng < east and south < lat < north for lng, lat in points)


@pytest.mark.parametrize("crs", ["gcj02", "bd09", "cgcs2000", "cgcs2000-gk120", "cgcs2000-gk"])
def test_a_file_in_another_system_gives_the_same_outline(drawn, crs):
    told = [list(coordinates.from_wgs84(crs, *point)) for point in SQUARE]
    (shape,) = drawn(outline(told), declared=crs).shapes
    for point, expected in zip(shape.rings[0], SQUARE, strict=True):
        assert point == pytest.approx(expected, abs=1e-7)


def test_holes_and_parts_stay_apart(drawn):
    hole = [[119.005, 31.505], [119.01, 31.505], [119.01, 31.51], [119.005, 31.505]]
    feature = outline(geometry="MultiPolygon")
    feature["geometry"]["coordinates"] = [[SQUARE, hole], [SQUARE]]
    (shape,) = drawn(feature).shapes
    assert [len(part) for part in shape.parts] == [2, 1]


WRONG = {
    "not closed": (outline(SQUARE[:-1]), "first point again"),
    "too few points": (outline(SQUARE[:2]), "4 points or more"),
    "a point": (outline(geometry="Point"), r"Polygon \| MultiPolygon"),
    "a line as a village": (outline(geometry="LineString"), r"Polygon \| MultiPolygon"),
    "no kind": (outline(kind="parcel"), "community | grid"),
    "latitude first": (outline([[p[1], p[0]] for p in SQUARE]), "longitude then latitude"),
    "metres": (outline([[407870 + p[0], 3503552 + p[1]] for p in SQUARE]), "area_crs"),
    "no figures": (outline([["a", "b"]] * 4), "two figures"),
    "a stranger": (outline(code="320117005999"), "a code of a community"),
    "no geometry": ({"type": "Feature", "properties": {"kind": "lake"}}, "properties and geometry"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_feature_is_said(drawn, case):
    feature, said = WRONG[case]
    with pytest.raises(ConfigError, match=said) as refusal:
        drawn(feature)
    assert "area.geojson" in str(refusal.value)


def test_a_community_without_an_outline_is_named(drawn):
    lake = outline(kind="lake", code="")
    with pytest.raises(ConfigError, match=f"no outline for {VILLAGE}"):
        drawn(lake)


def test_grids_are_drawn_all_or_not_at_all(drawn):
    assert drawn(outline()).places("grid") == []
    with pytest.raises(ConfigError, match="grid"):
        drawn(outline(), outline(kind="grid", code=VILLAGE + "009", community=VILLAGE))
    whole = drawn(outline(), outline(kind="grid", code=GRID, community=VILLAGE))
    assert [shape.code for shape in whole.places("grid", VILLAGE)] == [GRID]


def test_the_same_code_twice_is_refused(drawn):
    with pytest.raises(ConfigError, match="each code once"):
        drawn(outline(), outline())


def named(crs):
    return {"crs": {"type": "name", "properties": {"name": crs}}}


def test_a_system_named_in_the_file_must_be_the_declared_one(drawn):
    drawn(outline(), **named("urn:ogc:def:crs:OGC:1.3:CRS84"))
    drawn(outline(), **named("urn:ogc:def:crs:EPSG::4490"))
    with pytest.raises(ConfigError, match='area_crs = "cgcs2000-gk120"'):
        drawn(outline(), **named("urn:ogc:def:crs:EPSG::4549"))
    with pytest.raises(ConfigError, match="transform the file first"):
        drawn(outline(), **named("EPSG:3857"))


def test_a_file_that_is_no_geojson_is_said_so(tmp_path):
    file = tmp_path / "area.geojson"
    for text, said in (("{", "GeoJSON"), ("[]", "FeatureCollection"), ('{"type": "x"}', "Feature")):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=said):
            load_outlines(replace(load_site(), area=file))
    with pytest.raises(ConfigError, match="area"):
        load_outlines(replace(load_site(), area=tmp_path / "nowhere.geojson"))
