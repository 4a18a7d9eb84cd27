"""The raw archive: what a platform sent, unchanged, on disk before anything reads it.

One delivery is one file under raw/<key>/<day>/, written beside its place, synced, then renamed.
A line in manifest.jsonl makes it count; a file without a line was never acknowledged. A delivery
equal to one of the poll before is a line only. Closed days are packed into one file each.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import io
import json
import os
import threading
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from cases.faults import Fault
from config import clock, failpoint
from etl import packing
from etl.errors import Damaged, Retryable
from etl.even import Even
from etl.thinning import thinned

MANIFEST = "manifest.jsonl"
NOISE = "noise"  # notes of what came on a line and was no frame; no sign of life
MAX_RAW = 512 << 20  # one delivery; more than this is no delivery
_TAIL = 1 << 16  # more than any line has
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


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


class Archive:
    """All raw folders of one installation; one process writes them."""

    def __init__(self, var: Path) -> None:
        self.root = var / "raw"
        self._packs = packing.Packs(self.root)
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        self._previous: dict[str, dict[str, str]] = {}
        self._current: dict[str, dict[str, str]] = {}
        # what was delivered, by content; read once for a platform that is sent files
        self._contents: dict[str, set[tuple[str, str, str | None]]] = {}
        newest = [line for key in self.platforms() if (line := self._newest_line(key))]
        self._even = Even(max((line.ordered for line in newest), default=None))

    def platforms(self) -> list[str]:
        """The platforms that have sent anything."""
        if not self.root.is_dir():
            return []
        return sorted(p.name for p in self.root.iterdir() if (p / MANIFEST).is_file())

    def recover(self) -> None:
        """Remove what a sudden end left behind: half-written files and a torn last line."""
        for folder in self.root.glob("*/"):
            for part in (*folder.glob("*/*.part"), *folder.glob("*.part")):
                part.unlink(missing_ok=True)
            manifest = folder / MANIFEST
            if manifest.is_file():
                _cut_torn_line(manifest)

    def begin(self, key: str) -> None:
        """A new poll begins: its answers are compared with those of the poll before."""
        self._previous[key] = self._current.get(key) or self._last(key)
        self._current[key] = {}

    def land(
        self,
        key: str,
        payload: bytes,
        *,
        ext: str,
        source: str,
        cursor: str | None = None,
        count: int | None = None,
        mapping: str | None = None,
    ) -> Line:
        """Store one delivery; Retryable when the disk is full, and then nothing is left behind."""
        digest = hashlib.sha256(payload).hexdigest()
        recorded_at = clock.local()
        with self._lock(key):
            seen = self._previous.get(key, {}).get(digest)
            self._current.setdefault(key, {})
            try:
                path = seen or self._store(key, payload, recorded_at, ext)
                later = self._even.later(recorded_at)
                line = Line(
                    id=_identity(key, source, mapping, path, digest),
                    path=path,
                    sha256=digest,
                    bytes=len(payload),
                    recorded_at=recorded_at.isoformat(),
                    cursor=cursor,
                    count=count,
                    source=source,
                    unchanged=seen is not None,
                    mapping=mapping,
                    ordered_at=None if later is None else later.isoformat(),
                )
                self._append(key, line)
            except OSError as error:
                raise _full(key, error) from None
            self._current[key][digest] = path
            if key in self._contents:
                self._contents[key].add(_content(line))
        return line

    def keep_mapping(self, key: str, content: bytes) -> str:
        """Keep the mapping an import was read with, so that it can be read again the same way."""
        name = f"mappings/{hashlib.sha256(content).hexdigest()[:16]}.toml"
        file = self.root / key / name
        if not file.exists():
            try:
                _write(file, content)
            except OSError as error:
                raise _full(key, error) from None
        return name

    def lines(self, key: str) -> Iterator[Line]:
        """Every line of one platform in the order of arrival."""
        file = self.root / key / MANIFEST
        if not file.is_file():
            return
        with file.open(encoding="utf-8") as lines:
            for text in lines:
                if text.endswith("\n"):
                    yield Line(**json.loads(text))

    def in_force(self, key: str) -> list[Line]:
        """The deliveries that make up the data: a set read anew by a mended mapping counts once."""
        lines = [line for line in self.lines(key) if not line.unchanged]
        latest = {(line.sha256, line.source): line.mapping for line in lines}
        return [line for line in lines if line.mapping == latest[line.sha256, line.source]]

    def knows(self, key: str, digest: str, source: str, mapping: str | None) -> bool:
        """Whether exactly this content was delivered for this source before."""
        with self._lock(key):
            if key not in self._contents:
                self._contents[key] = {_content(line) for line in self.lines(key)}
            return (digest, source, mapping) in self._contents[key]

    def read(self, key: str, line: Line) -> bytes:
        """The delivery behind a line; Damaged when the file is gone or not what was received."""
        try:
            with self._open(key, line.path) as content:
                payload = content.read(MAX_RAW + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise Damaged(
                key, f"raw file {line.path} cannot be read ({error})", fault=Fault.RAW_DAMAGED
            ) from None
        if hashlib.sha256(payload).hexdigest() != line.sha256:
            raise Damaged(
                key, f"raw file {line.path} is not what was received", fault=Fault.RAW_DAMAGED
            )
        return payload

    def loose(self, key: str, before: date) -> list[date]:
        """The days before one that are not packed yet."""
        home = self.root / key
        return [day for day in packing.days(home) if day < before and self._is_loose(home, day)]

    def pack(self, key: str, before: date, aside: Path) -> int:
        """Pack what was received before a day; how many deliveries that were."""
        home, loose = self.root / key, self.loose(key, before)
        if not loose:
            return 0
        digests = {line.path: line.sha256 for line in self.lines(key)}
        self._packs.close()
        return sum(packing.pack(home, day, digests, aside) for day in loose)

    def thin(self, key: str, before: date, every: timedelta) -> int:
        """Write runs of unchanged answers before a day as one line each; how many lines went."""
        with self._lock(key):
            lines = list(self.lines(key))
            kept = thinned(lines, before, every)
            if len(kept) < len(lines):
                text = "".join(_text(line) for line in kept)
                _write(self.root / key / MANIFEST, text.encode("utf-8"))
        return len(lines) - len(kept)

    def drop(self, key: str, before: date) -> list[date]:
        """Forget what was received before a day, lines first; the days that went."""
        home = self.root / key
        gone = [day for day in packing.days(home) if day < before]
        if gone:
            first = before.isoformat()
            self._packs.close()
            with self._lock(key):
                kept = [line for line in self.lines(key) if line.recorded_at >= first]
                text = "".join(_text(line) for line in kept)
                _write(home / MANIFEST, text.encode("utf-8"))
            packing.drop(home, gone)
        return gone

    def _open(self, key: str, path: str) -> gzip.GzipFile:
        """A delivery that lies there by itself, or in the pack of its day."""
        with contextlib.suppress(FileNotFoundError):
            return gzip.open(self.root / key / path)
        return gzip.GzipFile(fileobj=io.BytesIO(self._packs.read(key, path)))

    def _is_loose(self, home: Path, day: date) -> bool:
        return (home / day.isoformat()).is_dir()

    def _lock(self, key: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(key, threading.Lock())

    def _last(self, key: str) -> dict[str, str]:
        """After a start only the very last delivery is known from the poll before."""
        last = self._newest_line(key)
        return {} if last is None else {last.sha256: last.path}

    def _newest_line(self, key: str) -> Line | None:
        """The last whole line of a manifest, read from its end."""
        file = self.root / key / MANIFEST
        if not file.is_file():
            return None
        with file.open("rb") as lines:
            lines.seek(max(0, lines.seek(0, os.SEEK_END) - _TAIL))
            whole = lines.read().rpartition(b"\n")[0].rpartition(b"\n")[2]
        return Line(**json.loads(whole)) if whole else None

    def _store(self, key: str, payload: bytes, at: datetime, ext: str) -> str:
        sequence = 0
        while True:
            path = f"{at:%Y-%m-%d}/{at:%H%M%S.%f}-{sequence}.{ext}.gz"
            file = self.root / key / path
            if not file.exists():
                break
            sequence += 1
        _write(file, gzip.compress(payload, 6, mtime=0))
        return path

    def _append(self, key: str, line: Line) -> None:
        manifest = self.root / key / MANIFEST
        manifest.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_new = not manifest.exists()
        handle = os.open(manifest, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(handle).st_size
            try:
                _write_all(handle, _text(line).encode("utf-8"))
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


def is_full(error: OSError) -> bool:
    """Whether this error says that there is no room."""
    return error.errno in _NO_ROOM


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to disk: a renamed file is only then there for good."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _text(line: Line) -> str:
    said = asdict(line)
    for name in ("ordered_at", "until"):
        if said[name] is None:
            del said[name]
    return json.dumps(said, ensure_ascii=False) + "\n"


def _identity(key: str, source: str, mapping: str | None, path: str, digest: str) -> str:
    text = "\n".join((key, source, mapping or "", path, digest))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _content(line: Line) -> tuple[str, str, str | None]:
    return line.sha256, line.source, line.mapping


def _full(key: str, error: OSError) -> Exception:
    if is_full(error):
        return Retryable(
            key,
            "the disk is full, nothing was stored; loading goes on with room",
            fault=Fault.DISK_FULL,
        )
    return error


def _write(file: Path, content: bytes) -> None:
    """Write beside, sync, rename, sync the folder; on any error nothing is left."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(file.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        try:
            _write_all(handle, content)
            failpoint.reach("raw.written")
            os.fsync(handle)
            failpoint.reach("raw.synced")
        finally:
            os.close(handle)
        part.replace(file)
        failpoint.reach("raw.renamed")
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    sync_folder(file.parent)


def _write_all(handle: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def _cut_torn_line(manifest: Path) -> None:
    with manifest.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        back = min(size, 1 << 16)
        file.seek(size - back)
        tail = file.read(back)
        whole = tail.rfind(b"\n") + 1
        if whole != len(tail):
            file.truncate(size - back + whole)
            file.flush()
            os.fsync(file.fileno())
