"""Closed raw days: one file per platform and day instead of thousands.

A pack is a plain ZIP of the day's deliveries as they lie there (gzip, not squeezed again), so that
anybody can open it. It takes the place of the day's folder once every delivery in it has been read
back and is what the manifest says. A damaged one goes to quarantine and is told.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import shutil
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import structlog

MOVING: Final = threading.RLock()  # files of the archive change their place under this only
_STEP: Final = 1 << 20
_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_log = structlog.get_logger("etl.packing")


class Packs:
    """Deliveries read out of packs; the pack of the last day that was asked for stays open."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._open: tuple[Path, zipfile.ZipFile] | None = None

    def read(self, key: str, path: str) -> bytes:
        """The compressed delivery at a path of the manifest; OSError when it is in no pack."""
        day, _, name = path.partition("/")
        file = pack_of(self._root / key, day)
        with self._lock:
            try:
                return self._pack(file).read(name)
            except (KeyError, zipfile.BadZipFile, zlib.error) as error:
                raise OSError(f"{file.name} does not give it: {error}") from None

    def close(self) -> None:
        """Give the open pack back; after packs have been moved, too."""
        with self._lock:
            if self._open is not None:
                self._open[1].close()
                self._open = None

    def _pack(self, file: Path) -> zipfile.ZipFile:
        if self._open is None or self._open[0] != file:
            if self._open is not None:
                self._open[1].close()
                self._open = None
            self._open = (file, zipfile.ZipFile(file))
        return self._open[1]


def pack_of(home: Path, day: str) -> Path:
    """Where the pack of a day lies in a platform's folder."""
    return home / f"{day}.zip"


def days(home: Path) -> list[date]:
    """The days of which a platform has anything, loose or packed."""
    found = {path.stem for path in home.glob(f"{_DAY}.zip")} | {p.name for p in home.glob(_DAY)}
    return sorted(date.fromisoformat(day) for day in found)


def pack(home: Path, day: date, digests: Mapping[str, str], aside: Path) -> int:
    """Pack one closed day; how many deliveries the pack holds.

    `digests` are the contents by path as the manifest knows them: a file that it does not know was
    never acknowledged and goes.
    """
    folder, target = home / day.isoformat(), pack_of(home, day.isoformat())
    if not folder.is_dir():
        return 0
    with MOVING:
        whole = dict(_loose(folder, digests, aside))
        if target.is_file():  # packed before, and something came for this day since
            whole = dict(_packed(target)) | whole
        if whole:
            _write(target, whole)
        shutil.rmtree(folder)
        _sync(home)
    return len(whole)


def drop(home: Path, gone: Iterable[date]) -> None:
    """Remove days for good; their lines have left the manifest before."""
    with MOVING:
        for day in gone:
            pack_of(home, day.isoformat()).unlink(missing_ok=True)
            shutil.rmtree(home / day.isoformat(), ignore_errors=True)
        _sync(home)


def is_whole(file: Path, digest: str) -> bool:
    """Whether a compressed delivery is what was received; it may be too large to be held."""
    found = hashlib.sha256()
    try:
        with gzip.open(file) as content:
            while piece := content.read(_STEP):
                found.update(piece)
    except (OSError, EOFError, zlib.error):
        return False
    return found.hexdigest() == digest


def set_aside(file: Path, aside: Path) -> None:
    """A damaged raw file to quarantine, under its own name and day."""
    aside.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileNotFoundError):
        file.rename(aside / f"{file.parent.name}-{file.name}")
        _log.error("raw_set_aside", file=f"{file.parent.name}/{file.name}", aside=str(aside))


_Member = Callable[[], bytes]  # read when it is its turn: a day may be more than memory


def _loose(folder: Path, digests: Mapping[str, str], aside: Path) -> Iterator[tuple[str, _Member]]:
    for file in sorted(folder.iterdir()):
        digest = digests.get(f"{folder.name}/{file.name}")
        if digest is None:
            continue
        if is_whole(file, digest):
            yield file.name, file.read_bytes
        else:
            set_aside(file, aside)


def _packed(target: Path) -> Iterator[tuple[str, _Member]]:
    def member(name: str) -> bytes:
        with _pack(target) as old:
            return old.read(name)

    with _pack(target) as old:
        for name in old.namelist():
            yield name, partial(member, name)


@contextlib.contextmanager
def _pack(target: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(target) as old:
            yield old
    except (zipfile.BadZipFile, zlib.error) as error:
        raise OSError(f"{target.name} is damaged, nothing is added to it ({error})") from None


def _write(target: Path, members: Mapping[str, _Member]) -> None:
    """Write beside, read back, sync, rename."""
    part = target.with_name(target.name + ".part")
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as made:
            for name, data in sorted(members.items()):
                made.writestr(zipfile.ZipInfo(name), data())
        file.flush()
        os.fsync(file.fileno())
        with zipfile.ZipFile(file) as written:
            if written.testzip() is not None or len(written.namelist()) != len(members):
                raise OSError(f"{part} was not written as it should be")
    part.replace(target)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
