"""The loop of a window against a made-up socket: what it sends, when it ends."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from dash.exceptions import WebsocketDisconnected

from cases.scenes import OnWall
from dashboard.wall import loop, over_line
from dashboard.wall.picture import Picture, chosen
from layouts.wall import load_profiles


class Window:
    """Answers like a browser until it is closed or falls silent."""

    def __init__(self, beats, *, silent_after=None):
        self.beats, self.silent_after, self.acknowledged = beats, silent_after, 0
        self.is_shutdown = False

    async def get_prop(self, element, prop, seconds):
        if (element, prop) == ("address", "search"):
            return "?profile=lcd_7x3&scene=overview"
        assert seconds == 30
        assert (element, prop) == ("tick-drawn", "data")
        self.acknowledged += 1
        if self.silent_after is not None and self.acknowledged > self.silent_after:
            raise TimeoutError
        if self.acknowledged >= self.beats:
            self.is_shutdown = True
        return self.acknowledged


class Stage:
    """Pictures one after the other."""

    def __init__(self, *pictures):
        self.pictures, self.asked = list(pictures), []

    def current(self, profile, scene, tick):
        self.asked.append((profile.key, scene.name))
        return self.pictures.pop(0) if len(self.pictures) > 1 else self.pictures[0]


def picture(**props):
    return Picture(
        (1, 1, None), {(name, "children"): (str(value), value) for name, value in props.items()}
    )


@pytest.fixture
def played(monkeypatch):
    def play(window, stage, follow=None):
        sent = []
        monkeypatch.setattr(loop, "ctx", SimpleNamespace(websocket=window))
        for room in (loop, over_line):
            monkeypatch.setattr(
                room, "set_props", lambda element, props: sent.append((element, props))
            )
        monkeypatch.setattr(loop, "pictures", stage)
        monkeypatch.setattr(loop, "LEAST_S", 0)
        monkeypatch.setattr(loop, "BEAT_S", 0)

        async def calm(_socket, _profile):
            await asyncio.Event().wait()

        monkeypatch.setattr(loop.alarm_loop, "follow", follow or calm)
        on = OnWall("flood", True, "normal", "choose")
        monkeypatch.setattr(loop.showing, "current", lambda: on)
        asyncio.run(loop.run())
        return sent

    return play


def test_the_first_beat_carries_everything_and_later_ones_what_changed(played):
    stage = Stage(picture(a=1, b=2), picture(a=1, b=3), picture(a=1, b=3))
    sent = played(Window(3), stage)
    assert [(e, p["children"]) for e, p in sent if e != "tick"] == [("a", 1), ("b", 2), ("b", 3)]
    assert len([e for e, _ in sent if e == "tick"]) == 3
    assert stage.asked == [("lcd_7x3", "overview")] * 3


def test_a_window_that_does_not_answer_ends_its_loop(played):
    window = Window(99, silent_after=2)
    sent = played(window, Stage(picture(a=1)))
    assert len([e for e, _ in sent if e == "tick"]) == 3


def test_a_window_whose_alarms_ended_gets_no_further_beat(played):
    """The shell hears none and changes frames; beats without alarms would say that all is well."""

    async def ends(_socket, _profile):
        raise RuntimeError("alarms cannot be followed")

    sent = played(Window(99), Stage(picture(a=1)), ends)
    assert len([e for e, _ in sent if e == "tick"]) <= 1


def test_the_next_beat_waits_until_the_last_one_is_drawn(played, monkeypatch):
    monkeypatch.setattr(loop, "ASK_S", 0)

    class Slow(Window):
        """Says twice that it is still at the beat before."""

        async def get_prop(self, element, prop, seconds):
            told = await super().get_prop(element, prop, seconds)
            return told if prop == "search" else (told - 1) // 3

    sent = played(Slow(9), Stage(picture(a=1)))
    assert [p["children"].split(" ")[0] for e, p in sent if e == "tick"] == ["1", "2", "3"]


def test_a_beat_counts_the_charts_that_were_sent(played):
    figures = [
        Picture((n, 1, None), {("chart-x", "data"): (str(value), value)})
        for n, value in enumerate(({"data": []}, {"data": [1]}, None))
    ]
    sent = played(Window(3), Stage(*figures))
    assert [p["children"].split(" ")[5] for e, p in sent if e == "tick"] == ["1", "2", "2"]


def test_a_beat_counts_the_half_minutes_that_were_sent_not_the_beats(played, monkeypatch):
    moments = iter([datetime(2026, 11, 23, 9, 0, second, tzinfo=UTC) for second in (1, 3, 29, 31)])
    monkeypatch.setattr(loop, "beat", lambda *told: str(told[2]))
    monkeypatch.setattr(loop.clock, "now", lambda: next(moments))
    sent = played(Window(4), Stage(picture(a=1)))
    assert [p["children"] for e, p in sent if e == "tick"] == ["1", "1", "1", "2"]


def test_a_closed_socket_ends_the_loop(played):
    class Closed(Window):
        async def get_prop(self, element, prop, seconds):
            raise WebsocketDisconnected

    assert played(Closed(1), Stage(picture(a=1))) == []


def test_over_http_there_is_no_window_to_serve(monkeypatch):
    monkeypatch.setattr(loop, "ctx", SimpleNamespace(websocket=None))
    assert asyncio.run(loop.run()) is None


def test_a_beat_carries_number_time_speed_version_and_scene():
    told = loop.beat(4, 7, 3, OnWall("flood", False, "drill", "choose", night=True)).split(" ")
    number, moment, speed, version, scene, charts, state, ticks, light = told
    assert (number, speed, scene) == ("4", "1", "flood") and int(moment) > 1_700_000_000_000
    assert (charts, state, ticks, light) == ("7", "drill", "3", "night")
    by_day = OnWall("flood", False, "normal", "choose")
    assert loop.beat(1, 0, 0, by_day).split(" ")[8] == "day"
    assert version.startswith(loop.version()) and len(loop.version()) == 8


@pytest.mark.parametrize(
    "search", [None, 7, "", "?profile=no_such", "?profile", "?x=1&profile=../../etc", ["?"], {}]
)
def test_an_address_without_a_known_profile_gets_the_16_to_9_one(search):
    profile, scene = chosen(search)
    assert (profile.key, scene.name) == ("screen_16x9", "overview")


def test_an_address_names_its_profile():
    for key in load_profiles():
        assert chosen(f"?profile={key}")[0].key == key


def test_a_beat_names_the_scene_that_is_to_be_shown(played):
    sent = played(Window(1), Stage(picture(a=1)))
    told = next(p["children"] for e, p in sent if e == "tick").split(" ")
    assert told[4] == "flood-visitors" and told[6] == "normal"


def test_fifty_windows_look_at_the_layouts_once_a_second(monkeypatch):
    now, looks = [100.0], []
    monkeypatch.setattr(loop, "time", SimpleNamespace(monotonic=lambda: now[0]))
    layouts = loop.Layouts(lambda: looks.append(1) or str(len(looks)))
    assert [layouts.stamp() for _ in range(50)] == ["1"] * 50
    now[0] += loop.LAYOUTS_S + 0.1
    assert [layouts.stamp() for _ in range(50)] == ["2"] * 50
