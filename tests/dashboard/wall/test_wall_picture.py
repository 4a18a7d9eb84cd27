"""The picture of a scene: what a delivery that changed nothing costs, and what it changes."""

from datetime import timedelta

import pytest

from dashboard.wall import picture
from dashboard.wall.card import Feed
from dashboard.wall.content import Shown
from dashboard.wall.picture import Pictures
from layouts.wall import load_profiles, load_scene
from tests.dashboard.wall.conftest import NOW


class Moment:
    """A moment whose panels are given."""

    def __init__(self, facts, at):
        self.facts, self.now = facts, at

    def shown(self, name):
        return Shown(self.facts.get(name), Feed("fresh", self.now, demo=True))


@pytest.fixture
def made(full, monkeypatch):
    """Pictures of the overview, and which panels were drawn for them."""
    drawn, real = [], picture.drawn

    def noted(name, room, facts):
        drawn.append(name)
        return real(name, room, facts)

    monkeypatch.setattr(picture, "drawn", noted)
    stage, scene = Pictures(), load_scene("overview")

    def make(facts, at):
        drawn.clear()
        return dict(stage._props(load_profiles()["screen_16x9"], scene, Moment(facts, at))), drawn

    return make


def test_a_delivery_that_changed_no_figure_changes_heads_alone(made, full):
    before, _ = made(full, NOW)
    after, drawn = made(full, NOW + timedelta(minutes=1))
    assert drawn == []
    moved = {prop for prop in after if after[prop][0] != before[prop][0]}
    assert moved and {prop[0].split("-")[0] for prop in moved} <= {"head", "card"}


def test_one_new_figure_draws_its_panel_alone(made, full):
    made(full, NOW)
    facts = full | {"overdue": type(full["overdue"])(2, 9, 47, 61, 186, 198, 2)}
    _, drawn = made(facts, NOW)
    assert drawn == ["overdue"]


def test_profiles_with_the_same_room_share_a_drawing(full):
    stage, room = Pictures(), picture.Room(20.0, 12.0)
    first = stage._view("overdue", room, full["overdue"])
    assert stage._view("overdue", room, full["overdue"]) is first
    assert stage._view("overdue", picture.Room(21.0, 12.0), full["overdue"]) is not first
