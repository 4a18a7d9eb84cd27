import re

import pytest

from layouts.errors import LayoutError
from layouts.theme import load_theme

THEME = load_theme()


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("role", ["text", "second", "muted"])
def test_text_on_the_walls_panels_has_a_contrast_of_at_least_7(role):
    assert contrast(THEME["wall"][role], THEME["wall"]["panel"]) >= 7


DIMMED = sorted(role for role in THEME["wall"] if THEME["night"][role] != THEME["wall"][role])


@pytest.mark.parametrize("role", ["text", "second", "muted", "teal", "cyan"])
@pytest.mark.parametrize("ground", ["ground", "panel", "raised"])
def test_text_of_the_wall_at_night_has_a_contrast_of_at_least_4_5(role, ground):
    assert contrast(THEME["night"][role], THEME["night"][ground]) >= 4.5


def test_words_on_map_and_pills_can_be_read_at_night():
    night = THEME["night"]
    for text, ground in (("text", "map-1"), ("text", "map-2"), ("text", "map-halo"),
                         ("ink", "map-4"), ("ink", "text")):  # fmt: skip
        assert contrast(night[text], night[ground]) >= 4.5, (text, ground)
    for k in (1, 2, 3):
        assert contrast(night[f"map-{k}"], night[f"map-{k + 1}"]) >= 1.4


@pytest.mark.parametrize("role", DIMMED)
def test_at_night_a_colour_has_four_fifths_of_its_light_and_no_other_hue(role):
    day, night = THEME["wall"][role], THEME["night"][role]
    assert luminance(night) / luminance(day) == pytest.approx(0.8, abs=0.02)
    parts = [[int(one[k : k + 2], 16) for k in (1, 3, 5)] for one in (day, night)]
    order = [sorted(range(3), key=lambda k, p=part: p[k]) for part in parts]
    assert order[0] == order[1] or len(set(parts[1])) < 3


def test_text_is_dimmed_at_night_and_no_rank_is():
    assert {"text", "second", "muted"} <= set(DIMMED)
    assert not [role for role in DIMMED if role.startswith("rank-")]


def test_a_night_role_that_the_wall_has_not_is_refused(tmp_path):
    file = tmp_path / "theme.toml"
    file.write_text('[wall]\nteal = "#2FBFB2"\n[night]\ntael = "#2AADA1"\n[light]\n[dark]\n')
    with pytest.raises(LayoutError, match="night is 'tael'; allowed: roles of the wall: teal"):
        load_theme(file)


@pytest.mark.parametrize("medium", ["light", "dark"])
@pytest.mark.parametrize("role", ["ink", "second", "muted", "teal"])
def test_text_of_pages_has_a_contrast_of_at_least_4_5(medium, role):
    assert contrast(THEME[medium][role], THEME[medium]["panel"]) >= 4.5


def test_light_and_dark_hold_the_same_roles():
    assert set(THEME["light"]) == set(THEME["dark"])


@pytest.mark.parametrize("medium", ["light", "dark"])
def test_every_pair_of_words_and_ground_of_a_page_has_a_contrast_of_at_least_4_5(medium):
    told = THEME[medium]
    pairs = [(text, ground) for text in ("ink", "second", "muted", "teal")
             for ground in ("panel", "ground", "pale", "hover")]  # fmt: skip
    pairs += [("ink", "tint"), ("second", "tint"), ("ink", "chip"), ("ink", "chip-hover")]
    pairs += [("on-teal", "teal"), ("on-teal", "teal-strong"), ("panel", "ink")]
    pairs += [
        (text, ground) for text in ("on-bar", "on-bar-second") for ground in ("bar", "bar-hover")
    ]
    pairs += [("ink", f"map-{step}") for step in (1, 2, 3)] + [("on-teal", "map-4")]
    poor = {pair: round(contrast(told[pair[0]], told[pair[1]]), 2) for pair in pairs}
    assert {pair: value for pair, value in poor.items() if value < 4.5} == {}


@pytest.mark.parametrize("rank", [1, 2, 3, 4])
def test_a_ranks_numeral_stands_out_on_its_colour(rank):
    wall = THEME["wall"]
    assert contrast(wall[f"rank-{rank}"], wall["rank-ink"]) >= 4.5
    assert contrast(wall[f"rank-{rank}"], wall["panel"]) >= 4.5
    for medium in ("light", "dark"):
        pair = THEME[medium][f"rank-{rank}"], THEME[medium][f"rank-{rank}-ink"]
        assert contrast(*pair) >= 4.5


def test_words_on_the_map_can_be_read_on_every_class():
    wall = THEME["wall"]
    assert contrast(wall["text"], wall["map-1"]) >= 7
    assert contrast(wall["text"], wall["map-2"]) >= 7
    assert contrast(wall["text"], wall["map-halo"]) >= 7
    assert contrast(wall["ink"], wall["map-4"]) >= 7


def test_neighbouring_map_classes_differ():
    wall = THEME["wall"]
    for k in (1, 2, 3):
        assert contrast(wall[f"map-{k}"], wall[f"map-{k + 1}"]) >= 1.5


def test_ranks_have_colours_of_their_own():
    for medium, roles in THEME.items():
        ranks = {roles[f"rank-{k}"] for k in (1, 2, 3, 4)}
        others = {value for role, value in roles.items() if not re.fullmatch(r"rank-\d", role)}
        assert len(ranks) == 4 and not ranks & others, medium


def test_a_wrong_colour_names_its_role(tmp_path):
    file = tmp_path / "theme.toml"
    file.write_text('[wall]\nteal = "green"\n[night]\n[light]\n[dark]\n')
    with pytest.raises(LayoutError, match=r"wall\.teal is 'green'; allowed: a colour"):
        load_theme(file)
