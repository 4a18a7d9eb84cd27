"""Where this installation keeps its state, listens and finds its secrets."""

from __future__ import annotations

import os
import re
import secrets as random_secrets
import threading
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
_PLACEHOLDER = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(?:\+(\d{1,2}))?\}")
FASTEST: Final = 60  # times real time: what all processes of two cores keep up with
SCENARIOS: Final = ("usual", "calm", "busy", "flood-night", "platform-outage", "dirty-week")
_ALLOWED: Final = {
    "DEMO_SCENARIO": " | ".join(SCENARIOS),
    "DEMO_SPEED": f"1 to {FASTEST}, how many times as fast the demo town's time runs",
}
_DEFAULTS = {
    "HONGLAN_DEMO_PORT": "8060",
    "HONGLAN_PUSH_PORT": "8051",
    "HONGLAN_SL651_PORT": "6510",
}


class Environment(BaseSettings):
    """The HONGLAN_* variables with their defaults (design: contracts)."""

    model_config = SettingsConfigDict(env_prefix="HONGLAN_", frozen=True)

    var: Path = ROOT / "var"
    config: Path = ROOT / "config"
    host: str = "127.0.0.1"
    port: int = 8050
    gauge_host: str = "127.0.0.1"
    sl651_port: int = 6510
    push_host: str = "127.0.0.1"
    push_port: int = 8051
    demo_port: int = 8060
    demo_scenario: Annotated[str, Field(pattern=f"^({'|'.join(SCENARIOS)})$")] = "usual"
    demo_speed: Annotated[float, Field(ge=1, le=FASTEST)] | None = None
    test_data: Path = ROOT.parent / "shared" / "data"


_NAMES: Final = tuple(f"HONGLAN_{name.upper()}" for name in Environment.model_fields)


def environment() -> Environment:
    """The environment as it is now; ConfigError names the variable that cannot be read."""
    # Asked thousands of times a page and read when it changed: looking through all variables of
    # the process each time was half of what a table's page cost.
    return _settings(tuple(map(os.environ.get, _NAMES)), os.getcwd())  # noqa: PTH109 - a text


@lru_cache(maxsize=8)
def _settings(_values: tuple[str | None, ...], _folder: str) -> Environment:
    try:
        settings = Environment()
    except ValueError as error:
        detail = getattr(error, "errors", lambda: [{"loc": ("?",), "input": "?"}])()[0]
        name = "HONGLAN_" + str(detail["loc"][0]).upper()
        allowed = _ALLOWED.get(name.removeprefix("HONGLAN_"), "a port number or a path")
        raise ConfigError("environment", name, detail["input"], allowed) from None
    return settings.model_copy(
        update={"var": settings.var.resolve(), "config": settings.config.resolve()}
    )


def read_toml(path: Path) -> dict[str, Any]:
    """One TOML file with ${NAME} replaced from the environment; ConfigError on anything wrong.

    ${NAME+1} is the number after a number, for ports that count up from one.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # an editor of Windows may write a mark first
    except OSError as error:
        raise ConfigError(path, "file", path.name, f"a readable file ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise ConfigError(path, "encoding", error.reason, "text in UTF-8") from None

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        found = os.environ.get(name, _DEFAULTS.get(name))
        if found is None:
            raise ConfigError(path, f"${{{name}}}", "", f"set the environment variable {name}")
        if match.group(2) is None:
            return found
        if not found.isdecimal():
            raise ConfigError(path, match.group(), found, f"a number in {name}, to count up from")
        return str(int(found) + int(match.group(2)))

    lines = [
        line if line.lstrip().startswith("#") else _PLACEHOLDER.sub(value, line)
        for line in text.splitlines()
    ]
    try:
        return deepcopy(_parsed("\n".join(lines)))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, "TOML", str(error), "well-formed TOML") from None


@lru_cache(maxsize=32)
def _parsed(text: str) -> dict[str, Any]:
    """What a text says; the same files are read whenever something is opened."""
    return tomllib.loads(text)


def secret(name: str, env: Mapping[str, str] | None = None) -> str:
    """A secret by variable, else from the 0600 file HONGLAN_VAR/secrets/<name>."""
    found = (os.environ if env is None else env).get(name)
    if found:
        return found
    path = environment().var / "secrets" / name
    try:
        mode = path.stat().st_mode & 0o777
    except FileNotFoundError:
        raise ConfigError(
            path, name, "", f"set the variable {name} or write the secret into this file, mode 0600"
        ) from None
    if mode & 0o077:
        raise ConfigError(path, "mode", oct(mode), "0600, readable by its owner only")
    return path.read_text(encoding="utf-8").strip()


def ensure_secret(name: str) -> str:
    """The secret of this name; a random one is written (0600) when there is none yet."""
    if os.environ.get(name):
        return os.environ[name]
    path = environment().var / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # written under a name of its own, then a link: processes and threads agree on one secret
        own = path.with_name(f".{name}.{os.getpid()}.{threading.get_ident()}")
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(random_secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(own, path)
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return secret(name)
