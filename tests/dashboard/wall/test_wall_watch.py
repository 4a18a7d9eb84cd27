"""The watch over the alarms: one thread for all windows, woken by what changed."""

import asyncio
import threading
from types import SimpleNamespace

import pytest

from cases.errors import Busy
from dashboard.wall import alarm_loop, over_line, watch
from dashboard.wall.watch import Watch


class Standings:
    """Stamps one after the other; a state for each."""

    def __init__(self, *stamps):
        self.stamps, self.made = list(stamps), []

    def stamp(self):
        found = self.stamps.pop(0) if len(self.stamps) > 1 else self.stamps[0]
        if isinstance(found, Exception):
            raise found
        return found

    def current(self, stamp):
        self.made.append(stamp)
        return SimpleNamespace(stamp=stamp, mark="", chosen=SimpleNamespace(region=None))

    def props(self, _profile, standing):
        return {("takeover", "className"): (str(standing.stamp), standing.stamp)}


@pytest.fixture
def looked(monkeypatch):
    def use(*stamps):
        found = Standings(*stamps)
        monkeypatch.setattr(watch, "standings", found)
        return found

    return use


def seen_by(windows, count):
    async def follow():
        looking = Watch(look_s=0.001)
        seen = [[] for _ in range(windows)]

        async def one(states):
            with looking.following() as window:
                while len(states) < count:
                    states.append((await asyncio.wait_for(window.changed(), 60)).stamp)

        await asyncio.gather(*(one(states) for states in seen))
        return seen

    return asyncio.run(follow())


def test_every_window_is_told_the_newest_state_and_it_is_made_once(looked):
    found = looked(1)
    assert seen_by(3, 1) == [[1], [1], [1]]
    assert found.made == [1]


def test_a_change_is_told_without_anybody_asking(looked):
    looked(1, 1, 1, 2)
    (states,) = seen_by(1, 2)
    assert states == [1, 2]


def test_a_store_that_is_held_leaves_the_last_state_and_the_watch_goes_on(looked):
    looked(1, Busy("cases", "is held"), RuntimeError("broken"), 2)
    assert seen_by(1, 2) == [[1, 2]]


def test_the_thread_ends_with_the_last_window(looked):
    looked(1)
    before = {one for one in threading.enumerate() if one.name == "alarms"}
    seen_by(2, 1)
    for one in {t for t in threading.enumerate() if t.name == "alarms"} - before:
        one.join(60)
        assert not one.is_alive()


def test_an_alarm_does_not_wait_for_a_window_that_has_not_drawn_the_one_before(looked, monkeypatch):
    found, sent = looked(), []
    found.stamp = lambda: 2 if sent else 1
    found.current = lambda stamp: SimpleNamespace(stamp=stamp, mark=str(stamp))
    drawn = asyncio.Event()

    async def get_prop(_element, _name, _seconds):
        await drawn.wait()  # a screen that is off draws nothing
        return "2"

    socket = SimpleNamespace(is_shutdown=False, get_prop=get_prop)
    props = {"props": lambda _p, s: {("x", "children"): (str(s.stamp), s.stamp)}}
    monkeypatch.setattr(alarm_loop, "watch", Watch(look_s=0.001))
    monkeypatch.setattr(alarm_loop, "standings", SimpleNamespace(**props))
    monkeypatch.setattr(alarm_loop.rehearsal, "begin", lambda _profile: None)

    def send(_element, given):
        sent.append(given["children"])
        if given["children"] == 2:
            assert not drawn.is_set()
            drawn.set()

    def note(standing, _at):
        sent.append(f"{standing.mark} seen")
        socket.is_shutdown = True
        alarm_loop.watch.standing = None
        for window in alarm_loop.watch._windows:
            window.wake()

    monkeypatch.setattr(over_line, "set_props", send)
    monkeypatch.setattr(alarm_loop, "_note", note)
    asyncio.run(asyncio.wait_for(alarm_loop.follow(socket, None), 60))
    assert sent == [1, 2, "2 seen"]


def test_a_window_gets_only_what_changed(looked, monkeypatch):
    found = looked(1, 1, 2, 2, 2, 3)
    sent = []
    socket = SimpleNamespace(is_shutdown=False)
    props = {1: "a", 2: "a", 3: "b"}
    monkeypatch.setattr(alarm_loop, "watch", Watch(look_s=0.001))
    monkeypatch.setattr(
        alarm_loop,
        "standings",
        SimpleNamespace(props=lambda _p, s: {("x", "children"): (props[s.stamp], props[s.stamp])}),
    )

    def send(element, given):
        sent.append((element, given))
        socket.is_shutdown = given == {"children": "b"}

    monkeypatch.setattr(over_line, "set_props", send)
    monkeypatch.setattr(alarm_loop.rehearsal, "begin", lambda _profile: None)
    asyncio.run(asyncio.wait_for(alarm_loop.follow(socket, None), 60))
    assert sent == [("x", {"children": "a"}), ("x", {"children": "b"})]
    assert found.made[0] == 1
