import re
from itertools import combinations

import pytest

from dashboard.panels import district_map
from dashboard.wall.label_places import Rect, text_width
from dashboard.wall.map_places import FOOT, HEAD, places, projection, short_name
from dashboard.wall.terrain import inside


@pytest.fixture
def found(full, rooms):
    facts, room = full["district_map"], rooms["district_map"]
    project = projection(facts.terrain, room)
    dots = tuple((p.station.code, project(p.at)) for p in facts.stations)
    words = tuple(
        (p.station.code, re.sub("[0-9]", "0", district_map._label(p.station)))
        for p in facts.stations
    )
    return places(facts.terrain, room, words, dots), dict(dots)


def every(found):
    return [*found.communities.values(), *found.stations.values(), *found.waters.values()]


def test_no_two_words_lie_on_each_other(found):
    for one, other in combinations(every(found[0]), 2):
        assert one.overlap(other, 0.0) == 0, (one, other)


def test_no_word_touches_a_seam(found, rooms):
    room = rooms["district_map"]
    for rect in every(found[0]):
        assert all(abs(seam - rect.x) > rect.width / 2 for seam in room.across)
        assert all(abs(seam - rect.y) > rect.height / 2 for seam in room.down)


def test_every_word_stays_between_head_and_legend(found, rooms):
    room = rooms["district_map"]
    for rect in every(found[0]):
        assert rect.left > 0 and rect.left + rect.width < room.width
        assert rect.top > HEAD - 0.5 and rect.top + rect.height < room.height - FOOT + 0.5


def test_a_communitys_words_stand_inside_its_outline(found, full, rooms):
    terrain = full["district_map"].terrain
    project = projection(terrain, rooms["district_map"])
    for shape in terrain.of("community"):
        rect = found[0].communities[shape.code]
        assert inside((rect.x, rect.y), project.ring(shape.rings[0]))


def test_no_word_covers_a_stations_dot(found):
    placed, dots = found
    for code, rect in placed.stations.items():
        for other, dot in dots.items():
            assert rect.distance(dot) > 0.2, (code, other)


def test_the_places_stay_while_only_levels_change(full, rooms):
    facts, room = full["district_map"], rooms["district_map"]
    first = district_map.view(facts, room)
    calls = places.cache_info().misses
    district_map.view(facts, room)
    assert places.cache_info().misses == calls
    assert first.body is not None


def test_a_text_is_as_wide_as_its_glyphs():
    assert text_width("新河闸站", 1.0) == 4
    assert text_width("8.02", 1.0) == pytest.approx(3 * 0.56 + 0.28)


def test_rectangles_overlap_when_they_come_too_near():
    assert Rect(0, 0, 2, 2).overlap(Rect(2.1, 0, 2, 2), 0.2) > 0
    assert Rect(0, 0, 2, 2).overlap(Rect(2.3, 0, 2, 2), 0.2) == 0


def test_names_are_short_on_the_map():
    assert short_name("清泉社区") == "清泉" and short_name("松涧村") == "松涧"
    assert short_name("村") == "村"


def test_a_point_is_inside_or_outside_an_outline():
    square = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))
    assert inside((1, 1), square) and not inside((5, 1), square)


@pytest.mark.parametrize("largest", [3, 14, 47, 130, 480, 999])
def test_no_key_of_the_legend_stands_on_a_seam_however_large_the_counts(rooms, largest):
    room = rooms["district_map"]
    bounds = district_map.classes_of([largest], (0.25, 0.5, 0.75))
    words = [district_map._class_words(bounds, n + 1) for n in range(len(bounds))]
    right = district_map.EDGE
    for said, gap in zip(words, district_map._gaps(words, room), strict=True):
        left, right = right + gap, right + gap + district_map.SWATCH + text_width(said, 1.0)
        assert all(right < seam or seam < left for seam in room.across)
    assert right < room.width
