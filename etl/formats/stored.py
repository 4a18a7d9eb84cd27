"""A delivery too large to be held: its beginning as bytes, and the way to the whole.

Tables of text are read from it line by line. Every other kind is built up in memory as a whole, at
several times its size, and is refused above what memory bears: before it is stored, and again by
whoever reads it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final, Self

from cases.faults import Fault
from etl.errors import BadRecord
from etl.formats.json_size import excess

WHOLE: Final = 16 << 20  # bytes that are held at once
PACKED: Final = 64 << 20  # a workbook or ZIP; what it unpacks to has limits of its own
STEP: Final = 1 << 20
_HEAD: Final = 64 << 10
_MARKS: Final = b"\xef\xbb\xbf \t\r\n"
_BEGINNINGS: Final = (  # what a file begins with, what it is, how large it may be
    (b"PK\x03\x04", "workbook or ZIP", PACKED),
    (b"\xd0\xcf\x11\xe0", "workbook", PACKED),
    (b"{", "JSON file", WHOLE),
    (b"[", "JSON file", WHOLE),
    (b"<", "XML file", WHOLE),
    (b"~~", "file of frames", WHOLE),
)
_PACKS: Final = {".zip", ".xlsx", ".xlsm", ".xls"}
_PACKED_BEGINNINGS: Final = {b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"}
Minding = Callable[[], AbstractContextManager[None]]


class Stored(bytes):
    """The beginning of a delivery; whoever reads it must open the whole, and is held to it."""

    size: int
    was_read: bool  # whether somebody read it to its end
    _opener: Callable[[], BinaryIO]

    @classmethod
    def behind(cls, opener: Callable[[], BinaryIO], size: int) -> Self:
        """The delivery that an opener gives from its first byte on, each time."""
        with opener() as file:
            made = cls(file.read(_HEAD))
        made._opener, made.size, made.was_read = opener, size, False
        return made

    def open(self) -> BinaryIO:
        """The whole from its first byte on."""
        return io.BufferedReader(_Noted(self, self._opener()), STEP)


class _Noted(io.RawIOBase):
    """Notes when the end is reached."""

    def __init__(self, stored: Stored, file: BinaryIO) -> None:
        self._stored, self._file = stored, file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        self._stored.was_read |= not piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


class Minded(io.RawIOBase):
    """A file of which every reading is minded: its errors told by what to do, its size, its end.

    `at_end` is given the digest of all that was read.
    """

    def __init__(
        self,
        file: Any,
        minding: Minding = nullcontext,
        *,
        most: Callable[[int], None] | None = None,
        at_end: Callable[[str], None] | None = None,
    ) -> None:
        self._file, self._minding = file, minding
        self._most, self._at_end = most, at_end
        self._digest = hashlib.sha256() if at_end else None
        self._size = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        with self._minding():
            piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        self._size += len(piece)
        if self._most is not None:
            self._most(self._size)
        if self._digest is not None and self._at_end is not None:
            self._digest.update(piece)
            if not piece:
                self._at_end(self._digest.hexdigest())
        return len(piece)

    def close(self) -> None:
        """Close the file behind, too."""
        if not self.closed:
            self._file.close()
        super().close()


def buffered(minded: Minded) -> BinaryIO:
    """The same as a file that anybody can read."""
    return io.BufferedReader(minded, STEP)


def opened(payload: bytes) -> BinaryIO:
    """A delivery as a file, held or not."""
    return payload.open() if isinstance(payload, Stored) else io.BytesIO(payload)


def length(payload: bytes) -> int:
    """How many bytes it has in all."""
    return payload.size if isinstance(payload, Stored) else len(payload)


def demand_kind(platform: str, name: str, payload: bytes) -> None:
    """BadRecord when a file that is named a workbook or ZIP is neither that nor text.

    Its bytes would be taken for a table of text, and the trouble told about its encoding.
    """
    ending = PurePosixPath(name).suffix.lower()
    if ending not in _PACKS or bytes(payload[:4]) in _PACKED_BEGINNINGS or b"\0" not in payload:
        return
    said = f"{name} is no {ending[1:].upper()} file inside; send it once more, or save it as CSV"
    raise BadRecord(platform, said, fault=Fault.FILE_UNREADABLE)


def digest(payload: bytes) -> str:
    """The mark of a delivery's content."""
    found = hashlib.sha256()
    with opened(payload) as file:
        while piece := file.read(STEP):
            found.update(piece)
    return found.hexdigest()


def judge(platform: str, payload: bytes) -> None:
    """Before a file is kept: BadRecord when it is of a kind that may not be so large, or is JSON
    that would become too much."""
    kind, most = _kind(payload)
    if isinstance(payload, Stored):
        if kind is not None and payload.size > most:
            raise BadRecord(
                platform, f"the {kind} is larger than {most >> 20} MiB", fault=Fault.TOO_LARGE
            )
    elif kind == "JSON file" and _is_one(payload):
        too_much = excess(payload)
        if too_much:
            raise BadRecord(platform, f"the file {too_much}", fault=Fault.TOO_LARGE)


def settled(platform: str, payload: bytes) -> bytes:
    """A delivery that can be read: held, or a table of text; BadRecord when it is too large."""
    kind, most = _kind(payload)
    if kind is None or not isinstance(payload, Stored):
        return payload
    with payload.open() as file:
        whole = file.read(most + 1)
        if len(whole) > most:
            raise BadRecord(
                platform, f"the {kind} is larger than {most >> 20} MiB", fault=Fault.TOO_LARGE
            )
        file.read(1)  # its end, so that it counts as read
    return whole


def _kind(payload: bytes) -> tuple[str | None, int]:
    start = payload[:1024].lstrip(_MARKS)
    for mark, kind, most in _BEGINNINGS:
        if start.startswith(mark):
            return kind, most
    return None, 0


def _is_one(payload: bytes) -> bool:
    """One document, not a line each: messages are read one by one."""
    return b"\n{" not in payload[:STEP] or payload[:1024].lstrip(_MARKS).startswith(b"[")
