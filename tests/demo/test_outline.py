import json
from collections import Counter
from itertools import pairwise

import pytest

from config.site import load_site
from config.thresholds import load_thresholds
from demo import outline
from demo.plane import inside


@pytest.fixture(scope="module")
def area():
    return outline.draw()


def shapes(area, kind):
    return [f for f in area["features"] if f["properties"]["kind"] == kind]


def ring(feature):
    return [tuple(p) for p in feature["geometry"]["coordinates"][0]]


def square_km(points):
    flat = [
        ((x - 119) * outline.KM_PER_DEGREE[0], (y - 31.55) * outline.KM_PER_DEGREE[1])
        for x, y in points
    ]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(flat))) / 2


def test_the_shipped_map_is_what_the_program_draws(area):
    assert load_site().area.read_text(encoding="utf-8") == outline.text(area)


def test_every_community_and_grid_of_the_site_is_on_the_map(area):
    site = load_site()
    drawn = {f["properties"]["code"]: f["properties"]["name"] for f in shapes(area, "community")}
    assert drawn == {c.code: c.name for c in site.communities}
    grids = {f["properties"]["code"]: f["properties"]["community"] for f in shapes(area, "grid")}
    assert grids == {g.code: g.community for g in site.grids}
    assert len(grids) == 62


def test_sizes_are_balanced_and_add_up_to_the_streets_area(area):
    sizes = [square_km(ring(f)) for f in shapes(area, "community")]
    assert sum(sizes) == pytest.approx(109, abs=3)
    assert min(sizes) > 5
    assert max(sizes) < 14


def test_neighbours_share_their_borders_point_by_point(area):
    owners = Counter(p for f in shapes(area, "community") for p in set(ring(f)))
    shared = sum(1 for n in owners.values() if n > 1)
    assert shared > 350
    for one in shapes(area, "community"):
        border = sum(owners[p] > 1 for p in set(ring(one)))
        assert border > 0.4 * len(ring(one)), one["properties"]["name"]


def test_labels_lie_inside_and_everything_says_it_is_schematic(area):
    for feature in area["features"]:
        assert feature["properties"]["schematic"] is True
        if feature["properties"]["kind"] in ("community", "lake"):
            assert inside(ring(feature), tuple(feature["properties"]["label"]))


def test_gauges_stand_in_their_communities(area):
    communities = {f["properties"]["code"]: ring(f) for f in shapes(area, "community")}
    stations = load_thresholds().stations
    assert len(stations) == 12
    for station in stations:
        assert len(station.code) == 10
        shore = min(
            (station.lng - x) ** 2 + (station.lat - y) ** 2
            for x, y in communities[station.community]
        )
        own = inside(communities[station.community], (station.lng, station.lat))
        assert own or shore < 1e-6, station.name


def test_the_lake_gauge_has_its_published_levels_by_date():
    from datetime import date

    thresholds = load_thresholds()
    code = next(s.code for s in thresholds.stations if s.name == "蛇山站")
    assert thresholds.levels_at(code, date(2016, 7, 10)).warning == 10.00
    now = thresholds.levels_at(code, date(2026, 7, 10))
    assert (now.warning, now.guarantee, now.record) == (10.40, 12.50, 13.02)


def test_the_file_is_geojson_with_five_decimals_and_small(area):
    text = outline.text(area)
    json.loads(text)
    assert len(text) < 160_000
    assert area["features"][0]["properties"]["name"] == "石臼湖"
    river = shapes(area, "river")[0]["geometry"]["coordinates"]
    assert river[0][1] > 31.59 > 31.52 > river[-1][1], "the river runs from north to south-west"
