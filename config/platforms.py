"""The connected platforms as the site's file says: one block each in platforms.toml."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from config import coordinates
from config.environment import environment, read_toml
from config.errors import ConfigError
from config.kept import Kept

TRANSPORTS = ("rest", "sql_view", "files", "push", "mqtt", "sl651", "wvp")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # numbers mean two things; names one
_KEYS = {
    "name", "short", "owner", "phone", "transport", "every", "stale_after", "demo", "enabled",
    "demo_fallback", "keep_raw", "keep_personal",
}  # fmt: skip
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
KEEP = {"keep_raw": timedelta(days=400), "keep_personal": timedelta(days=180)}
_LEAST = timedelta(days=8)
_SPAN = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_KEYS |= {"at", "on", "totals", "crs", "outside"}
OUTSIDE = ("keep", "refuse")


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform: what it is called, who owns it, how and how often it delivers."""

    key: str
    name: str
    short: str
    owner: str
    phone: str
    transport: str
    every: timedelta
    stale_after: timedelta
    demo: bool
    enabled: bool
    options: Mapping[str, Any] = field(default_factory=dict)
    totals: Mapping[str, Any] = field(default_factory=dict)  # where it tells its own counts by day
    at: time | None = None  # asked each day at this time, not by cadence
    on: str | None = None  # with `at`: on this weekday only
    keep_raw: timedelta = KEEP["keep_raw"]
    keep_personal: timedelta = KEEP["keep_personal"]
    crs: str = "wgs84"  # the coordinate system in which it tells places
    outside: str = "keep"  # what becomes of a place outside the street

    @property
    def source(self) -> str:
        """What its rows carry as `source`: demo rows never mix with the site's own."""
        return f"demo:{self.key}" if self.demo else self.key


def load_platforms(path: Path | None = None) -> dict[str, Platform]:
    """All platform blocks by key, in the order of the file; ConfigError names the wrong value."""
    file = path or environment().config / "platforms.toml"
    return {key: _platform(file, key, block) for key, block in read_toml(file).items()}


def known_platforms() -> Mapping[str, Platform]:
    """The platforms for whoever watches or shows them: where the file has a slip, what was right
    last. ConfigError where it was never right.
    """
    return _in_use.load()


def span(text: object, file: Path, key: str) -> timedelta:
    """A length of time such as "5m", "2h", "1d"."""
    match = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if match is None or int(match.group(1)) == 0:
        raise ConfigError(file, key, text, 'a span such as "30s", "5m", "2h" or "1d"')
    return timedelta(**{_UNITS[match.group(2)]: int(match.group(1))})


def mosquitto() -> str | None:
    """Where mosquitto is installed, None where it is not: the demo town starts its own."""
    return shutil.which("mosquitto", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def _platform(file: Path, key: str, block: object) -> Platform:
    if not isinstance(block, dict):
        raise ConfigError(file, key, block, "a block [key] with name, owner, transport, every")
    transport = block.get("transport")
    if transport not in TRANSPORTS:
        raise ConfigError(file, f"{key}.transport", transport, " | ".join(TRANSPORTS))
    fallback = block.get("demo_fallback", transport)
    if fallback not in TRANSPORTS:
        raise ConfigError(file, f"{key}.demo_fallback", fallback, " | ".join(TRANSPORTS))
    unknown = sorted(set(block) - _KEYS - {transport, fallback})
    if unknown:
        allowed = ", ".join(sorted(_KEYS | {transport, fallback}))
        raise ConfigError(file, f"{key}.{unknown[0]}", block[unknown[0]], allowed)
    for name in ("name", "owner"):
        if not isinstance(block.get(name), str) or not block[name]:
            raise ConfigError(file, f"{key}.{name}", block.get(name), "a text")
    for name in ("demo", "enabled"):
        if not isinstance(block.get(name, True), bool):
            raise ConfigError(file, f"{key}.{name}", block[name], "true or false")
    if transport == "mqtt" and block.get("demo") is True and not mosquitto():
        transport = fallback  # the demo town has no broker to start; a real block keeps its own
    every = span(block.get("every"), file, f"{key}.every")
    stale = block.get("stale_after")
    return Platform(
        key=key,
        name=block["name"],
        short=str(block.get("short", block["name"])),
        owner=block["owner"],
        phone=block.get("phone", ""),
        transport=transport,
        every=every,
        stale_after=4 * every if stale is None else span(stale, file, f"{key}.stale_after"),
        demo=block.get("demo", False),
        enabled=block.get("enabled", True),
        options=block.get(transport, {}),
        totals=_totals(file, key, block),
        at=_time_of_day(file, key, block, every),
        on=block.get("on"),
        keep_raw=_kept(block, file, key, "keep_raw"),
        keep_personal=_kept(block, file, key, "keep_personal"),
        **_places(file, key, block),
    )


def _places(file: Path, key: str, block: Mapping[str, Any]) -> dict[str, str]:
    """How it tells places, and whether one outside the street is refused."""
    crs, outside = block.get("crs", "wgs84"), block.get("outside", "keep")
    if not coordinates.is_known(crs):
        raise ConfigError(file, f"{key}.crs", crs, coordinates.ALLOWED)
    if outside not in OUTSIDE:
        raise ConfigError(file, f"{key}.outside", outside, " | ".join(OUTSIDE))
    return {"crs": crs, "outside": outside}


def _totals(file: Path, key: str, block: Mapping[str, Any]) -> Mapping[str, Any]:
    """The block [key.totals]; what it may say is for the transport to judge."""
    totals = block.get("totals", {})
    if not isinstance(totals, dict):
        raise ConfigError(file, f"{key}.totals", totals, f"a block [{key}.totals]")
    return totals


def _time_of_day(file: Path, key: str, block: Mapping[str, Any], every: timedelta) -> time | None:
    """The time of day a platform is asked at; it and the weekday must fit the cadence."""
    at, on = block.get("at"), block.get("on")
    if on is not None and on not in WEEKDAYS:
        raise ConfigError(file, f"{key}.on", on, " | ".join(WEEKDAYS))
    if on is not None and at is None:
        raise ConfigError(file, f"{key}.at", at, 'a time such as "07:30", because `on` is set')
    if at is None:
        return None
    match = _CLOCK.fullmatch(at) if isinstance(at, str) else None
    if match is None:
        raise ConfigError(file, f"{key}.at", at, 'a time of day such as "07:30"')
    wanted = timedelta(days=1 if on is None else 7)
    if every != wanted:
        allowed = f'"{wanted.days}d", because `{"at" if on is None else "on"}` is set'
        raise ConfigError(file, f"{key}.every", block["every"], allowed)
    return time(int(match.group(1)), int(match.group(2)))


def _kept(block: Mapping[str, Any], file: Path, key: str, name: str) -> timedelta:
    """How long something is kept; a week at least, since gaps of seven days are read again."""
    if name not in block:
        return KEEP[name]
    found = span(block[name], file, f"{key}.{name}")
    if found < _LEAST:
        raise ConfigError(file, f"{key}.{name}", block[name], 'at least "8d"')
    return found


_in_use = Kept("platforms.toml", load_platforms)
