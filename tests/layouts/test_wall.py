import importlib
import math
from dataclasses import replace
from itertools import combinations

import pytest

from layouts.errors import LayoutError
from layouts.wall import SCENES, load_profiles, load_scene, nearest_profile

PROFILES = load_profiles()
SCENE_NAMES = sorted(file.stem for file in SCENES.glob("*.toml"))


def test_the_canvas_follows_from_height_and_distance():
    assert PROFILES["lcd_7x3"].rems == 42
    assert PROFILES["screen_16x9"].rems == 60
    assert PROFILES["lcd_7x3"].columns == pytest.approx(174.2, abs=0.05)
    assert PROFILES["screen_16x9"].columns == pytest.approx(106.7, abs=0.05)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_the_smallest_glyph_is_read_under_at_least_25_minutes_of_arc(profile):
    assert profile.glyph_arc >= 25


def test_readers_further_away_get_fewer_and_larger_units():
    near = PROFILES["lcd_7x3"]
    far = replace(near, distance_m=8)
    assert far.rems < near.rems
    assert far.glyph_arc >= 25


def test_pixels_wider_than_high_keep_the_true_shape():
    stretched = replace(PROFILES["lcd_7x3"], pixels=(3840, 2160))
    assert stretched.stretch == pytest.approx(8490 / 2050 / (3840 / 2160))
    assert stretched.columns / stretched.rems == pytest.approx(8490 / 2050)
    assert PROFILES["lcd_7x3"].stretch == 1


def test_seams_stand_where_panels_meet():
    across, down = PROFILES["lcd_7x3"].seams
    assert len(across) == 6 and len(down) == 2
    assert down == (14, 28)
    assert PROFILES["screen_16x9"].seams == ((), ())


@pytest.mark.parametrize(
    ("size", "key"),
    [
        ((13440, 3240), "lcd_7x3"),
        ((3840, 928), "lcd_7x3"),
        ((3500, 1000), "lcd_7x3"),
        ((3440, 1462), "led_2x35"),
        ((3840, 2160), "screen_16x9"),
        ((2924, 1720), "screen_16x9"),
        ((1440, 900), "screen_16x9"),
    ],
)
def test_a_window_gets_the_nearest_profile(size, key):
    assert nearest_profile(size[0] / size[1]).key == key


@pytest.mark.parametrize("name", SCENE_NAMES)
def test_every_area_of_a_scene_is_a_panel(name):
    for panel in load_scene(name).panels:
        module = importlib.import_module(f"dashboard.panels.{panel}")
        assert callable(module.view)


def test_a_panel_nobody_draws_fails_here_and_not_on_the_wall():
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("dashboard.panels.no_such_panel")


@pytest.mark.parametrize("name", SCENE_NAMES)
def test_a_scene_has_a_grid_for_every_profile(name):
    assert {profile.family for profile in PROFILES.values()} == set(load_scene(name).grids)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_cards_lie_on_the_canvas_and_never_on_each_other(profile):
    boxes = load_scene("overview").grids[profile.family].boxes(profile)
    for box in boxes.values():
        assert box.left >= 0 and box.top >= 0 and box.width > 4 and box.height > 2
        assert box.right <= profile.columns + 1e-6 and box.bottom <= profile.rems + 1e-6
    for one, other in combinations(boxes.values(), 2):
        wide = min(one.right, other.right) - max(one.left, other.left)
        high = min(one.bottom, other.bottom) - max(one.top, other.top)
        assert wide < 0 or high < 0


def test_card_edges_keep_a_quarter_rem_from_the_seams():
    profile = PROFILES["lcd_7x3"]
    across, down = profile.seams
    for name, box in load_scene("overview").grids[profile.family].boxes(profile).items():
        for edge in (box.left, box.right):
            assert all(not abs(edge - seam) < 0.2499 for seam in across), name
        for edge in (box.top, box.bottom):
            assert all(not abs(edge - seam) < 0.2499 for seam in down), name


def test_inner_edges_but_the_headers_lie_beside_a_seam():
    profile = PROFILES["lcd_7x3"]
    across, down = profile.seams
    boxes = load_scene("overview").grids[profile.family].boxes(profile)
    for box in boxes.values():
        for edge in (box.left, box.right):
            at_rim = edge < 1 or edge > profile.columns - 1
            assert at_rim or min(abs(edge - s) for s in across) == pytest.approx(0.25)
        for edge in (box.top, box.bottom):
            at_rim = edge < 5 or edge > profile.rems - 1
            assert at_rim or min(abs(edge - s) for s in down) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('family = "16:9"\nwidth_mm = 0', "width_mm is 0; allowed: a number above 0"),
        ('family = "16:9"\nwidth_mm = 1\nheight_mm = "x"', "height_mm is 'x'"),
        (
            "width_mm = 1\nheight_mm = 1\ndistance_m = 1\npanels = [1]",
            "panels is \\[1\\]; allowed: two whole numbers",
        ),
    ],
)
def test_a_wrong_profile_names_key_value_and_what_is_allowed(tmp_path, line, said):
    (tmp_path / "own.toml").write_text(line)
    with pytest.raises(LayoutError, match=said):
        load_profiles(tmp_path)


def test_a_wrong_number_of_tracks_is_named(tmp_path):
    text = 'title = "x"\n[[grid]]\nfamily = "16:9"\ncolumns = [1]\nrows = [1]\nareas = ["a b"]\n'
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(LayoutError, match="grid 16:9 columns is \\[1\\]; allowed: 2 numbers"):
        load_scene("own", tmp_path)


def test_an_unknown_scene_lists_the_known_ones():
    with pytest.raises(LayoutError, match=r"'no_such'; allowed: .*overview"):
        load_scene("no_such")


def test_the_arc_formula_is_the_one_of_the_standard():
    profile = PROFILES["lcd_7x3"]
    limit = 0.92 * 2.05 / (2 * 6 * math.tan(math.radians(12.5 / 60)))
    assert limit == pytest.approx(43.2, abs=0.05)
    assert profile.rems < limit
