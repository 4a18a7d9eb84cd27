"""A published copy made of one that has expired: only what differs is written.

The engine writes a changed row group to another place of its file and leaves the rest as it lies,
so that a copy of a quarter of an hour ago differs from the file of today in a few of its blocks.
Both are read and compared byte by byte; what differs is written over. The old copy is used only
while nobody has it open: a reader who still does keeps what it reads, and a whole copy is made.
"""

import errno
import fcntl
import os
import signal
from pathlib import Path
from typing import Final

from warehouse import generation

_HEAD: Final = 3 * 4096  # the engine's headers lie before the first block
_BLOCK: Final = 256 * 1024


def copy(source: Path, target: Path) -> None:
    """The content of source at target, on the disk; the spare copy of its kind is used up."""
    spare = generation.spare_file(target)
    target.unlink(missing_ok=True)
    try:
        spare.replace(target)
    except FileNotFoundError:
        generation.copy(source, target)
        return
    # from here on the old name must not come back: it would stand for a mixture
    generation.sync_folder(target.parent)
    if not _roll(source, target):
        generation.copy(source, target)


def _roll(source: Path, target: Path) -> bool:
    """Write over what differs; nothing is done where somebody else could see it."""
    new = os.open(source, os.O_RDONLY)
    try:
        old = os.open(target, os.O_RDWR)
        try:
            if os.fstat(old).st_nlink > 1 or not _is_alone(old):
                return False
            _write_over(new, old)
            os.fsync(old)
        finally:
            os.close(old)
    finally:
        os.close(new)
    return True


def _is_alone(file: int) -> bool:
    """Whether no one else has a file open: only then does the kernel grant a write lease."""
    try:
        fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)  # what breaks a lease ends no process
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    except OSError:
        return False
    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return True


def _write_over(new: int, old: int) -> None:
    size = os.fstat(new).st_size
    os.ftruncate(old, size)
    ours, theirs = bytearray(_BLOCK), bytearray(_BLOCK)
    for start in (0, *range(_HEAD, size, _BLOCK)):
        length = min(size, start + _BLOCK) - start if start else min(size, _HEAD)
        here = memoryview(ours)[:length]
        if os.preadv(new, [here], start) != length:
            raise OSError(errno.EIO, f"a file of {size} bytes ends while it is published")
        os.preadv(old, [memoryview(theirs)[:length]], start)
        # what lies behind a short read is the same in both or is written
        if ours != theirs and os.pwritev(old, [here], start) != length:
            raise OSError(errno.ENOSPC, "no space left for a published copy")
