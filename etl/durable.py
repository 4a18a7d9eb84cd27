"""Files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from config import failpoint

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
_STEP: Final = 1 << 20


def write(file: Path, content: bytes) -> None:
    """Write beside, sync, rename, sync the folder; on any error nothing is left."""
    with _beside(file) as handle:
        write_all(handle, content)
    rename(file)


def pack(file: Path, content: BinaryIO) -> tuple[str, int]:
    """Write what is read, packed, beside a file that `rename` then makes of it; digest and size."""
    digest, size = hashlib.sha256(), 0
    with (
        _beside(file) as handle,
        os.fdopen(handle, "wb", closefd=False) as out,
        gzip.GzipFile("", "wb", 6, out, 0) as packed,
    ):
        while piece := content.read(_STEP):
            digest.update(piece)
            size += len(piece)
            packed.write(piece)
    return digest.hexdigest(), size


def rename(file: Path) -> None:
    """Give what was written beside a file its name, for good."""
    part = _part(file)
    try:
        part.replace(file)
        failpoint.reach("raw.renamed")
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    sync_folder(file.parent)


def forget(file: Path) -> None:
    """What was written beside a file is not wanted."""
    _part(file).unlink(missing_ok=True)


def write_all(handle: int, content: bytes) -> None:
    """Write to the last byte, however often the system takes only some."""
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to disk: a renamed file is only then there for good."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_full(error: OSError) -> bool:
    """Whether this error says that there is no room."""
    return error.errno in _NO_ROOM


def _part(file: Path) -> Path:
    return file.with_name(file.name + ".part")


@contextmanager
def _beside(file: Path) -> Iterator[int]:
    """A handle to write beside a file; what was written is on disk at the end."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = _part(file)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        try:
            yield handle
            failpoint.reach("raw.written")
            os.fsync(handle)
            failpoint.reach("raw.synced")
        finally:
            os.close(handle)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
