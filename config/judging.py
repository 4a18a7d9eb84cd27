"""How gauge readings are judged: the table [judging] of thresholds.toml."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeGuard

from config.errors import ConfigError
from config.platforms import span

KINDS: Final = ("river", "lake", "reservoir")


@dataclass(frozen=True, slots=True)
class Judging:
    """The numbers by which a reading is believed, an alarm raised and cleared."""

    confirm: int  # valid readings past a limit that raise
    clear_readings: int  # valid readings under the margin that clear
    clear_after: timedelta  # and they span so long
    clear_margin_m: float
    sentinels: tuple[float, ...]  # values that stations send for "none"
    above_m: float  # so far over the highest level ever, no reading is believed
    below_m: float  # and so far under the lowest limit
    step_m: Mapping[str, float]  # by kind of water: the jump that is believed at once
    rate_m_h: Mapping[str, float]  # and so much more for each hour between two readings
    ahead: timedelta  # a station's clock may run ahead of ours by so much
    too_old: timedelta  # later than this a reading tells history
    settle: timedelta  # a level that stays elsewhere for so long is the new ground
    agree_rate_m_h: Mapping[str, float]  # such a rise speaks for a single reading at 保证
    agree_rain_mm: float  # so does this much rain within three hours
    stuck_h: Mapping[str, float]  # by kind of water: one value for so long is a stuck probe

    def stuck_after(self, kind: str) -> timedelta:
        """How long one value may come before its probe counts as stuck."""
        return timedelta(hours=self.stuck_h[kind])


def read(file: Path, raw: Mapping[str, Any]) -> Judging:
    """The table [judging]; ConfigError names the key, the wrong value and what is allowed."""
    block = raw.get("judging")
    names = [field.name for field in fields(Judging)]
    if not isinstance(block, dict) or set(block) != set(names):
        found = sorted(block) if isinstance(block, dict) else block
        raise ConfigError(file, "judging", found, "exactly " + ", ".join(names))
    values: dict[str, Any] = {}
    for name in names:
        given, where = block[name], f"judging.{name}"
        if name in ("confirm", "clear_readings"):
            if type(given) is not int or not 2 <= given <= 10:
                raise ConfigError(file, where, given, "a whole number from 2 to 10")
            values[name] = given
        elif name in ("clear_after", "ahead", "too_old", "settle"):
            values[name] = span(given, file, where)
        elif name == "sentinels":
            if not isinstance(given, list) or not all(is_number(each) for each in given):
                raise ConfigError(file, where, given, "a list of numbers")
            values[name] = tuple(float(each) for each in given)
        elif name in ("step_m", "rate_m_h", "agree_rate_m_h", "stuck_h"):
            values[name] = _by_kind(file, where, given)
        else:
            if not is_number(given) or given <= 0:
                raise ConfigError(file, where, given, "a number over 0")
            values[name] = float(given)
    return Judging(**values)


def _by_kind(file: Path, name: str, given: object) -> dict[str, float]:
    allowed = "a number over 0 for each of " + ", ".join(KINDS)
    if not isinstance(given, dict) or set(given) != set(KINDS):
        raise ConfigError(file, name, given, allowed)
    for value in given.values():
        if not is_number(value) or value <= 0:
            raise ConfigError(file, name, value, allowed)
    return {kind: float(value) for kind, value in given.items()}


def is_number(value: object) -> TypeGuard[float]:
    """A number of TOML that can be compared with others."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
