"""What a view is asked, from a [key.sql_view] block; every setting checked before it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from config.environment import environment
from config.platforms import Platform, span
from etl.transports.answer import wrong
from etl.transports.sql_session import DRIVERS

KINDS: Final = ("time", "text", "number")
_NAME = re.compile(r"[^\W\d][\w$]{0,62}")
_HOST = re.compile(r"[\w.:-]+")
_IDENTIFIER: Final = "a name of letters, digits, _ and $"
_REQUIRED: Final = ("driver", "database", "view", "key")
_OPTIONAL: Final[Mapping[str, Any]] = {
    "host": "",
    "port": 0,
    "user": "",
    "password_env": "",
    "ca": "",
    "columns": [],
    "updated": "",
    "updated_type": "time",
    "overlap": None,
    "size": 1000,
    "timeout": "30s",
}


@dataclass(frozen=True)
class Question:
    """One view and how it wants to be asked."""

    key: str
    options: Mapping[str, Any]
    tells_apart: tuple[str, ...]  # the columns that tell rows apart
    back: timedelta | int  # asked again before the cursor: a time, or a number of versions
    timeout: timedelta

    def __getitem__(self, name: str) -> Any:
        return self.options[name]


def question(platform: Platform) -> Question:
    """The settings of a platform; ConfigError names the one that cannot be used."""
    given = platform.options
    for name in sorted(set(given) - set(_REQUIRED) - set(_OPTIONAL)):
        raise wrong(platform, name, given[name], ", ".join(sorted({*_REQUIRED, *_OPTIONAL})))
    options = {**dict.fromkeys(_REQUIRED), **_OPTIONAL, **given}
    for name, said in _wrong(options):
        raise wrong(platform, name, options[name], said)
    file = environment().config / "platforms.toml"
    back, where = options["overlap"], f"{platform.key}.sql_view"
    if options["updated_type"] == "number":
        back = 0 if back is None else back
        if not isinstance(back, int) or back < 0:
            raise wrong(platform, "overlap", back, "a number of versions, since updated is one")
    else:
        back = span("10m" if back is None else back, file, f"{where}.overlap")
    key = options["key"]
    return Question(
        key=platform.key,
        options=options,
        tells_apart=(key,) if isinstance(key, str) else tuple(key),
        back=back,
        timeout=span(options["timeout"], file, f"{where}.timeout"),
    )


def _wrong(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each setting that cannot be used, and what is allowed."""
    if options["driver"] not in DRIVERS:
        yield "driver", " | ".join(DRIVERS)
    if not isinstance(options["database"], str) or not options["database"]:
        yield "database", "the name of the database, or the file of a sqlite one"
    for name in ("password_env", "ca"):
        if not isinstance(options[name], str):
            yield name, "a text"
    for name in ("host", "user") if options["driver"] != "sqlite" else ():
        if not isinstance(options[name], str) or not _HOST.fullmatch(options[name]):
            yield name, "a name or an address alone"
    if not isinstance(options["port"], int) or not 0 <= options["port"] <= 65535:
        yield "port", "1 to 65535"
    if not isinstance(options["size"], int) or not 1 <= options["size"] <= 10_000:
        yield "size", "1 to 10000"
    if options["updated_type"] not in KINDS:
        yield "updated_type", " | ".join(KINDS)
    yield from _wrong_names(options)


def _wrong_names(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names that say more than a name; those that pass are quoted all the same."""
    view, key = options["view"], options["key"]
    if not isinstance(view, str) or not are_names(view.split(".")) or view.count(".") > 1:
        yield "view", f"[schema.]view, each {_IDENTIFIER}"
    if not are_names([key] if isinstance(key, str) else key):
        yield "key", f"{_IDENTIFIER}, or a list of them"
    if options["updated"] and not are_names([options["updated"]]):
        yield "updated", _IDENTIFIER
    if options["columns"] and not are_names(options["columns"]):
        yield "columns", f"a list, each {_IDENTIFIER}"


def are_names(names: object) -> bool:
    """Whether this is a list of identifiers and nothing that says more."""
    if not isinstance(names, list) or not names:
        return False
    return all(isinstance(each, str) and _NAME.fullmatch(each) for each in names)
