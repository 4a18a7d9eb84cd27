import math
from dataclasses import replace
from itertools import combinations

import pytest

from dashboard.wall.catalogue import PANELS, panel
from layouts.errors import LayoutError
from layouts.fit import fit
from layouts.profile import family_ratio
from layouts.wall import (
    FAMILIES,
    SCENES,
    load_profiles,
    load_scene,
    nearest_profile,
    parse_scene,
)

PROFILES = load_profiles()
BIG = "panel_mm = [5560, 3127.5]\npanels = [1, 1]\npixels = [3840, 2160]\n"
SCENE_NAMES = sorted(file.stem for file in SCENES.glob("*.toml"))


def test_the_canvas_follows_from_height_and_distance():
    assert PROFILES["lcd_7x3"].rems == 42
    assert PROFILES["screen_16x9"].rems == 60
    assert PROFILES["lcd_7x3"].columns == pytest.approx(174.2, abs=0.05)
    assert PROFILES["screen_16x9"].columns == pytest.approx(106.7, abs=0.05)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_the_smallest_glyph_is_read_under_at_least_25_minutes_of_arc(profile):
    assert profile.glyph_arc >= 25


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_square_is_square_on_the_wall_and_a_glyph_has_its_dots(profile):
    assert profile.aspect_error < 0.005
    assert profile.glyph_dots >= 16
    assert profile.key_rem <= 1.2  # what style sheets give names, titles and figures


def test_the_shipped_walls_are_those_the_centre_may_hang():
    sizes = {
        (one.pixels, tuple(round(mm / 1000, 2) for mm in one.wall_mm)) for one in PROFILES.values()
    }
    assert {pixels for pixels, mm in sizes if mm == (8.49, 2.05)} == {
        (13440, 3240),
        (3840, 928),
        (3840, 2160),
    }
    assert {mm for _, mm in sizes} >= {(5.44, 3.2), (6.4, 2.72)}
    signals = {pixels for pixels, _ in sizes}
    assert signals >= {(6656, 1792), (7680, 2160), (3840, 2160), (1920, 1080)}
    assert len(PROFILES["lcd_7x3_outputs"].outputs) == 4


def test_seams_are_part_of_the_wall_but_not_of_the_picture():
    wall = PROFILES["lcd_7x3"]
    assert wall.picture_mm == pytest.approx((8467.2, 2041.2))
    assert wall.wall_mm == pytest.approx((8488.2, 2048.2))


def test_outputs_cover_the_canvas_and_their_edges_are_seams():
    wall = PROFILES["lcd_7x3_outputs"]
    assert sum(one.width * one.height for one in wall.outputs) == pytest.approx(1)
    assert [one.number for one in wall.outputs] == [1, 2, 3, 4]
    assert wall.seams[0] == pytest.approx(PROFILES["lcd_7x3"].seams[0])
    halves = replace(PROFILES["screen_16x9"], outputs=wall.outputs)
    assert halves.seams[0] == pytest.approx([halves.columns * k / 7 for k in (2, 4, 6)])


def test_a_signal_too_coarse_for_small_type_gets_larger_type():
    coarse = replace(PROFILES["screen_16x9"], pixels=(1280, 720))
    assert coarse.rems < PROFILES["screen_16x9"].rems
    assert coarse.glyph_dots >= 16


def least(panel):
    return (14, 3) if panel in {"head", "time"} else (18, 9)


def scene_of(*areas, rows=("4 rem", 1, 1, 1), priority=()):
    columns = [1] * len(areas[0].split())
    block = {"family": "16:9", "areas": list(areas), "columns": columns, "rows": list(rows)}
    raw = {"title": "x", "priority": list(priority), "grid": [block]}
    return parse_scene("own", raw, SCENES / "own.toml")


def test_what_fits_is_left_alone():
    fitted = fit(scene_of("head time", "a b", "c b", "d b"), PROFILES["screen_16x9"], least)
    assert fitted.dropped == ()
    assert set(fitted.boxes) == {"head", "time", "a", "b", "c", "d"}


def test_a_low_wall_drops_the_least_weighty_and_the_others_share_its_place():
    low = replace(PROFILES["screen_16x9"], distance_m=14)  # 27 rem high: three rows of 7.7
    weights = ["head", "time", "d", "b", "a", "c"]
    scene = scene_of("head time", "a b", "c b", "d b", priority=weights)
    fitted = fit(scene, low, least)
    assert fitted.dropped == ("c",)
    assert fitted.boxes["a"].height > 9 and fitted.boxes["d"].height > 9
    assert fitted.boxes["a"].bottom < fitted.boxes["d"].top
    assert 3 <= fitted.boxes["head"].height < 4


def test_on_a_wall_with_seams_cards_stay_between_them_when_some_are_dropped():
    far = replace(PROFILES["lcd_7x3"], distance_m=8)  # 31 rem high
    fitted = fit(load_scene("overview"), far, lambda _: (14, 10.5))
    assert fitted.dropped
    _, down = far.seams
    for box in fitted.boxes.values():
        assert box.top < 5 or min(abs(box.top - seam) for seam in down) < 0.3


def test_the_header_never_takes_a_cards_place():
    tiny = replace(PROFILES["screen_16x9"], distance_m=30)
    fitted = fit(scene_of("head time", "a b", "c b", "d b"), tiny, least)
    assert fitted.boxes["head"].height < 4 if "head" in fitted.boxes else True
    assert all(box.height >= 8.9 for name, box in fitted.boxes.items() if name in "abcd")


@pytest.mark.parametrize("name", SCENE_NAMES)
def test_shipped_walls_carry_every_panel_of_their_scenes(name):
    for profile in PROFILES.values():
        assert fit(load_scene(name), profile, lambda _: (8, 2.5)).dropped == ()


def test_readers_further_away_get_fewer_and_larger_units():
    near = PROFILES["lcd_7x3"]
    far = replace(near, distance_m=8)
    assert far.rems < near.rems
    assert far.glyph_arc >= 25


def test_pixels_wider_than_high_keep_the_true_shape():
    stretched = replace(PROFILES["lcd_7x3"], pixels=(3840, 2160))
    assert stretched.stretch == pytest.approx(8467.2 / 2041.2 / (3840 / 2160))
    assert stretched.columns / stretched.rems == pytest.approx(8467.2 / 2041.2)
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
        ((3840, 928), "lcd_7x3_signal"),
        ((3500, 1000), "led_3x56"),
        ((6656, 1792), "led_3x71"),
        ((7680, 2160), "led_3x56"),
        ((3440, 1462), "led_2x35"),
        ((3840, 2160), "screen_16x9"),
        ((1920, 1080), "screen_1080"),
        ((4352, 2560), "led_1x70"),
        ((1440, 900), "led_1x70"),
    ],
)
def test_a_window_gets_the_nearest_profile(size, key):
    assert nearest_profile(size[0] / size[1], height=size[1]).key == key


@pytest.mark.parametrize("name", SCENE_NAMES)
def test_every_area_of_a_scene_is_a_panel(name):
    scene = load_scene(name)
    assert {*scene.panels, *scene.instead.values()} <= set(PANELS)


def test_a_panel_nobody_draws_fails_here_and_not_on_the_wall():
    with pytest.raises(KeyError, match="no_such_panel is no panel of the wall"):
        panel("no_such_panel")


@pytest.mark.parametrize("name", SCENE_NAMES)
def test_a_scene_has_a_grid_for_every_profile(name):
    scene = load_scene(name)
    assert set(FAMILIES) <= set(scene.grids)
    for profile in PROFILES.values():
        assert profile.family in scene.grids
        ratio = family_ratio(scene.grid_for(profile).family)
        assert abs(math.log(ratio / profile.shape)) < 0.16  # own composition, never a stretched one


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_cards_lie_on_the_canvas_and_never_on_each_other(profile):
    boxes = load_scene("overview").grid_for(profile).boxes(profile)
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
        ("panel_mm = [1, 0]", r"panel_mm is \[1, 0\]; allowed: two numbers above 0"),
        ("panel_mm = 3", "panel_mm is 3"),
        ("panel_mm = [1, 1]\nseam_mm = [-1, 0]", r"seam_mm is \[-1, 0\]"),
        ("panel_mm = [1, 1]\npanels = [1]", r"panels is \[1\]; allowed: two whole numbers"),
        (BIG + "distance_m = 0", "distance_m is 0; allowed: a number above 0"),
        (BIG + "outputs = { columns = [1] }", "outputs is .*allowed: { columns"),
    ],
)
def test_a_wrong_profile_names_key_value_and_what_is_allowed(tmp_path, line, said):
    (tmp_path / "own.toml").write_text(f'name = "x"\n{line}')
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
    limit = 0.92 * 2.0412 / (2 * 6 * math.tan(math.radians(12.5 / 60)))
    assert limit == pytest.approx(43.0, abs=0.05)
    assert profile.rems < limit


def test_a_card_over_two_columns_is_as_wide_as_both():
    wide = PROFILES["led_3x56"]
    boxes = fit(load_scene("overview"), wide, lambda _: (8, 2.5)).boxes
    assert boxes == load_scene("overview").grid_for(wide).boxes(wide)
    assert boxes["district_map"].width > 1.7 * boxes["received_today"].width
