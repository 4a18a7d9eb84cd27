"""What the segments of a stream hold, looked at while the stream is at work."""

from __future__ import annotations

from pathlib import Path

from etl.transports.segment import CLOSED, OPEN


def _named(folder: Path) -> list[Path]:
    return sorted([*folder.glob(f"*{OPEN}"), *folder.glob(f"*{CLOSED}")])


def held(folder: Path) -> list[bytes]:
    """The bytes of each segment, oldest first, as of one moment.

    A segment takes another name when it is closed, and goes when it is handed over: what was
    listed may be gone when it is read, or be listed under neither name. So it is looked at again
    until nothing has changed its name meanwhile.
    """
    while True:
        files = _named(folder)
        try:
            found = [file.read_bytes() for file in files]
        except FileNotFoundError:
            continue
        if _named(folder) == files:
            return found
