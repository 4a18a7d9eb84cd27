"""Limits and targets: gauge levels dated by when they came into force, KPI targets, bands.

Ranks and effects of alarms are read by `config/alarm_rules.py`, how readings are judged by
`config/judging.py`; all of it stands in one file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from config import alarm_rules, judging
from config.alarm_rules import AlarmRules
from config.environment import environment, read_toml
from config.errors import ConfigError
from config.judging import Judging

_WIDEST_M: Final = 2.0


@dataclass(frozen=True, slots=True)
class Levels:
    """The four water levels of a station in metres of its own datum; None = not set."""

    valid_from: date
    patrol: float | None = None
    warning: float | None = None
    guarantee: float | None = None
    record: float | None = None


@dataclass(frozen=True, slots=True)
class Station:
    """One gauge: 10-character code, name, water, place (WGS-84), datum, its levels by date."""

    code: str
    name: str
    river: str
    kind: str
    lng: float
    lat: float
    community: str
    datum: str
    levels: tuple[Levels, ...]
    near_margin_m: float | None = None  # its own; None = that of all
    clear_margin_m: float | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Everything of thresholds.toml."""

    stations: tuple[Station, ...]
    near_margin_m: float
    targets: Mapping[str, float]
    bands: tuple[float, ...]
    small_n: int
    alarms: AlarmRules
    judging: Judging

    def station(self, code: str) -> Station | None:
        """The station of a code; None for one that is not configured."""
        return next((each for each in self.stations if each.code == code), None)

    def near_margin(self, station: Station | None) -> float:
        """How far under 警戒 a station counts as near it: its own margin, or that of all."""
        own = None if station is None else station.near_margin_m
        return self.near_margin_m if own is None else own

    def clear_margin(self, station: Station | None) -> float:
        """How far under a limit its water must be before that limit's alarm is over."""
        own = None if station is None else station.clear_margin_m
        return self.judging.clear_margin_m if own is None else own

    def levels_at(self, code: str, on: date) -> Levels | None:
        """The levels in force at a station on a day; None for an unknown station."""
        station = self.station(code)
        if station is None:
            return None
        return next((s for s in reversed(station.levels) if s.valid_from <= on), None)


def load_thresholds() -> Thresholds:
    """The limits as the file says; ConfigError names station and level that are out of order."""
    folder = environment().config
    return _load(folder, (folder / "thresholds.toml").stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _load(folder: Path, _stamp: int) -> Thresholds:
    file = folder / "thresholds.toml"
    raw = read_toml(file)
    try:
        stations = tuple(
            Station(
                **{k: v for k, v in block.items() if k != "levels"}, levels=_levels(file, block)
            )
            for block in raw["station"]
        )
        for station in stations:
            _judge_margins(file, station)
        return Thresholds(
            stations=stations,
            near_margin_m=raw["near_margin_m"],
            targets=raw["target"],
            bands=tuple(raw["bands"]),
            small_n=raw["small_n"],
            alarms=alarm_rules.read(file, raw),
            judging=judging.read(file, raw),
        )
    except KeyError as error:
        raise ConfigError(file, str(error.args[0]), None, "this key must be there") from None
    except TypeError as error:
        raise ConfigError(
            file, "station", str(error), "the keys of config/thresholds.toml"
        ) from None


def _judge_margins(file: Path, station: Station) -> None:
    """Own margins of a station: numbers that leave the limits below them in order."""
    for name in ("near_margin_m", "clear_margin_m"):
        value = getattr(station, name)
        if value is None:
            continue
        where = f"station {station.code} {station.name}.{name}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ConfigError(file, where, value, "a number of metres, such as 0.15")
        if not 0.01 <= value <= _WIDEST_M:
            allowed = f"0.01 to {_WIDEST_M} metres, or no such line for the margin of all stations"
            raise ConfigError(file, where, value, allowed)


def _levels(file: Path, block: dict[str, object]) -> tuple[Levels, ...]:
    rows = block["levels"]
    if not isinstance(rows, list) or not rows:
        raise ConfigError(file, f"station {block['code']}.levels", rows, "at least one dated row")
    levels = tuple(sorted((Levels(**row) for row in rows), key=lambda row: row.valid_from))
    for row in levels:
        order = [v for v in (row.patrol, row.warning, row.guarantee, row.record) if v is not None]
        if order != sorted(order):
            raise ConfigError(
                file,
                f"station {block['code']}.levels",
                order,
                "patrol ≤ warning ≤ guarantee ≤ record",
            )
    return levels
