"""How far an export is, told from the child to whoever asked for it, through one small file.

The page names its export by a random word of its own; any web worker can read the file, and a
second file beside it asks the child to stop after the block it is writing.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

JOB: Final = re.compile(r"[A-Za-z0-9_-]{22}")
WAITING, WRITING, DONE, STOPPED, FAILED = "waiting", "writing", "done", "stopped", "failed"
_KEPT_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows written of all, and whose export it is."""

    rows: int
    total: int
    state: str
    by: str


class Stopped(Exception):
    """Whoever asked for the file has stopped it."""


def note(folder: Path, job: str, found: Progress) -> None:
    """Tell how far it is; an export that nobody named is not told of."""
    if not job:
        return
    part = folder / f"{job}.part"
    part.write_text(json.dumps(asdict(found)), encoding="utf-8")
    part.replace(folder / f"{job}.progress")  # a reader never meets half a line


def read(folder: Path, job: str, by: str) -> Progress | None:
    """How far an export of one's own is; None for another's and for what is not known."""
    try:
        text = (folder / f"{job}.progress").read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    found = Progress(**json.loads(text))
    return found if found.by == by else None


def stop(folder: Path, job: str) -> None:
    """Ask the child to stop."""
    (folder / f"{job}.stop").touch(mode=0o600)


def demand_going(folder: Path, job: str) -> None:
    """Stopped where it was asked for."""
    if job and (folder / f"{job}.stop").exists():
        raise Stopped


def forget_old(folder: Path) -> None:
    """What exports of an hour ago have left."""
    for path in (*folder.glob("*.progress"), *folder.glob("*.stop")):
        try:
            if time.time() - path.stat().st_mtime > _KEPT_S:
                path.unlink()
        except FileNotFoundError:
            continue  # another worker was first
