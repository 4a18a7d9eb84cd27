"""The wall's picture: made once for each change and profile in a process, whoever looks at it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from plotly.utils import PlotlyJSONEncoder

from config import clock
from dashboard.source import Data, data
from dashboard.wall import frame
from dashboard.wall.card import Feed, card
from dashboard.wall.content import Shown, overview
from layouts.wall import WallProfile, load_profiles

log = structlog.get_logger()

TICK_S = 30.0
DEFAULT = "screen_16x9"
Prop = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything a window shows: properties by element, each with its JSON to compare by."""

    stamp: tuple[Any, ...]
    props: Mapping[Prop, tuple[str, Any]]

    def changed(self, sent: Mapping[Prop, str]) -> Iterator[tuple[Prop, str, Any]]:
        """What differs from what a window has."""
        for prop, (text, value) in self.props.items():
            if sent.get(prop) != text:
                yield prop, text, value


class Pictures:
    """The pictures of one process, one for each profile, made anew at a tick or a generation."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: tuple[tuple[Any, ...], dict[str, Shown], datetime] | None = None
        self._made: dict[str, Picture] = {}

    def current(self, profile: WallProfile, beat: int) -> Picture:
        """The picture of a profile; `beat` is the number of the tick."""
        source = data()
        generation = source.reader.current()
        stamp = (generation.number if generation else None, beat, clock.today())
        with self._lock:
            made = self._made.get(profile.key)
            if made is not None and made.stamp == stamp:
                return made
            shown, now = self._facts(source, stamp, generation)
            picture = Picture(stamp, dict(_props(shown, profile, now)))
            self._made[profile.key] = picture
            return picture

    def _facts(
        self, source: Data, stamp: tuple[Any, ...], generation: Any
    ) -> tuple[dict[str, Shown], datetime]:
        if self._shown is None or self._shown[0] != stamp:
            now = clock.local()
            self._shown = stamp, overview(source, now, generation), now
        return self._shown[1], self._shown[2]


def chosen(search: object) -> WallProfile:
    """The profile a window's address asks for, such as ?profile=lcd_7x3."""
    profiles = load_profiles()
    words = search.lstrip("?").split("&") if isinstance(search, str) else []
    asked = dict(word.split("=", 1) for word in words if "=" in word).get("profile", DEFAULT)
    return profiles.get(asked) or profiles[DEFAULT]


def _props(
    shown: Mapping[str, Shown], profile: WallProfile, now: datetime
) -> Iterator[tuple[Prop, tuple[str, Any]]]:
    for name, room in frame.rooms(profile).items():
        module = frame.panel(name)
        one = shown.get(name) or Shown(None, Feed("off", None, False))
        view = None if one.facts is None else module.view(one.facts, room)
        made = card(module.TITLE, view, one.feed, now)
        for element, prop, value in frame.changes(name, made):
            text = json.dumps(value, cls=PlotlyJSONEncoder, ensure_ascii=False)
            yield (element, prop), (text, json.loads(text))


pictures = Pictures()
