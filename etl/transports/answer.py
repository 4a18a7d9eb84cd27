"""What the transports have in common: found by their name, polled or streaming.

A transport module says `check(platform)`, which raises ConfigError for settings that cannot be
used, and one of `poll(platform)` and `stream(platform, folder, on_closed)`. A streaming one also
names the extension of what it delivers (`EXT`) and tells what of a segment that a sudden end left
open is whole (`whole`). Files need neither: every platform has an inbox. One that can ask for a
platform's own counts by day also has `check_totals(platform)` and `totals(platform, first, last)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import NamedTuple, Protocol

from cases.faults import Fault
from config.environment import environment
from config.errors import ConfigError
from config.platforms import Platform


class Answer(NamedTuple):
    """One page: its bytes, the cursor once it is loaded, how many records, how many in all."""

    payload: bytes
    cursor: str | None
    records: int
    total: int | None


class Poll(Protocol):
    """A platform that is asked; `ext` is the extension of its raw files."""

    ext: str

    def pages(self, cursor: str | None, now: datetime) -> Iterator[Answer]:
        """All pages that are new since the cursor; EtlError when one cannot be had."""

    def close(self) -> None:
        """Give the connection back."""


class Trouble(NamedTuple):
    """Why a stream cannot take what is sent; `cause` is the error behind it, where there is one.

    One that `ended` is spent: it is stopped, and another is started in its place.
    """

    fault: Fault
    what: str
    cause: BaseException | None = None
    ended: bool = False


class Stream(Protocol):
    """A platform that sends by itself; what it sent waits in closed segments."""

    name: str
    on_kept: Callable[[bytes], None]  # told of whole messages as soon as they are on disk

    def start(self) -> None:
        """Begin to take what comes; Retryable when the address cannot be had."""

    def stop(self) -> None:
        """Take no more; what was confirmed lies in closed segments."""

    def trouble(self) -> Trouble | None:
        """Why it cannot take what is sent just now; None while it can."""

    def on_closed(self) -> None:
        """Load what was handed over."""


def transport(name: str) -> ModuleType:
    """The module of a transport."""
    return import_module(f"etl.transports.{name}")


def wrong(platform: Platform, option: str, value: object, allowed: str) -> ConfigError:
    """The error for a setting in a platform's block of its transport."""
    file = environment().config / "platforms.toml"
    return ConfigError(file, f"{platform.key}.{platform.transport}.{option}", value, allowed)


def wrong_total(platform: Platform, option: str, value: object, allowed: str) -> ConfigError:
    """The error for a setting in the block of a platform's totals."""
    file = environment().config / "platforms.toml"
    return ConfigError(file, f"{platform.key}.totals.{option}", value, allowed)
