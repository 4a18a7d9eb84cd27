"""Files that alarms stand on: a slip in one of them must silence nothing.

What was last read without a fault stays in use while the file cannot be read; a process that
starts meanwhile uses of it what can be used. What is wrong goes into the log once, and is told by
`faults` for as long as it is so.
"""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import structlog

from config.environment import environment
from config.errors import ConfigError

_SECTION: Final = re.compile(r"^\s*\[{1,2}\s*(?P<table>[A-Za-z0-9_-]+)(?P<below>\s*\.)?")
_LISTED: Final = re.compile(r"^\s*\[\[")
T = TypeVar("T")
_MOST: Final = 8  # files of different folders that are kept, as tests have them
_log = structlog.get_logger("config.kept")
_all: list[Kept[Any]] = []


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that cannot be used as it stands, and what is in use instead of it."""

    error: ConfigError
    is_last_good: bool  # else what of the file can be read

    @property
    def name(self) -> str:
        """The file without its folder."""
        return Path(self.error.file).name


@dataclass(frozen=True, slots=True)
class _Known(Generic[T]):
    stamp: Hashable
    value: T
    fault: Fault | None
    is_good: bool


class Kept(Generic[T]):
    """One file of the configuration: read anew when it changes, its last good version kept."""

    def __init__(
        self,
        name: str,
        read: Callable[[Path], T],
        rest: Callable[[Path], T] | None = None,
        beside: Callable[[], Hashable] = lambda: None,
    ) -> None:
        """`read` wants all of it right, `rest` takes what can be used: without one a process cannot
        start with a slip. `beside` is what else the value depends on."""
        self._name, self._read, self._rest, self._beside = name, read, rest, beside
        self._lock = threading.Lock()
        self._known: dict[Path, _Known[T]] = {}
        _all.append(self)

    def load(self) -> T:
        """What is in use now; ConfigError where nothing of the file can be used."""
        return self._look().value

    def fault(self) -> Fault | None:
        """What is wrong with the file as it stands; None while it is right."""
        try:
            return self._look().fault
        except ConfigError as error:
            return Fault(error, is_last_good=False)

    def _look(self) -> _Known[T]:
        file = environment().config / self._name
        stamp = (_stamp(file), self._beside())
        known = self._known.get(file)
        if known is not None and known.stamp == stamp:
            return known
        with self._lock:
            known = self._known.get(file)
            if known is not None and known.stamp == stamp:  # another thread was first
                return known
            made = self._made(file, stamp, known)
            while len(self._known) >= _MOST and file not in self._known:
                self._known.pop(next(iter(self._known)))
            self._known[file] = made
        return made

    def _made(self, file: Path, stamp: Hashable, known: _Known[T] | None) -> _Known[T]:
        try:
            made = _Known(stamp, self._read(file), None, is_good=True)
        except ConfigError as error:
            is_good = known is not None and known.is_good
            if known is not None and is_good:
                value = known.value
            elif self._rest is not None:
                value = self._rest(file)
            else:
                raise
            effect = "last good version kept" if is_good else "only what can be read is used"
            _log.error("configuration_not_used", file=str(file), reason=str(error), effect=effect)
            return _Known(stamp, value, Fault(error, is_good), is_good)
        if known is not None and known.fault is not None:
            _log.info("configuration_right_again", file=str(file))
        return made


def faults() -> tuple[Fault, ...]:
    """What is wrong with these files now; empty while all is right."""
    return tuple(found for each in _all if (found := each.fault()) is not None)


def sections(file: Path) -> list[dict[str, Any]]:
    """Every section of a TOML file that can be read by itself, in order; none of no file.

    A section is a table from its header on; the tables below one of a list stay with it.
    """
    try:
        data = file.read_bytes()
    except OSError:
        return []
    found = []
    for text in _cut(_decoded(data)):
        with suppress(tomllib.TOMLDecodeError):
            found.append(tomllib.loads(text))
    return found


def merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Sections as one: tables of one name together, lists one after the other."""
    whole: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            known = whole.get(key)
            if isinstance(known, dict) and isinstance(value, dict):
                whole[key] = merged([known, value])
            elif isinstance(known, list) and isinstance(value, list):
                whole[key] = [*known, *value]
            else:
                whole[key] = value
    return whole


def _cut(text: str) -> list[str]:
    pieces: list[list[str]] = [[]]
    listed = ""  # the list whose table is open
    for line in text.splitlines():
        header = _SECTION.match(line)
        if header is not None:
            table = header["table"]
            if not (header["below"] and table == listed):
                pieces.append([])
                listed = table if _LISTED.match(line) and not header["below"] else ""
        pieces[-1].append(line)
    return ["\n".join(lines) for lines in pieces]


def _decoded(data: bytes) -> str:
    """As the product writes it, else as an editor of a Chinese Windows does."""
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return data.decode("utf-8", errors="replace")


def _stamp(file: Path) -> Hashable:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
