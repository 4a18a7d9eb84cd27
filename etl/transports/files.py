"""Files that somebody drops into a folder: exports of a platform, or what is brought by hand.

A file is taken once it has stopped growing; names that begin with a dot or ~$ or end in .part or
.tmp are still being written. What has been read moves to done/, what cannot be read to refused/
with the reason beside it.
"""

from __future__ import annotations

import fnmatch
import time
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple

import fsspec

from config.platforms import Platform
from etl.errors import Refused, Retryable
from etl.transports.answer import wrong

MAX_FILE: Final = 256 << 20
QUIET_S: Final = 5.0  # untouched for so long counts as finished at the first look
_BETWEEN_LOOKS_S: Final = 0.9
_OPTIONS: Final = ("pattern", "url")
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")


def check(platform: Platform) -> None:
    """ConfigError when the settings of a platform cannot be used."""
    for name, value in platform.options.items():
        if name not in _OPTIONS:
            raise wrong(platform, name, value, ", ".join(_OPTIONS))
        if not isinstance(value, str) or not value:
            raise wrong(platform, name, value, "a text")


class Dropped(NamedTuple):
    """One finished file: where it lies, its name, its bytes."""

    path: str
    name: str
    payload: bytes


class _Look(NamedTuple):
    size: int
    touched: float
    at: float


class Folder:
    """One folder of one platform, local or by any address fsspec knows."""

    def __init__(self, platform: str, address: str, pattern: str = "*") -> None:
        self.platform = platform
        self.pattern = pattern
        self._files, self._root = fsspec.core.url_to_fs(address)
        self._looks: dict[str, _Look] = {}

    @property
    def is_empty(self) -> bool:
        """Whether no file lies there, finished or growing."""
        return not self._entries()

    @property
    def is_ready(self) -> bool:
        """Whether a finished file lies there."""
        return bool(self._settled())

    def finished(self) -> Iterator[Dropped]:
        """The files that have stopped growing, oldest first."""
        for path, size in self._settled():
            name = PurePosixPath(path).name
            if size > MAX_FILE:
                self.refuse(path, f"the file is larger than {MAX_FILE >> 20} MiB")
                raise Refused(self.platform, f"{name} is larger than {MAX_FILE >> 20} MiB")
            try:
                yield Dropped(path, name, self._files.cat_file(path))
            except FileNotFoundError:
                continue
            except OSError as error:
                raise Retryable(self.platform, f"{name} cannot be read ({error})") from None

    def done(self, path: str) -> None:
        """Out of the way of the next look."""
        self._move(path, "done")

    def refuse(self, path: str, reason: str) -> None:
        """Aside, with the reason in a text file of the same name."""
        moved = self._move(path, "refused")
        self._files.pipe_file(f"{moved}.txt", f"{reason}\n".encode())

    def _settled(self) -> list[tuple[str, int]]:
        now = time.monotonic()
        looks: dict[str, _Look] = {}
        ready: list[tuple[float, str, int]] = []
        for entry in self._entries():
            path, size, touched = entry["name"], int(entry["size"] or 0), _touched(entry)
            before = self._looks.get(path)
            if before is None or (before.size, before.touched) != (size, touched):
                looks[path] = before = _Look(size, touched, now)
            else:
                looks[path] = before
            quiet = bool(touched) and time.time() - touched >= QUIET_S
            if quiet or now - before.at >= _BETWEEN_LOOKS_S:
                ready.append((touched, path, size))
        self._looks = looks
        return [(path, size) for _, path, size in sorted(ready)]

    def _entries(self) -> list[dict[str, Any]]:
        try:
            entries: list[dict[str, Any]] = self._files.ls(self._root, detail=True, refresh=True)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise Retryable(self.platform, f"the folder cannot be read ({error})") from None
        return [entry for entry in entries if entry["type"] == "file" and self._wanted(entry)]

    def _wanted(self, entry: dict[str, Any]) -> bool:
        name = PurePosixPath(entry["name"]).name
        if name.startswith((".", "~$")) or name.endswith(_UNFINISHED) or entry.get("islink"):
            return False
        return fnmatch.fnmatch(name, self.pattern)

    def _move(self, path: str, where: str) -> str:
        home = f"{self._root}/{where}"
        self._files.makedirs(home, exist_ok=True)
        name = PurePosixPath(path).name
        target, number = f"{home}/{name}", 1
        while self._files.exists(target):
            number += 1
            target = f"{home}/{number}-{name}"
        self._files.mv(path, target)
        return target


def _touched(entry: dict[str, Any]) -> float:
    """When the file was last written, in seconds; 0 where the place does not tell."""
    touched = entry.get("mtime") or entry.get("LastModified") or 0.0
    return touched.timestamp() if hasattr(touched, "timestamp") else float(touched)
