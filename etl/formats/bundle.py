"""A ZIP of exports: its members one by one, within limits, never written anywhere by their names.

An Excel book is a ZIP too and goes through as it is.
"""

from __future__ import annotations

import fnmatch
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Final

from cases.faults import Fault
from etl.errors import BadRecord
from etl.formats import workbook
from etl.formats.stored import WHOLE, Minded, Minding, Stored, buffered, judge, settled

MAX_MEMBERS: Final = 1_000
MAX_UNPACKED: Final = 512 << 20
MAX_MEMBER: Final = 256 << 20
MAX_RATIO: Final = 200  # text packs 5 to 20 times, a bomb a thousand times
_SMALL: Final = 1 << 20  # below this the ratio says nothing
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError,
    NotImplementedError,
)  # fmt: skip


def parts(platform: str, payload: bytes, wanted: str = "*") -> Iterator[bytes]:
    """What is to be parsed of a delivery: the wanted members of a ZIP, or the delivery itself.

    What is too large to be held comes as its beginning and must be opened; BadRecord when nobody
    did, since only tables of text can be read so.
    """
    payload = settled(platform, payload)
    if not payload.startswith(b"PK\x03\x04") or workbook.is_book(payload):
        yield from _whole(platform, payload)
        return
    for _, content in members(platform, payload, wanted):
        judge(platform, content)
        yield from _whole(platform, settled(platform, content))


def _whole(platform: str, payload: bytes) -> Iterator[bytes]:
    yield payload
    if isinstance(payload, Stored) and not payload.was_read:
        raise BadRecord(
            platform,
            f"what is larger than {WHOLE >> 20} MiB must be a table of text (CSV)",
            fault=Fault.TOO_LARGE,
        )


def members(platform: str, payload: bytes, wanted: str = "*") -> Iterator[tuple[str, bytes]]:
    """Name and content of each file whose path fits, in the order of their names.

    BadRecord names the member that is damaged, protected, too big, or points out of the ZIP.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            there = [each for each in archive.infolist() if not each.filename.endswith("/")]
            _judge(platform, there)
            for member in sorted(there, key=_name):
                name = _name(member)
                if fnmatch.fnmatch(name, wanted) and not _is_litter(name):
                    yield name, _content(platform, archive, member)
    except _DAMAGE as error:
        raise BadRecord(
            platform, f"the ZIP is damaged ({error})", fault=Fault.FILE_UNREADABLE
        ) from None


def _judge(platform: str, there: list[zipfile.ZipInfo]) -> None:
    if not there:
        raise BadRecord(platform, "the ZIP holds no file", fault=Fault.FILE_UNREADABLE)
    if len(there) > MAX_MEMBERS:
        raise BadRecord(
            platform,
            f"the ZIP holds {len(there)} files, at most {MAX_MEMBERS}",
            fault=Fault.TOO_LARGE,
        )
    total = sum(member.file_size for member in there)
    if total > MAX_UNPACKED:
        raise BadRecord(platform, f"the ZIP unpacks to {total >> 20} MiB", fault=Fault.TOO_LARGE)
    for member in there:
        name = _name(member)
        path = PurePosixPath(name.replace("\\", "/"))
        if not path.parts:
            raise BadRecord(
                platform, "the ZIP holds a file without a name", fault=Fault.FILE_UNREADABLE
            )
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise BadRecord(
                platform,
                f"the ZIP holds a file that points out of it ({name})",
                fault=Fault.FILE_UNREADABLE,
            )
        if member.flag_bits & _ENCRYPTED:
            raise BadRecord(
                platform,
                f"{name} in the ZIP is protected by a password",
                fault=Fault.FILE_PROTECTED,
            )
        if member.file_size > MAX_MEMBER:
            raise BadRecord(
                platform,
                f"{name} in the ZIP is larger than {MAX_MEMBER >> 20} MiB",
                fault=Fault.TOO_LARGE,
            )
        if member.file_size > max(_SMALL, MAX_RATIO * member.compress_size):
            raise BadRecord(
                platform,
                f"{name} in the ZIP is packed more than {MAX_RATIO} times",
                fault=Fault.TOO_LARGE,
            )


def _content(platform: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Unpacked by pieces: the size a ZIP states of its members may be a lie."""
    name = _name(member)
    found: bytes
    if member.file_size > WHOLE:
        mind = _minding(platform)
        found = Stored.behind(
            lambda: buffered(Minded(archive.open(member), mind)), member.file_size
        )
    else:
        with archive.open(member) as file:
            found = file.read(member.file_size + 1)
        if len(found) > member.file_size:
            raise BadRecord(
                platform, f"{name} in the ZIP is larger than it says", fault=Fault.TOO_LARGE
            )
    if found.startswith(b"PK\x03\x04") and not workbook.is_book(found):
        raise BadRecord(platform, f"{name} in the ZIP is a ZIP itself", fault=Fault.FILE_UNREADABLE)
    return found


def _minding(platform: str) -> Minding:
    """What breaks while a member is read is told as one that is damaged."""

    @contextmanager
    def mind() -> Iterator[None]:
        try:
            yield
        except _DAMAGE as error:
            raise BadRecord(
                platform, f"the ZIP is damaged ({error})", fault=Fault.FILE_UNREADABLE
            ) from None

    return mind


def _name(member: zipfile.ZipInfo) -> str:
    """The name as it was meant: Windows packs Chinese names in GBK without saying so."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _is_litter(name: str) -> bool:
    """What packers leave behind besides the files."""
    path = PurePosixPath(name)
    return path.parts[0] == "__MACOSX" or path.name in (".DS_Store", "Thumbs.db", "desktop.ini")
