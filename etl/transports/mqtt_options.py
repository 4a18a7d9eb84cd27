"""How a broker is spoken to, from a [key.mqtt] block; every setting checked before it is used."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from typing import Any, Final

from config.environment import environment
from config.errors import ConfigError
from config.platforms import Platform
from etl.transports.answer import wrong

_HERE: Final = ("127.0.0.1", "::1", "localhost")
_NAME = re.compile(r"[\w.:-]+")
_REQUIRED: Final = ("host", "topics")
_OPTIONAL: Final[Mapping[str, Any]] = {
    "port": 0,
    "user": "",
    "password_env": "",
    "tls": False,
    "ca": "",
    "client_id": "",
    "keep_alive": 60,
}


def options(platform: Platform) -> dict[str, Any]:
    """The settings of a platform; ConfigError names the one that cannot be used."""
    given = platform.options
    for name in sorted(set(given) - set(_REQUIRED) - set(_OPTIONAL)):
        raise wrong(platform, name, given[name], ", ".join(sorted({*_REQUIRED, *_OPTIONAL})))
    found = {**dict.fromkeys(_REQUIRED, ""), **_OPTIONAL, **given}
    for name, allowed in _wrong(found).items():
        raise wrong(platform, name, found[name], allowed)
    found["client_id"] = found["client_id"] or f"honglan-{platform.key}"
    found["port"] = found["port"] or (8883 if found["tls"] else 1883)
    return found


def trust(key: str, ca: str) -> ssl.SSLContext:
    """Whom to believe: the site's own authority, or those of the system."""
    try:
        return ssl.create_default_context(cafile=environment().config / ca if ca else None)
    except OSError as error:
        file = environment().config / "platforms.toml"
        said = f"a readable certificate in PEM ({error.strerror or error})"
        raise ConfigError(file, f"{key}.mqtt.ca", ca, said) from None


def _wrong(options: Mapping[str, Any]) -> dict[str, str]:
    """Each setting that cannot be used, and what is allowed."""
    found: dict[str, str] = {}
    topics = options["topics"]
    if not _NAME.fullmatch(str(options["host"])):
        found["host"] = "a name or an address"
    if not isinstance(topics, list) or not topics or not all(map(_is_filter, topics)):
        found["topics"] = 'a list of topics such as "iot/+/up" or "iot/#"'
    for name, most in (("port", 65535), ("keep_alive", 3600)):
        if not isinstance(options[name], int) or not 0 <= options[name] <= most:
            found[name] = f"0 to {most}"
    for name in ("user", "password_env", "ca", "client_id"):
        if not isinstance(options[name], str):
            found[name] = "a text"
    return found | _wrong_safety(options)


def _wrong_safety(options: Mapping[str, Any]) -> dict[str, str]:
    """What a broker on another machine must have."""
    if not isinstance(options["tls"], bool):
        return {"tls": "true or false"}
    if options["host"] in _HERE:
        return {}
    if not options["tls"]:
        return {"tls": "true, since the broker is not on this machine"}
    if not (options["user"] and options["password_env"]):
        return {"user": "a user, with password_env, since the broker is not on this machine"}
    return {}


def _is_filter(topic: object) -> bool:
    if not isinstance(topic, str) or not topic or "\x00" in topic or len(topic.encode()) > 65535:
        return False
    levels = topic.split("/")
    return "#" not in topic[:-1] and all(
        each in ("+", "#") or ("+" not in each and "#" not in each) for each in levels
    )
