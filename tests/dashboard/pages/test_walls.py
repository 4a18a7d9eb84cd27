"""The walls page: what a key, a field and a button make of a layout, and what is kept of it."""

import json
from dataclasses import replace

import pytest

from cases import audit
from dashboard.gate import caller
from dashboard.gate.rules import ADMINS
from dashboard.pages.admin import wall_board, wall_calls, wall_steps, wall_undo, walls
from dashboard.wall import arranged
from dashboard.wall.picture import chosen
from layouts import draft as drafts
from layouts import kept
from layouts.draft import draft_of, pack
from layouts.grid import Cells
from layouts.wall import load_profiles, load_scene, scene_names
from tests import fresh

SCENE = load_scene("overview")
ADMIN = caller.Caller("wang", "admin", "10.0.0.7")
WALL = load_profiles()["lcd_7x3"]


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    return fresh.store()


@pytest.fixture
def draft():
    return draft_of(SCENE, "4.14:1")


def swapped(draft):
    """Rain and platforms, which are equally large, change places."""
    rain, lamps = draft.cells["rain"], draft.cells["platform_lamps"]
    return draft.put("rain", lamps).put("platform_lamps", rain)


@pytest.mark.parametrize(
    ("key", "shift", "wanted"),
    [
        ("ArrowRight", False, Cells(5, 3, 6, 4)),
        ("ArrowUp", False, Cells(4, 2, 5, 3)),
        ("ArrowDown", False, Cells(4, 3, 5, 4)),  # at the lower edge it stays
        ("ArrowRight", True, Cells(4, 3, 6, 4)),
        ("ArrowLeft", True, Cells(4, 3, 5, 4)),  # never smaller than one cell
        ("Enter", False, Cells(4, 3, 5, 4)),
    ],
)
def test_arrow_keys_move_a_panel_and_with_shift_change_its_size(draft, key, shift, wanted):
    moved, panel = wall_steps.keyed(draft, {"panel": "rain", "key": key, "shift": shift}, None)
    assert (panel, moved.cells["rain"]) == ("rain", wanted)


def test_a_dropped_panel_stays_inside_and_keeps_its_size(draft):
    told = {"panel": "district_map", "key": "drop", "left": 9, "top": -3}
    moved, _ = wall_steps.keyed(draft, told, None)
    assert moved.cells["district_map"] == Cells(5, 0, 7, 3)


@pytest.mark.parametrize("told", [None, 7, {}, {"panel": "no_such"}, {"key": "ArrowUp"}])
def test_what_is_no_key_on_a_panel_changes_nothing(draft, told):
    assert wall_steps.keyed(draft, told, None) == (draft, None)


def test_a_step_is_taken_once_however_often_it_is_told():
    first, second = {"n": 1, "key": "ArrowUp"}, {"n": 2, "key": "ArrowLeft"}
    told = {"steps": [first, second]}
    assert wall_steps.untaken(told, 0) == ([first, second], 2)
    assert wall_steps.untaken(told, 1) == ([second], 2)
    assert wall_steps.untaken(told, 2) == ([], 2)


@pytest.mark.parametrize("told", [None, {"steps": 7}, {"steps": [3, {"n": "9"}]}, [1]])
def test_what_is_no_step_is_not_taken(told):
    assert wall_steps.untaken(told, None) == ([], 0)


def test_tracks_are_read_with_either_comma_and_refused_with_words(draft):
    made, said = wall_calls.tracked(draft, "1，2, 1,1,1,1,1", "4 rem, 10, 14, 14")
    assert said == "" and made.columns[1] == 2 and made.rows[0] == "4 rem"
    same, said = wall_calls.tracked(draft, "1, x", "1")
    assert same == draft and "逗号" in said


def test_a_saved_layout_is_on_the_wall_in_the_trail_and_can_be_undone(store, draft):
    before = arranged.stamp()
    with caller.asking(ADMIN):
        said = wall_calls.save(store, swapped(draft), SCENE)
    assert "第 1 版" in said
    standing = arranged.standing("overview")
    assert standing.number == 1 and standing.fault == ""
    boxes = arranged.fitted(WALL, arranged.scene_of("overview")).boxes
    assert boxes["rain"].left > boxes["platform_lamps"].left
    assert arranged.stamp() != before  # part of the beat's version: windows are outdated
    row = audit.find(store, 1, event="wall_layout")[0]
    assert json.loads(row.detail)["version"] == 1 and "雨量气象" in row.detail
    with caller.asking(ADMIN):
        assert "已撤销第 1 版" in wall_calls.undo(store, "overview", 1)
        assert "没有可撤销" in wall_calls.undo(store, "overview", 1)
    assert arranged.standing("overview").number is None
    assert audit.find(store, 1, event="wall_layout_undo")[0].who == "wang"


def test_before_an_undo_the_page_says_whose_version_of_which_shape_goes_and_what_changes(store):
    wide = swapped(draft_of(SCENE, "4.14:1"))
    other = draft_of(SCENE, "16:9")
    one, two = (name for name in other.cells if name in {"on_time_rate", "overdue"})
    small = other.put(one, other.cells[two]).put(two, other.cells[one])
    with caller.asking(ADMIN):
        assert "第 1 版" in wall_calls.save(store, wide, SCENE)
    with caller.asking(replace(ADMIN, name="li")):
        assert "第 2 版" in wall_calls.save(store, small, SCENE)
    told = str(wall_undo.words("overview"))
    assert "第 2 版（li " in told and "16:9" in told and "4.14:1" not in told
    assert "按时办结率" in told and "雨量气象" not in told
    with caller.asking(ADMIN):
        said = wall_calls.undo(store, "overview", 2)
    assert said.startswith("已撤销第 2 版（16:9，li ")
    row = audit.find(store, 1, event="wall_layout_undo")[0]
    assert "16:9" in row.subject and "4.14:1" not in row.subject
    noted = json.loads(row.detail)
    assert noted["version"] == 2 and noted["saved"].startswith("li ")
    assert len(noted["changed"]) == 2 and all(each.startswith("16:9 ") for each in noted["changed"])
    assert "第 1 版（wang " in str(wall_undo.words("overview"))


def test_a_version_that_came_meanwhile_is_not_taken_back_unseen(store, draft):
    with caller.asking(ADMIN):
        wall_calls.save(store, swapped(draft), SCENE)
        wall_calls.save(store, draft, SCENE)
        assert wall_calls.undo(store, "overview", 1).startswith("没有撤销：wang ")
    assert arranged.standing("overview").number == 2
    assert audit.find(store, 1, event="wall_layout_undo") == []


def test_a_version_that_an_older_program_saved_can_be_undone(store, draft):
    kept.save(arranged.folder(), "overview", drafts.written([swapped(draft).block()]))
    assert "何人何时未记" in str(wall_undo.words("overview"))
    with caller.asking(ADMIN):
        assert "已撤销第 1 版" in wall_calls.undo(store, "overview", 1)


def test_a_layout_that_fails_the_check_is_not_saved(store, draft):
    wrong = draft.put("rain", draft.cells["platform_lamps"])
    assert "没有保存" in wall_calls.save(store, wrong, SCENE)
    assert kept.newest(arranged.folder(), "overview") is None
    assert "不必保存" in wall_calls.save(store, draft, SCENE)


@pytest.mark.parametrize(
    "text",
    ["= 1", '[[grid]]\nfamily = "4.14:1"\ncolumns = [1]\nrows = [1]\nareas = ["no_such_panel"]\n',
     '[[grid]]\nfamily = "4.14:1"\ncolumns = [1]\nrows = ["90 rem", 1]\nareas = ["rain", "."]\n'],
)  # fmt: skip
def test_a_bad_file_never_reaches_the_wall_and_the_page_says_why(store, text):
    kept.save(arranged.folder(), "overview", text)
    standing = arranged.standing("overview")
    assert standing.scene == SCENE and standing.fault
    assert arranged.fitted(WALL, arranged.scene_of("overview")).boxes
    assert "有误" in str(wall_board.standing_words("overview"))


def test_a_preview_shows_the_draft_and_an_address_without_one_the_scene_in_use(store, draft):
    _, shown = chosen(f"?profile=lcd_7x3&scene=overview&draft={pack(swapped(draft))}")
    boxes = arranged.fitted(WALL, shown).boxes
    assert boxes["rain"].left > boxes["platform_lamps"].left
    assert "draft=" in str(wall_board.preview(swapped(draft), "lcd_7x3"))
    assert "draft=" not in str(wall_board.preview(draft, "lcd_7x3"))
    for text in ("x", "", pack(draft.put("no_such", Cells(0, 0, 1, 1)))):
        assert chosen(f"?profile=lcd_7x3&draft={text}")[1] == SCENE


def test_every_finding_is_a_sentence_with_the_panels_name(draft):
    wrong = draft.put("rain", draft.cells["platform_lamps"]).put("no_such", Cells(0, 0, 1, 1))
    told = [wall_board.words(one) for one in arranged.check(wrong)]
    assert any("雨量气象" in one and "重叠" in one for one in told)
    assert any("no_such" in one for one in told)
    narrow = replace(draft, columns=(0.5, *draft.columns[1:]))
    found = [one for one in arranged.check(narrow) if one.is_wrong]
    assert found and all("小于最小" in wall_board.words(one) for one in found)


def test_the_page_says_what_visitors_see_in_place_of_an_inner_panel_and_saves_it(store, draft):
    inner = draft.without("rain").put("grid_list", draft.cells["rain"])
    found = [one for one in arranged.check(inner) if one.panel == "grid_list"]
    (told,) = [wall_board.words(one) for one in found if not one.is_wrong]
    assert told.startswith("网格在办，改为")
    assert "参观模式下不显示" in str(wall_board.findings(found))
    assert "grid_list" not in arranged.drafted(pack(inner), visitors=True).panels
    with caller.asking(ADMIN):
        said = wall_calls.save(store, inner, SCENE)
    assert said.startswith("已保存")


def test_the_preview_shows_what_visitors_see(store, draft):
    inner = draft.without("rain").put("grid_list", draft.cells["rain"])
    pane = str(wall_board.preview(inner, "lcd_7x3", wall_board.VISITORS))
    assert "scene=overview-visitors&draft=" in pane
    assert "scene=overview&" in str(wall_board.preview(inner, "lcd_7x3"))
    _, shown = chosen(f"?profile=lcd_7x3&scene=overview-visitors&draft={pack(inner)}")
    assert "grid_list" not in shown.panels and "open_matters" not in shown.panels


def test_a_wall_that_cannot_carry_a_scene_says_what_it_drops():
    assert all(walls.carried(one, scene_names()) == "全部清晰" for one in load_profiles().values())
    far = replace(WALL, distance_m=8)
    assert "不显示" in walls.carried(far, ["overview"])
    assert "看不清" in walls.carried(replace(WALL, pixels=(400, 96)), ["overview"])


def test_the_page_and_its_callback_are_for_administrators_only():
    assert walls.ROLES_OF_PAGE == ADMINS
    assert set(wall_calls.CALLBACKS.values()) == {ADMINS}


def test_the_kinds_of_findings_are_all_worded(draft):
    kinds = (drafts.UNKNOWN, drafts.OVERLAP, drafts.OUTSIDE, drafts.TRACKS)
    for kind in kinds:
        assert wall_board.words(drafts.Finding(kind, "rain", "overdue")).endswith(("。", "度。"))
    for kind in (drafts.SMALL, drafts.TYPE):
        assert "55 寸" in wall_board.words(drafts.Finding(kind, "rain", "lcd_7x3"))


def test_the_page_answers_a_press_with_what_it_was_asked_from_each_field(store, draft, monkeypatch):
    monkeypatch.setattr(wall_calls, "data", lambda: type("Data", (), {"store": store}))
    names = [".".join(one) for one in wall_calls._OUTPUTS]

    def pressed(button, packed, newest, eyes=wall_board.STAFF):
        chosen = ("overview", "4.14:1", "lcd_7x3", eyes, None, None)
        clicks = (None,) * len(wall_calls._BUTTONS)
        fields = (None, None, None, None, wall_board.tracks(draft.columns), "4 rem, 10, 14, 14")
        with caller.asking(ADMIN):
            answer = wall_calls._act(button, (*chosen, *clicks, packed, 0, newest, *fields))
        return dict(zip(names, answer, strict=True))

    moved = pack(swapped(draft))
    seen = pressed("wall-eyes", moved, None, wall_board.VISITORS)
    assert "scene=overview-visitors&draft=" in str(seen["wall-preview.children"])
    kept_one = pressed("wall-save", moved, None)
    assert "第 1 版" in kept_one["wall-said.children"] and kept_one["wall-newest.data"] == 1
    assert "wang" in str(kept_one["wall-undone.children"])
    gone = pressed("wall-undo", moved, kept_one["wall-newest.data"])
    assert "已撤销第 1 版" in gone["wall-said.children"] and gone["wall-newest.data"] is None
