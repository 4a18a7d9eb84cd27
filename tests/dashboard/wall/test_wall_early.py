"""The picture of a window is begun with its page, and for known screens when the web starts."""

import threading

import pytest

from cases import devices
from dashboard.gate import caller
from dashboard.wall import early
from dashboard.wall.picture import chosen
from tests import fresh

WINDOW = "?profile=lcd_7x3&scene=flood"
SOON_S = 60.0


class Easel:
    """Stands for the pictures: notes what is drawn, waits where it is told to."""

    def __init__(self):
        self.drawn, self.some, self.go = [], threading.Semaphore(0), threading.Event()
        self.go.set()

    def current(self, profile, scene, tick):
        self.drawn.append((profile.key, scene.name))
        self.some.release()
        self.go.wait(SOON_S)


@pytest.fixture
def easel(monkeypatch):
    ended()  # what another test began is drawn by its pictures, not by these
    made = Easel()
    monkeypatch.setattr(early, "pictures", made)
    return made


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    made = fresh.store()
    yield made
    made.close()


def begun():
    """The threads that draw."""
    return [one for one in threading.enumerate() if one.name == "early-picture"]


def ended():
    for one in begun():
        one.join(SOON_S)


def pair(store, name, profile):
    with store.writing() as connection:
        return devices.add(connection, name, name, "admin", profile, None, (), ())


def test_the_page_of_a_window_begins_its_picture_once(easel):
    easel.go.clear()
    with caller.asking(caller.SCREEN):
        early.begin(*chosen(WINDOW))
        assert easel.some.acquire(timeout=SOON_S)
        early.begin(*chosen(WINDOW))  # the second of two windows that load together
    assert len(begun()) == 1
    easel.go.set()
    ended()
    assert easel.drawn == [("lcd_7x3", "flood")]


def test_no_more_are_begun_at_once_than_a_wall_has_outputs(easel):
    easel.go.clear()
    with caller.asking(caller.SCREEN):
        for scene in ("flood", "hotline", "mediation", "grid_urban", "land", "video"):
            early.begin(*chosen(f"?profile=lcd_7x3&scene={scene}"))
    assert len(begun()) == early.MOST
    easel.go.set()
    ended()


def test_a_page_that_nobody_asked_for_begins_nothing(easel):
    early.begin(*chosen(WINDOW))
    assert not begun() and not easel.drawn


def test_a_picture_that_cannot_be_drawn_stops_nothing_and_may_be_tried_again(easel, monkeypatch):
    def broken(*_given):
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(easel, "current", broken)
    with caller.asking(caller.SCREEN):
        early.begin(*chosen(WINDOW))
    ended()
    assert not early._under_way


def test_a_start_begins_what_the_known_screens_show(store, easel):
    for name, profile in (("大厅", "lcd_7x3"), ("值班室", "screen_1080"), ("旧屏", "led_2x35")):
        pair(store, name, profile)
    pair(store, "随窗口", "")
    devices.revoke(store, "旧屏")
    early.begin_known()
    ended()
    assert sorted(profile for profile, _ in easel.drawn) == ["lcd_7x3", "screen_1080"]


def test_a_start_without_known_screens_begins_the_usual_window(store, easel):
    early.begin_known()
    ended()
    assert [profile for profile, _ in easel.drawn] == ["screen_16x9"]
