"""The wall's picture: made once for each change and profile in a process, whoever looks at it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from plotly.utils import PlotlyJSONEncoder

from config import clock
from dashboard.gate import caller
from dashboard.source import data
from dashboard.wall import frame
from dashboard.wall.asking import Memory
from dashboard.wall.card import Feed, card
from dashboard.wall.content import Shown, overview
from dashboard.wall.parts import Room
from layouts.wall import WallProfile, load_profiles

TICK_S = 30.0
DEFAULT = "screen_16x9"
Prop = tuple[str, str]
Props = Mapping[Prop, tuple[str, Any]]
Stamp = tuple[int | None, int, date]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything a window shows: properties by element, each with its JSON to compare by."""

    stamp: Stamp
    props: Props

    def changed(self, sent: Mapping[Prop, str]) -> Iterator[tuple[Prop, str, Any]]:
        """What differs from what a window has."""
        for prop, (text, value) in self.props.items():
            if sent.get(prop) != text:
                yield prop, text, value


class Pictures:
    """The pictures of one process, one for each profile, made anew at a tick or a generation."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._memory = Memory()
        self._shown: tuple[Stamp, dict[str, Shown], datetime] | None = None
        self._made: dict[str, Picture] = {}
        self._cards: dict[tuple[str, str], tuple[Shown, date, Props]] = {}

    def current(self, profile: WallProfile, tick: int) -> Picture:
        """The picture of a profile; `tick` is the number of the half minute.

        All windows share it, so it is read as the wall reads, not as whoever asks first.
        """
        with caller.asking(caller.SCREEN):
            return self._current(profile, tick)

    def _current(self, profile: WallProfile, tick: int) -> Picture:
        source = data()
        generation = source.reader.current()
        stamp = (generation.number if generation else None, tick, clock.today())
        with self._lock:
            made = self._made.get(profile.key)
            if made is not None and made.stamp == stamp:
                return made
            if self._shown is None or self._shown[0] != stamp:
                now = clock.local()
                self._shown = stamp, overview(source, now, generation, self._memory), now
            picture = Picture(stamp, self._props(profile, self._shown[1], self._shown[2]))
            self._made[profile.key] = picture
            return picture

    def _props(self, profile: WallProfile, shown: Mapping[str, Shown], now: datetime) -> Props:
        """Everything a window shows; what did not change is taken from the last picture."""
        props: dict[Prop, tuple[str, Any]] = {}
        for name, room in frame.rooms(profile).items():
            one = shown.get(name) or Shown(None, Feed("off", None, False))
            kept = self._cards.get((profile.key, name))
            if kept is None or kept[:2] != (one, now.date()):
                kept = one, now.date(), dict(_drawn(name, room, one, now))
                self._cards[profile.key, name] = kept
            props.update(kept[2])
        return props


def chosen(search: object) -> WallProfile:
    """The profile a window's address asks for, such as ?profile=lcd_7x3."""
    profiles = load_profiles()
    words = search.lstrip("?").split("&") if isinstance(search, str) else []
    asked = dict(word.split("=", 1) for word in words if "=" in word).get("profile", DEFAULT)
    return profiles.get(asked) or profiles[DEFAULT]


def _drawn(
    name: str, room: Room, one: Shown, now: datetime
) -> Iterator[tuple[Prop, tuple[str, Any]]]:
    module = frame.panel(name)
    view = None if one.facts is None else module.view(one.facts, room)
    made = card(module.TITLE, view, one.feed, now)
    for element, prop, value in frame.changes(name, made):
        text = json.dumps(value, cls=PlotlyJSONEncoder, ensure_ascii=False)
        yield (element, prop), (text, json.loads(text))


pictures = Pictures()
