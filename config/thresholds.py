"""Limits and targets: gauge levels dated by when they came into force, KPI targets, bands.

Ranks and effects of alarms are read by `config/alarm_rules.py`, how readings are judged by
`config/judging.py`; all of it stands in one file. Water is judged by it, so a slip in it must not
end the judging: `load_thresholds` goes on with what was right last, or with what can be read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from config import alarm_rules, judging
from config.alarm_rules import AlarmRules
from config.environment import read_toml
from config.errors import ConfigError
from config.judging import Judging
from config.kept import Kept, merged, sections

FILE: Final = "thresholds.toml"
SHIPPED: Final = Path(__file__).with_name("shipped.toml")  # its tables as delivered
_WIDEST_M: Final = 2.0
_TEXTS: Final = ("code", "name", "river", "community", "datum")
_MARGINS: Final = ("near_margin_m", "clear_margin_m")
T = TypeVar("T")


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
    """The limits in use: the file's, or where it has a slip what was right last; never an error.

    What is wrong with the file is told by `config.kept.faults`.
    """
    return _kept.load()


def read_thresholds(file: Path) -> Thresholds:
    """The limits as a file says; ConfigError names the place that is wrong and what is allowed."""
    raw = read_toml(file)
    try:
        stations = tuple(_station(file, block) for block in _list(file, "station", raw["station"]))
        codes = [station.code for station in stations]
        for code in codes:
            if codes.count(code) > 1:
                raise ConfigError(file, "station.code", code, "one station of each code")
        return Thresholds(
            stations=stations,
            near_margin_m=_metres(file, "near_margin_m", raw["near_margin_m"]),
            targets=_numbers(file, "target", raw["target"]),
            bands=_bands(file, raw["bands"]),
            small_n=_count(file, raw["small_n"]),
            alarms=alarm_rules.read(file, raw),
            judging=judging.read(file, raw),
        )
    except KeyError as error:
        raise ConfigError(file, str(error.args[0]), None, "this key must be there") from None


def _rest(file: Path) -> Thresholds:
    """What of a file can be used: each station by itself, and of the tables those that are right;
    in place of the others stand those that were delivered.
    """
    raw = merged(sections(file))
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    stations: dict[str, Station] = {}
    for block in raw.get("station", ()) if isinstance(raw.get("station"), list) else ():
        for part in _ever_less(file, block):
            with suppress(ConfigError, KeyError):
                station = _station(file, part)
                stations.setdefault(station.code, station)
                break

    def right(read: Callable[[Path, dict[str, Any]], T]) -> T:
        with suppress(ConfigError, KeyError):
            return read(file, raw)
        return read(SHIPPED, shipped)

    return Thresholds(
        stations=tuple(stations.values()),
        near_margin_m=right(lambda at, given: _metres(at, "", given["near_margin_m"])),
        targets=right(lambda at, given: _numbers(at, "", given["target"])),
        bands=right(lambda at, given: _bands(at, given["bands"])),
        small_n=right(lambda at, given: _count(at, given["small_n"])),
        alarms=right(alarm_rules.read),
        judging=right(judging.read),
    )


def _ever_less(file: Path, block: Any) -> Iterator[Any]:
    """A station as it stands, then without own margins, then without the levels that are wrong."""
    yield block
    if not isinstance(block, dict):
        return
    bare = {key: value for key, value in block.items() if key not in _MARGINS}
    yield bare
    kept = []
    for row in block["levels"] if isinstance(block.get("levels"), list) else ():
        with suppress(ConfigError):
            _level(file, "", row)
            kept.append(row)
    yield bare | {"levels": kept}


def _station(file: Path, block: Any) -> Station:
    where = f"station {block.get('code')}" if isinstance(block, dict) else "station"
    names = {field.name for field in fields(Station)}
    needed = names - set(_MARGINS)
    if not isinstance(block, dict) or not needed <= set(block) <= names:
        found = sorted(block) if isinstance(block, dict) else block
        allowed = f"the keys of config/{FILE}: {', '.join(sorted(needed))}"
        raise ConfigError(file, where, found, allowed)
    for name in _TEXTS:
        if not isinstance(block[name], str) or not block[name].strip():
            raise ConfigError(file, f"{where}.{name}", block[name], "a text")
    if block["kind"] not in judging.KINDS:
        raise ConfigError(file, f"{where}.kind", block["kind"], " | ".join(judging.KINDS))
    for name in ("lng", "lat"):
        if not judging.is_number(block[name]) or not -180 <= block[name] <= 180:
            raise ConfigError(file, f"{where}.{name}", block[name], "degrees (WGS-84)")
    for name in _MARGINS:
        if name in block:
            _metres(file, f"{where} {block['name']}.{name}", block[name])
    rows = _list(file, f"{where}.levels", block["levels"])
    if not rows:
        raise ConfigError(file, f"{where}.levels", rows, "at least one dated row")
    levels = sorted((_level(file, f"{where}.levels", row) for row in rows), key=_since)
    return Station(**{**block, "levels": tuple(levels)})


def _since(row: Levels) -> date:
    return row.valid_from


def _level(file: Path, where: str, row: Any) -> Levels:
    """One dated row of a station's levels."""
    names = [field.name for field in fields(Levels)]
    if not isinstance(row, dict) or not {"valid_from"} <= set(row) <= set(names):
        found = sorted(row) if isinstance(row, dict) else row
        raise ConfigError(file, where, found, "valid_from with " + ", ".join(names[1:]))
    since = row["valid_from"]
    if not isinstance(since, date) or isinstance(since, datetime):
        raise ConfigError(file, f"{where}.valid_from", since, "a day such as 2020-01-01")
    order = [row[name] for name in names[1:] if name in row]
    if not all(map(judging.is_number, order)) or order != sorted(order):
        raise ConfigError(file, where, order, "patrol ≤ warning ≤ guarantee ≤ record")
    return Levels(**row)


def _metres(file: Path, where: str, value: Any) -> float:
    """A margin that leaves the limits below it in order."""
    if not judging.is_number(value):
        raise ConfigError(file, where, value, "a number of metres, such as 0.15")
    if not 0.01 <= value <= _WIDEST_M:
        allowed = f"0.01 to {_WIDEST_M} metres, or no such line for the margin of all stations"
        raise ConfigError(file, where, value, allowed)
    return float(value)


def _numbers(file: Path, where: str, value: Any) -> Mapping[str, float]:
    if not isinstance(value, dict) or not all(map(judging.is_number, value.values())):
        raise ConfigError(file, where, value, "a table of numbers")
    return value


def _bands(file: Path, value: Any) -> tuple[float, ...]:
    given = _list(file, "bands", value)
    if not given or not all(map(judging.is_number, given)) or given != sorted(given):
        raise ConfigError(file, "bands", value, "numbers from 0 to 1 that rise")
    return tuple(given)


def _count(file: Path, value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ConfigError(file, "small_n", value, "a whole number from 0 on")
    return value


def _list(file: Path, where: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ConfigError(file, where, value, "a list")
    return value


_kept: Final = Kept(FILE, read_thresholds, _rest)
