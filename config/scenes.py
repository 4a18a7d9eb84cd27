"""Which scenes the wall shows by itself: 平时, 夜间, 汛期 and 演练, each a list that goes round."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from config.environment import read_toml
from config.errors import ConfigError
from config.kept import Kept

NORMAL, NIGHT, FLOOD, DRILL = "normal", "night", "flood", "drill"
WORDS = {NORMAL: "平时", NIGHT: "夜间", FLOOD: "汛期", DRILL: "演练"}
_DAY = re.compile(r"(\d{2})-(\d{2})")
_LEAP = 2024  # a year that has every day


@dataclass(frozen=True, slots=True)
class Round:
    """Scenes in turn, each with the seconds it stays."""

    stops: tuple[tuple[str, int], ...]

    @property
    def seconds(self) -> int:
        """How long one round takes."""
        return sum(stay for _, stay in self.stops)

    def at(self, second: int) -> tuple[str, int]:
        """The scene at a second since 1970, and how many seconds it still stays.

        Counted from 1970, so that every process and every output names the same scene.
        """
        left = second % self.seconds
        for scene, stay in self.stops:
            if left < stay:
                return scene, stay - left
            left -= stay
        raise AssertionError("a round has an end")


@dataclass(frozen=True, slots=True)
class Rotation:
    """Everything of scenes.toml."""

    rounds: Mapping[str, Round]
    choice: timedelta
    night: tuple[time, time]
    season: tuple[tuple[int, int], tuple[int, int]]
    drills: tuple[tuple[datetime, datetime], ...]

    def state(self, now: datetime) -> str:
        """The state at a local moment: a drill goes before the night, the night before 汛期."""
        if any(begin <= now < end for begin, end in self.drills):
            return DRILL
        if self.is_night(now):
            return NIGHT
        first, last = self.season
        return FLOOD if first <= (now.month, now.day) <= last else NORMAL

    def is_night(self, now: datetime) -> bool:
        """Whether a local moment lies in the hours of the night, whatever else runs."""
        begin, end = self.night
        clock = now.time()
        return begin <= clock < end or (begin > end and (clock >= begin or clock < end))


def load_rotation() -> Rotation:
    """The rotation in use; ConfigError names the key that is missing or wrong at a start."""
    return _kept.load()


def read_rotation(file: Path) -> Rotation:
    """The rotation as a file says; ConfigError names the key that is missing or wrong."""
    raw = read_toml(file)
    rounds = {state: _round(file, state, _block(file, raw, state)) for state in WORDS}
    night, flood = raw[NIGHT], raw[FLOOD]
    hours = raw.get("choice_hours")
    if not isinstance(hours, int | float) or not 0 < hours <= 24:
        raise ConfigError(file, "choice_hours", hours, "hours from above 0 to 24")
    return Rotation(
        rounds,
        timedelta(hours=hours),
        (_clock(file, night, "from"), _clock(file, night, "until")),
        (_day(file, flood, "from"), _day(file, flood, "until")),
        tuple(_drill(file, one) for one in raw[DRILL].get("times", ())),
    )


def _block(file: Path, raw: Mapping[str, Any], state: str) -> Mapping[str, Any]:
    block = raw.get(state)
    if not isinstance(block, dict):
        raise ConfigError(file, state, block, f"a block [{state}] with scenes and seconds")
    return block


def _round(file: Path, state: str, block: Mapping[str, Any]) -> Round:
    scenes, usual, stays = block.get("scenes"), block.get("seconds"), block.get("stay", {})
    if not isinstance(scenes, list) or not scenes or not all(isinstance(s, str) for s in scenes):
        raise ConfigError(file, f"{state}.scenes", scenes, "a list of scenes, at least one")
    for key, seconds in (("seconds", usual), *stays.items()):
        if not isinstance(seconds, int) or not 10 <= seconds <= 86400:
            raise ConfigError(file, f"{state}.{key}", seconds, "whole seconds from 10 to 86400")
    return Round(tuple((scene, stays.get(scene, usual)) for scene in scenes))


def _clock(file: Path, block: Mapping[str, Any], key: str) -> time:
    try:
        return time.fromisoformat(block[key])
    except (KeyError, TypeError, ValueError):
        said = block.get(key)
        raise ConfigError(file, f"night.{key}", said, 'a time such as "22:00"') from None


def _day(file: Path, block: Mapping[str, Any], key: str) -> tuple[int, int]:
    found = _DAY.fullmatch(str(block.get(key)))
    try:
        month, day = int(found[1]), int(found[2])  # type: ignore[index] # no match: TypeError
        date(_LEAP, month, day)
    except (TypeError, ValueError):
        said = block.get(key)
        raise ConfigError(file, f"flood.{key}", said, 'a day such as "05-01"') from None
    return month, day


def _drill(file: Path, one: Any) -> tuple[datetime, datetime]:
    begin, end = (one.get("from"), one.get("until")) if isinstance(one, dict) else (None, None)
    if not isinstance(begin, datetime) or not isinstance(end, datetime) or begin >= end:
        allowed = "{ from = 2026-12-03T09:00:00, until = 2026-12-03T11:30:00 }"
        raise ConfigError(file, "drill.times", str(one), allowed)
    return begin, end


_kept = Kept("scenes.toml", read_rotation)
