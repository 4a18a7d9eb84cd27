"""The wall's picture: made once for each change, profile and scene, whoever looks at it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import structlog

from config import clock
from dashboard.gate import caller
from dashboard.source import data
from dashboard.wall import arranged, frame
from dashboard.wall.asking import Memory
from dashboard.wall.card import Feed, card, fitted
from dashboard.wall.catalogue import panel
from dashboard.wall.content import Moment, Shown
from dashboard.wall.over_line import plain
from dashboard.wall.parts import Room, View
from layouts.wall import VISITORS, WallProfile, WallScene, load_profiles
from warehouse.errors import WarehouseError

log = structlog.get_logger()

TICK_S = 30.0
DEFAULT = "screen_16x9"
MOST_DRAWN = 2000
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


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel's view of its facts, None where it failed; `said` has the JSON of its large parts.

    They are known again by identity: a card takes them from the view as they are.
    """

    facts: Any
    view: View | None
    said: Mapping[int, tuple[str, Any]]


class Pictures:
    """The pictures of one process by profile and scene, made anew at a tick or a generation."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._memory = Memory()
        self._last: dict[str, Shown] = {}
        self._moment: tuple[Stamp, Moment] | None = None
        self._made: dict[tuple[str, str, str], Picture] = {}
        self._cards: dict[tuple[str, str, str], tuple[Shown, Room, date, Props]] = {}
        self._drawn: dict[tuple[str, Room], Drawn] = {}

    def current(self, profile: WallProfile, scene: WallScene, tick: int) -> Picture:
        """The picture of a scene on a profile; `tick` is the number of the half minute.

        All windows share it, so it is read as the wall reads, not as whoever asks first.
        """
        with caller.asking(caller.SCREEN):
            return self._current(profile, scene, tick)

    def _current(self, profile: WallProfile, scene: WallScene, tick: int) -> Picture:
        source = data()
        try:
            generation, is_readable = source.reader.current(), True
        except WarehouseError as error:
            log.error("snapshot_unreadable", error=str(error))
            generation, is_readable = None, False
        stamp = (generation.number if generation else None, tick, clock.today())
        key = (profile.key, scene.name, scene.stamp)
        with self._lock:
            made = self._made.get(key)
            if made is not None and made.stamp == stamp:
                return made
            if self._moment is None or self._moment[0] != stamp:
                now = clock.local()
                moment = Moment(source, now, generation, self._memory, self._last)
                moment.is_readable = is_readable
                self._moment = stamp, moment
            picture = Picture(stamp, self._props(profile, scene, self._moment[1]))
            if scene.stamp != arranged.DRAFT:
                self._made[key] = picture
            return picture

    def _props(self, profile: WallProfile, scene: WallScene, moment: Moment) -> Props:
        """Everything a window shows; what did not change is taken from the last picture."""
        props: dict[Prop, tuple[str, Any]] = {}
        for name, room in frame.rooms(profile, scene).items():
            one = moment.shown(name)
            if name == "scene":
                one = replace(one, facts=replace(one.facts, scene=scene.title))
            at = (profile.key, scene.name, name)
            kept = self._cards.get(at)
            if kept is None or kept[:3] != (one, room, moment.now.date()):
                kept = one, room, moment.now.date(), dict(self._card(name, room, one, moment.now))
                if scene.stamp != arranged.DRAFT:
                    self._cards[at] = kept
            props.update(kept[3])
        return props

    def _card(
        self, name: str, room: Room, one: Shown, now: datetime
    ) -> Iterator[tuple[Prop, tuple[str, Any]]]:
        """A panel's card. With a delivery that changed no figure, its head alone is new."""
        here = panel(name)
        drawn = None if one.facts is None else self._view(name, room, one.facts)
        feed = one.feed
        if drawn is not None and drawn.view is None:
            feed = Feed("failed", feed.as_of, feed.demo)
        if drawn is None or drawn.view is None:
            made = card(here.title, None, feed, now)
        else:
            view = fitted(drawn.view, here.title, room, feed, now)
            made = card(here.title, view, feed, now)
        said = {} if drawn is None else drawn.said
        for element, prop, value in frame.changes(name, made):
            yield (element, prop), said.get(id(value)) or plain(value)

    def _view(self, name: str, room: Room, facts: Any) -> Drawn:
        """What a panel makes of its facts in a room, whatever scene it stands in."""
        kept = self._drawn.get((name, room))
        if kept is None or kept.facts != facts:
            if len(self._drawn) > MOST_DRAWN:  # rooms of layouts that are no more
                self._drawn.clear()
            kept = self._drawn[name, room] = drawn(name, room, facts)
        return kept


def chosen(search: object) -> tuple[WallProfile, WallScene]:
    """The profile and scene a window's address asks for: ?profile=lcd_7x3&scene=flood."""
    profiles = load_profiles()
    words = search.lstrip("?").split("&") if isinstance(search, str) else []
    asked = dict(word.split("=", 1) for word in words if "=" in word)
    profile = profiles.get(asked.get("profile", DEFAULT)) or profiles[DEFAULT]
    scene = asked.get("scene", arranged.FIRST)
    if "draft" in asked:  # a preview of the page where layouts are changed
        with contextlib.suppress(ValueError):
            return profile, arranged.drafted(asked["draft"], visitors=scene.endswith(VISITORS))
    return profile, arranged.scene_of(scene)


def drawn(name: str, room: Room, facts: Any) -> Drawn:
    """A panel's view with its JSON; one that cannot be drawn says so in its own frame."""
    try:
        view = panel(name).view(facts, room)
        parts = (view.body, view.over, view.foot, view.figure)
        return Drawn(facts, view, {id(one): plain(one) for one in parts if one is not None})
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one panel, the rest goes on
        log.error("panel_not_drawn", panel=name, error=str(error), kind=type(error).__name__)
        return Drawn(facts, None, {})


pictures = Pictures()
