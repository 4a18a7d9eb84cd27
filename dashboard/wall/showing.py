"""Which scene all windows are to show now: the case store's decision, looked at once a second."""

from __future__ import annotations

import threading
import time

import structlog

from cases import scenes
from cases.errors import CaseError
from cases.scenes import ROTATE, OnWall
from cases.store import real_now
from config import clock
from config.environment import environment
from config.errors import ConfigError
from config.scenes import NORMAL, load_rotation
from dashboard.source import data
from layouts.wall import VISITORS, scene_names

log = structlog.get_logger()

FIRST = "overview"  # until the store can be asked

_LOOK_EVERY_S = 1.0


class Showing:
    """The decision as last looked at; all windows of a process share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: tuple[float, OnWall] | None = None

    def current(self) -> OnWall:
        """What the wall is to show, at most a second old."""
        with self._lock:
            if self._seen is None or time.monotonic() - self._seen[0] > _LOOK_EVERY_S:
                self._seen = time.monotonic(), self._decided()
            return self._seen[1]

    def _decided(self) -> OnWall:
        """While the store cannot be asked, the scene that is on stays."""
        try:
            return decided()
        except (CaseError, ConfigError) as error:
            log.warning("scene_not_decided", error=str(error))
            return OnWall(FIRST, False, NORMAL, ROTATE) if self._seen is None else self._seen[1]


def decided() -> OnWall:
    """What the wall is to show at this moment."""
    choice = scenes.latest(data().store)
    return scenes.decide(load_rotation(), choice, real_now(), clock.local())


def demand_known() -> None:
    """ConfigError unless every scene that goes round has a layout."""
    known = scene_names()
    for state, turn in load_rotation().rounds.items():
        for scene, _ in turn.stops:
            if scene not in known:
                file = environment().config / "scenes.toml"
                raise ConfigError(file, f"{state}.scenes", scene, " | ".join(known))


def key(on: OnWall) -> str:
    """The scene as windows name it in their address."""
    return f"{on.scene}{VISITORS}" if on.visitors else on.scene


_showing = Showing()
current = _showing.current
