"""Published generations on disk: their files, the pointer to the newest, what is kept."""

import json
import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config import failpoint

KEEP_FOR, KEEP_AT_LEAST = timedelta(minutes=15), 3
POINTER = "CURRENT.json"
TROUBLES = ("pointer_missing", "pointer_unreadable", "generation_unreadable")


@dataclass(frozen=True)
class SourceState:
    """One source of rows: which platform it belongs to and when it last delivered.

    `changed` is the number of the newest delivery that changed a row: a platform that is asked
    every minute and has nothing new keeps it. `newest_at` is the newest moment its rows tell of
    themselves. Both are None in a generation that an older program published.
    """

    source: str
    platform: str
    own: bool
    demo: bool
    last_success_at: datetime | None
    changed: int | None = None
    newest_at: datetime | None = None


@dataclass(frozen=True)
class Generation:
    """One published snapshot; times are naive local.

    `trouble` says why this one is read and not the newest: one of TROUBLES; empty when it is.
    """

    number: int
    published_at: datetime
    sources: tuple[SourceState, ...]
    trouble: str = ""

    def own_sources(self, platforms: Collection[str]) -> tuple[str, ...]:
        """The site's own sources of some platforms."""
        return tuple(one.source for one in self.sources if one.own and one.platform in platforms)


def folder(var: Path) -> Path:
    """Where generations are published."""
    return var / "serving"


def core_file(var: Path, number: int) -> Path:
    """The core file of a generation."""
    return folder(var) / f"core-{number:08d}.duckdb"


def mart_file(var: Path, number: int) -> Path:
    """The marts file of a generation."""
    return folder(var) / f"mart-{number:08d}.duckdb"


def spare_file(file: Path) -> Path:
    """Where an expired file waits beside the published ones of its kind until it is copied over."""
    return file.with_name(file.name.split("-")[0] + ".spare")


def read_pointer(var: Path) -> dict[str, Any] | None:
    """The pointer as last written; None before the first publish.

    One that was damaged counts as not there: the next publish writes it anew.
    """
    try:
        found = json.loads((folder(var) / POINTER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_whole = isinstance(found, dict) and isinstance(found.get("generation"), int)
    return found if is_whole else None


def write_pointer(var: Path, pointer: dict[str, Any]) -> None:
    """Flip the pointer: a reader sees the old one or the new one."""
    part = folder(var) / (POINTER + ".tmp")
    with part.open("w", encoding="utf-8") as out:
        out.write(json.dumps(pointer, ensure_ascii=False))
        out.flush()
        os.fsync(out.fileno())
    failpoint.reach("pointer.written")
    part.replace(folder(var) / POINTER)
    failpoint.reach("pointer.renamed")
    sync_folder(folder(var))


def kept(var: Path) -> list[int]:
    """The numbers of the generations whose both files are there, oldest first."""
    numbers = [int(path.stem.removeprefix("mart-")) for path in folder(var).glob("mart-*.duckdb")]
    return sorted(n for n in numbers if core_file(var, n).exists())


def remove_leftovers(var: Path) -> None:
    """Take away what a publish that died left behind."""
    for pattern in ("*.tmp", "*.tmp.wal", "*.wal"):
        for path in folder(var).glob(pattern):
            path.unlink(missing_ok=True)
    whole = set(kept(var))
    for path in folder(var).glob("*-*.duckdb"):
        if int(path.stem.split("-")[1]) not in whole:
            path.unlink(missing_ok=True)


def remove_expired(var: Path, published: dict[int, datetime], now: datetime) -> None:
    """Take away generations that are old enough, but never the last few."""
    numbers = kept(var)
    for number in numbers[:-KEEP_AT_LEAST]:
        at = published.get(number)
        if at is None or abs(now - at) > KEEP_FOR:
            _retire(core_file(var, number))
            _retire(mart_file(var, number))


def _retire(file: Path) -> None:
    """Take a file away; the last name of a content becomes the spare copy of its kind."""
    if file.stat().st_nlink > 1:
        file.unlink()
    else:
        file.replace(spare_file(file))


def copy(source: Path, target: Path) -> None:
    """A copy that is on the disk when this returns."""
    target.unlink(missing_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o600)
    sync_file(target)


def sync_file(path: Path) -> None:
    """Bring a file's content to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Bring a folder's names to the disk."""
    sync_file(path)
