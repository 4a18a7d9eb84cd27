"""The response plans of the gauges: places at risk, teams, supplies, posts to take notice."""

from __future__ import annotations

from collections.abc import Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from config.environment import read_toml
from config.errors import ConfigError
from config.kept import Kept, merged, sections
from config.thresholds import load_thresholds

FILE: Final = "flood_plans.toml"
LONGEST_NAME: Final = 32  # of posts and teams: they are written down with each alarm


@dataclass(frozen=True, slots=True)
class RiskPlace:
    """A place that high water threatens, and what is at stake there."""

    name: str
    lng: float
    lat: float
    households: int
    people: int
    note: str


@dataclass(frozen=True, slots=True)
class Team:
    """A team of the plan: where it stands ready, and what it does."""

    code: str
    name: str
    at: str
    lng: float
    lat: float
    task: str


@dataclass(frozen=True, slots=True)
class Supply:
    """What lies ready for this station, and in which store."""

    store: str
    item: str
    quantity: int
    unit: str


@dataclass(frozen=True, slots=True)
class FloodPlan:
    """What is done when the water of one station is high."""

    station: str
    posts: tuple[str, ...]
    pumps: tuple[str, ...]
    places: tuple[RiskPlace, ...]
    teams: tuple[Team, ...]
    supplies: tuple[Supply, ...]

    @property
    def households(self) -> int:
        """All that live at the places of the plan."""
        return sum(place.households for place in self.places)

    @property
    def people(self) -> int:
        """All persons at the places of the plan."""
        return sum(place.people for place in self.places)


def load_flood_plans() -> Mapping[str, FloodPlan]:
    """The plans in use by station: the file's, or where it has a slip what was right last; never an
    error, since no alarm may fail for its plan. What is wrong is told by `config.kept.faults`.
    """
    return _kept.load()


def read_flood_plans(file: Path) -> Mapping[str, FloodPlan]:
    """The plans as a file says, none of no file; ConfigError names what is wrong."""
    if not file.exists():
        return {}
    plans: dict[str, FloodPlan] = {}
    blocks = read_toml(file).get("plan", [])
    if not isinstance(blocks, list):
        raise ConfigError(file, "plan", blocks, "blocks [[plan]]")
    known = {station.code for station in load_thresholds().stations}
    for block in blocks:
        plan = _plan(file, block, known)
        if plan.station in plans:
            raise ConfigError(file, "plan.station", plan.station, "one plan for each station")
        plans[plan.station] = plan
    return plans


def _rest(file: Path) -> Mapping[str, FloodPlan]:
    """The plans of a file that are right, each by itself."""
    known = {station.code for station in load_thresholds().stations}
    plans: dict[str, FloodPlan] = {}
    blocks = merged(sections(file)).get("plan", [])
    for block in blocks if isinstance(blocks, list) else ():
        with suppress(ConfigError):
            plan = _plan(file, block, known)
            plans.setdefault(plan.station, plan)
    return plans


def _plan(file: Path, block: Any, known: Set[str]) -> FloodPlan:
    station = block.get("station") if isinstance(block, dict) else None
    if not isinstance(station, str) or station not in known:
        allowed = f"a station code of thresholds.toml: {', '.join(sorted(known))}"
        raise ConfigError(file, "plan.station", station, allowed)
    where = f"plan {station}"
    keys = ("station", "posts", "pumps", "place", "team", "supply")
    if set(block) != set(keys):
        raise ConfigError(file, where, sorted(block), "exactly " + ", ".join(keys))
    posts = _texts(file, f"{where}.posts", block["posts"])
    if not posts:
        raise ConfigError(file, f"{where}.posts", block["posts"], "at least one post")
    for post in posts:
        if len(post) > LONGEST_NAME:
            raise ConfigError(file, f"{where}.posts", post, f"at most {LONGEST_NAME} characters")
    return FloodPlan(
        station=station,
        posts=posts,
        pumps=_texts(file, f"{where}.pumps", block["pumps"]),
        places=tuple(_rows(file, f"{where}.place", block["place"], RiskPlace)),
        teams=tuple(_rows(file, f"{where}.team", block["team"], Team)),
        supplies=tuple(_rows(file, f"{where}.supply", block["supply"], Supply)),
    )


def _rows(file: Path, where: str, rows: object, kind: type[Any]) -> list[Any]:
    """A list of tables as rows of one kind, each value of the type that the kind declares."""
    named = {field.name: str(field.type) for field in fields(kind)}
    if not isinstance(rows, list):
        raise ConfigError(file, where, rows, "a list of tables")
    for row in rows:
        if not isinstance(row, dict) or set(row) != set(named):
            found = sorted(row) if isinstance(row, dict) else row
            raise ConfigError(file, where, found, "exactly " + ", ".join(named))
        for name, declared in named.items():
            _judge(file, f"{where}.{name}", row[name], declared)
        if kind is Team and len(row["name"]) > LONGEST_NAME:
            allowed = f"at most {LONGEST_NAME} characters"
            raise ConfigError(file, f"{where}.name", row["name"], allowed)
    return [kind(**row) for row in rows]


def _judge(file: Path, where: str, value: object, declared: str) -> None:
    if declared == "str" and not (isinstance(value, str) and value.strip()):
        raise ConfigError(file, where, value, "a text")
    if declared == "int" and (type(value) is not int or value < 0):
        raise ConfigError(file, where, value, "a whole number from 0 on")
    if declared == "float" and (type(value) is not float or not -180 <= value <= 180):
        raise ConfigError(file, where, value, "degrees (WGS-84)")


def _texts(file: Path, where: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ConfigError(file, where, value, "a list of texts")
    return tuple(value)


_kept: Final = Kept(FILE, read_flood_plans, _rest, beside=load_thresholds)
