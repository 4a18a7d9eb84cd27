"""Files that somebody drops into a folder: exports of a platform, or what is brought by hand.

A file is taken once it has stopped growing; names that begin with a dot or ~$ or end in .part or
.tmp are still being written. What has been read moves to done/, what cannot be read to refused/
with the reason beside it. Where nothing may be moved, what was taken is remembered instead.
"""

from __future__ import annotations

import fnmatch
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any, BinaryIO, Final, NamedTuple
from urllib.parse import urlsplit

import fsspec
import structlog

from cases.faults import Fault
from config.platforms import Platform
from etl.errors import EtlError, Refused, Retryable
from etl.formats.stored import WHOLE, Minded, Stored, buffered
from etl.transports.answer import wrong
from etl.transports.taken import Mark, Taken

MAX_FILE: Final = 512 << 20
QUIET_S: Final = 5.0  # untouched for so long counts as finished at the first look
LOOK_S: Final = 30.0  # between looks into a folder on another machine, at least
_LOOK_AT_MOST_S: Final = 600.0  # when it does not answer, or delivers once a day
_LOOKS: Final = 100  # in the time in which a delivery is expected
_BETWEEN_LOOKS_S: Final = 0.9
REMOTE: Final = ("sftp", "s3")
_OPTIONS: Final = {"pattern", "url"}
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
_log = structlog.get_logger("etl.transports.files")


def local(file: Path) -> bytes:
    """A file that somebody names: its bytes, or its beginning when it is large."""
    try:
        size = file.stat().st_size
        if size > MAX_FILE:
            raise Refused(str(file), f"is larger than {MAX_FILE >> 20} MiB", fault=Fault.COMMAND)
        return file.read_bytes() if size <= WHOLE else Stored.behind(lambda: file.open("rb"), size)
    except OSError as error:
        raise Refused(
            str(file), f"cannot be read ({error.strerror})", fault=Fault.COMMAND
        ) from None


def check(platform: Platform) -> None:
    """ConfigError when the settings of a platform cannot be used."""
    url = platform.options.get("url", "")
    scheme = urlsplit(url).scheme if isinstance(url, str) else ""
    allowed = _OPTIONS | (_remote().options(url) if scheme in REMOTE else set())
    for name, value in platform.options.items():
        if name not in allowed:
            raise wrong(platform, name, value, ", ".join(sorted(allowed)))
        if not isinstance(value, str) or not value:
            raise wrong(platform, name, value, "a text")
    if scheme in REMOTE:
        _remote().check(platform, url)
    elif scheme not in ("", "file"):
        raise wrong(platform, "url", url, "a folder, sftp://… or s3://…")


def inbox(platform: Platform, var: Path) -> list[Folder]:
    """The folders a platform is looked for in: its inbox by hand and, by files, its own."""
    by_hand = var / "inbox" / platform.key
    by_hand.mkdir(parents=True, exist_ok=True, mode=0o700)
    folders = [Folder(platform.key, str(by_hand))]
    url = platform.options.get("url") if platform.transport == "files" else None
    if url and url != str(by_hand):
        folders.append(Folder(platform.key, url, platform.options.get("pattern", "*"), platform))
        folders[-1].remember(var / "raw" / platform.key / "taken.json")
    return folders


class Dropped(NamedTuple):
    """One finished file: where it lies, its name, its bytes or, of a large one, its beginning."""

    path: str
    name: str
    payload: bytes


class _Gone(Retryable):
    """Somebody took a file away between the look and the reading."""


class _Look(NamedTuple):
    mark: Mark
    at: float


class Folder:
    """One folder of one platform, on this machine or, with its platform, on another."""

    def __init__(
        self, key: str, address: str, pattern: str = "*", platform: Platform | None = None
    ) -> None:
        self.platform = key
        self.pattern = pattern
        self._address = address
        self._remote = platform if urlsplit(address).scheme in REMOTE else None
        self._every = platform.every.total_seconds() if platform else 0.0
        self._files: Any = None
        self._root = ""
        self._looks: dict[str, _Look] = {}
        self._taken: Taken | None = None
        self._told = False
        self._due, self._failed = 0.0, 0

    def remember(self, file: Path) -> None:
        """Where it is kept what was taken when nothing may be moved."""
        self._taken = Taken(file)

    @property
    def is_empty(self) -> bool:
        """Whether no file lies here, finished or growing; another machine is not asked."""
        return self._remote is not None or not self._entries()

    @property
    def is_ready(self) -> bool:
        """Whether a finished file lies here, or it is time to ask the other machine."""
        if self._remote is not None:
            return time.monotonic() >= self._due
        return bool(self._settled())

    def finished(self) -> Iterator[Dropped]:
        """The files that have stopped growing, oldest first."""
        too_big = None
        for mark in self._looked():
            name = PurePosixPath(mark.path).name
            if mark.size > MAX_FILE:
                too_big = f"{name} is larger than {MAX_FILE >> 20} MiB"
                self.refuse(mark.path, too_big)
                continue
            payload = self._content(mark, name)
            if payload is not None:
                yield Dropped(mark.path, name, payload)
        if too_big:
            raise Refused(self.platform, too_big, fault=Fault.TOO_LARGE)

    def done(self, path: str) -> None:
        """Out of the way of the next look."""
        self._move(path, "done")

    def refuse(self, path: str, reason: str) -> None:
        """Aside, with the reason in a text file of the same name."""
        moved = self._move(path, "refused")
        if moved:
            with self._speaking():
                self._files.pipe_file(f"{moved}.txt", f"{reason}\n".encode())

    def close(self) -> None:
        """Give the connection to the other machine back."""
        files, self._files = self._files, None
        if self._is_sftp() and files is not None:
            files.client.close()

    def _looked(self) -> list[Mark]:
        """One look; when the other machine does not answer, the next look waits longer."""
        wait = min(_LOOK_AT_MOST_S, max(LOOK_S, self._every / _LOOKS))
        try:
            found = self._settled()
            self._failed = 0
        except EtlError:
            self._failed += 1
            wait = min(_LOOK_AT_MOST_S, wait * 2**self._failed)
            self.close()  # the connection may be what is broken
            raise
        finally:
            self._due = time.monotonic() + wait
        return found

    def _settled(self) -> list[Mark]:
        now = time.monotonic()
        looks: dict[str, _Look] = {}
        ready: list[Mark] = []
        marks = [
            Mark(entry["name"], int(entry["size"] or 0), _touched(entry))
            for entry in self._entries()
        ]
        if self._taken is not None:
            self._taken.keep(marks)
            marks = [mark for mark in marks if mark not in self._taken]
        for mark in marks:
            before = self._looks.get(mark.path)
            looks[mark.path] = look = before if before and before.mark == mark else _Look(mark, now)
            quiet = bool(mark.touched) and time.time() - mark.touched >= QUIET_S
            if quiet or now - look.at >= _BETWEEN_LOOKS_S:
                ready.append(mark)
        self._looks = looks
        return sorted(ready, key=lambda mark: (mark.touched, mark.path))

    def _open(self) -> None:
        if self._files is None and self._remote is not None:
            self._files, self._root = _remote().connect(self._remote, self._address)
        elif self._files is None:
            self._files, self._root = fsspec.core.url_to_fs(self._address)

    def _entries(self) -> list[dict[str, Any]]:
        self._open()
        with self._speaking():
            try:
                entries = self._listed()
            except FileNotFoundError:
                if self._remote is None or self._is_bucket():
                    return []
                raise
        return [entry for entry in entries if entry["type"] == "file" and self._wanted(entry)]

    def _listed(self) -> list[dict[str, Any]]:
        more = {} if self._is_sftp() else {"refresh": True}
        entries: list[dict[str, Any]] = self._files.ls(self._root, detail=True, **more)
        return entries

    def _is_sftp(self) -> bool:
        return urlsplit(self._address).scheme == "sftp"

    def _is_bucket(self) -> bool:
        """In a bucket a folder without files does not exist; the bucket itself must."""
        return not self._is_sftp() and bool(self._files.exists(self._root.split("/")[0]))

    def _wanted(self, entry: dict[str, Any]) -> bool:
        name = PurePosixPath(entry["name"]).name
        if name.startswith((".", "~$")) or name.endswith(_UNFINISHED) or entry.get("islink"):
            return False
        return fnmatch.fnmatch(name, self.pattern)

    def _content(self, mark: Mark, name: str) -> bytes | None:
        """The bytes of a file, or its beginning when it is large; None when it is gone by now."""

        def opened() -> BinaryIO:
            with self._reading(name):
                file = self._files.open(mark.path, "rb")
                if hasattr(file, "prefetch"):  # SFTP answers one request a round trip otherwise
                    file.prefetch()
            minded = Minded(file, lambda: self._reading(name), most=lambda n: self._most(n, name))
            return buffered(minded)

        try:
            if mark.size > WHOLE:
                return Stored.behind(opened, mark.size)
            with opened() as file:
                return file.read()
        except _Gone:
            return None

    def _most(self, size: int, name: str) -> None:
        """A place may tell a wrong size, or none."""
        if size > MAX_FILE:
            raise Refused(
                self.platform, f"{name} is larger than {MAX_FILE >> 20} MiB", fault=Fault.TOO_LARGE
            )

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        with self._speaking():
            try:
                yield
            except FileNotFoundError:
                raise _Gone(self.platform, f"{name} is gone", fault=Fault.FOLDER) from None
            except OSError as error:
                raise Retryable(
                    self.platform, f"{name} cannot be read ({error})", fault=Fault.FOLDER
                ) from None

    def _speaking(self) -> Any:
        return nullcontext() if self._remote is None else _remote().speaking(self.platform)

    def _move(self, path: str, where: str) -> str | None:
        """Where it lies now; None when it stays and is remembered."""
        self._open()
        home = f"{self._root}/{where}"
        name = PurePosixPath(path).name
        target, number = f"{home}/{name}", 1
        with self._speaking():
            try:
                self._files.makedirs(home, exist_ok=True)
                while self._files.exists(target):
                    number += 1
                    target = f"{home}/{number}-{name}"
                self._files.mv(path, target)
            except OSError as error:  # SFTP tells of a forbidden move in many ways
                self._stay(path, error)
                return None
        return target

    def _stay(self, path: str, error: OSError) -> None:
        look = self._looks.get(path)
        if self._taken is None or look is None:
            raise error
        self._taken.add(look.mark)
        if not self._told:
            self._told = True
            _log.info("files_stay", platform=self.platform, reason=str(error)[:200])


def _remote() -> ModuleType:
    """SSH takes 17 MiB of memory, which a site without folders on other machines does not spend."""
    return import_module("etl.transports.remote")


def _touched(entry: dict[str, Any]) -> float:
    """When the file was last written, in seconds; 0 where the place does not tell."""
    touched = entry.get("mtime") or entry.get("LastModified") or 0.0
    return touched.timestamp() if hasattr(touched, "timestamp") else float(touched)
