"""A composition while it is changed, and the versions a site keeps over the shipped ones."""

from dataclasses import replace

import pytest

from layouts import draft as drafts
from layouts import kept
from layouts.draft import check, draft_of, pack, served, unpack, written
from layouts.errors import LayoutError
from layouts.grid import Cells
from layouts.wall import load_profiles, load_scene

PROFILES = load_profiles()
SCENE = load_scene("overview")
FAMILIES = list(SCENE.grids)


def least(_panel):
    return 8.0, 2.5


def kinds(draft, least=least):
    walls = served(SCENE, draft.family, PROFILES)
    return [(one.kind, one.panel) for one in check(draft, SCENE.panels, walls, least)]


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_shipped_passes_the_check_and_comes_back_from_file_and_address(family):
    draft = draft_of(SCENE, family)
    assert kinds(draft) == []
    assert draft.grid().grid.areas == SCENE.grids[family].grid.areas
    assert unpack(pack(draft)) == draft
    assert len(pack(draft)) < 3000  # of the 4096 that the gate lets an address have


def test_every_shipped_wall_takes_one_whole_composition():
    taken = [
        key for family in FAMILIES for key in served(SCENE, family, PROFILES) if " " not in family
    ]
    assert sorted(taken) == sorted(PROFILES)


def test_a_panel_nobody_draws_one_outside_and_two_on_one_cell_are_found():
    draft = draft_of(SCENE, "16:9")
    assert kinds(draft.put("no_such", Cells(0, 0, 1, 1)))[0] == (drafts.UNKNOWN, "no_such")
    assert (drafts.OUTSIDE, "rain") in kinds(draft.put("rain", Cells(3, 6, 6, 7)))
    assert (drafts.OUTSIDE, "rain") in kinds(draft.put("rain", Cells(3, 6, 3, 7)))
    assert kinds(draft.put("rain", draft.cells["masthead"])) == [(drafts.OVERLAP, "masthead")]
    assert kinds(draft.without("rain")) == []


def test_tracks_that_leave_no_room_are_found():
    draft = replace(draft_of(SCENE, "16:9"), rows=("70 rem", *[1.0] * 7))
    assert [kind for kind, _ in kinds(draft)] == [drafts.TRACKS]


def test_a_card_smaller_than_its_panel_needs_is_found_with_both_sizes():
    draft = draft_of(SCENE, "16:9")
    walls = served(SCENE, "16:9", PROFILES)
    found = check(
        draft, SCENE.panels, walls, lambda name: (99.0, 2.5) if name == "rain" else (8, 2.5)
    )
    assert {(one.kind, one.panel, one.other) for one in found} == {
        (drafts.SMALL, "rain", "screen_16x9"), (drafts.SMALL, "rain", "screen_1080"),
    }  # fmt: skip
    assert found[0].least == (99.0, 2.5) and 20 < found[0].has[0] < 40


def test_a_wall_whose_type_cannot_be_read_is_found():
    far = {"far": replace(PROFILES["screen_1080"], pixels=(60, 34))}
    found = check(draft_of(SCENE, "16:9"), SCENE.panels, far, least)
    assert [one.kind for one in found] == [drafts.TYPE]


@pytest.mark.parametrize("text", ["", "x", "W10", "bnVsbA", "eyJhIjoxfQ", "WzEsMiwzXQ", "\u00e9"])
def test_an_address_without_a_draft_is_a_value_error(text):
    with pytest.raises(ValueError, match=r".+"):
        unpack(text)


def changed():
    return draft_of(SCENE, "16:9").without("rain")


def test_the_newest_version_lies_over_the_shipped_scene_and_can_be_taken_back(tmp_path):
    assert kept.newest(tmp_path, "overview") is None
    assert kept.save(tmp_path, "overview", written([changed().block()])) == 1
    scene = kept.over(SCENE, kept.newest(tmp_path, "overview"))
    assert "rain" not in scene.grids["16:9"].grid.panels
    assert scene.grids["2.35:1"] == SCENE.grids["2.35:1"]
    assert scene.stamp and scene.stamp != SCENE.stamp
    other = draft_of(scene, "2.35:1").without("rain").block()
    blocks = kept.merged(kept.blocks(kept.newest(tmp_path, "overview")), other, is_shipped=False)
    assert kept.save(tmp_path, "overview", written(blocks)) == 2
    both = kept.over(SCENE, kept.newest(tmp_path, "overview"))
    assert all("rain" not in both.grids[family].grid.panels for family in ("16:9", "2.35:1"))
    assert kept.undo(tmp_path, "overview") == 2
    assert kept.newest(tmp_path, "overview").stem == "0001"
    assert kept.save(tmp_path, "overview", "") == 3  # a number is never used twice
    assert kept.over(SCENE, kept.newest(tmp_path, "overview")).grids == dict(SCENE.grids)
    assert [kept.undo(tmp_path, "overview") for _ in range(3)] == [3, 1, None]


def test_a_version_back_as_shipped_holds_no_block_of_its_family():
    before = [changed().block(), draft_of(SCENE, "2.35:1").block()]
    left = kept.merged(before, changed().block(), is_shipped=True)
    assert [block["family"] for block in left] == ["2.35:1"]


@pytest.mark.parametrize(
    "text",
    ["grid = 3", "= 1", '[[grid]]\nfamily = "9:1"\nareas = ["a"]\ncolumns = [1]\nrows = [1]',
     '[[grid]]\nfamily = "16:9"\nareas = ["a b", "b a"]\ncolumns = [1, 1]\nrows = [1, 1]'],
)  # fmt: skip
def test_a_version_that_cannot_be_drawn_is_a_layout_error(tmp_path, text):
    kept.save(tmp_path, "overview", text)
    with pytest.raises(LayoutError):
        kept.over(SCENE, kept.newest(tmp_path, "overview"))
