"""The site's own facts: the street, its communities and grids, its units, its class trees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import coordinates
from config.environment import read_toml
from config.errors import ConfigError
from config.kept import Kept

_TILES = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/[A-Za-z0-9._~/{}?&=-]+")
UNIT_KINDS = ("resident", "rotating", "on_call", "handling")


@dataclass(frozen=True, slots=True)
class Community:
    """A community (社区) or village (村): 12-digit code, name, kind, people."""

    code: str
    name: str
    kind: str
    population: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid (网格): 15-digit code, name, the 12-digit code of its community."""

    code: str
    name: str
    community: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that handles matters: resident 常驻, rotating 轮驻, on_call 随驻 or handling 承办.

    `also` are the names under which platforms know it.
    """

    name: str
    kind: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassName:
    """One node of a class tree: code and name; a longer code lies under its beginning."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Site:
    """Everything of site.toml."""

    name: str
    street: str
    district: str
    code: str
    population: int
    switchboard: str
    duty_leader: str
    seats: int
    officers: int
    communities: tuple[Community, ...]
    grids: tuple[Grid, ...]
    units: tuple[Unit, ...]
    hotline_classes: tuple[ClassName, ...]
    dispute_types: tuple[ClassName, ...]
    grid_classes: tuple[ClassName, ...]
    urban_classes: tuple[ClassName, ...]
    rota: tuple[str, ...]
    area: Path
    outlines_schematic: bool
    area_crs: str = "wgs84"  # the coordinate system of the outlines
    tiles: str = ""  # address of the site's own map tiles; none without it

    @property
    def tile_server(self) -> str:
        """The scheme, name and port of the server that tiles come from; empty without one."""
        return "/".join(self.tiles.split("/")[:3])

    def community_name(self, code: str | None) -> str:
        """The community's name, the code itself where it is not the site's, 未定到村 for none."""
        if not code:
            return "未定到村"
        return next((c.name for c in self.communities if c.code == code), code)

    def rotating_on(self, weekday: int) -> str | None:
        """The rotating unit on duty on this weekday (0 = Monday); None on Sunday."""
        return self.rota[weekday] if weekday < len(self.rota) else None


def load_site() -> Site:
    """The site as its file says, or where it has a slip what was right last; ConfigError names the
    key that is missing or wrong where it was never right.
    """
    return _kept.load()


def _read(file: Path) -> Site:
    raw = read_toml(file)
    try:
        return _site(file, raw)
    except KeyError as error:
        raise ConfigError(file, str(error.args[0]), None, "this key must be there") from None
    except TypeError as error:
        raise ConfigError(file, "block", str(error), "the keys of config/site.toml") from None


def _site(file: Path, raw: dict[str, Any]) -> Site:
    communities = tuple(Community(**block) for block in raw["community"])
    for community in communities:
        if len(community.code) != 12 or not community.code.isdigit():
            raise ConfigError(file, f"community {community.name}.code", community.code, "12 digits")
    grids = tuple(Grid(**block) for block in raw["grid"])
    known = {community.code for community in communities}
    for grid in grids:
        if grid.community not in known:
            raise ConfigError(
                file, f"grid {grid.code}.community", grid.community, "a community code of this file"
            )
    units = tuple(Unit(**{**block, "also": tuple(block.get("also", ()))}) for block in raw["unit"])
    for unit in units:
        if unit.kind not in UNIT_KINDS:
            raise ConfigError(file, f"unit {unit.name}.kind", unit.kind, " | ".join(UNIT_KINDS))
    _check_aliases(file, units)
    return Site(
        name=raw["name"],
        street=raw["street"],
        district=raw["district"],
        code=raw["code"],
        population=raw["population"],
        switchboard=raw["switchboard"],
        duty_leader=raw["duty_leader"],
        seats=raw["seats"],
        officers=raw.get("officers", 0),
        communities=communities,
        grids=grids,
        units=units,
        hotline_classes=_classes(raw["hotline_class"]),
        dispute_types=_classes(raw["dispute_type"]),
        grid_classes=_classes(raw["grid_class"]),
        urban_classes=_classes(raw["urban_class"]),
        rota=tuple(raw["rota"]),
        area=file.parent / raw["area"],
        outlines_schematic=raw["outlines_schematic"],
        area_crs=_system(file, raw.get("area_crs", "wgs84")),
        tiles=_tiles(file, raw.get("tiles", "")),
    )


def _check_aliases(file: Path, units: tuple[Unit, ...]) -> None:
    """A name stands for one unit, or cases would count under two."""
    owner = {unit.name: unit.name for unit in units}
    for unit in units:
        for alias in unit.also:
            if alias in owner:
                raise ConfigError(
                    file,
                    f"unit {unit.name}.also",
                    alias,
                    f"a name that {owner[alias]} does not have",
                )
            owner[alias] = unit.name


def _system(file: Path, said: object) -> str:
    if not isinstance(said, str) or not coordinates.is_known(said):
        raise ConfigError(file, "area_crs", said, coordinates.ALLOWED)
    return said


def _tiles(file: Path, said: object) -> str:
    """One address on one server: the content policy names this server and no other."""
    if said == "":
        return ""
    if not isinstance(said, str) or not _TILES.fullmatch(said) or not _has_places(said):
        raise ConfigError(
            file, "tiles", said, 'an address such as "https://maps.example/wgs84/{z}/{x}/{y}.png"'
        )
    return said


def _has_places(address: str) -> bool:
    return sorted(re.findall(r"\{(.*?)\}", address)) == ["x", "y", "z"]


def _classes(raw: dict[str, str]) -> tuple[ClassName, ...]:
    return tuple(ClassName(code, name) for code, name in sorted(raw.items()))


_kept = Kept("site.toml", _read)
