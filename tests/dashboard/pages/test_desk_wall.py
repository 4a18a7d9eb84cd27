"""The wall's desk: what its buttons do, by name, and what the page says after."""

import pytest

from cases import audit, scenes
from dashboard.gate import caller
from dashboard.gate.caller import Caller
from dashboard.pages.desk import wall, wall_calls
from dashboard.wall import showing
from tests import fresh

SEAT = Caller("seat-3", "seat", "10.0.0.7")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    store = fresh.store()
    monkeypatch.setattr(showing, "data", lambda: type("Data", (), {"store": store}))
    with caller.asking(SEAT):
        yield store
    store.close()


def press(store, button):
    return wall_calls._do(store, button), showing.decided()


def test_a_chosen_scene_is_on_for_every_window_by_the_name_of_who_chose_it(desk):
    said, on = press(desk, {"type": "wall-scene", "name": "flood"})
    assert said == "已选定“防汛”。"
    assert (on.scene, on.by, showing.key(on)) == ("flood", "seat-3", "flood")
    assert "seat-3 选定，至" in str(wall.now(desk))


def test_the_round_is_held_where_it_is_and_goes_on(desk):
    before = showing.decided().scene
    said, on = press(desk, "wall-hold")
    assert (on.scene, on.why) == (before, scenes.HOLD) and "暂停" in said
    assert press(desk, "wall-release")[1].why == scenes.ROTATE


def test_visitors_get_the_same_scene_without_what_is_not_theirs(desk):
    press(desk, {"type": "wall-scene", "name": "command"})
    assert showing.key(press(desk, "wall-visitors")[1]) == "command-visitors"
    assert showing.key(press(desk, "wall-no-visitors")[1]) == "command"


def test_a_scene_that_has_no_layout_is_not_shown(desk):
    said, on = press(desk, {"type": "wall-scene", "name": "../etc"})
    assert said == "没有这个场景。" and on.why == scenes.ROTATE


def test_every_press_stays_in_the_list_and_in_the_trail(desk):
    press(desk, {"type": "wall-scene", "name": "flood"})
    press(desk, "wall-visitors")
    assert "打开参观模式" in str(wall.events(desk)) and "选定场景" in str(wall.events(desk))
    assert [(row.event, row.who) for row in audit.recent(desk)] == [
        ("wall_visitors", "seat-3"),
        ("wall_choose", "seat-3"),
    ]


def test_every_scene_that_goes_round_has_a_layout():
    showing.demand_known()


def test_seats_leaders_and_administrators_may_and_nobody_else():
    assert {"seat", "leader", "admin"} == wall.ROLES_OF_PAGE
    assert set(wall_calls.CALLBACKS.values()) == {wall.ROLES_OF_PAGE}
