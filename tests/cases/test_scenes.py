"""Which scene is on: one decision for all windows, choices that lapse, events by name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases import audit, scenes
from cases.audit import Entry
from config.scenes import WORDS, Round, load_rotation

NOON = datetime(2026, 11, 23, 12)  # in the normal state
REAL = datetime(2026, 11, 23, 4, tzinfo=UTC)
HOURS = timedelta(hours=2)
ROUND = Round((("overview", 120), ("flood", 60), ("land", 60)))
ROTATION = replace(load_rotation(), rounds=dict.fromkeys(WORDS, ROUND))
SEAT = Entry("", who="seat-3", role="seat", address="10.0.0.7")


@pytest.fixture
def at(monkeypatch):
    """Sets the real time of the store's events."""
    return lambda moment: monkeypatch.setattr(scenes, "real_now", lambda: moment)


def on(store, moment=REAL):
    return scenes.decide(ROTATION, scenes.latest(store), moment, NOON)


def test_without_a_choice_the_scenes_of_the_state_go_round(store):
    first = on(store)
    later = on(store, REAL + timedelta(seconds=first.stays_s))
    assert first.why == later.why == scenes.ROTATE and not first.visitors
    assert first.scene != later.scene and {first.scene, later.scene} < {"overview", "flood", "land"}


def test_every_process_that_asks_at_the_same_moment_gets_the_same_scene(store):
    assert {on(store) for _ in range(4)} == {on(store)}


def test_a_choice_holds_for_two_hours_and_lapses(store, at):
    at(REAL)
    scenes.choose(store, "flood", HOURS, SEAT)
    chosen = on(store, REAL + HOURS - timedelta(seconds=1))
    assert (chosen.scene, chosen.why, chosen.by) == ("flood", scenes.CHOOSE, "seat-3")
    assert on(store, REAL + HOURS).why == scenes.ROTATE


def test_the_round_is_held_at_a_scene_and_goes_on_when_released(store, at):
    at(REAL)
    scenes.hold(store, "land", HOURS, SEAT)
    assert (on(store).scene, on(store).why) == ("land", scenes.HOLD)
    scenes.release(store, SEAT)
    assert on(store).why == scenes.ROTATE


def test_at_night_a_chosen_scene_gives_less_light_too(store, at):
    at(REAL)
    begin, end = ROTATION.night
    late, early = (datetime.combine(NOON, one) for one in (begin, end))
    assert scenes.decide(ROTATION, None, REAL, late).night
    assert not scenes.decide(ROTATION, None, REAL, early).night
    chosen = scenes.choose(store, "flood", HOURS, SEAT)
    shown = scenes.decide(ROTATION, chosen, REAL, late)
    assert (shown.scene, shown.night) == ("flood", True)
    assert not on(store).night


def test_visitors_see_their_view_of_whatever_scene_is_on(store, at):
    at(REAL)
    scenes.hold(store, "land", HOURS, SEAT)
    scenes.receive_visitors(store, HOURS, SEAT, on=True)
    assert on(store).visitors and on(store).why == scenes.HOLD
    scenes.release(store, SEAT)
    assert on(store).visitors and on(store).why == scenes.ROTATE
    assert not on(store, REAL + HOURS).visitors
    scenes.receive_visitors(store, HOURS, SEAT, on=False)
    assert not on(store).visitors


def test_every_event_stays_with_its_name_and_stands_in_the_trail(store, at):
    at(REAL)
    scenes.choose(store, "flood", HOURS, SEAT)
    scenes.release(store, Entry("", who="chief", role="leader"))
    assert [(one.act, one.by) for one in scenes.recent(store)] == [
        (scenes.RELEASE, "chief"),
        (scenes.CHOOSE, "seat-3"),
    ]
    rows = {row.event: row for row in audit.recent(store)}
    assert rows["wall_choose"].subject == "flood" and rows["wall_choose"].who == "seat-3"
    assert "wall_release" in rows and audit.verify(store) == len(rows)
