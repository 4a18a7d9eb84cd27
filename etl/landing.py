"""The raw archive: what a platform sent, unchanged, on disk before anything reads it.

One delivery is one file under raw/<key>/<day>/, written beside its place, synced, then renamed.
A line in manifest.jsonl makes it count; a file without a line was never acknowledged. A delivery
equal to one of the poll before is a line only. Closed days are packed into one file each.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from cases.faults import Fault
from config import clock
from etl import durable, manifest, packing
from etl.errors import Damaged, Retryable
from etl.even import Even
from etl.formats.stored import STEP, WHOLE, Minded, Stored, buffered, opened
from etl.manifest import MANIFEST, Line
from etl.thinning import thinned

MAX_RAW = 512 << 20  # one delivery; more than this is no delivery


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
            if (folder / MANIFEST).is_file():
                manifest.cut_torn_line(folder / MANIFEST)

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
        about = {"source": source, "cursor": cursor, "count": count, "mapping": mapping}
        line = self._land(key, payload, ext, about, is_once=False)
        assert line is not None
        return line

    def land_once(self, key: str, payload: bytes, *, ext: str, source: str) -> Line | None:
        """The same for a file; None when exactly its content was delivered before."""
        about = {"source": source, "cursor": None, "count": None, "mapping": None}
        return self._land(key, payload, ext, about, is_once=True)

    def _land(
        self, key: str, payload: bytes, ext: str, about: dict[str, Any], *, is_once: bool
    ) -> Line | None:
        recorded_at = clock.local()
        with self._lock(key):
            file = self._free(key, recorded_at, ext)
            self._current.setdefault(key, {})
            try:
                if isinstance(payload, Stored):
                    with payload.open() as content:
                        digest, size = durable.pack(file, content)
                else:
                    digest, size = hashlib.sha256(payload).hexdigest(), len(payload)
                about |= {"sha256": digest, "bytes": size, "recorded_at": recorded_at.isoformat()}
                if is_once and self._knows(key, digest, about["source"], None):
                    durable.forget(file)
                    return None
                seen = self._previous.get(key, {}).get(digest)
                if seen:
                    durable.forget(file)
                elif isinstance(payload, Stored):
                    durable.rename(file)
                else:
                    durable.write(file, gzip.compress(payload, 6, mtime=0))
                later = self._even.later(recorded_at)
                about["ordered_at"] = None if later is None else later.isoformat()
                path = seen or f"{file.parent.name}/{file.name}"
                name = manifest.identity(key, about["source"], about["mapping"], path, digest)
                line = Line(id=name, path=path, unchanged=seen is not None, **about)
                manifest.append(self.root / key / MANIFEST, line)
            except OSError as error:
                raise _full(key, error) from None
            self._current[key][digest] = path
            if key in self._contents:
                self._contents[key].add(line.content)
        return line

    def keep_mapping(self, key: str, content: bytes) -> str:
        """Keep the mapping an import was read with, so that it can be read again the same way."""
        name = f"mappings/{hashlib.sha256(content).hexdigest()[:16]}.toml"
        file = self.root / key / name
        if not file.exists():
            try:
                durable.write(file, content)
            except OSError as error:
                raise _full(key, error) from None
        return name

    def lines(self, key: str) -> Iterator[Line]:
        """Every line of one platform in the order of arrival."""
        return manifest.read(self.root / key / MANIFEST)

    def in_force(self, key: str) -> list[Line]:
        """The deliveries that make up the data: a set read anew by a mended mapping counts once."""
        lines = [line for line in self.lines(key) if not line.unchanged]
        latest = {(line.sha256, line.source): line.mapping for line in lines}
        return [line for line in lines if line.mapping == latest[line.sha256, line.source]]

    def knows(self, key: str, digest: str, source: str, mapping: str | None) -> bool:
        """Whether exactly this content was delivered for this source before."""
        with self._lock(key):
            return self._knows(key, digest, source, mapping)

    def _knows(self, key: str, digest: str, source: str, mapping: str | None) -> bool:
        if key not in self._contents:
            self._contents[key] = {line.content for line in self.lines(key)}
        return (digest, source, mapping) in self._contents[key]

    def content(self, key: str, line: Line) -> bytes:
        """The delivery behind a line, or its beginning when it is too large to be held; Damaged
        when the file is gone or not what was received."""
        return self._stored(key, line) if line.bytes > WHOLE else self.read(key, line)

    def read(self, key: str, line: Line) -> bytes:
        """The same, held as a whole."""
        with _minded(key, line):
            with self._open(key, line.path) as content:
                payload = content.read(MAX_RAW + 1)
            _judge(key, line, hashlib.sha256(payload).hexdigest())
            return payload

    def verify(self, key: str, line: Line) -> None:
        """Read a delivery back, piece by piece; Damaged when it is not what was received."""
        with opened(self.content(key, line)) as content:
            while content.read(STEP):
                pass

    def _stored(self, key: str, line: Line) -> Stored:
        def opened() -> BinaryIO:
            with _minded(key, line):
                file = self._open(key, line.path)
            minded = Minded(
                file, lambda: _minded(key, line), at_end=lambda digest: _judge(key, line, digest)
            )
            return buffered(minded)

        return Stored.behind(opened, line.bytes)

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
                text = "".join(line.text for line in kept)
                durable.write(self.root / key / MANIFEST, text.encode("utf-8"))
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
                text = "".join(line.text for line in kept)
                durable.write(home / MANIFEST, text.encode("utf-8"))
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
        return manifest.newest(self.root / key / MANIFEST)

    def _free(self, key: str, at: datetime, ext: str) -> Path:
        """Where the next delivery may lie."""
        sequence = 0
        while True:
            path = f"{at:%Y-%m-%d}/{at:%H%M%S.%f}-{sequence}.{ext}.gz"
            file = self.root / key / path
            if not file.exists():
                return file
            sequence += 1


@contextmanager
def _minded(key: str, line: Line) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        raise Damaged(
            key, f"raw file {line.path} cannot be read ({error})", fault=Fault.RAW_DAMAGED
        ) from None


def _judge(key: str, line: Line, digest: str) -> None:
    if digest != line.sha256:
        raise Damaged(
            key, f"raw file {line.path} is not what was received", fault=Fault.RAW_DAMAGED
        )


def _full(key: str, error: OSError) -> Exception:
    if durable.is_full(error):
        return Retryable(
            key,
            "the disk is full, nothing was stored; loading goes on with room",
            fault=Fault.DISK_FULL,
        )
    return error
