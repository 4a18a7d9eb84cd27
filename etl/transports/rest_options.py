"""How one platform wants to be asked over HTTP, from its [key.rest] block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from config.environment import environment
from config.platforms import Platform, span
from etl.transports import rest_auth, rest_paging, rest_since
from etl.transports.answer import wrong
from etl.transports.bounded import DEADLINE_S

_REQUIRED: Final = {"url", "records"}
_OPTIONAL: Final[Mapping[str, Any]] = {
    "method": "GET",
    "params": {},
    "timeout": "30s",
    "ca": "",
    "auth": "none",
    "token_env": "",
    "key_id": "",
    "sign_headers": {},
    "token_url": "",
    "client_id": "",
    "client_in": "basic",
    "scope": "",
    "page": "number",
    "page_param": "page",
    "first_page": 1,
    "size_param": "size",
    "size": 500,
    "next": "",
    "more": "",
    "since_param": "",
    "since_kind": "time",
    "since_format": "",
    "first_since": "",
    "overlap": "",
    "cursor_field": "",
    "ok_field": "",
    "ok_value": "",
    "message_field": "",
    "total": "",
}
_ANY: Final = ("ok_value", "first_since", "overlap")  # a text or a number


@dataclass(frozen=True)
class Question:
    """The settings of a platform, with their defaults."""

    key: str
    options: Mapping[str, Any]
    overlap: timedelta | int
    timeout: timedelta
    ca: Path | None

    def __getitem__(self, name: str) -> Any:
        return self.options[name]


def question(platform: Platform) -> Question:
    """The settings of a platform; ConfigError names the one that cannot be used."""
    given = platform.options
    allowed = ", ".join(sorted(_REQUIRED | set(_OPTIONAL)))
    for name in sorted(set(given) - _REQUIRED - set(_OPTIONAL)):
        raise wrong(platform, name, given[name], allowed)
    for name in sorted(_REQUIRED):
        if not given.get(name) or not isinstance(given[name], str):
            raise wrong(platform, name, given.get(name), "a text")
    options = {**_OPTIONAL, **given}
    for name, said in _unusable(options):
        raise wrong(platform, name, given.get(name), said)
    return Question(
        platform.key,
        options,
        _overlap(platform, options),
        timeout(platform, options["timeout"]),
        trusted(platform, options["ca"], (options["url"], options["token_url"])),
    )


def timeout(platform: Platform, given: object) -> timedelta:
    """How long one question may take, other tries included."""
    file = environment().config / "platforms.toml"
    found = span(given, file, f"{platform.key}.{platform.transport}.timeout")
    if found.total_seconds() > DEADLINE_S:
        raise wrong(platform, "timeout", given, f"up to {DEADLINE_S:.0f}s")
    return found


def trusted(platform: Platform, given: object, urls: tuple[str, ...]) -> Path | None:
    """The file with the certificates to trust; None is what the machine trusts."""
    if not given:
        return None
    file = environment().config / str(given)
    if not any(url.startswith("https:") for url in urls):
        raise wrong(platform, "ca", given, "none, since no address begins with https://")
    if not file.is_file():
        raise wrong(platform, "ca", given, f"a file of certificates in {file.parent}")
    return file


def _overlap(platform: Platform, options: Mapping[str, Any]) -> timedelta | int:
    given = options["overlap"]
    if options["since_kind"] == "version":
        if given == "":
            return 0
        if isinstance(given, bool) or not isinstance(given, int) or given < 0:
            raise wrong(platform, "overlap", given, "a number of versions, 0 or more")
        return given
    file = environment().config / "platforms.toml"
    return span("10m" if given == "" else given, file, f"{platform.key}.rest.overlap")


def _unusable(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each setting that cannot be used, and what is allowed."""
    for name, default in _OPTIONAL.items():
        if name not in _ANY and type(options[name]) is not type(default):
            yield (
                name,
                {dict: 'a table such as { name = "value" }', int: "a number"}.get(
                    type(default), "a text"
                ),
            )
            return
    parts = urlsplit(options["url"])
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield "url", "an address that begins with http:// or https://"
    if options["method"] not in ("GET", "POST"):
        yield "method", "GET | POST"
    yield from rest_auth.unusable(options)
    yield from rest_paging.unusable(options)
    yield from rest_since.unusable(options)
