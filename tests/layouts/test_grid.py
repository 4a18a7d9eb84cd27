from pathlib import Path

import pytest

from layouts.errors import LayoutError
from layouts.grid import parse_grid, read_toml, spread

FILE = Path("scene.toml")


def test_panels_come_in_reading_order_each_once():
    grid = parse_grid(FILE, ["a a b", "c d b", ". d b"])
    assert grid.panels == ("a", "b", "c", "d")
    assert (grid.columns, grid.rows) == (3, 3)


def test_cells_are_the_rectangle_a_panel_covers():
    cells = parse_grid(FILE, ["a a b", "c d b", ". d b"]).cells("b")
    assert (cells.left, cells.top, cells.right, cells.bottom) == (2, 0, 3, 3)


def test_a_dot_is_an_empty_cell():
    assert "." not in parse_grid(FILE, ["a .", ". ."]).panels


def test_the_template_is_css():
    assert parse_grid(FILE, ["a a", ". b"]).template() == '"a a" ". b"'


def test_rows_of_different_length_name_the_row():
    with pytest.raises(LayoutError, match=r"scene\.toml: areas row 2 is 'a'; allowed: 2 cells"):
        parse_grid(FILE, ["a a", "a"])


@pytest.mark.parametrize("rows", [["a b", "b a"], ["a a", "a b"], ["a . a"]])
def test_an_area_that_is_no_rectangle_is_refused(rows):
    with pytest.raises(LayoutError, match="one full rectangle"):
        parse_grid(FILE, rows)


@pytest.mark.parametrize("rows", [None, [], "a b", [1, 2]])
def test_something_else_than_strings_is_refused(rows):
    with pytest.raises(LayoutError, match="a list of strings"):
        parse_grid(FILE, rows)


def test_a_panel_that_is_not_there_is_a_key_error():
    with pytest.raises(KeyError):
        parse_grid(FILE, ["a"]).cells("b")


def test_shares_are_scaled_to_the_length():
    assert spread((1, 1, 2), 8) == (0, 2, 4, 8)


def test_a_track_of_a_length_keeps_it_and_the_others_share_the_rest():
    assert spread(("4 rem", 1, 3), 12) == (0, 4, 6, 12)


@pytest.mark.parametrize("tracks", [("4 em", 1), ("-4 rem", 1), ("4 rem",), ("20 rem", 1), (0, 1)])
def test_tracks_that_cannot_share_the_length_are_refused(tracks):
    with pytest.raises(ValueError, match="rem"):
        spread(tracks, 12)


def test_a_missing_file_lists_what_there_is(tmp_path):
    (tmp_path / "overview.toml").write_text("")
    with pytest.raises(LayoutError, match="'flood'; allowed: overview"):
        read_toml(tmp_path / "flood.toml")


def test_a_file_that_is_not_toml_says_so(tmp_path):
    (tmp_path / "x.toml").write_text("a = = 1")
    with pytest.raises(LayoutError, match="allowed: TOML"):
        read_toml(tmp_path / "x.toml")
