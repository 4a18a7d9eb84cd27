"""The manifest of a platform's raw files: a line for each delivery makes it count."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config import failpoint
from etl.durable import sync_folder, write_all

MANIFEST = "manifest.jsonl"
_TAIL = 1 << 16  # more than any line has
NOISE = "noise"  # notes of what came on a line and was no frame; no sign of life


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the manifest: where a delivery lies, what it is, which cursor follows it."""

    id: str
    path: str
    sha256: str
    bytes: int
    recorded_at: str
    cursor: str | None
    count: int | None
    source: str
    unchanged: bool
    mapping: str | None
    ordered_at: str | None = None  # where the clock had been ahead, see etl/even.py
    until: str | None = None  # the last of a run of equal answers, see etl/thinning.py

    @property
    def received(self) -> datetime:
        """When it was received, local time."""
        return datetime.fromisoformat(self.recorded_at)

    @property
    def last(self) -> datetime:
        """When this was said last."""
        return datetime.fromisoformat(self.until or self.recorded_at)

    @property
    def ordered(self) -> datetime:
        """Its place in the order of deliveries."""
        return datetime.fromisoformat(self.ordered_at or self.recorded_at)

    @property
    def content(self) -> tuple[str, str, str | None]:
        """What was delivered, for whom, read by which mapping."""
        return self.sha256, self.source, self.mapping

    @property
    def text(self) -> str:
        """The line as it is written."""
        said = asdict(self)
        for name in ("ordered_at", "until"):
            if said[name] is None:
                del said[name]
        return json.dumps(said, ensure_ascii=False) + "\n"


def identity(key: str, source: str, mapping: str | None, path: str, digest: str) -> str:
    """The name of a delivery for good."""
    text = "\n".join((key, source, mapping or "", path, digest))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read(manifest: Path) -> Iterator[Line]:
    """Every line in the order of arrival; a torn last one is none."""
    if not manifest.is_file():
        return
    with manifest.open(encoding="utf-8") as lines:
        for text in lines:
            if text.endswith("\n"):
                yield Line(**json.loads(text))


def newest(manifest: Path) -> Line | None:
    """The last whole line, read from the end."""
    if not manifest.is_file():
        return None
    with manifest.open("rb") as lines:
        lines.seek(max(0, lines.seek(0, os.SEEK_END) - _TAIL))
        whole = lines.read().rpartition(b"\n")[0].rpartition(b"\n")[2]
    return Line(**json.loads(whole)) if whole else None


def append(manifest: Path, line: Line) -> None:
    """One more line, on disk; on any error the manifest is as it was."""
    manifest.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not manifest.exists()
    handle = os.open(manifest, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        try:
            write_all(handle, line.text.encode("utf-8"))
            failpoint.reach("manifest.written")
            os.fsync(handle)
            failpoint.reach("manifest.synced")
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
    if is_new:
        sync_folder(manifest.parent)


def cut_torn_line(manifest: Path) -> None:
    """Take away what a sudden end left of a last line."""
    with manifest.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        back = min(size, _TAIL)
        file.seek(size - back)
        tail = file.read(back)
        whole = tail.rfind(b"\n") + 1
        if whole != len(tail):
            file.truncate(size - back + whole)
            file.flush()
            os.fsync(file.fileno())


def answered(lines: Iterable[Line], source: str, every: timedelta) -> Iterator[datetime]:
    """When a platform answered: the ends of each spell, and between them as few as tell it."""
    moments = {
        at
        for line in lines
        if line.source == source and not line.path.endswith(f".{NOISE}.gz")
        for at in _points(line, 2 * every)
    }
    said: datetime | None = None
    held: datetime | None = None
    for at in sorted(moments):
        if said is None or at - said > 2 * every:
            if held is not None and held != said:
                yield held
                said = held
            if said is None or at - said > 2 * every:
                yield at
                said = at
        held = at
    if held is not None and held != said:
        yield held


def _points(line: Line, step: timedelta) -> Iterator[datetime]:
    """The moments of a run, close enough together to be one spell."""
    at = line.received
    while at < line.last:
        yield at
        at += step
    yield line.last
